/** The ways a bank can say no. Closed: what follows for session, sync and connection is one table in the platform. */
export const BANK_ERROR_KINDS = [
  /** Not reachable, timed out, or answered 5xx. Never ends a consent. */
  'unavailable',
  /** 429 or the standard's equivalent: a delay, not a failure. */
  'rate_limited',
  /** User id or password refused. Never retried by us. */
  'wrong_credentials',
  /** The code was refused and the bank allows no further try in this exchange. */
  'wrong_code',
  /** The bank blocked this login or account. */
  'blocked',
  /** The person (or the bank for them) refused. */
  'declined',
  /** The person did not act in time, or the bank's own session ended. */
  'timed_out',
  /** The consent is revoked, expired or unknown at the bank. */
  'consent_gone',
  /** Our certificate, registration or configuration is refused: the operator's turn. */
  'misconfigured',
  /** The bank does not support what was asked (account type, access model, method). */
  'unsupported',
  /** An answer off the standard, or anything we cannot read. */
  'unexpected',
] as const;
export type BankErrorKind = (typeof BANK_ERROR_KINDS)[number];

/** What more is known of a bank's no. */
export type BankErrorFacts = {
  /** The bank's own text for the person: data, shown as a quotation, never logged. */
  quote?: string;
  /** The bank's machine code (`PSU_CREDENTIALS_INVALID`). */
  code?: string;
  /** Earliest moment of another try, in milliseconds from now, when the bank said so. */
  retryAfterMs?: number;
  /** A login was sent and its outcome is not known: repeating it by ourselves could lock it. */
  mayHaveCounted?: boolean;
  /** HTTP status of the answer, when there was one. */
  status?: number;
};

/** A bank says no. `detail` is for operators: no account data, no secret, none of the bank's free text. */
export class BankError extends Error {
  readonly kind: BankErrorKind;
  readonly facts: BankErrorFacts;
  constructor(kind: BankErrorKind, detail: string, facts: BankErrorFacts = {}) {
    super(detail);
    this.name = 'BankError';
    this.kind = kind;
    this.facts = facts;
  }
}
