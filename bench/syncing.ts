import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Page, Transaction } from '../src/banking/account.ts';
import { sql } from '../src/base/database.ts';
import { newId } from '../src/base/ids.ts';
import { sealPage } from '../src/platform/accounts/concealed/pages.ts';
import type { SealedPage } from '../src/platform/accounts/store.ts';
import { storeAccounts, storeTransactions } from '../src/platform/accounts/storing.ts';
import { ACCOUNT, entry, openScriptedSyncs, page, PERSON, type ScriptedSyncs } from '../test/scripted-syncs.ts';
import { makeLink, openStoredData, type StoredData } from '../test/stored-data.ts';
import { type Bench, compare, cpuMicros, cpuMicrosOfTree, type Measurement, short } from './measure.ts';

const ROWS = 20_000;
const PAGE = 500;
const TODAY = '2026-03-31';
const SINCE = '2024-01-01';

/** P4a, P4c, P9 and the memory of a long history: what reading costs, from pages to rows with their events. */
export const syncing: Bench = {
  name: 'syncing',
  goals: ['P4a', 'P4c', 'P9'],
  async run() {
    const data = await openStoredData();
    const stored = await ingested(data).finally(() => data.close());
    const world = await openScriptedSyncs();
    try {
      return [stored, ...(await unchanged(world)), await manySyncs(world), await memory(world)];
    } finally {
      await world.close();
    }
  },
};

/** New rows, matched, stored with their pages and their event, beside four connections that only COPY as much. */
async function ingested(data: StoredData): Promise<Measurement> {
  const { platform, database, clock, url } = data;
  await database.script(`create table copied (account int not null, seq bigint generated always as identity,
      ext_hash bytea not null, booked_at date not null, amount numeric not null, currency char(3) not null,
      status text not null, description text not null, body jsonb not null,
      primary key (account, seq), unique (account, ext_hash));
    create index on copied (account, booked_at desc, seq desc)`);
  const clients = await Promise.all(
    [0, 1, 2, 3].map(async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const entries = Array.from({ length: ROWS }, (_, number) => written(number));
  const ours = async (): Promise<number> => {
    const links = await Promise.all([0, 1, 2, 3].map(() => makeLink(data)));
    const accounts = await Promise.all(
      links.map(({ link }) =>
        database.transaction((tx) => storeAccounts(platform, tx, { ...link, accounts: [ACCOUNT] })),
      ),
    );
    const began = performance.now();
    await Promise.all(
      links.map(async ({ link: { tenant } }, one) => {
        const account = accounts[one]![0]!.id;
        const sync = newId('sync');
        const share = entries.slice((one * ROWS) / 4, ((one + 1) * ROWS) / 4);
        const pages: SealedPage[] = [];
        for (let at = 0; at < share.length; at += PAGE) {
          const raw = Buffer.from(JSON.stringify(share.slice(at, at + PAGE)));
          pages.push(await sealPage(platform.vault, { tenant, account, sync }, at / PAGE, raw));
        }
        const reading = { booked: share, pending: [], complete: true, since: SINCE, today: TODAY };
        const where = { tenant, account, sync, at: clock.now() };
        await database.transaction((tx) =>
          storeTransactions(platform, tx, where, { ...reading, pages, everyPage: true }),
        );
      }),
    );
    return ROWS / (performance.now() - began);
  };
  let account = 0;
  const copy = async (): Promise<number> => {
    const files = clients.map((_, one) => {
      account += 1;
      const file = join(tmpdir(), `drawbridge-copy-${process.pid}-${one}`);
      writeFileSync(file, linesFor(account, entries.slice((one * ROWS) / 4, ((one + 1) * ROWS) / 4)), { mode: 0o644 });
      return file;
    });
    const began = performance.now();
    await Promise.all(clients.map((client, one) => client.query(`copy copied (${COLUMNS}) from '${files[one]}'`)));
    const took = performance.now() - began;
    for (const file of files) rmSync(file);
    return ROWS / took;
  };
  const result = await compare(ours, copy, 6);
  await Promise.all(clients.map((client) => client.end()));
  return {
    goal: 'P4a',
    what: `store ${ROWS.toLocaleString('en-GB')} new transactions of four accounts, with pages, versions and events`,
    subject: `${short(result.subject * 1000)}/s`,
    anchor: `COPY on four connections ${short(result.anchor * 1000)}/s`,
    ratio: `${short(result.ratio)}×`,
    gate: '≥ 0.35×',
    target: '≥ 0.7×',
    outcome: result.ratio >= 0.35 ? 'held' : 'missed',
    note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds; COPY reads files made before`,
  };
}

const COLUMNS = 'account, ext_hash, booked_at, amount, currency, status, description, body';

/** The same rows as COPY's text format wants them. */
function linesFor(account: number, entries: readonly Transaction[]): string {
  return entries
    .map((one) => {
      const body = JSON.stringify(one);
      const hash = createHash('md5').update(body).digest('hex');
      return [account, `\\\\x${hash}`, one.bookedOn, one.amount, 'EUR', 'booked', one.description, body].join('\t');
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** A sync that finds nothing new beside one that does: processor time, rows touched, log written. */
async function unchanged(world: ScriptedSyncs): Promise<Measurement[]> {
  const { data } = world;
  const { link } = await world.connect();
  const known = Array.from({ length: 200 }, (_, number) => entry(dayOf(number), `-${number}.10`));
  const show = (list: Transaction[]) => {
    world.bank.pages = [page(list)];
  };
  show(known);
  await world.first(link);
  await world.idle();
  const postmaster = await postmasterOf(data);
  const sync = async (): Promise<number> => {
    const before = cpuMicros(process.pid) + cpuMicrosOfTree(postmaster);
    for (let times = 0; times < 20; times += 1) {
      await world.first(link, PERSON);
      await world.idle();
    }
    return (cpuMicros(process.pid) + cpuMicrosOfTree(postmaster) - before) / 20;
  };
  const changing = async (): Promise<number> => {
    const before = cpuMicros(process.pid) + cpuMicrosOfTree(postmaster);
    for (let times = 0; times < 20; times += 1) {
      for (let one = 0; one < 5; one += 1) known.unshift(entry(dayOf(0), `-${known.length}.55`));
      show(known.slice(0, 220));
      await world.first(link, PERSON);
      await world.idle();
    }
    return (cpuMicros(process.pid) + cpuMicrosOfTree(postmaster) - before) / 20;
  };
  await sync();
  const touched = await rowsTouched(data, sync);
  const result = await compare(sync, changing, 4);
  return [
    {
      goal: 'P4c',
      what: 'a sync that finds nothing new, beside one that finds five in 220',
      subject: `${short(result.subject)} µs`,
      anchor: `${short(result.anchor)} µs`,
      ratio: `${short(result.ratio)}×`,
      gate: '≤ 0.5× processor time, 0 rows touched',
      target: '≤ 0.3×',
      outcome: result.ratio <= 0.5 && touched === 0 ? 'held' : 'missed',
      note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds; ${touched} transaction rows touched; jobs and ledger included`,
    },
  ];
}

/** Whole syncs of many connections, half of them with something new, against a million accounts read four times a day. */
async function manySyncs(world: ScriptedSyncs): Promise<Measurement> {
  const links = [];
  for (let number = 0; number < 60; number += 1) links.push((await world.connect()).link);
  const shown = Array.from({ length: 20 }, (_, number) => entry(dayOf(number), `-${number}.10`));
  world.bank.pages = [page(shown)];
  for (const link of links) await world.first(link);
  await world.idle();
  const began = performance.now();
  const rounds = 6;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 1) world.bank.pages = [page([entry(dayOf(0), `-${round}.99`), ...shown])];
    await Promise.all(links.map((link) => world.first(link, PERSON)));
    await world.idle();
  }
  const rate = (links.length * rounds) / ((performance.now() - began) / 1000);
  const needed = (1_000_000 * 4) / 86_400;
  return {
    goal: 'P9',
    what: 'syncs a second, half with something new, one process; a million accounts four times a day need 46.3',
    subject: `${short(rate)}/s`,
    anchor: `${short(needed)}/s`,
    ratio: `${short(rate / needed)}×`,
    gate: '≥ 5×',
    target: '≥ 15×',
    outcome: rate / needed >= 5 ? 'held' : 'missed',
    note: 'balances and transactions read, jobs, ledger, seals and events included; the bank answers at once',
  };
}

