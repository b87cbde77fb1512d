import type { BankErrorKind } from '../../banking/bank-error.ts';
import type { Tx } from '../../base/database.ts';
import { insertTimeline } from '../consents/store.ts';
import type { EventType } from '../events/event-types.ts';
import { recordEvent } from '../events/events.ts';
import type { Caller, Initiator, Platform, Tenant } from '../platform.ts';
import { notFound } from '../problems.ts';
import { REMEDIES } from '../remedies.ts';
import type { Connection, Needs } from './connection.ts';
import {
  type ConnectionFilter,
  findConnection,
  lockConnection,
  selectConnections,
  setConnectionStatus,
} from './store.ts';

export type { ConnectionFilter } from './store.ts';

/** The connection, or the problem `not_found`. */
export async function getConnection(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  id: string,
): Promise<Connection> {
  const connection = await platform.database.read.first<Connection>(findConnection(caller.tenant, id));
  if (!connection) throw notFound('connection');
  return connection;
}

/** Newest first; `after` is the last row of the page before. */
export async function listConnections(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  filter: ConnectionFilter,
): Promise<{ rows: Connection[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<Connection>(selectConnections(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** Background work stops for this connection until somebody acts. Says so once, however often it is found. */
export async function needSomebody(
  tx: Tx,
  request: { tenant: Tenant; connection: string; needs: Omit<Needs, 'since'>; initiator: Initiator; at: Date },
): Promise<void> {
  const { tenant, at } = request;
  const before = await lockConnection(tx, tenant, request.connection);
  if (!before || before.status === 'disconnected') return;
  if (
    before.status === 'action_required' &&
    before.needs?.what === request.needs.what &&
    before.needs?.code === request.needs.code
  )
    return;
  const needs: Needs = { ...request.needs, since: at.toISOString() };
  await tx.run(setConnectionStatus(tenant, before.id, 'action_required', needs, at));
  await noteConnection(tx, before, 'connection.action_required', 'action_required', request.initiator, at, {
    needs: needs.what,
    ...(needs.code ? { code: needs.code } : {}),
  });
}

/** What a bank's no during a background run means for its connection, after the table of remedies. */
export async function applyRemedy(
  tx: Tx,
  request: { tenant: Tenant; connection: string; kind: BankErrorKind; at: Date },
): Promise<void> {
  const remedy = REMEDIES[request.kind];
  if (remedy.connection === 'keep') return;
  await needSomebody(tx, {
    ...request,
    needs: { who: remedy.turn, what: request.kind === 'consent_gone' ? 'renew' : 'authenticate', code: remedy.code },
    initiator: 'bank',
  });
}

/** A line in the timeline and the event, for every change of a connection's status. */
export async function noteConnection(
  tx: Tx,
  connection: Pick<Connection, 'tenant' | 'id' | 'customer' | 'consent' | 'status'>,
  type: Extract<EventType, `connection.${string}`>,
  status: Connection['status'],
  initiator: Initiator,
  at: Date,
  detail: Record<string, string> = {},
): Promise<void> {
  const { tenant, id, customer, consent } = connection;
  await tx.later(
    insertTimeline({
      tenant,
      consent,
      connection: id,
      at,
      what: type,
      from: connection.status,
      to: status,
      initiator,
      detail,
    }),
  );
  await recordEvent(tx, {
    tenant,
    type,
    customer,
    consent,
    connection: id,
    data: { id, object: 'connection', status, customer, consent, ...detail },
    at,
  });
}
