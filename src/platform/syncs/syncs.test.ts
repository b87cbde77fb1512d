import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { makeLink, openStoredData, type StoredData } from '../../../test/stored-data.ts';
import type { Account, Balance, Page, Transaction } from '../../banking/account.ts';
import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import type { Connector, Person } from '../../banking/connector.ts';
import { sql } from '../../base/database.ts';
import { createJobs } from '../../base/jobs.ts';
import { listBalances, listTransactions } from '../accounts/accounts.ts';
import { type AccountLink, storeAccounts } from '../accounts/storing.ts';
import { sealGrant } from '../connections/grants.ts';
import type { Caller } from '../platform.ts';
import { createProviders } from '../providers/providers.ts';
import { planSyncs } from './plan.ts';
import { runSync } from './run.ts';
import { enqueueSync, getSyncState, listBankCalls, startSync } from './syncs.ts';
import { workSyncs } from './work.ts';

const HOUR_MS = 3_600_000;
const person: Person = { ipAddress: '203.0.113.7', userAgent: 'Test' };

/** The bank behind the scripted connector, one per test: what it holds, and what it says instead of an answer. */
type Bank = {
  pages: Page[];
  balances: Balance[];
  no?: BankError | 'ask';
  /** Called with each request of the connector before it is answered. */
  onCall?: (what: string, attended: boolean, since?: string) => Promise<void> | void;
};

const current: Account = {
  reference: 'r1',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE75512108001245126199' },
  status: 'enabled',
};
const entry = (day: string, amount: string): Transaction => ({
  status: 'booked',
  amount,
  currency: 'EUR',
  bookedOn: day,
  description: `entry of ${day}`,
});
const page = (booked: Transaction[], next?: string): Page => ({
  raw: Buffer.from(JSON.stringify({ booked, next })),
  booked,
  pending: [],
  rejected: [],
  ...(next === undefined ? {} : { next }),
});

