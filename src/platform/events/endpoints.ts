import { newId } from '../../base/ids.ts';
import type { Commit } from '../commit.ts';
import type { Caller, Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { checkEndpointUrl } from './endpoint-url.ts';
import type { EventType } from './event-types.ts';
import { type EventRow, getEvent } from './events.ts';
import { checkSecret, newSecret, sealSecret } from './signing.ts';
import { insertEvent } from './store.ts';
import type { DeliveryFilter, DeliveryRow, EndpointRow } from './webhook-store.ts';
import * as store from './webhook-store.ts';

export type { DeliveryRow, EndpointRow } from './webhook-store.ts';

/** What an app says about an endpoint. `events: null` are all types, also those to come. */
export type EndpointInput = {
  url?: string | undefined;
  events?: EventType[] | null | undefined;
  description?: string | undefined;
  status?: 'active' | 'paused' | undefined;
};

/** An endpoint with its secret, which is shown this once. */
export type EndpointWithSecret = { endpoint: EndpointRow; secret: string };

/** So many endpoints an app can have in one mode. */
export const MOST_ENDPOINTS = 50;
/** Events can be sent again for so long. */
export const RESENDABLE_DAYS = 30;
/** So many events one request sends again. */
export const MOST_RESENT = 10_000;
const DAY_MS = 24 * 3_600_000;

/** Makes an endpoint; from now on it is told. The app's own secret is taken if it is long enough. */
export async function createEndpoint(
  platform: Platform,
  caller: Caller,
  input: EndpointInput & { url: string; secret?: string | undefined },
  commit: Commit<EndpointWithSecret>,
): Promise<EndpointWithSecret> {
  checkEndpointUrl(platform, caller.mode, input.url);
  const secret = input.secret === undefined ? newSecret() : checkSecret(input.secret);
  const there = await platform.database.read.first<{ count: number }>(store.countEndpoints(caller.tenant));
  if (there && there.count >= MOST_ENDPOINTS)
    throw new Problem('invalid_request', `An app has at most ${MOST_ENDPOINTS} endpoints. Delete one.`);
  const at = platform.clock.now();
  const id = newId('webhookEndpoint');
  const endpoint: EndpointRow = {
    tenant: caller.tenant,
    id,
    url: input.url,
    events: input.events ?? null,
    description: input.description ?? '',
    status: input.status ?? 'active',
    disabledReason: null,
    secret: sealSecret(platform.vault, caller.tenant, id, secret),
    previousSecret: null,
    previousUntil: null,
    failures: 0,
    failingSince: null,
    rests: 0,
    restingUntil: null,
    createdAt: at,
    updatedAt: at,
  };
  const made = { endpoint, secret };
  await commit([store.insertEndpoint(endpoint)], made);
  return made;
}

/** The endpoint, or the problem `not_found`. */
export async function getEndpoint(platform: Platform, caller: Caller, id: string): Promise<EndpointRow> {
  const row = await platform.database.read.first<EndpointRow>(store.findEndpoint(caller.tenant, id));
  if (!row) throw notFound('webhook endpoint');
  return row;
}

/** Newest first. */
export async function listEndpoints(
  platform: Platform,
  caller: Caller,
  filter: { limit: number; after?: { at: Date; id: string } | undefined },
): Promise<{ rows: EndpointRow[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<EndpointRow>(
    store.selectEndpoints(caller.tenant, filter.limit, filter.after),
  );
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** What is absent stays. `status: active` also switches on again what was disabled: what waits is sent at once. */
export async function updateEndpoint(
  platform: Platform,
  caller: Caller,
  id: string,
  input: EndpointInput,
): Promise<EndpointRow> {
  if (input.url !== undefined) checkEndpointUrl(platform, caller.mode, input.url);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  if (given.length === 0) return getEndpoint(platform, caller, id);
  const changes = Object.fromEntries(given) as store.EndpointChanges;
  const statement = store.updateEndpoint(caller.tenant, id, changes, platform.clock.now());
  const row = await platform.database.first<EndpointRow>(statement);
  if (!row) throw notFound('webhook endpoint');
  return row;
}

/** Ends it: nothing more is sent, and what was tried is forgotten. */
export async function deleteEndpoint(platform: Platform, caller: Caller, id: string): Promise<void> {
  if ((await platform.database.run(store.deleteEndpoint(caller.tenant, id))) === 0) throw notFound('webhook endpoint');
}

/** A new secret; the old one signs beside it for `keepS` seconds, so that a receiver can change over. */
export async function rotateSecret(
  platform: Platform,
  caller: Caller,
  id: string,
  input: { secret?: string | undefined; keepS: number },
): Promise<EndpointWithSecret> {
  const secret = input.secret === undefined ? newSecret() : checkSecret(input.secret);
  const at = platform.clock.now();
  const sealed = sealSecret(platform.vault, caller.tenant, id, secret);
  const until = new Date(at.getTime() + input.keepS * 1000);
  const endpoint = await platform.database.first<EndpointRow>(store.rotateSecret(caller.tenant, id, sealed, until, at));
  if (!endpoint) throw notFound('webhook endpoint');
  return { endpoint, secret };
}

/** An event that says nothing, to this endpoint alone, whatever it wants to be told. Returns the event. */
export async function sendTest(platform: Platform, caller: Caller, id: string): Promise<EventRow> {
  const endpoint = await getEndpoint(platform, caller, id);
  if (endpoint.status === 'disabled')
    throw new Problem('webhook_endpoint_disabled', 'Set its `status` to `active` first.');
  const event = newId('event');
  const data = { id, object: 'webhook_endpoint', status: endpoint.status };
  const { tenant, requestId } = caller;
  await platform.database.together(
    insertEvent(event, { tenant, type: 'webhook.test', data, requestId, at: platform.clock.now() }, id),
  );
  return getEvent(platform, caller, event);
}

/** Every attempt, newest first. */
export async function listDeliveries(
  platform: Platform,
  caller: Caller,
  id: string,
  filter: DeliveryFilter,
): Promise<{ rows: DeliveryRow[]; hasMore: boolean }> {
  await getEndpoint(platform, caller, id);
  const rows = await platform.database.read.rows<DeliveryRow>(store.selectDeliveries(caller.tenant, id, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** Sends one event again, to one endpoint or to all that want its type. Returns to how many. */
export async function resendEvent(
  platform: Platform,
  caller: Caller,
  id: string,
  endpoint: string | undefined,
): Promise<number> {
  const event = await getEvent(platform, caller, id);
  if (endpoint !== undefined) await checkSendable(platform, caller, endpoint);
  const at = platform.clock.now();
  if (at.getTime() - event.created_at.getTime() > RESENDABLE_DAYS * DAY_MS)
    throw new Problem(
      'event_too_old',
      `Events can be sent again for ${RESENDABLE_DAYS} days. Read the object instead.`,
    );
  const [row] = await platform.database.together<{ count: number }>(store.resendEvent(caller.tenant, id, endpoint, at));
  return row?.count ?? 0;
}

/** Sends the events of a stretch of time again, oldest first. `until`, where there are more: from there on. */
export async function resendRange(
  platform: Platform,
  caller: Caller,
  id: string,
  range: { from: Date; to: Date; types: readonly EventType[] | null },
): Promise<{ count: number; until: Date | null }> {
  await checkSendable(platform, caller, id);
  const at = platform.clock.now();
  if (at.getTime() - range.from.getTime() > RESENDABLE_DAYS * DAY_MS)
    throw new Problem('event_too_old', `Events can be sent again for ${RESENDABLE_DAYS} days; begin later.`, {
      errors: [{ pointer: '/from', detail: `At most ${RESENDABLE_DAYS} days back.` }],
    });
  const [row] = await platform.database.together<{ count: number; until: Date | null }>(
    store.resendRange(caller.tenant, id, { ...range, most: MOST_RESENT }, at),
  );
  return { count: row?.count ?? 0, until: row && row.count === MOST_RESENT ? row.until : null };
}

/** Forgets attempts, and messages nobody fetched, after thirty days. */
export async function forgetOldDeliveries(platform: Platform): Promise<void> {
  const before = new Date(platform.clock.now().getTime() - RESENDABLE_DAYS * DAY_MS);
  for (const statement of store.forgetDeliveries(before)) await platform.database.run(statement);
}

async function checkSendable(platform: Platform, caller: Caller, id: string): Promise<void> {
  const endpoint = await getEndpoint(platform, caller, id);
  if (endpoint.status === 'disabled')
    throw new Problem('webhook_endpoint_disabled', 'Set its `status` to `active` first.');
}
