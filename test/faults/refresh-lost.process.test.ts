import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Database, openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { startPostgres } from '../../src/base/postgres/start.ts';
import { startTestApp, type TestApp } from '../app.ts';
import { UK_WAYS } from '../journeys/uk-ways.ts';
import { connects } from '../journeys/ways.ts';
import { plainVisitor } from '../visitor/plain.ts';
import { freePorts, type ServerProcess, startProcess } from './child.ts';

const WAY = UK_WAYS.jarm;
/** R5: found and said within a minute. */
const FOUND_MS = 60_000;

describe('kill -9 between a bank’s answer to a one-use refresh token and our commit', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'drawbridge-refresh-'));
  let server: ServerProcess;
  let app: TestApp;
  let port: number;
  before(async () => {
    port = await freePorts();
    server = await startProcess(dataDir, port);
    const { test_key } = server.demo;
    app = await startTestApp({ baseUrl: () => server.url, key: () => test_key });
  });
  after(async () => {
    await app?.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('is found within a minute, shown as the person’s turn, and tried once (R5)', async () => {
    await until(async () => {
      const { count } = await onDatabase((database) =>
        database.first(sql`select count(*)::int as count from registrations`),
      );
      return count === 2;
    });
    const { id: customer } = await app.post('/v1/customers', {});
    const consent = await app.post('/v1/consents', { customer, provider: WAY.bank });
    const person = plainVisitor();
    await connects(person, consent.redirect.consent_url, WAY, { approvesEverything: () => async () => undefined });
    await person.sees(`${WAY.bankName} is connected`);
    const { connection } = await app.get(`/v1/consents/${consent.id}`);
    await until(async () => {
      const { last_synchronization } = await app.get(`/v1/connections/${connection}`);
      return last_synchronization !== null;
    });
    const [{ id: account }] = (await app.get(`/v1/bank_accounts?consent=${consent.id}`)).data;

    // Storing a fresh grant takes for ever from now on: the bank has answered, and nothing is committed.
    await onDatabase((database) =>
      database.script(`create function stall() returns trigger language plpgsql as
          'begin perform pg_sleep(600); return new; end';
        create trigger stall before update of grant_sealed on connections for each row execute function stall()`),
    );
    const [{ id: atBank }] = (await control(`/banks/${WAY.bank}/consents`)).consents;
    await control(`/banks/${WAY.bank}/consents/${atBank}/tokens`, { end: 'access' });
    await app.post(`/v1/bank_accounts/${account}/sync`, { psu: { ip_address: '198.51.100.7' } });
    await until(async () => {
      const { count } = await onDatabase((database) =>
        database.first(sql`select count(*)::int as count from pg_stat_activity where wait_event = 'PgSleep'`),
      );
      return count === 1;
    });
    await server.kill();
    server = await startProcess(dataDir, port);
    await onDatabase((database) => database.script('drop function stall cascade'));
    await control(`DELETE /banks/${WAY.bank}/calls`);
    const began = performance.now();
    await until(async () => (await app.get(`/v1/connections/${connection}`)).status === 'action_required');
    assert.ok(performance.now() - began < FOUND_MS);
    const { needs } = await app.get(`/v1/connections/${connection}`);
    assert.equal(needs.who, 'person');
    const { current, next_sync_at } = await app.get(`/v1/bank_accounts/${account}/sync`);
    assert.equal(current, null);
    assert.ok(next_sync_at === null || Date.parse(next_sync_at) > Date.now() + 3_600_000);
    const { calls } = await control(`/banks/${WAY.bank}/calls`);
    const refreshes = calls.filter(
      (call: { operation: string; status: number }) => call.operation === 'token' && call.status === 400,
    );
    assert.equal(refreshes.length, 1, JSON.stringify(calls));
  });

  /** The embedded database of the server that runs. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of whatever is asked
  async function onDatabase(work: (database: Database) => Promise<any>): Promise<any> {
    const postgres = await startPostgres(join(dataDir, 'postgres'), createLog('silent'), { shared: true });
    const database = await openDatabase(postgres.url, { log: createLog('silent'), named: false, size: 1 });
    try {
      return await work(database);
    } finally {
      await database.close();
      await postgres.stop();
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of control
  async function control(order: string, body?: object): Promise<any> {
    const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
    const [, method = body ? 'POST' : 'GET', path] = /^(?:(DELETE) )?(.+)$/.exec(order)!;
    const reply = await fetch(`${demo.sandbox_control_url}${path}`, {
      method,
      headers: { authorization: `Bearer ${demo.sandbox_control_token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.ok(reply.ok, `${order}: ${reply.status}`);
    return reply.status === 204 ? undefined : reply.json();
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = performance.now() + FOUND_MS + 10_000; !(await holds()); await wait(100))
      assert.ok(performance.now() < end, 'it does not come about');
  }
});
