import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import { asList, asRecord, asText, asWholeNumber } from '../../banking/formats/values.ts';
import type { Reply } from './wire.ts';

/** What each machine code of the standard means for us (XS2A 1.3.6, enums of `tppMessages`; free text in later files). */
const KIND_OF_CODE: Record<string, BankErrorKind> = {
  CERTIFICATE_INVALID: 'misconfigured',
  CERTIFICATE_EXPIRED: 'misconfigured',
  CERTIFICATE_BLOCKED: 'misconfigured',
  CERTIFICATE_REVOKE: 'misconfigured',
  CERTIFICATE_REVOKED: 'misconfigured',
  CERTIFICATE_MISSING: 'misconfigured',
  SIGNATURE_INVALID: 'misconfigured',
  SIGNATURE_MISSING: 'misconfigured',
  ROLE_INVALID: 'misconfigured',
  PSU_CREDENTIALS_INVALID: 'wrong_credentials',
  CORPORATE_ID_INVALID: 'wrong_credentials',
  SCA_INVALID: 'wrong_code',
  CONSENT_INVALID: 'consent_gone',
  CONSENT_EXPIRED: 'consent_gone',
  CONSENT_UNKNOWN: 'consent_gone',
  TOKEN_UNKNOWN: 'consent_gone',
  TOKEN_INVALID: 'consent_gone',
  TOKEN_EXPIRED: 'consent_gone',
  SERVICE_BLOCKED: 'blocked',
  RESOURCE_BLOCKED: 'blocked',
  RESOURCE_EXPIRED: 'timed_out',
  RESOURCE_UNKNOWN: 'unsupported',
  SERVICE_INVALID: 'unsupported',
  SCA_METHOD_UNKNOWN: 'unsupported',
  PARAMETER_NOT_SUPPORTED: 'unsupported',
  PARAMETER_NOT_CONSISTENT: 'unsupported',
  PERIOD_INVALID: 'unsupported',
  REQUESTED_FORMATS_INVALID: 'unsupported',
  SESSIONS_NOT_SUPPORTED: 'unsupported',
  ACCESS_EXCEEDED: 'rate_limited',
  FORMAT_ERROR: 'unexpected',
  TIMESTAMP_INVALID: 'unexpected',
  STATUS_INVALID: 'unexpected',
  INTERNAL_SERVER_ERROR: 'unavailable',
  SERVICE_UNAVAILABLE: 'unavailable',
};

/** What a status alone means. A bare 401 or 403 is no proof that a consent ended: gateways send them too. */
const KIND_OF_STATUS: Record<number, BankErrorKind> = {
  405: 'unsupported',
  406: 'unsupported',
  408: 'unavailable',
  415: 'unsupported',
  429: 'rate_limited',
};

/** One message of the bank to us. `text` is the bank's own words for the person. */
export type BankMessage = { code: string | undefined; text: string | undefined; path: string | undefined };

/** The messages of an error answer, from `tppMessages` or from problem+json (RFC 7807), most important first. */
export function readMessages(reply: Reply): BankMessage[] {
  const { tppMessages, code, detail, title, additionalErrors } = reply.json;
  const messages = asList(tppMessages).slice(0, 20).map(asRecord);
  const errors = messages.filter((message) => message.category !== 'WARNING');
  const problem = code === undefined ? [] : [{ code, text: detail ?? title }];
  const more = asList(additionalErrors)
    .slice(0, 20)
    .map(asRecord)
    .map((error) => ({ code: error.code, text: error.detail ?? error.title }));
  return [...errors, ...problem, ...more].map((message) => ({
    code: asCode(message.code),
    text: asText(message.text),
    path: asText('path' in message ? message.path : undefined, 120),
  }));
}

/** The bank's no as our error. A 5xx is always `unavailable`, whatever is written in it: it never ends a consent. */
export function refusalOf(reply: Reply, now: Date): BankError {
  const [first] = readMessages(reply);
  const known =
    readMessages(reply).find((message) => message.code !== undefined && message.code in KIND_OF_CODE) ?? first;
  return new BankError(
    kindOf(reply.status, known?.code),
    `${reply.purpose} answered ${reply.status} ${known?.code ?? ''}`.trim(),
    {
      status: reply.status,
      ...(known?.code && { code: known.code }),
      ...(known?.text && { quote: known.text }),
      ...retryAfter(reply, now),
    },
  );
}

/** True when the bank named this code in its no. */
export function names(reply: Reply, ...codes: string[]): boolean {
  return readMessages(reply).some((message) => message.code !== undefined && codes.includes(message.code));
}

function kindOf(status: number, code: string | undefined): BankErrorKind {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  const byCode = code !== undefined && Object.hasOwn(KIND_OF_CODE, code) ? KIND_OF_CODE[code] : undefined;
  return byCode ?? KIND_OF_STATUS[status] ?? 'unexpected';
}

/** Codes end up in logs and events, so only what looks like one is taken for one. */
function asCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,59}$/.test(value) ? value : undefined;
}

/** `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), as milliseconds from now, at most two days. */
function retryAfter(reply: Reply, now: Date): { retryAfterMs?: number } {
  const header = reply.headers['retry-after'];
  if (header === undefined || (reply.status !== 429 && reply.status < 500)) return {};
  const seconds = asWholeNumber(header);
  const waitMs = seconds === undefined ? Date.parse(header) - now.getTime() : seconds * 1000;
  return Number.isNaN(waitMs) ? {} : { retryAfterMs: Math.min(Math.max(waitMs, 0), 172_800_000) };
}
