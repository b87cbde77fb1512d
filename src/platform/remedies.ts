import type { BankErrorKind } from '../banking/bank-error.ts';

/** What follows when a bank says no: for the person's visit, for a background run, for the connection. */
export type Remedy = {
  /** The `error_code` the app gets, and the page explains. */
  code: ErrorCode;
  /** Whose turn it is. */
  turn: 'person' | 'bank' | 'app' | 'operator';
  /** The visit: ask again what to do, or end it as refused. */
  visit: 'ask' | 'refused';
  actions: ('retry' | 'other_bank' | 'return')[];
  /** A background run: try later by itself, wait as long as the bank said, or stop until somebody acts. */
  sync: 'retry' | 'delay' | 'stop';
  /** The connection afterwards. A bank that is away never ends anything. */
  connection: 'keep' | 'action_required';
};

/** Every `error_code` an app can get with the return, with what it means. `docs/reference/error-codes.md` explains each. */
export const ERROR_CODES = {
  refused_on_page: 'The person refused on the hosted page.',
  refused_at_bank: 'The person refused at the bank.',
  refused_at_grant: 'The person signed in and then refused to grant access.',
  bank_unavailable: 'The bank could not be reached or answered with an error.',
  bank_rate_limited: 'The bank takes no more requests for now.',
  wrong_credentials: 'The bank did not accept the user id or password.',
  wrong_code: 'The bank did not accept the code and allows no further try.',
  login_blocked: 'The bank has blocked this login.',
  bank_timed_out: 'The approval did not come in time.',
  consent_gone: 'The bank no longer knows the consent.',
  superseded_at_bank: 'A newer consent of the same person at this bank ended this one.',
  bank_misconfigured: "The bank does not accept this server's certificate or registration.",
  not_supported: 'The bank does not support what was asked.',
  bank_unexpected: 'The bank gave an answer that could not be understood.',
  no_accounts: 'The bank listed no account of the kind that was asked for.',
  login_not_linked: 'The app may read only accounts of its own, and this login is not among those linked in advance.',
  too_many_tries: 'Too many codes or passwords were tried in this visit.',
  interrupted: 'The step was interrupted and has to be started over.',
  session_expired: 'The visit was left for too long.',
  customer_erased: "The person's data was erased while the visit went on.",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whose turn it is after each code: the page says so, and with it who can be written to. */
export const TURN_OF: Record<ErrorCode, Remedy['turn']> = {
  refused_on_page: 'person',
  refused_at_bank: 'person',
  refused_at_grant: 'person',
  bank_unavailable: 'bank',
  bank_rate_limited: 'bank',
  wrong_credentials: 'person',
  wrong_code: 'person',
  login_blocked: 'person',
  login_not_linked: 'person',
  bank_timed_out: 'person',
  consent_gone: 'person',
  superseded_at_bank: 'person',
  bank_misconfigured: 'operator',
  not_supported: 'app',
  bank_unexpected: 'bank',
  no_accounts: 'person',
  too_many_tries: 'person',
  interrupted: 'operator',
  session_expired: 'person',
  customer_erased: 'app',
};

/** One row for each way a bank says no; the compiler keeps it complete. */
export const REMEDIES: Record<BankErrorKind, Remedy> = {
  unavailable: {
    code: 'bank_unavailable',
    turn: 'bank',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'retry',
    connection: 'keep',
  },
  rate_limited: {
    code: 'bank_rate_limited',
    turn: 'bank',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'delay',
    connection: 'keep',
  },
  wrong_credentials: {
    code: 'wrong_credentials',
    turn: 'person',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'stop',
    connection: 'action_required',
  },
  wrong_code: {
    code: 'wrong_code',
    turn: 'person',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'stop',
    connection: 'action_required',
  },
  blocked: {
    code: 'login_blocked',
    turn: 'person',
    visit: 'ask',
    actions: ['other_bank', 'return'],
    sync: 'stop',
    connection: 'action_required',
  },
  declined: {
    code: 'refused_at_bank',
    turn: 'person',
    visit: 'refused',
    actions: ['return'],
    sync: 'stop',
    connection: 'action_required',
  },
  timed_out: {
    code: 'bank_timed_out',
    turn: 'person',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'stop',
    connection: 'action_required',
  },
  consent_gone: {
    code: 'consent_gone',
    turn: 'person',
    visit: 'ask',
    actions: ['retry', 'return'],
    sync: 'stop',
    connection: 'action_required',
  },
  misconfigured: {
    code: 'bank_misconfigured',
    turn: 'operator',
    visit: 'ask',
    actions: ['other_bank', 'return'],
    sync: 'stop',
    connection: 'keep',
  },
  unsupported: {
    code: 'not_supported',
    turn: 'app',
    visit: 'ask',
    actions: ['other_bank', 'return'],
    sync: 'stop',
    connection: 'keep',
  },
  unexpected: {
    code: 'bank_unexpected',
    turn: 'bank',
    visit: 'ask',
    actions: ['retry', 'other_bank', 'return'],
    sync: 'retry',
    connection: 'keep',
  },
};
