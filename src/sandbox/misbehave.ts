import { gzipSync } from 'node:zlib';
import type { Database } from '../base/database.ts';
import { clearBehaviours, listBehaviours, type StoredBehaviour, spendBehaviour, storeBehaviour } from './store.ts';
import { HOSTILE_TEXTS } from './world/hostile.ts';

/** What a bank was told to do wrong; which of the settings count depends on `kind`. */
export type Behaviour = {
  kind: string;
  status?: number;
  code?: string;
  delay_ms?: number;
  retry_after_s?: number;
  host?: string;
  variant?: string;
  bytes?: number;
};

/** The misbehaviours that were ordered; kept in the database, so they outlast a restart. */
export type Misbehaviours = {
  /** The behaviour for this operation, with one of its times spent; `refuse` only when asked for by name. */
  take(bank: string, operation: string, kind?: string): Promise<Behaviour | undefined>;
  order(bank: string, operation: string, times: number | null, behaviour: Behaviour): Promise<void>;
  list(bank: string): { operation: string; times: number | null; behaviour: Behaviour }[];
  clear(bank: string, operation?: string): Promise<void>;
};

/** Opens the list of ordered misbehaviours. */
export async function openMisbehaviours(database: Database): Promise<Misbehaviours> {
  let ordered: StoredBehaviour<Behaviour>[] = await listBehaviours(database);
  const matches = (one: StoredBehaviour<Behaviour>, bank: string, operation: string, kind?: string) =>
    one.bank === bank &&
    (one.operation === '*' || one.operation === operation) &&
    (kind ? one.detail.kind === kind : one.detail.kind !== 'refuse');
  return {
    async take(bank, operation, kind) {
      for (const one of ordered.filter((each) => matches(each, bank, operation, kind))) {
        if (one.times === null) return one.detail;
        if (one.times <= 0) continue;
        one.times -= 1;
        if (await spendBehaviour(database, one.id)) return one.detail;
      }
      return undefined;
    },
    async order(bank, operation, times, behaviour) {
      const id = await storeBehaviour(database, { bank, operation, times, detail: behaviour });
      ordered.push({ id, bank, operation, times, detail: behaviour });
    },
    list: (bank) =>
      ordered
        .filter((one) => one.bank === bank && one.times !== 0)
        .map(({ operation, times, detail }) => ({ operation, times, behaviour: detail })),
    async clear(bank, operation) {
      await clearBehaviours(database, bank, operation);
      ordered = ordered.filter((one) => one.bank !== bank || (operation !== undefined && one.operation !== operation));
    },
  };
}

/** An answer just before it is written. */
export type Written = { status: number; headers: Record<string, string>; body: string | Buffer };

/**
 * What happens instead of an answer or to it: nothing is written (`hang`), only headers, a byte a second (`drip`), half of it
 * before the connection ends (`cut`), or the connection ends at once (`reset`).
 */
export type Fault = { written?: Written; end?: 'hang' | 'reset' | 'cut' | 'headers' | 'drip' };

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Kinds that answer instead of the bank. `slow` is not among them: it only waits. */
export const INSTEAD: Record<string, (behaviour: Behaviour) => Fault> = {
  outage: () => ({ written: messages(503, 'SERVICE_UNAVAILABLE', 'The bank is closed for maintenance.') }),
  html_500: () => ({ written: html(500, '<h1>Internal Server Error</h1>') }),
  html_503: () => ({ written: html(503, '<h1>We will be back soon</h1>') }),
  hang: () => ({ end: 'hang' }),
  reset: () => ({ end: 'reset' }),
  rate_limited: ({ retry_after_s, code }) => {
    const written = messages(429, code ?? 'ACCESS_EXCEEDED', 'Too many requests.');
    if (retry_after_s !== undefined) written.headers['retry-after'] = String(retry_after_s);
    return { written };
  },
  error: ({ status, code }) => ({ written: messages(status ?? 400, code ?? 'FORMAT_ERROR', 'As ordered by control.') }),
  invalid_grant: () => ({
    written: json(400, { error: 'invalid_grant', error_description: 'As ordered by control.' }),
  }),
  ok_with_error: () => ({ written: { ...messages(200, 'SERVICE_BLOCKED', 'An error in a good answer.') } }),
};

/** Kinds that spoil the bank's own answer. */
export const AFTERWARDS: Record<string, (written: Written, behaviour: Behaviour) => Fault> = {
  malformed_json: (written) => ({ written: { ...written, body: `${written.body}`.slice(0, -2) } }),
  truncated: (written) => ({
    written: { ...written, body: `${written.body}`.slice(0, Math.floor(written.body.length / 2)) },
  }),
  empty: (written) => ({ written: { ...written, body: '' } }),
  wrong_content_type: (written) => withHeader(written, 'content-type', 'text/html; charset=utf-8'),
  wrong_encoding: (written) => ({ written: { ...written, body: Buffer.from(`${written.body}`, 'latin1') } }),
  reset_mid_body: (written) => ({ written, end: 'cut' }),
  hang_after_headers: (written) => ({ written, end: 'headers' }),
  slow_loris: (written) => ({ written, end: 'drip' }),
  truncated_gzip: (written) => {
    const packed = gzipSync(written.body);
    const headers = { ...written.headers, 'content-encoding': 'gzip' };
    return { written: { ...written, headers, body: packed.subarray(0, Math.floor(packed.length / 2)) } };
  },
  lost_answer: () => ({ end: 'reset' }),
  huge: (written, { bytes }) => ({
    written: change(written, (body) => ({ ...body, padding: 'x'.repeat(bytes ?? 50_000_000) })),
  }),
  deep: (written) => ({ written: { ...written, body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` } }),
  status_late: (written) => ({
    written: change(written, (body) => ({
      ...body,
      ...('consentStatus' in body ? { consentStatus: 'received' } : {}),
      ...('scaStatus' in body ? { scaStatus: 'started' } : {}),
    })),
  }),
  next_other_host: (written, { host }) => ({
    written: changeNext(
      written,
      (href) => `https://${host ?? 'elsewhere.invalid'}${href.replace(/^https?:\/\/[^/]+/, '')}`,
    ),
  }),
  next_loop: (written) => ({ written: changeNext(written, (href) => href.replace(/pageIndex=\d+/, 'pageIndex=0')) }),
  off_standard: (written, { variant }) => ({
    written: change(written, (body) => offStandard(body, variant ?? '') as Json),
  }),
  problem_json: (written) => ({ written: asProblem(written) }),
  hostile_text: (written) => ({ written: change(written, (body) => deeply(body, hostile()) as Json) }),
};

