import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate, openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { type Postgres, startPostgres } from '../../src/base/postgres/start.ts';
import { root } from '../sources.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('the database goes away and comes back', () => {
  const log = createLog('silent');
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-away-'));
  let postgres: Postgres;
  let world: ApiWorld;
  before(async () => {
    postgres = await startPostgres(folder, log);
    const database = await openDatabase(postgres.url, { log, named: true, size: 1 });
    await migrate(database, join(root, 'migrations'));
    await database.close();
    world = await apiWorld({ database: { url: postgres.url, drop: async () => undefined } });
  });
  after(async () => {
    await world.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const create = (key: string) =>
    world.call('POST', '/v1/customers', { json: { name: key }, headers: { 'idempotency-key': key } });

  test('meanwhile it says so and when to come back; then everything goes on, nothing twice, nothing lost', async () => {
    const writers = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const running = writers.map((key) => create(key));
    await postgres.stop();
    const outcomes = await Promise.all(running);
    for (const { status, json } of outcomes)
      assert.ok(status === 201 || (status === 503 && json.code === 'unavailable'), `${status}`);

    const away = await world.call('GET', '/v1/customers');
    assert.deepEqual([away.status, away.json.code], [503, 'unavailable']);
    assert.ok(Number(away.headers.get('retry-after')) >= 1);
    const began = performance.now();
    const ready = await world.call('GET', '/ready', { key: null });
    assert.deepEqual([ready.status, ready.json.checks.database], [503, false]);
    assert.ok(performance.now() - began < 2000);
    assert.equal((await world.call('GET', '/health', { key: null })).status, 200);

    postgres = await startPostgres(folder, log);
    const deadline = performance.now() + 5000;
    while ((await world.call('GET', '/ready', { key: null })).status !== 200) {
      assert.ok(performance.now() < deadline, 'not ready within five seconds');
      await wait(50);
    }
    for (const [index, key] of writers.entries()) {
      const again = await create(key);
      assert.equal(again.status, 201);
      // Acknowledged is durable: the same answer once more.
      if (outcomes[index]!.status === 201) assert.equal(again.text, outcomes[index]!.text);
    }
    const rows = await world.platform.database.first<{ count: number }>(
      sql`select count(*) as count from customers where name like 'key %'`,
    );
    assert.equal(rows!.count, writers.length);
  });
});
