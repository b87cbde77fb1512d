import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** One interface of one bank, whoever asks. */
export type BankWay = { provider: string; interface: string };

/** What is known of how it answers. */
export type HealthRow = BankWay & {
  failures: number;
  failedSince: Date | null;
  failedAt: Date | null;
  answeredAt: Date | null;
};

const HEALTH = sql`h.provider, h.interface, h.failures, h.failed_since as "failedSince", h.failed_at as "failedAt",
  h.answered_at as "answeredAt"`;

/** An answer ends a row of failures. Costs nothing where there is none. */
export function noteAnswer(way: BankWay, at: Date): Sql {
  return sql`update bank_health set failures = 0, failed_since = null, open_until = null,
      answered_at = ${at}::timestamptz
    where provider = ${way.provider}::text and interface = ${way.interface}::text and failures > 0`;
}

/** One more call without a usable answer; so many in a row open the breaker. */
export function noteFailure(way: BankWay, at: Date, breaker: { after: number; openUntil: Date }): Sql {
  return sql`insert into bank_health as h (provider, interface, failures, failed_since, failed_at)
    values (${way.provider}::text, ${way.interface}::text, 1, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (provider, interface) do update set failures = h.failures + 1,
      failed_since = coalesce(h.failed_since, excluded.failed_at), failed_at = excluded.failed_at,
      open_until = case when h.failures + 1 >= ${breaker.after}::int then ${breaker.openUntil}::timestamptz end`;
}

/** Where a sync without the person waits for its bank: one row while the breaker of that bank is open. */
export function findBreaker(tenant: Tenant, sync: string, now: Date): Sql {
  return sql`select h.provider, h.interface, h.open_until as "openUntil"
    from syncs s join connections n on n.tenant = s.tenant and n.id = s.connection
    join bank_health h on h.provider = n.provider and h.interface = n.interface
    where s.tenant = ${tenant} and s.id = ${sync} and s.status = 'queued' and h.open_until is not null
      and (s.attended_until is null or s.attended_until <= ${now})`;
}

/** Lets exactly one caller try a bank whose time to wait is over. */
export function claimTrial(way: BankWay, now: Date, openUntil: Date): Sql {
  return sql`update bank_health set open_until = ${openUntil} where provider = ${way.provider}
    and interface = ${way.interface} and open_until <= ${now}`;
}

/** A waiting sync says until when it waits. */
export function postponeSync(tenant: Tenant, sync: string, until: Date): Sql {
  return sql`update syncs set not_before = ${until} where tenant = ${tenant} and id = ${sync} and status = 'queued'`;
}

/** Notes that these interfaces were called on a day. */
export function noteDays(ways: readonly BankWay[], at: Date): Sql {
  return sql`insert into bank_days (provider, interface, day)
    select w.provider, w.interface, (${at}::timestamptz at time zone 'UTC')::date
    from unnest(${ways.map(({ provider }) => provider)}::text[], ${ways.map((way) => way.interface)}::text[]) as w (provider, interface)
    on conflict do nothing`;
}

/** On which days since then these banks' interfaces were called. */
export function selectDays(providers: readonly string[], since: Date): Sql {
  return sql`select provider, interface, array_agg(day) as days from bank_days
    where provider = any(${providers}) and day >= (${since}::timestamptz at time zone 'UTC')::date
    group by provider, interface`;
}

/** Forgets days before this one. */
export function forgetDays(before: Date): Sql {
  return sql`delete from bank_days where day < (${before}::timestamptz at time zone 'UTC')::date`;
}

export function selectHealth(): Sql {
  return sql`select ${HEALTH} from bank_health h where h.failures > 0`;
}

/** What apps have not been told yet, locked: banks that began to answer badly, and those that answer again. */
export function lockUntold(failingBefore: Date, failures: number): Sql {
  return sql`select ${HEALTH} from bank_health h
    where (h.degraded_at is null and h.failures >= ${failures} and h.failed_since <= ${failingBefore})
      or (h.degraded_at is not null and h.failures = 0)
    order by h.provider, h.interface limit 100 for update skip locked`;
}

export function noteTold(way: BankWay, degradedAt: Date | null): Sql {
  return sql`update bank_health set degraded_at = ${degradedAt} where provider = ${way.provider} and interface = ${way.interface}`;
}

/** An outage begins, or the one that lasts has ended. */
export function noteOutage(way: BankWay, beganAt: Date | null, at: Date): Sql {
  if (beganAt === null)
    return sql`update bank_outages set ended_at = ${at}
      where provider = ${way.provider} and interface = ${way.interface} and ended_at is null`;
  return sql`insert into bank_outages (provider, interface, began_at) values (${way.provider}, ${way.interface}, ${beganAt})
    on conflict do nothing`;
}

/** A time in which an interface did not answer; `endedAt` null while it lasts. */
export type Outage = BankWay & { beganAt: Date; endedAt: Date | null };

/** The outages of these banks that had not ended before a moment, oldest first. */
export function selectOutages(providers: readonly string[], since: Date): Sql {
  return sql`select provider, interface, began_at as "beganAt", ended_at as "endedAt" from bank_outages
    where provider = any(${[...providers]}::text[]) and (ended_at is null or ended_at > ${since}) order by began_at`;
}

/** How these banks answer now, where they do not. */
export function selectHealthOf(providers: readonly string[]): Sql {
  return sql`select ${HEALTH} from bank_health h where h.provider = any(${[...providers]}::text[]) and h.failures > 0`;
}

export function forgetOutages(before: Date): Sql {
  return sql`delete from bank_outages where ended_at < ${before}`;
}

/** Whom a bank's trouble concerns: everybody with a living connection there. */
export function selectTenantsAt({ provider, interface: way }: BankWay): Sql {
  return sql`select distinct tenant from connections
    where provider = ${provider} and interface = ${way} and status <> 'disconnected' order by tenant`;
}

/** Keeps how far back a bank was seen to book; an older, larger finding stays until it is too old. */
export function noteLateness(way: BankWay, days: number, at: Date, forgetBefore: Date): Sql {
  return sql`insert into bank_health as h (provider, interface, late_days, late_at)
    values (${way.provider}, ${way.interface}, ${days}, ${at})
    on conflict (provider, interface) do update set late_at = excluded.late_at,
      late_days = case when h.late_at > ${forgetBefore} then greatest(h.late_days, excluded.late_days)
        else excluded.late_days end
    where h.late_days <= excluded.late_days or h.late_at is null or h.late_at <= ${forgetBefore}`;
}

/** How far back a bank was seen to book; no row where nothing was seen lately. */
export function findLateness(way: BankWay, since: Date): Sql {
  return sql`select late_days as "lateDays" from bank_health
    where provider = ${way.provider} and interface = ${way.interface} and late_at > ${since}`;
}
