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

/** A plain insert, to be committed with the change it tells of. */
export function insertEvent(id: string, event: NewEvent): Sql {
  return sql`insert into events (tenant, id, type, customer, consent, connection, data, request_id, created_at)
    values (${event.tenant}::int, ${id}::text, ${event.type}::text, ${event.customer ?? null}::text,
      ${event.consent ?? null}::text, ${event.connection ?? null}::text, ${JSON.stringify(event.data)}::jsonb,
      ${event.requestId ?? null}::text, ${event.at}::timestamptz)`;
}

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
