import type { KeyObject } from 'node:crypto';
import { type Egress, EgressFailed, EgressRefused } from '../../../base/egress.ts';
import { signatureOf } from '../signing.ts';
import { readRetryAfter } from './schedule.ts';

/** How an attempt to tell went. Everything but `delivered` is tried again, except `gone`. */
export const OUTCOMES = [
  'delivered',
  'answered',
  'redirected',
  'rate_limited',
  'gone',
  'timeout',
  'no_connection',
  'tls',
  'reset',
  'malformed',
  'address_refused',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One attempt: `status` and `answer` (its first 500 bytes) where there was one. */
export type Attempt = {
  outcome: Outcome;
  status: number | null;
  ms: number;
  answer: string | null;
  /** How long the endpoint asked to be left in peace, in milliseconds. */
  retryAfterMs?: number;
};

/** Where to send, the only host that may be, signed by which keys. `refused` says that the address may not be called any more. */
export type Target = {
  id: string;
  url: string;
  hosts: readonly string[];
  keys: readonly KeyObject[];
  refused: string | undefined;
};

const TIMEOUT_MS = 15_000;
const KEPT_BYTES = 500;

/** Sends one event once. Never throws. `wireAt` is the machine's own time: receivers refuse any other. */
export async function sendOnce(
  egress: Egress,
  target: Target,
  message: { event: string; body: string },
  wireAt: Date,
): Promise<Attempt> {
  const began = performance.now();
  const ended = (outcome: Outcome, status: number | null = null, answer: string | null = null): Attempt => ({
    outcome,
    status,
    ms: Math.round(performance.now() - began),
    answer,
  });
  if (target.refused) return ended('address_refused', null, target.refused);
  const seconds = Math.floor(wireAt.getTime() / 1000);
  try {
    const reply = await egress.request({
      method: 'POST',
      url: target.url,
      hosts: target.hosts,
      headers: {
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'Drawbridge-Webhooks/1',
        'webhook-id': message.event,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureOf(target.keys, message.event, seconds, message.body),
      },
      body: message.body,
      timeoutMs: TIMEOUT_MS,
      keepBytes: KEPT_BYTES,
      lane: target.id,
    });
    const attempt = ended(outcomeOf(reply.status), reply.status, beginningOf(reply.body));
    const retryAfterMs =
      attempt.outcome === 'delivered' ? undefined : readRetryAfter(reply.headers['retry-after'], wireAt);
    return retryAfterMs === undefined ? attempt : { ...attempt, retryAfterMs };
  } catch (error) {
    if (error instanceof EgressRefused) return ended('address_refused', null, error.reason);
    if (error instanceof EgressFailed) return ended(FAILURES[error.reason]);
    throw error;
  }
}

const FAILURES: Record<EgressFailed['reason'], Outcome> = {
  timeout: 'timeout',
  connect: 'no_connection',
  tls: 'tls',
  reset: 'reset',
  protocol: 'malformed',
  too_large: 'malformed',
};

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 410) return 'gone';
  return status === 429 ? 'rate_limited' : 'answered';
}

/** As text the database can keep, whatever it was. */
function beginningOf(body: Uint8Array): string {
  if (body.length === 0) return '';
  return Buffer.from(body.subarray(0, KEPT_BYTES)).toString('utf8').replaceAll('\0', '\ufffd');
}
