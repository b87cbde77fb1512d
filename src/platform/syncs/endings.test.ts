import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, entry, openScriptedSyncs, PERSON, page, type ScriptedSyncs } from '../../../test/scripted-syncs.ts';
import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import type { Clock } from '../../base/clock.ts';
import { type Database, sql } from '../../base/database.ts';
import { listBalances } from '../accounts/accounts.ts';
import type { Platform } from '../platform.ts';
import { planSyncs } from './plan.ts';
import { runSync } from './run.ts';
import { enqueueSync, startSync } from './syncs.ts';

const HOUR_MS = 3_600_000;

describe('syncs that do not go well', () => {
  let world: ScriptedSyncs;
  let platform: Platform;
  let clock: Clock;
  let database: Database;
  before(async () => {
    world = await openScriptedSyncs();
    ({ platform, clock, database } = world.data);
  });
  after(() => world.close());

  test('nothing is planned or read once the consent has ended, and what was stored stays readable', async () => {
    const { caller, link, ids } = await world.connect();
    await world.first(link);
    await world.idle();
    world.bank.onCall = () => assert.fail('no call to the bank');
    await world.first(link, null);
    await database.run(sql`update consents set status = 'canceled' where tenant = ${link.tenant}`);
    await assert.rejects(startSync(platform, caller, { connection: link.connection }, { person: PERSON }), {
      code: 'consent_not_active',
    });
    await clock.advance(12 * HOUR_MS);
    await planSyncs(platform);
    await world.idle();
    assert.equal((await world.rows(caller, ids[0]!)).length, 2);
    assert.equal((await world.connectionOf(link))?.next_sync_at, null);
  });

  test('a consent that ends while its sync runs: no further call, nothing stored after it', async () => {
    const { caller, link, ids } = await world.connect();
    const asked: string[] = [];
    world.bank.onCall = async (what) => {
      asked.push(what);
      await database.run(sql`update consents set status = 'canceled' where tenant = ${link.tenant}`);
    };
    await world.first(link);
    await world.idle();
    assert.deepEqual(asked, ['balances']);
    assert.deepEqual(await listBalances(platform, caller, ids[0]!), []);
    const [sync] = (await world.state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'consent_ended']);
    assert.equal((await world.events(link)).at(-1)?.type, 'sync.failed');
  });

  test('a 429 is a delay of as long as the bank says, and what was read is not read again', async () => {
    const { caller, link, ids } = await world.connect();
    const asked: string[] = [];
    world.bank.onCall = (what) => {
      asked.push(what);
      world.bank.no =
        what === 'transactions' && asked.length < 3
          ? new BankError('rate_limited', 'too many', { retryAfterMs: 20 * 60_000, status: 429 })
          : undefined;
    };
    await world.first(link);
    await world.idle();
    const waiting = await world.state(caller, link);
    assert.equal(waiting.current?.status, 'queued');
    assert.ok(Math.abs(waiting.current.notBefore!.getTime() - clock.now().getTime() - 20 * 60_000) < 60_000);
    await clock.advance(19 * 60_000);
    await world.idle();
    assert.deepEqual(asked, ['balances', 'transactions']);
    await clock.advance(2 * 60_000);
    await world.idle();
    assert.deepEqual(asked, ['balances', 'transactions', 'transactions']);
    assert.equal((await world.state(caller, link)).recent[0]?.status, 'completed');
    assert.equal((await world.rows(caller, ids[0]!)).length, 2);
    assert.deepEqual(
      (await world.events(link)).map(({ type }) => type),
      ['bank_account.created', 'transactions.updated', 'sync.completed'],
    );
  });

  test('a bank that is away ends nothing: we come back some times, then say that it failed', async () => {
    const { caller, link } = await world.connect();
    world.bank.no = new BankError('unavailable', 'no answer', { status: 503 });
    let calls = 0;
    world.bank.onCall = () => {
      calls += 1;
    };
    await world.first(link);
    await world.idle();
    while ((await world.state(caller, link)).current) {
      await clock.advance(HOUR_MS);
      await world.idle();
    }
    assert.equal(calls, 5);
    const [sync] = (await world.state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'unavailable']);
    assert.equal((await world.connectionOf(link))?.status, 'active');
  });

  for (const kind of ['consent_gone', 'blocked', 'wrong_credentials'] satisfies BankErrorKind[]) {
    test(`${kind}: reading stops until somebody acts, after one call`, async () => {
      const { caller, link } = await world.connect([
        ACCOUNT,
        { ...ACCOUNT, reference: 'r2', identification: { bban: '2' } },
      ]);
      world.bank.no = new BankError(kind, 'no');
      await world.first(link);
      await world.idle();
      assert.equal((await world.connectionOf(link))?.status, 'action_required');
      const [sync] = (await world.state(caller, link)).recent;
      assert.deepEqual([sync?.status, sync?.error], ['failed', kind]);
      await assert.rejects(startSync(platform, caller, { connection: link.connection }), {
        code: 'connection_not_active',
      });
      assert.ok((await world.events(link)).some(({ type }) => type === 'connection.action_required'));
    });
  }

  test('a bank that asks for the person: background work stops by itself', async () => {
    const { caller, link } = await world.connect();
    world.bank.no = 'ask';
    await world.first(link, null);
    await world.idle();
    const [sync] = (await world.state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'person_needed']);
    assert.equal((await world.connectionOf(link))?.status, 'action_required');
  });

  test('pages that lead in a circle end, and what they brought is kept and reported', async () => {
    const { caller, link, ids } = await world.connect();
    world.bank.pages = [page([entry('2026-03-03', '3')], '1'), page([entry('2026-03-02', '2')], '0')];
    await world.first(link);
    await world.idle();
    assert.deepEqual(
      (await world.rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3', '2'],
    );
    const [sync] = (await world.state(caller, link)).recent;
    const report = sync?.accounts.find(({ resource }) => resource === 'transactions');
    assert.equal(report?.outcome, 'incomplete');
    assert.match(report!.rejected![0]!.reason, /leads back/);
  });

  test('a page that breaks off keeps what came before it, and the next reading completes it', async () => {
    const { caller, link, ids } = await world.connect();
    world.bank.pages = [
      page([entry('2026-03-03', '3')], '1'),
      page([entry('2026-03-02', '2'), entry('2026-03-01', '1')]),
    ];
    let calls = 0;
    world.bank.onCall = (what) => {
      if (what === 'transactions') world.bank.no = ++calls === 2 ? new BankError('unavailable', 'reset') : undefined;
    };
    await world.first(link);
    await world.idle();
    assert.deepEqual(
      (await world.rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3'],
    );
    await clock.advance(61_000);
    await world.idle();
    assert.deepEqual(
      (await world.rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3', '2', '1'],
    );
    const [sync] = (await world.state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.added], ['completed', 3]);
  });

  test('one sync runs per connection, and a taker that comes late cannot store', async () => {
    const { caller, link, ids } = await world.connect();
    let isLate = false;
    world.bank.onCall = async (what) => {
      if (what !== 'transactions' || isLate) return;
      isLate = true;
      const { current: running } = await world.state(caller, link);
      await assert.rejects(startSync(platform, caller, { connection: link.connection }, { person: PERSON }), {
        code: 'sync_running',
      });
      // The lease runs out while the bank thinks, and another server takes over.
      await database.run(sql`update syncs set lease_until = now() - interval '1 second' where tenant = ${link.tenant}`);
      await runSync(platform, { tenant: link.tenant, sync: running!.id }, new AbortController().signal);
      world.bank.pages = [page([entry('2026-03-09', '666')])];
    };
    await world.first(link);
    await world.idle();
    assert.deepEqual(
      (await world.rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['-2', '1'],
    );
    assert.equal((await world.state(caller, link)).recent.length, 1);
    assert.equal((await world.events(link)).filter(({ type }) => type === 'sync.completed').length, 1);
  });

  test('a sync whose server died is found and run again', async () => {
    const { caller, link, ids } = await world.connect();
    await world.first(link);
    await world.idle();
    await database.run(sql`update syncs set status = 'running', finished_at = null, accounts = '[]',
      lease_until = now() - interval '1 minute' where tenant = ${link.tenant}`);
    await planSyncs(platform);
    await world.idle();
    assert.equal((await world.state(caller, link)).recent[0]?.status, 'completed');
    assert.equal((await world.rows(caller, ids[0]!)).length, 2);
  });

  test('a renewal takes the place of what still waits under the former consent', async () => {
    const { caller, link } = await world.connect();
    await database.transaction((tx) =>
      enqueueSync(platform, tx, { ...link, consent: 'cst_former', reason: 'planned' }),
    );
    await world.first(link);
    await world.idle();
    const ends = (await world.state(caller, link)).recent.map(({ consent, status, error }) => [consent, status, error]);
    assert.deepEqual(ends, [
      [link.consent, 'completed', null],
      ['cst_former', 'failed', 'superseded'],
    ]);
  });
});