/** A hundred thousand new transactions of one account: how much memory that takes at most. */
async function memory(world: ScriptedSyncs): Promise<Measurement> {
  const { link } = await world.connect();
  const count = 100_000;
  const pages: Page[] = [];
  world.bank.pages = new Proxy(pages, {
    // Made when it is asked for, as a bank does: what we keep is what counts.
    get: (_, at) => {
      const number = Number(at);
      if (!Number.isInteger(number)) return Reflect.get(pages, at);
      const list = Array.from({ length: PAGE }, (__, one) => written(number * PAGE + one));
      return page(list, (number + 1) * PAGE < count ? String(number + 1) : undefined);
    },
  });
  globalThis.gc?.();
  const idle = process.memoryUsage.rss();
  let most = idle;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  await world.first(link);
  await world.idle();
  clearInterval(watch);
  const grown = (most - idle) / 1024 / 1024;
  const stored = await world.data.database.first<{ count: number }>(
    sql`select count(*)::int as count from transactions where tenant = ${link.tenant}`,
  );
  return {
    goal: 'P4',
    what: 'memory above idle while one account’s 100,000 new transactions are synced',
    subject: `${short(grown)} MB`,
    anchor: '–',
    ratio: '–',
    gate: '≤ 150 MB',
    outcome: grown <= 150 && stored!.count === count ? 'held' : 'missed',
    note: `${stored!.count.toLocaleString('en-GB')} rows stored; the whole process with the bank that is played in it`,
  };
}

function written(number: number): Transaction {
  const shop = randomBytes(6).toString('hex');
  return {
    ...entry(dayOf(number), `-${number}.25`),
    valueOn: dayOf(number),
    description: `Card payment ${number} at ${shop}`,
    reference: `REF${number}`,
    counterparty: { name: `Shop ${shop}`, iban: 'DE02100100100006820101' },
  };
}

function dayOf(number: number): string {
  return new Date(Date.UTC(2024, 1, 1 + (number % 700))).toISOString().slice(0, 10);
}

async function postmasterOf({ database }: StoredData): Promise<number> {
  const row = await database.first<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const stat = readFileSync(`/proc/${row!.pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

async function rowsTouched({ database }: StoredData, act: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    await database.script('select pg_stat_force_next_flush()');
    const row = await database.first<{ touched: number }>(sql`select n_tup_ins + n_tup_upd + n_tup_del as touched
      from pg_stat_user_tables where relname = 'transactions'`);
    return Number(row!.touched);
  };
  const before = await count();
  await act();
  await new Promise((done) => setTimeout(done, 1100));
  return (await count()) - before;
}
