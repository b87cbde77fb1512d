import { join } from 'node:path';
import { sql } from '../src/base/database.ts';
import { newId } from '../src/base/ids.ts';
import { createVault, keepVaultKey } from '../src/base/vault.ts';
import { concealIn } from '../src/platform/accounts/concealed/concealing.ts';
import { ensureKeys } from '../src/platform/keys/data-keys.ts';
import { luaList, runPgbench, runWrk } from './load.ts';
import { type Bench, compare, cpuMicros, type Measurement, median, short } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const ROWS = 1_000_000;
const PAGE = 500;
const CONNECTIONS = 8;
const SECONDS = 3;
/** Whom a million entries are with. */
const SHOPS = 2000;

/** P1d and P1e: 500 transactions of a million, at any depth, beside pgbench reading the like of them from a plain table. */
export const page: Bench = {
  name: 'page',
  goals: ['P1d', 'P1e'],
  async run() {
    const stage = await openStage();
    try {
      const account = await makeHistory(stage);
      const cursors = await walk(stage, account);
      return [await besidePgbench(stage, account, cursors), await byDepth(stage, account, cursors)];
    } finally {
      await stage.close();
    }
  },
};

async function besidePgbench(stage: Stage, account: string, cursors: string[]): Promise<Measurement> {
  let failed = 0;
  const costs: number[] = [];
  const lua = `${luaList('keys', stage.keys)}${luaList('cursors', cursors)}
function request()
  return wrk.format('GET', '/v1/bank_accounts/${account}/transactions?limit=${PAGE}&cursor=' .. cursors[math.random(#cursors)],
    { ['Authorization'] = 'Bearer ' .. keys[math.random(#keys)] })
end`;
  const anchor = `\\set day random(30, ${ROWS / PER_DAY - 1})
select seq, body from anchor.txn t where account_id = 1 and (booked_at, seq) < (date '${FIRST_DAY}' + :day::int, 0)
  order by t.booked_at desc, t.seq desc limit ${PAGE};
`;
  const options = { connections: CONNECTIONS, seconds: SECONDS, folder: stage.folder };
  const result = await compare(
    async () => {
      const before = cpuMicros(stage.serverPid);
      const load = await runWrk(stage.url, lua, options);
      failed += load.failed;
      costs.push((cpuMicros(stage.serverPid) - before) / load.requests);
      return load.perSecond;
    },
    async () => (await runPgbench(stage.databaseUrl, anchor, options)).perSecond,
  );
  return {
    goal: 'P1d',
    what: 'list 500 of 1,000,000 transactions',
    subject: `${short(result.subject)}/s, server ${short(median(costs.slice(1)) / 1000)} ms each`,
    anchor: `pgbench ${short(result.anchor)}/s`,
    ratio: `${short(result.ratio)}×`,
    gate: '≥ 0.7×',
    target: '≥ 1.0×, server ≤ 0.8 ms',
    outcome: result.ratio >= 0.7 && failed === 0 ? 'held' : 'missed',
    note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds; ${failed} failed; random ones of ${cursors.length.toLocaleString('en-GB')} pages`,
  };
}

async function byDepth(stage: Stage, account: string, cursors: string[]): Promise<Measurement> {
  const timeOf = async (cursor: string | undefined) => {
    const times: number[] = [];
    for (let time = 0; time < 40; time += 1) {
      const began = performance.now();
      await ask(stage, account, cursor, time);
      times.push(performance.now() - began);
    }
    return median(times);
  };
  const deepest = cursors.at(-1)!;
  const result = await compare(
    () => timeOf(deepest),
    () => timeOf(undefined),
  );
  return {
    goal: 'P1e',
    what: `page ${(cursors.length + 1).toLocaleString('en-GB')} of the same list`,
    subject: `${short(result.subject)} ms`,
    anchor: `page 1 ${short(result.anchor)} ms`,
    ratio: `${short(result.ratio)}×`,
    gate: '≤ 1.3×',
    target: '≤ 1.1×',
    outcome: result.ratio <= 1.3 ? 'held' : 'missed',
    note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds`,
  };
}

/** From the newest to the oldest: the cursors of all pages but the first. */
async function walk(stage: Stage, account: string): Promise<string[]> {
  const cursors: string[] = [];
  let seen = 0;
  for (let cursor: string | undefined; ; ) {
    const answer = await ask(stage, account, cursor, cursors.length);
    seen += answer.data.length;
    if (!answer.has_more) break;
    cursor = answer.next_cursor!;
    cursors.push(cursor);
  }
  if (seen !== ROWS) throw new Error(`the pages held ${seen} rows instead of ${ROWS}`);
  return cursors;
}

type Answer = { data: unknown[]; has_more: boolean; next_cursor: string | null };

