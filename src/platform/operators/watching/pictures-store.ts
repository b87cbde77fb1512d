import { empty, type Sql, sql } from '../../../base/database.ts';
import type { Tenant } from '../../platform.ts';

export type ConversionRow = {
  provider: string | null;
  begun: number;
  opened: number;
  chosen: number;
  agreed: number;
  proven: number;
  granted: number;
};

/** How far the latest visits came, by the bank that was chosen. Looks at a fixed number of rows, however many there are. */
export function selectConversion(tenant: Tenant, visits: number): Sql {
  return sql`select provider, count(*)::int as begun, count(*) filter (where opened)::int as opened,
      count(*) filter (where provider is not null and opened)::int as chosen, count(*) filter (where agreed)::int as agreed,
      count(*) filter (where proven or granted)::int as proven, count(*) filter (where granted)::int as granted
    from (select s.chosen_provider as provider, s.owner is not null as opened,
        s.phases @> '[{"phase": "agreed"}]' as agreed, s.phases @> '[{"phase": "authenticated"}]' as proven,
        s.status = 'finished' as granted
      from sessions s where s.tenant = ${tenant} and s.kind = 'connect' order by s.created_at desc, s.id desc limit ${visits}) v
    group by provider order by begun desc limit 12`;
}

export type FreshnessRow = { hour: number; day: number; two: number; week: number; older: number; never: number };

/** When living connections were read last: each age is a range of one index. */
export function selectFreshness(tenant: Tenant, now: Date): Sql {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const within = (from: Date | undefined, to: Date | undefined) =>
    sql`(select count(*)::int from connections where tenant = ${tenant} and status <> 'disconnected'
      ${from ? sql`and last_synchronization >= ${from}` : empty} ${to ? sql`and last_synchronization < ${to}` : empty})`;
  return sql`select ${within(before(1), undefined)} as hour, ${within(before(24), before(1))} as day,
    ${within(before(48), before(24))} as two, ${within(before(168), before(48))} as week,
    ${within(undefined, before(168))} as older, (select count(*)::int from connections
      where tenant = ${tenant} and status <> 'disconnected' and last_synchronization is null) as never`;
}

export type BankRow = { provider: string; calls: number; failed: number; median: number; p95: number };

/** How banks answered the latest calls. */
export function selectBanks(tenant: Tenant, calls: number): Sql {
  return sql`select provider, count(*)::int as calls, count(*) filter (where (status is null and outcome <> 'begun') or status >= 500)::int as failed,
      percentile_disc(0.5) within group (order by duration_ms)::int as median,
      percentile_disc(0.95) within group (order by duration_ms)::int as p95
    from (select b.provider, b.status, b.outcome, b.duration_ms from bank_calls b where b.tenant = ${tenant}
      order by b.at desc, b.id desc limit ${calls}) c
    group by provider order by calls desc limit 12`;
}

export type DeliveredRow = {
  endpoint: string;
  url: string;
  tried: number;
  delivered: number;
  p95: number | null;
  waiting: number;
  oldest: Date | null;
};

/** How the latest deliveries of each endpoint went, and what still waits (up to ten thousand are counted). */
export function selectDelivered(tenant: Tenant, deliveries: number): Sql {
  return sql`select w.id as endpoint, w.url, d.tried, d.delivered, d.p95, m.waiting, m.oldest
    from (select id, url from webhook_endpoints where tenant = ${tenant} order by created_at desc limit 12) w
    left join lateral (select count(*)::int as tried, count(*) filter (where x.outcome = 'delivered')::int as delivered,
        percentile_disc(0.95) within group (order by x.ms)::int as p95
      from (select outcome, ms from webhook_deliveries where tenant = ${tenant} and endpoint = w.id
        order by seq desc limit ${deliveries}) x) d on true
    left join lateral (select count(*)::int as waiting, min(y.next_at) as oldest
      from (select next_at from webhook_messages where tenant = ${tenant} and endpoint = w.id limit 10000) y) m on true`;
}

export type BudgetRow = { reads: number; accounts: number };

/** Accounts by the reads without the person they had in 24 hours, among the latest calls. */
export function selectBudget(tenant: Tenant, since: Date, calls: number): Sql {
  return sql`select reads, count(*)::int as accounts from (
      select least(4, count(distinct coalesce(c.sync, c.id)))::int as reads from (
        select b.id, b.bank_account, b.sync, b.purpose, b.at, b.attended from bank_calls b
        where b.tenant = ${tenant} and b.at >= ${since} order by b.at desc, b.id desc limit ${calls}) c
      where not c.attended and c.bank_account is not null and c.purpose = 'transactions' group by c.bank_account) r
    group by reads order by reads`;
}