/** Every kind that control may order. */
export const KINDS: readonly string[] = [
  'slow',
  'refuse',
  'reauthenticate',
  ...Object.keys(INSTEAD),
  ...Object.keys(AFTERWARDS),
];

/** A refusal of one form in the other, which the standard allows as well. */
export function asProblem(written: Written): Written {
  if (written.status < 400) return written;
  const problem = change(written, ({ tppMessages, ...rest }) => {
    const [first] = (tppMessages ?? []) as { code: string; text: string }[];
    return first
      ? { type: `https://berlingroup.com/error-codes/${first.code}`, code: first.code, detail: first.text, ...rest }
      : rest;
  });
  return { ...problem, headers: { ...written.headers, 'content-type': 'application/problem+json' } };
}

const messages = (status: number, code: string, text: string) =>
  json(status, { tppMessages: [{ category: 'ERROR', code, text }] });
const json = (status: number, body: object): Written => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const html = (status: number, body: string): Written => ({ status, headers: { 'content-type': 'text/html' }, body });
const withHeader = (written: Written, name: string, value: string): Fault => ({
  written: { ...written, headers: { ...written.headers, [name]: value } },
});

/** The answer with its JSON changed, where it is JSON. */
export function change(written: Written, changeBody: (body: Json) => Json): Written {
  if (!written.body.length || !written.headers['content-type']?.includes('json')) return written;
  return { ...written, body: JSON.stringify(changeBody(JSON.parse(`${written.body}`) as Json)) };
}

function changeNext(written: Written, changeHref: (href: string) => string): Written {
  return change(
    written,
    (body) =>
      deeply(body, (value, key, parent) =>
        key === 'href' && parent === 'next' ? changeHref(String(value)) : value,
      ) as Json,
  );
}

type Change = (value: unknown, key: string, parent: string) => unknown;

/** A copy with every plain value changed; what becomes undefined is left out of the text. */
export function deeply(value: unknown, changeOne: Change, key = '', parent = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => deeply(one, changeOne, key, parent));
  if (typeof value !== 'object' || value === null) return changeOne(value, key, parent);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deeply(one, changeOne, name, key)]));
}

/** Deviations seen at real banks (standards §13.1 and §13.4), by name. */
const VARIANTS: Record<string, (body: Json) => unknown> = {
  amount_numbers: (body) => deeply(body, (value, key) => (key === 'amount' ? Number(value) : value)),
  number_strings: (body) => deeply(body, (value) => (typeof value === 'number' ? String(value) : value)),
  date_times: (body) => deeply(body, (value, key) => (/Date$/.test(key) ? `${value}T00:00:00.000Z` : value)),
  unknown_fields: (body) => ({ ...body, xFutureField: { nested: [1, 'two', null] } }),
  missing_ids: (body) =>
    deeply(body, (value, key) => (/^(transactionId|entryReference)$/.test(key) ? undefined : value)),
  same_ids: (body) =>
    deeply(body, (value, key) => (/^(transactionId|entryReference)$/.test(key) ? 'NOTPROVIDED' : value)),
  currency_unknown: (body) => deeply(body, (value, key) => (key === 'currency' ? 'XXX' : value)),
  plain_links: (body) => plainLinks(body),
  duplicated: (body) => onBooked(body, (booked) => [...booked, ...booked.slice(0, 1)]),
  reordered: (body) => onBooked(body, (booked) => [...booked].reverse()),
  bad_entry: (body) => onBooked(body, (booked) => [{ transactionAmount: { amount: 'a lot', currency: 7 } }, ...booked]),
  single_for_list: (body) => onBooked(body, (booked) => (booked[0] ?? []) as unknown[]),
};

/** The names of the deviations that `off_standard` knows. */
export const VARIANT_NAMES: readonly string[] = Object.keys(VARIANTS);

const offStandard = (body: Json, variant: string) => (VARIANTS[variant] ?? VARIANTS.unknown_fields!)(body);

function plainLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainLinks);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  if (names.length === 1 && names[0] === 'href') return (value as { href: string }).href;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainLinks(one)]));
}

function onBooked(body: Json, changeList: (booked: unknown[]) => unknown): Json {
  const report = body.transactions as { booked?: unknown[] } | undefined;
  return report?.booked ? { ...body, transactions: { ...report, booked: changeList(report.booked) } } : body;
}

const TEXTS =
  /^(name|displayName|ownerName|product|creditorName|debtorName|remittanceInformationUnstructured|psuMessage|text|explanation|additionalInformation)$/;
/** Replaces every text by the next hostile one, so that a long answer holds them all. */
function hostile(): Change {
  let next = 0;
  return (value, key) =>
    typeof value === 'string' && TEXTS.test(key) ? HOSTILE_TEXTS[next++ % HOSTILE_TEXTS.length] : value;
}
