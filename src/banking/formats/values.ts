import { decodeText } from './charset.ts';
/** A JSON object from a bank: nothing about it is believed until it is read with the functions below. */
export type Wire = Record<string, unknown>;

/** The value as an object; a list of one object counts as that object. Empty when it is neither. */
export function asRecord(value: unknown): Wire {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'object' && only !== null && !Array.isArray(only) ? (only as Wire) : {};
}

/** The value as a list: a single value counts as a list of one, nothing as an empty one. */
export function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * The value as one line of clean text: numbers as text, control characters as spaces, at most `most` characters;
 * undefined when nothing is left. NUL and broken surrogates must not reach a database or a page.
 */
export function asText(value: unknown, most = 500): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const clean = String(value)
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  if (clean === '') return undefined;
  // Whole characters, not halves of one, where it must be cut.
  return clean.length <= most
    ? clean
    : Array.from(clean.slice(0, most * 2))
        .slice(0, most)
        .join('');
}

/** Text that says something: `NOTPROVIDED`, `0` and their like count as nothing (seen at ING RO, Danske). */
export function asMeaningful(value: unknown, most?: number): string | undefined {
  const text = asText(value, most);
  return text !== undefined && /^(not ?provided|none|null|n\/a|0+|-+)$/i.test(text) ? undefined : text;
}

/** A whole number, also one that was written as text (`otpMaxLength: "6"`, seen at Deutsche Bank). */
export function asWholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** The calendar day a date or date-time begins with, as written: no zone is applied. Undefined when it is not one. */
export function asDay(value: unknown): string | undefined {
  const text = asText(value, 40);
  const match = text?.match(/^(\d{4})-?(\d{2})-?(\d{2})(?:$|[T ])/);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const moment = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day) ? day : undefined;
}

/** An ISO 4217 code in capitals; undefined when it is none. */
export function asCurrency(value: unknown): string | undefined {
  const text = asText(value, 10)?.toUpperCase();
  return text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined;
}

/** Deepest nesting of JSON we read; the standards need eight. */
const DEEPEST = 64;

/** The body as a JSON object, `{}` for an empty one, undefined for anything else or anything made to hurt. */
export function readJson(body: Uint8Array): Wire | undefined {
  if (body.length === 0) return {};
  if (tooDeep(body)) return undefined;
  const text = decodeJson(body);
  if (/"(__proto__|\\u005f_proto__)"\s*:/i.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : undefined;
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** JSON is UTF-8 (RFC 8259 §8.1). What is not is ISO-8859-1: with its letters lost, entries would not be known again. */
function decodeJson(body: Uint8Array): string {
  try {
    return UTF8.decode(body);
  } catch {
    return decodeText(body, 'iso-8859-1');
  }
}

function tooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > DEEPEST) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
