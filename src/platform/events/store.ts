import { empty, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';
import type { EventType } from './event-types.ts';
import type { EventObject, NewEvent } from './events.ts';

/** An event as stored. `data` is `{}` once its customer was erased. */
export type EventRow = {
  id: string;
  seq: number;
  type: EventType;
  data: EventObject | Record<string, never>;
  request_id: string | null;
  created_at: Date;
};

/** Which events, and from where on. */
export type EventFilter = {
  type?: string;
  customer?: string;
  consent?: string;
  connection?: string;
  limit: number;
  after?: { at: Date; seq: number };
};

/**
 * The event, and a message for each endpoint that wants to be told (or for `only` one): parts of a `with`, to be committed
 * with the change they tell of.
 */
export function eventParts(id: string, event: NewEvent, only?: string): Sql {
  const { tenant, type, customer, consent, connection, at } = event;
  const line = connection ?? consent ?? customer ?? id;
  const wanted = only === undefined ? wants(type) : sql`w.id = ${only}::text`;
  return sql`event as (
      insert into events (tenant, id, type, customer, consent, connection, data, request_id, created_at)
      values (${tenant}::int, ${id}::text, ${type}::text, ${customer ?? null}::text, ${consent ?? null}::text,
        ${connection ?? null}::text, ${JSON.stringify(event.data)}::jsonb, ${event.requestId ?? null}::text, ${at}::timestamptz)
    ), messages as (
      insert into webhook_messages (tenant, endpoint, event, line, next_at)
      select w.tenant, w.id, ${id}::text, ${line}::text, ${at}::timestamptz from webhook_endpoints w
      where w.tenant = ${tenant}::int and ${wanted}
      returning pg_notify(${MESSAGES_CHANNEL}::text, '')
    )`;
}

/** The same as a statement of its own. */
export function insertEvent(id: string, event: NewEvent, only?: string): Sql {
  return sql`with ${eventParts(id, event, only)} select 1`;
}

function wants(type: EventType): Sql {
  return sql`w.status <> 'disabled' and (w.events is null or ${type}::text = any(w.events))`;
}

/** Where the database says that there is something to tell. */
export const MESSAGES_CHANNEL = 'webhook_messages';

/** One event. */
export function findEvent(tenant: Tenant, id: string): Sql {
  return sql`select id, seq, type, data, request_id, created_at from events where tenant = ${tenant} and id = ${id}`;
}

/** One row more than the limit, to know whether there are more. */
export function selectEvents(tenant: Tenant, filter: EventFilter): Sql {
  const after = filter.after
    ? sql`and (created_at, seq) < (${filter.after.at}::timestamptz, ${filter.after.seq}::bigint)`
    : empty;
  return sql`select id, seq, type, data, request_id, created_at from events
    where tenant = ${tenant}
    ${filter.type ? sql`and type = ${filter.type}` : empty}
    ${filter.customer ? sql`and customer = ${filter.customer}` : empty}
    ${filter.consent ? sql`and consent = ${filter.consent}` : empty}
    ${filter.connection ? sql`and connection = ${filter.connection}` : empty}
    ${after}
    order by created_at desc, seq desc limit ${filter.limit + 1}`;
}
