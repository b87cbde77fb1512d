import { allCalls } from './calls/all.ts';
import { type Connection, createSend, type List } from './request.ts';

export type * from './api/account.ts';
export type * from './api/bank-accounts.ts';
export type * from './api/connections.ts';
export type * from './api/consents.ts';
export type * from './api/customers.ts';
export type * from './api/events.ts';
export type * from './api/providers.ts';
export type * from './api/sessions.ts';
export type * from './api/synchronization.ts';
export type * from './api/templates.ts';
export type * from './api/transactions.ts';
export type * from './api/webhook-endpoints.ts';
export type * from './api/words.ts';
export { type Connection, DrawbridgeError, type List, type Options } from './request.ts';
export { verifyWebhook, WebhookRefused } from './webhooks.ts';

/** A server, opened by a key: a function for every operation of the API. */
export type Drawbridge = ReturnType<typeof openDrawbridge>;

/** Opens a server: `openDrawbridge({ key }).createConnectUserSession({ user: 'anna-1' })`. Nothing is sent before it is asked. */
export function openDrawbridge(connection: Connection) {
  return { ...allCalls(createSend(connection)), each };
}

/** Every item of a list, page after page: `each((at) => drawbridge.listConsents({ status: 'authorized', ...at }))`. */
async function* each<Item>(list: (at: { cursor?: string }) => Promise<List<Item>>): AsyncGenerator<Item> {
  for (let cursor: string | undefined; ; ) {
    const page = await list(cursor === undefined ? {} : { cursor });
    yield* page.data;
    if (!page.has_more || page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}
