import type { Transaction } from '../src/banking/account.ts';
import { sql } from '../src/base/database.ts';
import { newId } from '../src/base/ids.ts';
import { storeAccounts, storeTransactions } from '../src/platform/accounts/storing.ts';
import { ACCOUNT } from '../test/scripted-syncs.ts';
import { makeLink, openStoredData, type StoredData } from '../test/stored-data.ts';
import { type Bench, compare, type Measurement, short } from './measure.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const KNOWN = 200;
const NEW = 20;
const TODAY = '2026-03-31';
const SINCE = '2026-03-21';

/** P4b and P4d: what a sync stores does not depend on how long the history is, and what a transaction takes on disk. */
export const ingest: Bench = {
  name: 'ingest',
  goals: ['P4b', 'P4d'],
  async run() {
    const data = await openStoredData();
    try {
      const many = await openAccount(data, MANY);
      const size = await sizeOf(data);
      const few = await openAccount(data, FEW);
      const result = await compare(many, few, 8);
      return [byHistory(result), size];
    } finally {
      await data.close();
    }
  },
};

function byHistory(result: Awaited<ReturnType<typeof compare>>): Measurement {
  return {
    goal: 'P4b',
    what: `store ${NEW} new beside ${KNOWN} known, at a million of history`,
    subject: `${short(result.subject)} ms`,
    anchor: `at a thousand ${short(result.anchor)} ms`,
    ratio: `${short(result.ratio)}×`,
    gate: '≤ 1.25×',
    target: '≤ 1.05×',
    outcome: result.ratio <= 1.25 ? 'held' : 'missed',
    note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds`,
  };
}

async function sizeOf({ database }: StoredData): Promise<Measurement> {
  await database.script('vacuum analyze transactions');
  const row = await database.first<{ bytes: number }>(
    sql`select (pg_total_relation_size('transactions')::float / (select count(*) from transactions)) as bytes`,
  );
  return {
    goal: 'P4d',
    what: 'a transaction on disk with its indexes, without the kept pages',
    subject: `${short(row!.bytes)} B`,
    anchor: '–',
    ratio: '–',
    gate: '≤ 650 B',
    target: '≤ 450 B',
    outcome: row!.bytes <= 650 ? 'held' : 'missed',
  };
}

/** An account with so long a history; each call is one sync's storing, in milliseconds. */
async function openAccount(data: StoredData, history: number): Promise<() => Promise<number>> {
  const { platform, database, clock } = data;
  const { link } = await makeLink(data);
  const [account] = await database.transaction((tx) => storeAccounts(platform, tx, { ...link, accounts: [ACCOUNT] }));
  await database.script(`insert into transactions (account, seq, change_seq, tenant, sort_on, status, currency, amount, identity, shown)
    select a.number, n, n, a.tenant, date '2016-01-01' + (n::bigint * 3700 / ${history})::int, 'booked', 'EUR', -12.5,
      decode(md5(a.id || n), 'hex'), '"id":"txn_' || substr(md5(n || a.id), 1, 22) || '","version":1,'
        || '"created_at":"2026-03-02T09:14:07.512Z","updated_at":"2026-03-02T09:14:07.512Z","status":"booked",'
        || '"amount":"-12.5","currency":"EUR","booked_on":"' || (date '2016-01-01' + (n::bigint * 3700 / ${history})::int)
        || '","description":"Card payment ' || n || ' Corner shop","counterparty":{"name":"Corner shop"}'
    from bank_accounts a, generate_series(1, ${history}) n where a.id = '${account!.id}'`);
  await database.script(
    `update bank_accounts set change_seq = ${history} where id = '${account!.id}'; analyze transactions`,
  );
  const booked: Transaction[] = [];
  const store = async (count: number) => {
    for (let number = 0; number < count; number += 1) booked.unshift(entry(booked.length));
    const reading = { booked: [...booked], pending: [], complete: true, since: SINCE, today: TODAY };
    const where = { tenant: link.tenant, account: account!.id, sync: newId('sync'), at: clock.now() };
    const began = performance.now();
    await database.transaction((tx) =>
      storeTransactions(platform, tx, where, { ...reading, pages: [], everyPage: true }),
    );
    return performance.now() - began;
  };
  await store(KNOWN);
  return () => store(NEW);
}

function entry(number: number): Transaction {
  const bookedOn = `2026-03-${String(22 + (number % 9)).padStart(2, '0')}`;
  return { status: 'booked', amount: `-${number}.25`, currency: 'EUR', bookedOn, description: `Payment ${number}` };
}
