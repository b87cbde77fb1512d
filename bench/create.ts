import { sql } from '../src/base/database.ts';
import { type Load, luaList, runPgbench, runWrk } from './load.ts';
import { type Bench, compare, cpuMicros, cpuMicrosOfTree, median, short } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const CONNECTIONS = 16;
const SECONDS = 2;

/** P1a and P1b: sessions created through the API, every row durable before the answer, beside pgbench doing the like. */
export const create: Bench = {
  name: 'create',
  goals: ['P1a', 'P1b'],
  async run() {
    const stage = await openStage();
    try {
      await stage.database.script(ANCHOR_TABLES);
      const subjects: Load[] = [];
      const anchors: Load[] = [];
      const costs: { server: number; database: number }[] = [];
      // The database learns of a table that has filled within a minute of its life; a bench would be over by then.
      await createSessions(stage, 'before');
      await stage.database.script('analyze');
      const result = await compare(
        async () => {
          const { load, cost } = await createSessions(stage, subjects.length);
          subjects.push(load);
          costs.push(cost);
          return load.perSecond;
        },
        async () => {
          const load = await runPgbench(stage.databaseUrl, ANCHOR, {
            connections: CONNECTIONS,
            seconds: SECONDS,
            folder: stage.folder,
          });
          anchors.push(load);
          return load.perSecond;
        },
      );
      const failed = subjects.reduce((sum, load) => sum + load.failed, 0);
      const answered = subjects.reduce((sum, load) => sum + load.requests, 0);
      const kept = await stage.database.first<{ count: number }>(
        sql`select count(*)::int as count from sessions where tenant = ${stage.tenant}`,
      );
      const allKept = kept!.count >= answered - failed;
      const server = median(costs.slice(1).map((cost) => cost.server));
      const database = median(costs.slice(1).map((cost) => cost.database));
      const p99 = median(subjects.slice(1).map((load) => load.p99Ms));
      const anchorP99 = median(anchors.slice(1).map((load) => load.p99Ms));
      return [
        {
          goal: 'P1a',
          what: 'create a session, all rows durable before 201',
          subject: `${short(result.subject)}/s`,
          anchor: `pgbench ${short(result.anchor)}/s`,
          ratio: `${short(result.ratio)}×`,
          gate: '≥ 0.45×',
          target: '≥ 1.0×, p99 ≤ 2× pgbench',
          outcome: result.ratio >= 0.45 && failed === 0 && allKept ? 'held' : 'missed',
          note: `${short(result.low)}–${short(result.high)}× in ${result.rounds} rounds; p99 ${short(p99)} ms beside ${short(anchorP99)} ms; ${failed} failed; ${kept!.count.toLocaleString('en-GB')} rows for ${answered.toLocaleString('en-GB')} answers`,
        },
        {
          goal: 'P1b',
          what: 'processor time of a create',
          subject: `${short(server + database)} µs`,
          anchor: '–',
          ratio: '–',
          gate: '≤ 300 µs',
          target: '≤ 150 µs',
          outcome: server + database <= 300 ? 'held' : 'missed',
          note: `server ${short(server)} µs, PostgreSQL ${short(database)} µs`,
        },
      ];
    } finally {
      await stage.close();
    }
  },
};

async function createSessions(
  stage: Stage,
  round: number | 'before',
): Promise<{ load: Load; cost: { server: number; database: number } }> {
  const before = { server: cpuMicros(stage.serverPid), database: cpuMicrosOfTree(stage.postmasterPid) };
  const lua = `${luaList('keys', stage.keys)}
local made = 0
function request()
  made = made + 1
  return wrk.format('POST', '/v1/connect_user_sessions', {
    ['Authorization'] = 'Bearer ' .. keys[math.random(#keys)],
    ['Content-Type'] = 'application/json',
    ['Idempotency-Key'] = 'bench-${round}-' .. made,
  }, '{"user":"user-' .. math.random(1000) .. '","recurring":true}')
end`;
  const load = await runWrk(stage.url, lua, { connections: CONNECTIONS, seconds: SECONDS, folder: stage.folder });
  const cost = {
    server: (cpuMicros(stage.serverPid) - before.server) / load.requests,
    database: (cpuMicrosOfTree(stage.postmasterPid) - before.database) / load.requests,
  };
  return { load, cost };
}

// One statement, four durable rows: what the fastest client can do on this machine and disk.
const ANCHOR_TABLES = `
create schema anchor;
create table anchor.consent (id uuid primary key default gen_random_uuid(), tenant int not null, status text not null,
  body jsonb not null, created_at timestamptz not null default now());
create index on anchor.consent (tenant, created_at desc);
create table anchor.idem (tenant int not null, key uuid not null default gen_random_uuid(), answer jsonb not null,
  created_at timestamptz not null default now(), primary key (tenant, key));
create table anchor.audit (seq bigint generated always as identity primary key, tenant int not null, consent uuid not null,
  what text not null, at timestamptz not null default now());
create table anchor.outbox (seq bigint generated always as identity primary key, tenant int not null, type text not null,
  body jsonb not null, at timestamptz not null default now());
`;
const ANCHOR = `\\set tenant random(1, 100)
with c as (insert into anchor.consent (tenant, status, body) values (:tenant, 'pending', '{"scopes":["accounts","balances"]}') returning id, tenant),
  i as (insert into anchor.idem (tenant, answer) select tenant, '{"status":201}' from c),
  a as (insert into anchor.audit (tenant, consent, what) select tenant, id, 'created' from c),
  o as (insert into anchor.outbox (tenant, type, body) select tenant, 'consent.created', '{"object":"event"}' from c)
select id from c;
`;
