/**
 * Everything we say no to a caller with: one catalogue. `docs/reference/problems.md` explains each; a test holds both
 * together. `detail` of a raised problem says what to do; `title` never changes for a code.
 */
export const PROBLEMS = {
  unauthorized: { status: 401, title: 'No valid key' },
  key_revoked: { status: 401, title: 'This key was revoked' },
  cross_site: { status: 403, title: 'Requests from web pages are not allowed' },
  forbidden: { status: 403, title: 'Not allowed for this app' },
  not_found: { status: 404, title: 'There is no such object' },
  route_not_found: { status: 404, title: 'There is no such route' },
  method_not_allowed: { status: 405, title: 'This route does not take that method' },
  not_acceptable: { status: 406, title: 'No form of answer that you accept' },
  idempotency_in_progress: { status: 409, title: 'The first request with this idempotency key is still running' },
  customer_reference_taken: { status: 409, title: 'Another customer has this reference' },
  customer_cannot_change: { status: 409, title: 'The customer of this consent is set and stays' },
  consent_not_pending: { status: 409, title: 'Only a pending consent can do this' },
  consent_not_active: { status: 409, title: 'This consent has ended' },
  connection_not_active: { status: 409, title: 'This connection needs the person or has ended' },
  claim_needed: { status: 409, title: 'This consent waits to be claimed' },
  webhook_endpoint_disabled: { status: 409, title: 'This webhook endpoint is disabled' },
  account_merged: { status: 409, title: 'This account was merged into another' },
  merge_refused: { status: 409, title: 'These accounts cannot be one' },
  sync_running: { status: 409, title: 'A synchronization is already running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'This content type is not understood' },
  invalid_body: { status: 400, title: 'The request cannot be read' },
  invalid_request: { status: 422, title: 'Something in the request is not valid' },
  invalid_cursor: { status: 422, title: 'This cursor is not one of ours' },
  idempotency_key_reused: { status: 422, title: 'This idempotency key was used for another request' },
  return_url_not_allowed: { status: 422, title: 'This return URL is not registered for the app' },
  return_url_needed: { status: 422, title: 'There is no address to return to' },
  claim_refused: { status: 422, title: 'This code does not claim this consent' },
  webhook_url_refused: { status: 422, title: 'Events cannot be sent to this address' },
  event_too_old: { status: 422, title: 'This event is too old to be sent again' },
  provider_not_available: { status: 422, title: 'This provider cannot be used' },
  rate_limited: { status: 429, title: 'Too many requests' },
  sync_too_soon: { status: 429, title: 'This account was read too recently' },
  internal_error: { status: 500, title: 'We made a mistake' },
  unavailable: { status: 503, title: 'The server cannot do this right now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong with a request: an RFC 6901 pointer into the body, or `?name` for a query parameter. */
export type FieldError = { pointer: string; detail: string };

/** We say no to a caller. Answered in one place as RFC 9457 problem+json. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterS: number | undefined;
  constructor(code: ProblemCode, detail: string, more: { errors?: FieldError[]; retryAfterS?: number } = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.errors = more.errors;
    this.retryAfterS = more.retryAfterS;
  }
}

/** The same answer for absent and foreign: nobody learns which. */
export function notFound(what: string): Problem {
  return new Problem('not_found', `There is no ${what} with this id in this mode of your app.`);
}
