import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, entry, openScriptedSyncs, PERSON, page, type ScriptedSyncs } from '../../../test/scripted-syncs.ts';
import type { Clock } from '../../base/clock.ts';
import { type Database, sql } from '../../base/database.ts';
import { listBalances } from '../accounts/accounts.ts';
import type { Platform } from '../platform.ts';
import { planSyncs } from './plan.ts';
import { listBankCalls, startSync } from './syncs.ts';

const HOUR_MS = 3_600_000;

describe('syncs', () => {
  let world: ScriptedSyncs;
  let platform: Platform;
  let clock: Clock;
  let database: Database;
  before(async () => {
    world = await openScriptedSyncs();
    ({ platform, clock, database } = world.data);
  });
  after(() => world.close());

  test('the first sync brings balances and the whole history, attended, and plans the next', async () => {
    const { caller, link, ids } = await world.connect([
      ACCOUNT,
      { ...ACCOUNT, reference: 'r2', identification: { bban: '2' } },
    ]);
    const asked: string[] = [];
    world.bank.onCall = (what, attended, since) => void asked.push(`${what} ${attended} ${since ?? ''}`.trim());
    world.bank.pages = [
      page([entry('2026-03-03', '3')], '1'),
      page([entry('2026-03-02', '2')], '2'),
      page([entry('2026-03-01', '1')]),
    ];
    await world.first(link);
    await world.idle();
    assert.deepEqual(asked.slice(0, 2), ['balances true', 'balances true']);
    const since = new Date(clock.now().getTime() - 730 * 24 * HOUR_MS).toISOString().slice(0, 10);
    assert.equal(asked.filter((one) => one === `transactions true ${since}`).length, 6);
    for (const id of ids) {
      assert.deepEqual(
        (await world.rows(caller, id)).map(({ amount }) => amount),
        ['3', '2', '1'],
      );
      assert.equal((await listBalances(platform, caller, id))[0]?.amount, '10.00');
    }
    const [sync] = (await world.state(caller, link)).recent;
    assert.equal(sync?.status, 'completed');
    assert.equal(sync?.added, 6);
    assert.deepEqual(
      sync?.accounts.map(({ outcome }) => outcome),
      Array(4).fill('complete'),
    );
    const connection = await world.connectionOf(link);
    assert.ok(connection?.last_synchronization);
    assert.ok(connection.next_sync_at! > new Date(clock.now().getTime() + 2 * HOUR_MS - 60_000));
    assert.ok(connection.next_sync_at! < new Date(clock.now().getTime() + 11 * HOUR_MS));
    assert.deepEqual((await world.events(link)).map(({ type }) => type), [
      'bank_account.created', 'bank_account.created', 'transactions.updated', 'transactions.updated', 'sync.completed',
    ]); // biome-ignore format: one line says it
    const kept = await database.first<{ count: number }>(
      sql`select count(*)::int as count from bank_pages where tenant = ${link.tenant}`,
    );
    assert.equal(kept?.count, 6);
    const calls = await listBankCalls(platform, caller, { sync: sync!.id, limit: 100 });
    assert.equal(calls.rows.length, 8);
    assert.ok(calls.rows.every(({ attended, personAddress }) => attended && personAddress === PERSON.ipAddress));
    assert.ok(calls.rows.every(({ bankAccount }) => ids.includes(bankAccount!)));
  });

  test('what is not in the scopes, or not covered for an account, is not asked for', async () => {
    const { caller, link } = await world.connect([{ ...ACCOUNT, readable: { balances: true, transactions: false } }]);
    const asked: string[] = [];
    world.bank.onCall = (what) => void asked.push(what);
    await world.first(link);
    await world.idle();
    assert.deepEqual(asked, ['balances']);
    await database.run(sql`update consents set scopes = '{accounts}' where tenant = ${link.tenant}`);
    await startSync(platform, caller, { connection: link.connection }, { person: PERSON });
    await world.idle();
    assert.deepEqual(asked, ['balances']);
  });

  test('by hand without the person: once an hour and account; with the person: always, from the overlap on', async () => {
    const { caller, link, ids } = await world.connect();
    await world.first(link);
    await world.idle();
    const since: (string | undefined)[] = [];
    const presence: boolean[] = [];
    world.bank.onCall = (what, attended, from) => {
      presence.push(attended);
      if (what === 'transactions') since.push(from);
    };
    const queued = await startSync(platform, caller, { account: ids[0]! });
    assert.equal(queued.attended, false);
    await world.idle();
    await assert.rejects(
      startSync(platform, caller, { account: ids[0]! }),
      (problem: { code: string; retryAfterS: number }) => {
        assert.equal(problem.code, 'sync_too_soon');
        assert.ok(problem.retryAfterS > 3500 && problem.retryAfterS <= 3600);
        return true;
      },
    );
    await startSync(platform, caller, { account: ids[0]! }, { person: PERSON });
    await world.idle();
    assert.deepEqual(presence, [false, false, true, true]);
    const overlap = new Date(clock.now().getTime() - 10 * 24 * HOUR_MS).toISOString().slice(0, 10);
    assert.deepEqual(since, [overlap, overlap]);
    assert.deepEqual((await world.state(caller, link)).readsLeft, [
      { bankAccount: ids[0], balances: 3, transactions: 3 },
    ]);
  });

  test('at most four reads without the person in any 24 hours, three of them planned, whatever is tried', async () => {
    const { caller, link, ids } = await world.connect();
    await world.first(link);
    await world.idle();
    for (let hours = 0; hours < 72; hours += 3) {
      await clock.advance(3 * HOUR_MS);
      await planSyncs(platform);
      await startSync(platform, caller, { account: ids[0]! }).catch((problem) =>
        assert.match(problem.code, /^sync_(too_soon|running)$/),
      );
      await world.idle();
    }
    const { rows: calls } = await listBankCalls(platform, caller, { bankAccount: ids[0]!, limit: 100 });
    const reads = calls
      .filter(({ attended, purpose }) => !attended && purpose === 'transactions')
      .map(({ at }) => at.getTime());
    assert.ok(reads.length >= 10, `only ${reads.length} reads in three days`);
    for (const at of reads) {
      const within = reads.filter((other) => other >= at && other < at + 24 * HOUR_MS);
      assert.ok(within.length <= 4, `${within.length} reads within 24 hours`);
    }
  });
});
