import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import { asList, asRecord, asText, asWholeNumber } from '../../banking/formats/values.ts';
import type { Reply } from './wire.ts';

/** Codes of 3.1 without `UK.OBIE.`, by the codes of 4.0 (`OBExternalStatusReason1Code`). */
const NAME_OF_CODE: Record<string, string> = {
  U000: 'UnexpectedError',
  U001: 'Field.Expected',
  U002: 'Field.Invalid',
  U003: 'Field.InvalidDate',
  U004: 'Field.Missing',
  U005: 'Field.Unexpected',
  U006: 'Header.Invalid',
  U007: 'Header.Missing',
  U008: 'Resource.ConsentMismatch',
  U009: 'Resource.InvalidConsentStatus',
  U010: 'Resource.InvalidFormat',
  U011: 'Resource.NotFound',
  U028: 'Reauthenticate',
};

/** What each name means for us; everything else follows from the status. */
const KIND_OF_NAME: Record<string, BankErrorKind> = {
  'Resource.ConsentMismatch': 'consent_gone',
  'Resource.InvalidConsentStatus': 'consent_gone',
  Reauthenticate: 'consent_gone',
  'Resource.NotFound': 'unsupported',
};

/** What a status alone means. 401 and 403 are no proof that a consent ended: whoever asks looks at the consent itself. */
const KIND_OF_STATUS: Record<number, BankErrorKind> = {
  404: 'unsupported',
  405: 'unsupported',
  406: 'unsupported',
  408: 'unavailable',
  415: 'unsupported',
  429: 'rate_limited',
};

/** The bank's no as our error. A 5xx is always `unavailable`, whatever is written in it: it never ends a consent. */
export function refusalOf(reply: Reply, now: Date): BankError {
  const names = namesOf(reply);
  const name = names.find((one) => Object.hasOwn(KIND_OF_NAME, one)) ?? names[0];
  const quote = asText(asRecord(asList(reply.json.Errors)[0]).Message);
  return new BankError(kindOf(reply.status, name), `${reply.purpose} answered ${reply.status} ${name ?? ''}`.trim(), {
    status: reply.status,
    ...(name && { code: name }),
    ...(quote && { quote }),
    ...retryAfter(reply, now),
  });
}

/** True when the bank gave this reason, under its name of 3.1 without `UK.OBIE.`, or its code of 4.0. */
export function says(reply: Reply, ...wanted: string[]): boolean {
  return namesOf(reply).some((name) => wanted.includes(name));
}

function namesOf(reply: Reply): string[] {
  return asList(reply.json.Errors)
    .slice(0, 20)
    .flatMap((error) => {
      const code = asText(asRecord(error).ErrorCode, 80);
      if (code === undefined || !/^[A-Za-z][A-Za-z0-9_.-]{0,59}$/.test(code)) return [];
      return [(Object.hasOwn(NAME_OF_CODE, code) ? NAME_OF_CODE[code] : undefined) ?? code.replace(/^UK\.OBIE\./, '')];
    });
}

function kindOf(status: number, name: string | undefined): BankErrorKind {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  const byName = name !== undefined && Object.hasOwn(KIND_OF_NAME, name) ? KIND_OF_NAME[name] : undefined;
  return byName ?? KIND_OF_STATUS[status] ?? 'unexpected';
}

/** `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), as milliseconds from now, at most two days. */
function retryAfter(reply: Reply, now: Date): { retryAfterMs?: number } {
  const header = reply.headers['retry-after'];
  if (header === undefined || (reply.status !== 429 && reply.status < 500)) return {};
  const seconds = asWholeNumber(header);
  const waitMs = seconds === undefined ? Date.parse(header) - now.getTime() : seconds * 1000;
  return Number.isNaN(waitMs) ? {} : { retryAfterMs: Math.min(Math.max(waitMs, 0), 172_800_000) };
}
