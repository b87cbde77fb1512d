import type { Json } from '../../banking/step.ts';
import type { Sql, Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound } from '../problems.ts';
import type { EventType } from './event-types.ts';
import { type EventFilter, type EventRow, eventParts, findEvent, insertEvent, selectEvents } from './store.ts';

export type { EventFilter, EventRow } from './store.ts';

/** What an event is about: its id, its word and its state. Ids and states only, never account data. */
export type EventObject = { id: string; object: string; status?: string | null; [field: string]: Json | undefined };

/** Something that happened, to be written with the change that made it happen. */
export type NewEvent = {
  tenant: Tenant;
  type: EventType;
  /** The people and links it concerns, so that it is found, and scrubbed when the customer is erased. */
  customer?: string | null;
  consent?: string | null;
  connection?: string | null;
  data: EventObject;
  requestId?: string | null;
  at: Date;
};

/** Writes an event in the transaction of the change it tells of. Returns the event's id. */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<string> {
  const id = newId('event');
  await tx.later(insertEvent(id, event));
  return id;
}

/** The same as parts of a larger statement: `with … , ${eventStatement(…)} select …`. */
export function eventStatement(event: NewEvent): Sql {
  return eventParts(newId('event'), event);
}

/** An event as apps see it, by the API and by webhook alike. */
export function presentEvent(row: Pick<EventRow, 'id' | 'type' | 'created_at' | 'data'>): object {
  return { id: row.id, object: 'event', type: row.type, created_at: row.created_at, data: { object: row.data } };
}

/** Newest first; `after` is the last row of the page before. */
export async function listEvents(
  platform: Platform,
  caller: Caller,
  filter: EventFilter,
): Promise<{ rows: EventRow[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<EventRow>(selectEvents(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** The event, or the problem `not_found`. */
export async function getEvent(platform: Platform, caller: Caller, id: string): Promise<EventRow> {
  const row = await platform.database.read.first<EventRow>(findEvent(caller.tenant, id));
  if (!row) throw notFound('event');
  return row;
}
