import { randomUUID } from 'node:crypto';
import type { OpenBankingFace } from '../face.ts';

/** Codes of 4.0 and what 3.1 calls them after `UK.OBIE.` (standards §4.6). */
export const CODES = {
  U000: 'UnexpectedError',
  U002: 'Field.Invalid',
  U003: 'Field.InvalidDate',
  U004: 'Field.Missing',
  U005: 'Field.Unexpected',
  U006: 'Header.Invalid',
  U009: 'Resource.InvalidConsentStatus',
  U010: 'Resource.InvalidFormat',
  U011: 'Resource.NotFound',
  U028: 'Reauthenticate',
} as const;

/** A code of 4.0. */
export type Code = keyof typeof CODES;

/** What a machine gets: a status, a JSON body or none, and headers. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** The bank says no. Without a code there is no body: the standard has none for 401, 404, 405, 406, 415 and 429. */
export class Declined extends Error {
  readonly status: number;
  readonly code: Code | undefined;
  readonly path: string | undefined;

  constructor(status: number, code?: Code, text = '', path?: string) {
    super(text);
    this.status = status;
    this.code = code;
    this.path = path;
  }
}

const TITLES: Record<number, string> = { 400: 'BadRequest', 403: 'Forbidden', 500: 'InternalServerError' };

/** The refusal as its version of the standard writes it. */
export function presentDeclined(
  { version }: Pick<OpenBankingFace, 'version'>,
  { status, code, message, path }: Declined,
): Reply {
  if (status === 401) return { status, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
  if (!code) return { status };
  const error = {
    ErrorCode: version === '4.0' ? code : `UK.OBIE.${CODES[code]}`,
    Message: message,
    ...(path ? { Path: path } : {}),
  };
  return {
    status,
    body: { Code: `${status} ${TITLES[status] ?? 'Error'}`, Id: randomUUID(), Message: message, Errors: [error] },
  };
}