async function ask(stage: Stage, account: string, cursor: string | undefined, turn: number): Promise<Answer> {
  const path = `/v1/bank_accounts/${account}/transactions?limit=${PAGE}${cursor ? `&cursor=${cursor}` : ''}`;
  const headers = { authorization: `Bearer ${stage.keys[turn % stage.keys.length]}`, 'accept-encoding': 'identity' };
  const reply = await fetch(stage.url + path, { headers });
  if (reply.status !== 200) throw new Error(`a page was answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json()) as Answer;
}

const FIRST_DAY = '2006-01-01';
const PER_DAY = 140;

// The plain table everybody would write, with the same entries: whole objects as jsonb, one index for the list.
const ANCHOR_TABLE = `
create schema anchor;
create table anchor.txn (account_id int not null, seq bigint generated always as identity, ext_hash bytea not null,
  booked_at date not null, amount numeric not null, currency char(3) not null, status text not null, description text not null,
  body jsonb not null, primary key (account_id, seq), unique (account_id, ext_hash));
create index on anchor.txn (account_id, booked_at desc, seq desc);
insert into anchor.txn (account_id, ext_hash, booked_at, amount, currency, status, description, body)
  select 1, identity, sort_on, amount, currency, status, 'Kartenzahlung an der Ecke', ('{' || shown || '}')::jsonb
  from transactions order by seq;
`;

/** Shops as entries hold them: their accounts concealed with the customer's keys, as the server itself stores them. */
async function concealCounterparties(
  { database, tenant, folder }: Pick<Stage, 'database' | 'tenant' | 'folder'>,
  customer: string,
): Promise<string[]> {
  const vault = createVault([keepVaultKey(join(folder, 'data', 'vault.key'))]);
  const keys = await ensureKeys({ vault }, database, tenant, customer);
  return [...Array(SHOPS)].map((_, shop) =>
    concealIn(keys, `"counterparty":{"name":"Laden an der Ecke","iban":"DE7551210800${1_000_000_000 + shop}"}`),
  );
}

/** One account with a million booked entries over twenty years. */
async function makeHistory({ database, clock, tenant, folder }: Stage): Promise<string> {
  const at = clock.now();
  const [customer, consent, connection, account] = [
    newId('customer'),
    newId('consent'),
    newId('connection'),
    newId('bankAccount'),
  ];
  await database.run(
    sql`insert into customers (tenant, id, created_at, updated_at) values (${tenant}, ${customer}, ${at}, ${at})`,
  );
  await database.run(sql`insert into connections (tenant, id, customer, provider, interface, status, recurring, created_at, updated_at)
    values (${tenant}, ${connection}, ${customer}, 'de-bench', 'main', 'active', true, ${at}, ${at})`);
  await database.run(sql`insert into consents (tenant, id, status, customer, connection, scopes, history_days, valid_days, created_at, updated_at)
    values (${tenant}, ${consent}, 'authorized', ${customer}, ${connection}, '{accounts,balances,transactions}', 730, 180, ${at}, ${at})`);
  const row = await database.first<{
    number: number;
  }>(sql`insert into bank_accounts (tenant, id, customer, connection, consent,
      provider, interface, bank_reference, fingerprint, account_type, currency, status, created_at, updated_at)
    values (${tenant}, ${account}, ${customer}, ${connection}, ${consent}, 'de-bench', 'main', 'r', 'f', 'checking', 'EUR', 'active',
      ${at}, ${at}) returning number`);
  const number = row!.number;
  const tokens = await concealCounterparties({ database, tenant, folder }, customer);
  for (let from = 1; from <= ROWS; from += 100_000) {
    await database.run(sql`insert into transactions (account, seq, change_seq, tenant, sort_on, status, currency, amount, identity, shown)
      select ${number}::bigint, g, g, ${tenant}::int, ${FIRST_DAY}::date + g / ${PER_DAY}::int, 'booked', 'EUR', -g / 100.0,
        decode(md5(g::text), 'hex'), '"id":"txn_' || substr(md5(g::text), 1, 22) || '","status":"booked","amount":"-' || g / 100.0
        || '","currency":"EUR","booked_on":"2026-03-01","value_on":"2026-03-01","description":"Kartenzahlung ' || g
        || ' an der Ecke","reference":null,' || (${tokens}::text[])[1 + g % ${tokens.length}::int] || ','
        || '"bank_code":"PMNT-CCRD-POSD","version":1,"created_at":"2026-03-01T00:00:00.000Z","updated_at":"2026-03-01T00:00:00.000Z"'
      from generate_series(${from}::int, ${from + 99_999}::int) g`);
  }
  await database.script(ANCHOR_TABLE);
  await database.script('vacuum (analyze) transactions');
  await database.script('vacuum (analyze) anchor.txn');
  return account;
}
