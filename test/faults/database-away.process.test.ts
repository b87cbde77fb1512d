import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createLog } from '../../src/base/log.ts';
import { type Postgres, startPostgres } from '../../src/base/postgres/start.ts';
import { agrees, begins, comesHome, grants, WAYS } from '../journeys/ways.ts';
import { type World, world } from '../world.ts';
import { statusOf } from './child.ts';

const AWAY_MS = process.env.LONG ? 60_000 : 6000;

describe('the database is away for a while', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-away-'));
  const log = createLog('silent');
  let postgres: Postgres;
  let here: World;
  before(async () => {
    postgres = await startPostgres(folder, log);
    here = await world({ databaseUrl: postgres.url });
  });
  after(async () => {
    await here.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the server lives, says so, keeps what it acknowledged, and goes on with the same visit (R4)', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: WAYS.none.bank });
    await begins(person, url, WAYS.none);
    await agrees(person);
    await person.sees('Sign in to Lindental Bank');

    await postgres.stop();
    const gone = performance.now();
    await becomes(503);
    assert.ok(performance.now() - gone < 2000, `ready said so only after ${performance.now() - gone} ms`);
    assert.equal(await statusOf(`${here.url}/health`), 200);
    const refused = await here.app.call('POST', '/v1/customers', { reference: 'while-away' });
    assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable']);
    assert.ok(Number(refused.headers['retry-after']) > 0);
    await person.reloads();
    await person.sees(/try again/i);
    assert.equal(person.status(), 503);
    await wait(Math.max(0, AWAY_MS - (performance.now() - gone)));

    postgres = await startPostgres(folder, log);
    const back = performance.now();
    await becomes(200);
    assert.ok(performance.now() - back < 5000, `ready again only after ${performance.now() - back} ms`);
    await person.reloads();
    await person.sees('Sign in to Lindental Bank');
    await WAYS.none.signIn(person);
    await grants(person);
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    // The workers go on too: the history is read.
    await here.app.hears('sync.completed');
    const again = await here.app.call('POST', '/v1/customers', { reference: 'while-away' });
    assert.equal(again.status, 201, 'the refused write left nothing behind');
  });

  async function becomes(status: number): Promise<void> {
    for (const until = performance.now() + 15_000; (await statusOf(`${here.url}/ready`)) !== status; await wait(20))
      assert.ok(performance.now() < until, `/ready does not become ${status}`);
  }
});
