import { takeRandom } from '../../../base/vault/random.ts';

/** An event is offered to an endpoint for so long; an endpoint that says yes to nothing for so long is disabled. */
export const LONGEST_MS = 3 * 24 * 3_600_000;
/** At most so many requests to one endpoint at the same moment. */
export const MOST_IN_FLIGHT = 32;
/** So many failures in a row, and the endpoint is left in peace for a while. */
export const FAILURES_TO_REST = 5;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const AFTER_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  12 * HOUR,
];
const REST_MS = [5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE];
/** A wish to wait longer than this is not followed: the event would be lost meanwhile. */
const LONGEST_WISH_MS = 24 * HOUR;

/** How long after the attempt of this number (1 is the first) the next one is made: jittered by a fifth either way. */
export function pauseAfter(attempt: number): number {
  return jittered(AFTER_MS[Math.min(attempt, AFTER_MS.length) - 1]!);
}

/** How long an endpoint is left in peace, the first time and further times in a row. */
export function restAfter(rests: number): number {
  return jittered(REST_MS[Math.min(rests, REST_MS.length - 1)]!);
}

/** `Retry-After` in milliseconds from `now`: seconds or a date; undefined when it says nothing we understand. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WISH_MS) : undefined;
}

function jittered(ms: number): number {
  const [a = 0, b = 0] = takeRandom(2);
  return Math.round(ms * (0.8 + (0.4 * (a * 256 + b)) / 65_535));
}
