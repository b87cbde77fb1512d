import type { Event } from './api/events.ts';

/** This did not come from your server, or not just now: answer 400 and do nothing else. */
export class WebhookRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'WebhookRefused';
  }
}

type Headers = { get(name: string): string | null } | Record<string, string | string[] | undefined>;

/**
 * The event in a webhook's body, once its signature is found to be right (Standard Webhooks). `body` must be the very bytes
 * or text that came, before any parsing; `secret` is the endpoint's, `whsec_…`, or both while one takes the other's place.
 * Throws `WebhookRefused`. `toleranceS`: how old it may be; five minutes unless said.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: Headers,
  secret: string | readonly string[],
  { toleranceS = 300, now = () => Date.now() }: { toleranceS?: number; now?: () => number } = {},
): Promise<Event> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) throw new WebhookRefused('A header of the signature is missing.');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now() / 1000 - Number(timestamp)) > toleranceS)
    throw new WebhookRefused('It is too old, or a clock is wrong.');
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`);
  const given = signatures.split(' ').flatMap((one) => (one.startsWith('v1,') ? [bytesOf(one.slice(3))] : []));
  for (const each of typeof secret === 'string' ? [secret] : secret) {
    const key = await keyOf(each);
    // The platform's own comparison takes the same time wherever the two differ.
    for (const signature of given)
      if (signature && (await crypto.subtle.verify('HMAC', key, signature, signed))) return JSON.parse(text) as Event;
  }
  throw new WebhookRefused('The signature is not of this secret.');
}

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_') ? bytesOf(secret.slice(6)) : undefined;
  if (!bytes) throw new TypeError('A secret begins with whsec_ and goes on in base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function headerOf(headers: Headers, name: string): string | undefined {
  if (typeof headers.get === 'function')
    return (headers as { get(name: string): string | null }).get(name) ?? undefined;
  const value = (headers as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