describe('syncs', () => {
  let data: StoredData;
  let folder: string;
  let bank: Bank;

  /** Speaks to `bank` above, and through the ledgered way out, as every connector does. */
  const connector: Connector = {
    standard: 'scripted',
    facts: z.strictObject({}),
    authorise: () => Promise.reject(new Error('not in this test')),
    accounts: () => Promise.reject(new Error('not in this test')),
    revoke: () => Promise.reject(new Error('not in this test')),
    async balances(context, { account }) {
      await context.http({ method: 'GET', path: 'balances', purpose: 'balances', account: account.reference });
      await bank.onCall?.('balances', context.person !== undefined);
      if (bank.no === 'ask')
        return { kind: 'ask', step: { kind: 'redirect', url: 'https://bank.example' }, memory: null };
      if (bank.no) throw bank.no;
      return { kind: 'done', result: bank.balances };
    },
    async transactions(context, { account, since, cursor }) {
      await context.http({ method: 'GET', path: 'transactions', purpose: 'transactions', account: account.reference });
      await bank.onCall?.('transactions', context.person !== undefined, since);
      if (bank.no instanceof BankError) throw bank.no;
      return { kind: 'done', result: bank.pages[Number(cursor ?? 0)]! };
    },
  };

  before(async () => {
    data = await openStoredData();
    const { platform, clock, database } = data;
    folder = mkdtempSync(join(tmpdir(), 'drawbridge-providers-'));
    writeFileSync(
      join(folder, 'de-bank.yaml'),
      `name: Bank\ncountry: DE\nenvironment: sandbox\ninterfaces:\n  - id: main\n    standard: scripted\n    account_types: [checking]\n    sca: [redirected]\n    base_url: "{sandbox}/xx"\n`,
    );
    platform.providers = await createProviders({
      folders: [{ path: folder, owner: 'ours' }],
      factSchemas: { scripted: z.strictObject({}) },
      sandbox: { baseUrl: 'https://127.0.0.1:1', hosts: ['127.0.0.1:1'] },
      log: platform.log,
    });
    assert.deepEqual(platform.providers.problems(), []);
    platform.connectors = { scripted: connector };
    platform.publicUrl = 'http://localhost';
    platform.sandboxIdentity = { certificate: '', privateKey: '', organizationId: 'X', name: 'Ledger' };
    platform.egress = {
      request: async ({ url }) => ({ status: 200, headers: {}, body: new Uint8Array(), url }),
      close: async () => undefined,
    };
    platform.jobs = await createJobs({ url: data.url, database, clock, log: platform.log });
    await workSyncs(platform);
    await platform.jobs.start();
  });
  after(async () => {
    await data.platform.jobs?.stop();
    data.platform.providers?.close();
    await data.close();
    rmSync(folder, { recursive: true });
  });

  async function connect(
    accounts: Account[] = [current],
  ): Promise<{ caller: Caller; link: AccountLink; ids: string[] }> {
    bank = {
      pages: [page([entry('2026-03-02', '-2'), entry('2026-03-01', '1')])],
      balances: [{ type: 'booked', amount: '10.00', currency: 'EUR', bankType: 'interimBooked' }],
    };
    const { caller, link } = await makeLink(data);
    const sealed = sealGrant(data.platform, link.tenant, link.connection, { secret: {} });
    await data.database.run(sql`update connections set grant_sealed = ${sealed}, grant_version = 1
      where tenant = ${link.tenant} and id = ${link.connection}`);
    const stored = await data.database.transaction((tx) => storeAccounts(data.platform, tx, { ...link, accounts }));
    return { caller, link, ids: stored.map(({ id }) => id) };
  }
  const first = (link: AccountLink, by: Person | null = person) =>
    data.database.transaction((tx) =>
      enqueueSync(data.platform, tx, { ...link, reason: 'connect', person: by, requestId: 'req_1' }),
    );
  const idle = () => data.platform.jobs.idle();
  const state = (caller: Caller, link: AccountLink) =>
    getSyncState(data.platform, caller, { connection: link.connection });
  const rows = async (caller: Caller, account: string) => {
    const { elements } = await listTransactions(data.platform, caller, account, { limit: 500 });
    return JSON.parse(`[${elements}]`) as { booked_on: string; amount: string }[];
  };
  const events = (link: AccountLink) =>
    data.database.rows<{ type: string; data: { [key: string]: unknown } }>(
      sql`select type, data from events where tenant = ${link.tenant} order by seq`,
    );
  const connectionOf = (link: AccountLink) =>
    data.database.first<{ status: string; next_sync_at: Date | null; last_synchronization: Date | null }>(
      sql`select * from connections where tenant = ${link.tenant} and id = ${link.connection}`,
    );

  test('the first sync brings balances and the whole history, attended, and plans the next', async () => {
    const { caller, link, ids } = await connect([
      current,
      { ...current, reference: 'r2', identification: { bban: '2' } },
    ]);
    const asked: string[] = [];
    bank.onCall = (what, attended, since) => void asked.push(`${what} ${attended} ${since ?? ''}`.trim());
    bank.pages = [
      page([entry('2026-03-03', '3')], '1'),
      page([entry('2026-03-02', '2')], '2'),
      page([entry('2026-03-01', '1')]),
    ];
    await first(link);
    await idle();
    assert.deepEqual(asked.slice(0, 2), ['balances true', 'balances true']);
    const since = new Date(data.clock.now().getTime() - 730 * 24 * HOUR_MS).toISOString().slice(0, 10);
    assert.equal(asked.filter((one) => one === `transactions true ${since}`).length, 6);
    for (const id of ids) {
      assert.deepEqual(
        (await rows(caller, id)).map(({ amount }) => amount),
        ['3', '2', '1'],
      );
      assert.equal((await listBalances(data.platform, caller, id))[0]?.amount, '10.00');
    }
    const [sync] = (await state(caller, link)).recent;
    assert.equal(sync?.status, 'completed');
    assert.equal(sync?.added, 6);
    assert.deepEqual(
      sync?.accounts.map(({ outcome }) => outcome),
      Array(4).fill('complete'),
    );
    const connection = await connectionOf(link);
    assert.ok(connection?.last_synchronization);
    assert.ok(connection.next_sync_at! > new Date(data.clock.now().getTime() + 2 * HOUR_MS - 60_000));
    assert.ok(connection.next_sync_at! < new Date(data.clock.now().getTime() + 11 * HOUR_MS));
    assert.deepEqual((await events(link)).map(({ type }) => type), [
      'bank_account.created', 'bank_account.created', 'transactions.updated', 'transactions.updated', 'sync.completed',
    ]); // biome-ignore format: one line says it
    const kept = await data.database.first<{ count: number }>(
      sql`select count(*)::int as count from bank_pages where tenant = ${link.tenant}`,
    );
    assert.equal(kept?.count, 6);
    const calls = await listBankCalls(data.platform, caller, { sync: sync!.id, limit: 100 });
    assert.equal(calls.rows.length, 8);
    assert.ok(calls.rows.every(({ attended, personAddress }) => attended && personAddress === person.ipAddress));
    assert.ok(calls.rows.every(({ bankAccount }) => ids.includes(bankAccount!)));
  });

  test('what is not in the scopes, or not covered for an account, is not asked for', async () => {
    const { caller, link } = await connect([{ ...current, readable: { balances: true, transactions: false } }]);
    const asked: string[] = [];
    bank.onCall = (what) => void asked.push(what);
    await first(link);
    await idle();
    assert.deepEqual(asked, ['balances']);
    await data.database.run(sql`update consents set scopes = '{accounts}' where tenant = ${link.tenant}`);
    await startSync(data.platform, caller, { connection: link.connection }, { person });
    await idle();
    assert.deepEqual(asked, ['balances']);
  });

  test('by hand without the person: once an hour and account; with the person: always, from the overlap on', async () => {
    const { caller, link, ids } = await connect();
    await first(link);
    await idle();
    const since: (string | undefined)[] = [];
    const presence: boolean[] = [];
    bank.onCall = (what, attended, from) => {
      presence.push(attended);
      if (what === 'transactions') since.push(from);
    };
    const queued = await startSync(data.platform, caller, { account: ids[0]! });
    assert.equal(queued.attended, false);
    await idle();
    await assert.rejects(
      startSync(data.platform, caller, { account: ids[0]! }),
      (problem: { code: string; retryAfterS: number }) => {
        assert.equal(problem.code, 'sync_too_soon');
        assert.ok(problem.retryAfterS > 3500 && problem.retryAfterS <= 3600);
        return true;
      },
    );
    await startSync(data.platform, caller, { account: ids[0]! }, { person });
    await idle();
    assert.deepEqual(presence, [false, false, true, true]);
    const overlap = new Date(data.clock.now().getTime() - 10 * 24 * HOUR_MS).toISOString().slice(0, 10);
    assert.deepEqual(since, [overlap, overlap]);
    assert.deepEqual((await state(caller, link)).readsLeft, [{ bankAccount: ids[0], balances: 3, transactions: 3 }]);
  });

  test('at most four reads without the person in any 24 hours, three of them planned, whatever is tried', async () => {
    const { caller, link, ids } = await connect();
    await first(link);
    await idle();
    const reads: number[] = [];
    bank.onCall = (what, attended) => {
      assert.equal(attended, false);
      if (what === 'transactions') reads.push(data.clock.now().getTime());
    };
    for (let hours = 0; hours < 72; hours += 3) {
      await data.clock.advance(3 * HOUR_MS);
      await planSyncs(data.platform);
      await startSync(data.platform, caller, { account: ids[0]! }).catch((problem) =>
        assert.match(problem.code, /^sync_(too_soon|running)$/),
      );
      await idle();
    }
    assert.ok(reads.length >= 10, `only ${reads.length} reads in three days`);
    for (const at of reads) {
      const within = reads.filter((other) => other >= at && other < at + 24 * HOUR_MS);
      assert.ok(within.length <= 4, `${within.length} reads within 24 hours`);
    }
  });

  test('nothing is planned or read once the consent has ended, and what was stored stays readable', async () => {
    const { caller, link, ids } = await connect();
    await first(link);
    await idle();
    bank.onCall = () => assert.fail('no call to the bank');
    await first(link, null);
    await data.database.run(sql`update consents set status = 'canceled' where tenant = ${link.tenant}`);
    await assert.rejects(startSync(data.platform, caller, { connection: link.connection }, { person }), {
      code: 'consent_not_active',
    });
    await data.clock.advance(12 * HOUR_MS);
    await planSyncs(data.platform);
    await idle();
    assert.equal((await rows(caller, ids[0]!)).length, 2);
    assert.equal((await connectionOf(link))?.next_sync_at, null);
  });

  test('a consent that ends while its sync runs: no further call, nothing stored after it', async () => {
    const { caller, link, ids } = await connect();
    const asked: string[] = [];
    bank.onCall = async (what) => {
      asked.push(what);
      await data.database.run(sql`update consents set status = 'canceled' where tenant = ${link.tenant}`);
    };
    await first(link);
    await idle();
    assert.deepEqual(asked, ['balances']);
    assert.deepEqual(await listBalances(data.platform, caller, ids[0]!), []);
    const [sync] = (await state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'consent_ended']);
    assert.equal((await events(link)).at(-1)?.type, 'sync.failed');
  });

  test('a 429 is a delay of as long as the bank says, and what was read is not read again', async () => {
    const { caller, link, ids } = await connect();
    const asked: string[] = [];
    bank.onCall = (what) => {
      asked.push(what);
      bank.no = what === 'transactions' && asked.length < 3 ? limited() : undefined;
    };
    await first(link);
    await idle();
    const waiting = await state(caller, link);
    assert.equal(waiting.current?.status, 'queued');
    assert.ok(Math.abs(waiting.current.notBefore!.getTime() - data.clock.now().getTime() - 20 * 60_000) < 60_000);
    await data.clock.advance(19 * 60_000);
    await idle();
    assert.deepEqual(asked, ['balances', 'transactions']);
    await data.clock.advance(2 * 60_000);
    await idle();
    assert.deepEqual(asked, ['balances', 'transactions', 'transactions']);
    assert.equal((await state(caller, link)).recent[0]?.status, 'completed');
    assert.equal((await rows(caller, ids[0]!)).length, 2);
    assert.deepEqual(
      (await events(link)).map(({ type }) => type),
      ['bank_account.created', 'transactions.updated', 'sync.completed'],
    );
  });

  test('a bank that is away ends nothing: we come back some times, then say that it failed', async () => {
    const { caller, link } = await connect();
    bank.no = new BankError('unavailable', 'no answer', { status: 503 });
    let calls = 0;
    bank.onCall = () => {
      calls += 1;
    };
    await first(link);
    await idle();
    while ((await state(caller, link)).current) {
      await data.clock.advance(HOUR_MS);
      await idle();
    }
    assert.equal(calls, 5);
    const [sync] = (await state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'unavailable']);
    assert.equal((await connectionOf(link))?.status, 'active');
  });

  for (const kind of ['consent_gone', 'blocked', 'wrong_credentials'] satisfies BankErrorKind[]) {
    test(`${kind}: reading stops until somebody acts, after one call`, async () => {
      const { caller, link } = await connect([current, { ...current, reference: 'r2', identification: { bban: '2' } }]);
      bank.no = new BankError(kind, 'no');
      await first(link);
      await idle();
      assert.equal((await connectionOf(link))?.status, 'action_required');
      const [sync] = (await state(caller, link)).recent;
      assert.deepEqual([sync?.status, sync?.error], ['failed', kind]);
      await assert.rejects(startSync(data.platform, caller, { connection: link.connection }), {
        code: 'connection_not_active',
      });
      assert.ok((await events(link)).some(({ type }) => type === 'connection.action_required'));
    });
  }

  test('a bank that asks for the person: background work stops by itself', async () => {
    const { caller, link } = await connect();
    bank.no = 'ask';
    await first(link, null);
    await idle();
    const [sync] = (await state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.error], ['failed', 'person_needed']);
    assert.equal((await connectionOf(link))?.status, 'action_required');
  });

  test('pages that lead in a circle end, and what they brought is kept and reported', async () => {
    const { caller, link, ids } = await connect();
    bank.pages = [page([entry('2026-03-03', '3')], '1'), page([entry('2026-03-02', '2')], '0')];
    await first(link);
    await idle();
    assert.deepEqual(
      (await rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3', '2'],
    );
    const [sync] = (await state(caller, link)).recent;
    const report = sync?.accounts.find(({ resource }) => resource === 'transactions');
    assert.equal(report?.outcome, 'incomplete');
    assert.match(report!.rejected![0]!.reason, /leads back/);
  });

  test('a page that breaks off keeps what came before it, and the next reading completes it', async () => {
    const { caller, link, ids } = await connect();
    bank.pages = [page([entry('2026-03-03', '3')], '1'), page([entry('2026-03-02', '2'), entry('2026-03-01', '1')])];
    let calls = 0;
    bank.onCall = (what) => {
      if (what === 'transactions') bank.no = ++calls === 2 ? new BankError('unavailable', 'reset') : undefined;
    };
    await first(link);
    await idle();
    assert.deepEqual(
      (await rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3'],
    );
    await data.clock.advance(61_000);
    await idle();
    assert.deepEqual(
      (await rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['3', '2', '1'],
    );
    const [sync] = (await state(caller, link)).recent;
    assert.deepEqual([sync?.status, sync?.added], ['completed', 3]);
  });

  test('one sync runs per connection, and a taker that comes late cannot store', async () => {
    const { caller, link, ids } = await connect();
    let isLate = false;
    bank.onCall = async (what) => {
      if (what !== 'transactions' || isLate) return;
      isLate = true;
      const { current: running } = await state(caller, link);
      await assert.rejects(startSync(data.platform, caller, { connection: link.connection }, { person }), {
        code: 'sync_running',
      });
      // The lease runs out while the bank thinks, and another server takes over.
      await data.database.run(
        sql`update syncs set lease_until = now() - interval '1 second' where tenant = ${link.tenant}`,
      );
      await runSync(data.platform, { tenant: link.tenant, sync: running!.id }, new AbortController().signal);
      bank.pages = [page([entry('2026-03-09', '666')])];
    };
    await first(link);
    await idle();
    assert.deepEqual(
      (await rows(caller, ids[0]!)).map(({ amount }) => amount),
      ['-2', '1'],
    );
    assert.equal((await state(caller, link)).recent.length, 1);
    assert.equal((await events(link)).filter(({ type }) => type === 'sync.completed').length, 1);
  });

  test('a sync whose server died is found and run again', async () => {
    const { caller, link, ids } = await connect();
    await first(link);
    await idle();
    await data.database.run(sql`update syncs set status = 'running', finished_at = null, accounts = '[]',
      lease_until = now() - interval '1 minute' where tenant = ${link.tenant}`);
    await planSyncs(data.platform);
    await idle();
    assert.equal((await state(caller, link)).recent[0]?.status, 'completed');
    assert.equal((await rows(caller, ids[0]!)).length, 2);
  });

  test('a renewal takes the place of what still waits under the former consent', async () => {
    const { caller, link } = await connect();
    await data.database.transaction((tx) =>
      enqueueSync(data.platform, tx, { ...link, consent: 'cst_former', reason: 'planned' }),
    );
    await first(link);
    await idle();
    const ends = (await state(caller, link)).recent.map(({ consent, status, error }) => [consent, status, error]);
    assert.deepEqual(ends, [
      [link.consent, 'completed', null],
      ['cst_former', 'failed', 'superseded'],
    ]);
  });

  function limited(): BankError {
    return new BankError('rate_limited', 'too many', { retryAfterMs: 20 * 60_000, status: 429 });
  }
});
