import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addConsent, makeLink, openStoredData, type StoredData } from '../../../test/stored-data.ts';
import type { Account, Transaction } from '../../banking/account.ts';
import { sql } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import type { Caller } from '../platform.ts';
import { getBankAccount, listBalances, listBankAccounts, listTransactions, readChanges } from './accounts.ts';
import { selectPage } from './store.ts';
import {
  type AccountLink,
  balancesStatement,
  storeAccounts,
  storeTransactions,
  type TransactionsRead,
} from './storing.ts';

const current: Account = {
  reference: 'r1',
  name: 'Girokonto',
  holderName: 'Ada Beispiel',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE75512108001245126199' },
  status: 'enabled',
};
const entry = (day: string, amount: string, description: string): Transaction => ({
  status: 'booked',
  amount,
  currency: 'EUR',
  bookedOn: day,
  description,
});
const reading = (booked: Transaction[], more: Partial<TransactionsRead> = {}): TransactionsRead => ({
  booked,
  pending: [],
  complete: true,
  everyPage: true,
  since: '2026-01-01',
  today: '2026-03-31',
  pages: [],
  ...more,
});

describe('stored accounts', () => {
  let data: StoredData;
  before(async () => {
    data = await openStoredData();
  });
  after(() => data.close());

  const keep = (link: AccountLink, accounts: Account[]) =>
    data.database.transaction((tx) => storeAccounts(data.platform, tx, { ...link, accounts }));
  const keepRead = (link: AccountLink, account: string, read: TransactionsRead) =>
    data.database.transaction((tx) =>
      storeTransactions(data.platform, tx, { tenant: link.tenant, account, sync: 'syn_1', at: data.clock.now() }, read),
    );
  const list = async (caller: Caller, account: string, request: object = {}) => {
    const page = await listTransactions(data.platform, caller, account, { limit: 500, ...request });
    return { ...page, rows: JSON.parse(`[${page.elements.join('')}]`) };
  };
  const eventTypes = async (tenant: number) =>
    (
      await data.database.rows<{ type: string }>(sql`select type from events where tenant = ${tenant} order by seq`)
    ).map(({ type }) => type);

  test('an account keeps its id across consents, connections and handles of the bank', async () => {
    const { caller, link } = await makeLink(data);
    const [first] = await keep(link, [current]);
    const later = { ...link, consent: newId('consent'), connection: newId('connection'), interface: 'other' };
    await addConsent(data, later);
    const spaced = { ...current, reference: 'r9', identification: { iban: 'de75 5121 0800 1245 1261 99' } };
    const [again] = await keep(later, [spaced]);
    assert.equal(again!.id, first!.id);
    const account = await getBankAccount(data.platform, caller, first!.id);
    assert.equal(account.connection, later.connection);
    assert.equal(account.consent, later.consent);
    for (const consent of [link.consent, later.consent]) {
      const { rows } = await listBankAccounts(data.platform, caller, { consent, limit: 10 });
      assert.deepEqual(
        rows.map(({ id }) => id),
        [first!.id],
      );
    }
    assert.deepEqual(await eventTypes(link.tenant), ['bank_account.created']);
  });

  test('two accounts that look the same stay two, and two currencies of one IBAN are two', async () => {
    const { caller, link } = await makeLink(data);
    await keep(link, [current, { ...current, reference: 'r2' }, { ...current, reference: 'r3', currency: 'USD' }]);
    const { rows } = await listBankAccounts(data.platform, caller, { customer: link.customer, limit: 10 });
    assert.equal(rows.length, 3);
  });

  test('a closed account is said to be closed, once', async () => {
    const { link } = await makeLink(data);
    await keep(link, [current]);
    await keep(link, [{ ...current, status: 'deleted' }]);
    await keep(link, [{ ...current, status: 'deleted' }]);
    assert.deepEqual(await eventTypes(link.tenant), ['bank_account.created', 'bank_account.closed']);
  });

  test('accounts, balances and transactions of another tenant or consent are not found', async () => {
    const { link } = await makeLink(data);
    const { caller: stranger, link: strange } = await makeLink(data);
    const [account] = await keep(link, [current]);
    const missing = { code: 'not_found' };
    const { platform } = data;
    for (const scope of [{ consent: link.consent }, { customer: link.customer }, { connection: link.connection }]) {
      await assert.rejects(listBankAccounts(platform, stranger, { ...scope, limit: 10 }), missing);
      await assert.rejects(readChanges(platform, stranger, { scope, limit: 10 }), missing);
    }
    await assert.rejects(getBankAccount(platform, stranger, account!.id), missing);
    await assert.rejects(listBalances(platform, stranger, account!.id), missing);
    await assert.rejects(listTransactions(platform, stranger, account!.id, { limit: 1 }), missing);
    const own = { ...stranger, tenant: link.tenant };
    await assert.rejects(listTransactions(platform, own, account!.id, { limit: 1, consent: strange.consent }), missing);
    await assert.rejects(listBalances(platform, own, account!.id, strange.consent), missing);
    await assert.rejects(getBankAccount(platform, own, account!.id, strange.consent), missing);
  });

  test('balances are those of the last reading', async () => {
    const { caller, link } = await makeLink(data);
    const [account] = await keep(link, [current]);
    const where = { tenant: link.tenant, account: account!.id, at: data.clock.now() };
    assert.deepEqual(await listBalances(data.platform, caller, account!.id), []);
    const booked = {
      type: 'booked',
      amount: '10.50',
      currency: 'EUR',
      at: '2026-03-01',
      bankType: 'interimBooked',
    } as const;
    await data.database.run(
      balancesStatement(where, [
        booked,
        {
          type: 'available',
          amount: '-0.001',
          currency: 'EUR',
          creditLimitIncluded: true,
          bankType: 'interimAvailable',
        },
      ]),
    );
    await data.database.run(
      balancesStatement(where, [
        { ...booked, amount: '11.00' },
        { ...booked, amount: '99', bankType: 'openingBooked' },
      ]),
    );
    const rows = await listBalances(data.platform, caller, account!.id);
    assert.deepEqual(
      rows.map(({ type, amount, currency, at, bankType }) => [type, amount, currency, at.toISOString(), bankType]),
      [['booked', '11.00', 'EUR', '2026-03-01T00:00:00.000Z', 'interimBooked']],
    );
  });

  test('transactions come newest first, by page, status and day', async () => {
    const { caller, link } = await makeLink(data);
    const [account] = await keep(link, [current]);
    const days = Array.from({ length: 30 }, (_, n) => `2026-03-${String(n + 1).padStart(2, '0')}`);
    const booked = days
      .map((day, n) => entry(day, `-${n}.10`, `Nº ${n} "quoted" \u0000 ends },{ \u{1F600}`))
      .toReversed();
    const pending: Transaction = { ...entry('2026-03-31', '-5', 'waiting'), status: 'pending', bookedOn: undefined };
    await keepRead(link, account!.id, reading(booked, { pending: [pending] }));
    const all = await list(caller, account!.id);
    assert.equal(all.hasMore, false);
    assert.equal(all.rows.length, 31);
    assert.equal(all.rows[0].status, 'pending');
    assert.equal(all.rows[1].description, 'Nº 29 "quoted" \u0000 ends },{ \u{1F600}');
    assert.match(all.rows[1].id, /^txn_[0-9A-Za-z]{22}$/);
    assert.equal(all.rows[1].bank_account, account!.id);
    assert.equal(all.rows[1].object, 'transaction');
    assert.equal(all.rows[1].version, 1);
    const paged: unknown[] = [];
    for (let after: object | undefined, more = true; more; ) {
      const page = await list(caller, account!.id, { limit: 7, ...(after ? { after } : {}) });
      paged.push(...page.rows);
      [after, more] = [page.next, page.hasMore];
    }
    assert.deepEqual(paged, all.rows);
    assert.equal((await list(caller, account!.id, { status: 'pending' })).rows.length, 1);
    assert.equal((await list(caller, account!.id, { status: 'booked', limit: 30 })).hasMore, false);
    assert.equal((await list(caller, account!.id, { from: '2026-03-02', to: '2026-03-04' })).rows.length, 3);
    assert.equal((await list(caller, account!.id, { from: '2027-01-01' })).elements.join(''), '');
  });

  test('pending becomes booked under its id, as a second version, and a removed entry that is back has its id', async () => {
    const { caller, link } = await makeLink(data);
    const [account] = await keep(link, [current]);
    const first = entry('2026-03-01', '100', 'Gehalt');
    const pending: Transaction = { ...entry('', '-5', 'Café Linde'), status: 'pending', bookedOn: undefined };
    await keepRead(link, account!.id, reading([first], { pending: [pending] }));
    const [before] = (await list(caller, account!.id, { status: 'pending' })).rows;
    await keepRead(link, account!.id, reading([first]));
    assert.equal((await list(caller, account!.id)).rows.length, 1);
    await keepRead(link, account!.id, reading([first], { pending: [pending] }));
    const [back] = (await list(caller, account!.id, { status: 'pending' })).rows;
    assert.equal(back.id, before.id);
    await keepRead(link, account!.id, reading([first, entry('2026-03-30', '-5', 'CAFE LINDE BERLIN')]));
    const [booked] = (await list(caller, account!.id)).rows;
    assert.deepEqual([booked.id, booked.status, booked.version], [before.id, 'booked', 2]);
  });

  test('the same single page again touches no transaction', async () => {
    const { link } = await makeLink(data);
    const [account] = await keep(link, [current]);
    const page = { page: 0, hash: Buffer.from('same'), sealed: Buffer.from('sealed') };
    const read = reading([entry('2026-03-01', '1', 'a')], { pages: [page] });
    assert.equal((await keepRead(link, account!.id, read)).added, 1);
    assert.equal((await keepRead(link, account!.id, { ...read, booked: [] })).removed, 0);
    assert.deepEqual(await eventTypes(link.tenant), ['bank_account.created', 'transactions.updated']);
  });

  test('a reader of changes ends with exactly what the list says, whatever is written meanwhile', async () => {
    const { caller, link } = await makeLink(data);
    const accounts = await keep(link, [current, { ...current, reference: 'r2', identification: { bban: '77' } }]);
    const days = (from: number, until: number) =>
      Array.from({ length: until - from }, (_, n) =>
        entry(`2026-03-${String(from + n).padStart(2, '0')}`, `${n}.5`, `e${n}`),
      );
    const held = new Map<string, string>();
    let cursor: string | undefined;
    const readOn = async (limit: number) => {
      for (let more = true; more; ) {
        const changes = await readChanges(data.platform, caller, { scope: { customer: link.customer }, cursor, limit });
        for (const { id } of changes.removed) assert.ok(held.delete(id), 'only what was told is taken back');
        for (const row of JSON.parse(`[${changes.added}]`)) {
          assert.ok(!held.has(row.id), 'added once');
          held.set(row.id, JSON.stringify(row));
        }
        for (const row of JSON.parse(`[${changes.modified}]`)) {
          assert.ok(held.has(row.id), 'modified only what was told');
          held.set(row.id, JSON.stringify(row));
        }
        [cursor, more] = [changes.next, changes.hasMore];
      }
    };
    const rounds: [number, Transaction[], Transaction[]][] = [
      [0, days(1, 20), []],
      [1, days(3, 9), [{ ...entry('', '-1', 'Kiosk'), status: 'pending', bookedOn: undefined }]],
      [1, [...days(3, 8), entry('2026-03-09', '-1', 'Kiosk am Tor')], []],
      [0, days(1, 12).map((row) => ({ ...row, description: `${row.description}!` })), []],
      [0, days(1, 20), []],
    ];
    for (const [which, booked, pending] of rounds) {
      await keepRead(link, accounts[which]!.id, reading(booked, { pending }));
      if (held.size === 0 || which === 1) await readOn(3);
    }
    await readOn(4);
    const listed = (await Promise.all(accounts.map(({ id }) => list(caller, id)))).flatMap(({ rows }) => rows);
    assert.deepEqual([...held.values()].sort(), listed.map((row) => JSON.stringify(row)).sort());
    const now = await readChanges(data.platform, caller, { scope: { consent: link.consent }, cursor: 'now', limit: 5 });
    assert.equal(now.added, '');
    const nothing = await readChanges(data.platform, caller, {
      scope: { consent: link.consent },
      cursor: now.next,
      limit: 5,
    });
    assert.deepEqual([nothing.added, nothing.modified, nothing.removed, nothing.hasMore], ['', '', [], false]);
    const bad = readChanges(data.platform, caller, { scope: { consent: link.consent }, cursor: '1-x', limit: 5 });
    await assert.rejects(bad, { code: 'invalid_cursor' });
  });

  test('a page deep in a long history is read from the index alone: no sort, no scan of the table', async () => {
    const { link } = await makeLink(data);
    const [account] = await keep(link, [current]);
    await data.database.run(sql`insert into transactions (account, seq, change_seq, tenant, sort_on, status, currency, amount, identity, shown)
      select a.number, g, g, a.tenant, date '2020-01-01' + g / 20, 'booked', 'EUR', g, decode(md5(g::text), 'hex'),
        '"id":"txn_' || lpad(g::text, 22, '0') || '","version":1,"created_at":"2026-03-01T00:00:00.000Z","updated_at":"2026-03-01T00:00:00.000Z","status":"booked","amount":"-12.30","currency":"EUR","booked_on":"2026-03-01","value_on":"2026-03-01","description":"Kartenzahlung an der Ecke","counterparty":{"name":"Laden an der Ecke","iban":"DE75512108001245126199"}'
      from bank_accounts a, generate_series(1, 20000) g where a.tenant = ${link.tenant} and a.id = ${account!.id}`);
    await data.database.script('analyze transactions; analyze bank_accounts');
    for (const request of [
      { limit: 500 },
      { limit: 500, after: { sortOn: '2020-06-01', seq: 3000 } },
      { limit: 500, from: '2020-02-01', to: '2022-01-01' },
    ]) {
      const statement = selectPage(link.tenant, account!.id, request, ',');
      const rows = await data.database.rows<{ 'QUERY PLAN': string }>({
        ...statement,
        text: `explain (analyze, buffers) ${statement.text}`,
        values: statement.values,
      } as typeof statement);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(plan, /Sort|Seq Scan on transactions/, plan);
      const buffers = /Buffers: shared hit=(\d+)(?: read=(\d+))?/.exec(plan)!;
      assert.ok(Number(buffers[1]) + Number(buffers[2] ?? 0) <= 60, plan);
    }
  });
});
