import { empty, raw, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';
import type { EventType } from './event-types.ts';
import { MESSAGES_CHANNEL } from './store.ts';

const COLUMNS = raw(`w.tenant, w.id, w.url, w.events, w.description, w.status, w.disabled_reason as "disabledReason",
  w.secret, w.previous_secret as "previousSecret", w.previous_until as "previousUntil", w.failures,
  w.failing_since as "failingSince", w.rests, w.resting_until as "restingUntil", w.created_at as "createdAt",
  w.updated_at as "updatedAt"`);

export type EndpointRow = {
  tenant: Tenant;
  id: string;
  url: string;
  events: EventType[] | null;
  description: string;
  status: 'active' | 'paused' | 'disabled';
  disabledReason: 'gone' | 'failing' | null;
  secret: Buffer;
  previousSecret: Buffer | null;
  previousUntil: Date | null;
  failures: number;
  failingSince: Date | null;
  rests: number;
  restingUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

export function insertEndpoint(row: EndpointRow): Sql {
  return sql`insert into webhook_endpoints (tenant, id, url, events, description, status, secret, created_at, updated_at)
    values (${row.tenant}, ${row.id}, ${row.url}, ${row.events}, ${row.description}, ${row.status}, ${row.secret},
      ${row.createdAt}, ${row.createdAt})`;
}

export function findEndpoint(tenant: Tenant, id: string): Sql {
  return sql`select ${COLUMNS} from webhook_endpoints w where w.tenant = ${tenant} and w.id = ${id}`;
}

export function countEndpoints(tenant: Tenant): Sql {
  return sql`select count(*)::int as count from webhook_endpoints where tenant = ${tenant}`;
}

export function selectEndpoints(tenant: Tenant, limit: number, after?: { at: Date; id: string }): Sql {
  return sql`select ${COLUMNS} from webhook_endpoints w where w.tenant = ${tenant}
    ${after ? sql`and (w.created_at, w.id) < (${after.at}, ${after.id})` : empty}
    order by w.created_at desc, w.id desc limit ${limit + 1}`;
}

export type EndpointChanges = {
  url?: string;
  events?: EventType[] | null;
  description?: string;
  status?: 'active' | 'paused';
};

/** Whoever switches an endpoint on again gets what waits at once, with a breaker that has forgotten. */
export function updateEndpoint(tenant: Tenant, id: string, changes: EndpointChanges, at: Date): Sql {
  const { url, events, description, status } = changes;
  const set = sql`updated_at = ${at}
    ${url === undefined ? empty : sql`, url = ${url}`} ${events === undefined ? empty : sql`, events = ${events}`}
    ${description === undefined ? empty : sql`, description = ${description}`}
    ${
      status === undefined
        ? empty
        : sql`, status = ${status}, disabled_reason = null, failures = 0, failing_since = null, rests = 0, resting_until = null`
    }`;
  const awake =
    status === 'active'
      ? sql`, awake as (update webhook_messages set next_at = ${at} where tenant = ${tenant} and endpoint = ${id} and next_at > ${at})`
      : empty;
  return sql`with w as (update webhook_endpoints set ${set} where tenant = ${tenant} and id = ${id} returning *) ${awake}
    select ${COLUMNS}, pg_notify(${MESSAGES_CHANNEL}, '')::text from w`;
}

/** The old secret goes on signing beside the new one until the moment given. */
export function rotateSecret(tenant: Tenant, id: string, secret: Buffer, previousUntil: Date, at: Date): Sql {
  return sql`update webhook_endpoints w set previous_secret = w.secret, previous_until = ${previousUntil}, secret = ${secret},
      updated_at = ${at} where w.tenant = ${tenant} and w.id = ${id} returning ${COLUMNS}`;
}

export function deleteEndpoint(tenant: Tenant, id: string): Sql {
  return sql`delete from webhook_endpoints where tenant = ${tenant} and id = ${id}`;
}

export type DeliveryRow = {
  seq: number;
  id: string;
  event: string;
  type: EventType;
  attempt: number;
  at: Date;
  outcome: string;
  status: number | null;
  ms: number;
  answer: string | null;
  nextAt: Date | null;
};

export type DeliveryFilter = { event?: string; outcome?: string; limit: number; after?: number };

export function selectDeliveries(tenant: Tenant, endpoint: string, filter: DeliveryFilter): Sql {
  return sql`select d.seq, d.id, d.event, e.type, d.attempt, d.at, d.outcome, d.status, d.ms, d.answer, d.next_at as "nextAt"
    from webhook_deliveries d join events e on e.tenant = d.tenant and e.id = d.event
    where d.tenant = ${tenant} and d.endpoint = ${endpoint}
    ${filter.event === undefined ? empty : sql`and d.event = ${filter.event}`}
    ${filter.outcome === undefined ? empty : sql`and d.outcome = ${filter.outcome}`}
    ${filter.after === undefined ? empty : sql`and d.seq < ${filter.after}`}
    order by d.seq desc limit ${filter.limit + 1}`;
}

/** One event once more, to one endpoint or to all that want its type. */
export function resendEvent(tenant: Tenant, event: string, endpoint: string | undefined, at: Date): Sql {
  const to = endpoint === undefined ? sql`(w.events is null or e.type = any(w.events))` : sql`w.id = ${endpoint}`;
  return sql`with m as (
      insert into webhook_messages (tenant, endpoint, event, line, next_at)
      select w.tenant, w.id, e.id, coalesce(e.connection, e.consent, e.customer, e.id), ${at}
      from events e join webhook_endpoints w on w.tenant = e.tenant and w.status <> 'disabled' and ${to}
      where e.tenant = ${tenant} and e.id = ${event} returning 1
    ) select count(*)::int as count, max(pg_notify(${MESSAGES_CHANNEL}, '')::text) as said from m`;
}

/** The events of a stretch of time once more, in the order they were written. `until` is when the last of them was. */
export function resendRange(
  tenant: Tenant,
  endpoint: string,
  range: { from: Date; to: Date; types: readonly string[] | null; most: number },
  at: Date,
): Sql {
  return sql`with chosen as (
      select e.id, e.seq, e.created_at, coalesce(e.connection, e.consent, e.customer, e.id) as line from events e
      where e.tenant = ${tenant} and e.created_at >= ${range.from} and e.created_at < ${range.to}
        ${range.types ? sql`and e.type = any(${range.types})` : empty}
      order by e.created_at, e.seq limit ${range.most}
    ), m as (
      insert into webhook_messages (tenant, endpoint, event, line, next_at)
      select ${tenant}::int, ${endpoint}::text, c.id, c.line, ${at}::timestamptz from chosen c order by c.created_at, c.seq
    ) select count(*)::int as count, max(created_at) as until, pg_notify(${MESSAGES_CHANNEL}, '')::text as said from chosen`;
}

/** What was tried or has waited longer than anybody can ask for. */
export function forgetDeliveries(before: Date): Sql[] {
  return [
    // tenant: of all of them.
    sql`delete from webhook_deliveries where at < ${before} /* every tenant's */`,
    sql`delete from webhook_messages m using events e
      where e.tenant = m.tenant and e.id = m.event and m.next_at < ${before} and e.created_at < ${before}`,
  ];
}
