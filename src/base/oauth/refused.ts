import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';

/** Why it did not work, whoever is asked: closed, so that a caller can have one table of what follows. */
export type OAuthReason =
  /** The person said no (`access_denied`). */
  | 'denied'
  /** The code or refresh token is used, expired or revoked (`invalid_grant`). */
  | 'grant_gone'
  /** The server does not accept us as a client. */
  | 'client_refused'
  /** The server has too much to do, or answered 5xx. */
  | 'server_away'
  /** The answer breaks the standard: wrong state or issuer, no code, no JSON … */
  | 'off_standard';

/** OAuth did not lead to a token. `code` is the server's own error code. Nothing else of its answer is in here. */
export class OAuthRefused extends Error {
  readonly reason: OAuthReason;
  readonly code: string | undefined;
  constructor(reason: OAuthReason, code?: string) {
    super(`the authorization server: ${reason}${code === undefined ? '' : ` (${code})`}`);
    this.name = 'OAuthRefused';
    this.reason = reason;
    this.code = code;
  }
}

/** RFC 6749 §4.1.2.1 and §5.2: what the server's words mean, as the arguments of `OAuthRefused`. */
export function reasonOf(error: unknown): [OAuthReason, string?] {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return ['denied', error.error];
    if (['server_error', 'temporarily_unavailable'].includes(error.error)) return ['server_away', error.error];
    return [isAboutClient(error.error) ? 'client_refused' : 'off_standard', shortCode(error.error)];
  }
  if (error instanceof ResponseBodyError) {
    if (error.status >= 500 || error.status === 429) return ['server_away', shortCode(error.error)];
    if (error.error === 'invalid_grant') return ['grant_gone', error.error];
    return [isAboutClient(error.error) ? 'client_refused' : 'off_standard', shortCode(error.error)];
  }
  if (error instanceof WWWAuthenticateChallengeError) return ['client_refused', String(error.status)];
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  if (cause instanceof Response && (cause.status >= 500 || cause.status === 429)) return ['server_away'];
  return ['off_standard', shortCode(code)];
}

/** Codes go into logs: only what looks like one is passed on. */
export function shortCode(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(code) ? code : undefined;
}

function isAboutClient(code: string): boolean {
  return [
    'invalid_client',
    'unauthorized_client',
    'invalid_scope',
    'unsupported_grant_type',
    'invalid_request_object',
    'request_not_supported',
  ].includes(code);
}
