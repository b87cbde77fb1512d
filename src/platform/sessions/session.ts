import type { Scope } from '../../banking/account.ts';
import type { Person } from '../../banking/connector.ts';
import type { Json } from '../../banking/step.ts';
import type { Tenant } from '../platform.ts';
import type { Input, Trouble } from './screen.ts';

/** What a visit is for: a first bank, an overview of all, or one connection again. */
export const SESSION_KINDS = ['connect', 'management', 'synchronization'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** How a visit can stand. */
export const SESSION_STATUSES = ['open', 'finished', 'canceled', 'failed', 'expired'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** Where a visit stands. Each is a screen, or a family of screens, of the hosted page. */
export type Place =
  | 'intro'
  | 'bank'
  | 'bank_unavailable'
  | 'account_type'
  | 'agree'
  | 'step'
  | 'trouble'
  | 'grant'
  | 'overview'
  | 'revoke'
  | 'ended';

/** Where the bank chosen so far leads: its choice of account type, agreeing, or a word why not. */
const BANK_CHOSEN = ['account_type', 'agree', 'bank_unavailable'] as const;
/** How a turn with the bank can end. */
const BANK_TURN = ['step', 'trouble', 'grant', 'overview', 'ended'] as const;

/**
 * Every move a visit can make: from where, by which answer of the person, to where. What is not written here cannot
 * happen; the table is checked at each move.
 */
export const MOVES: Record<Place, Partial<Record<Input['do'], readonly Place[]>>> = {
  intro: { continue: ['bank', ...BANK_CHOSEN, 'overview', 'step', 'ended'], refuse: ['ended'] },
  bank: { search: ['bank'], bank: BANK_CHOSEN, back: ['intro', 'overview'], refuse: ['ended'] },
  bank_unavailable: {
    other_bank: ['bank'],
    retry: BANK_CHOSEN,
    back: ['bank', 'intro', 'overview'],
    refuse: ['ended'],
    leave: ['ended'],
  },
  account_type: { type: ['agree', 'bank_unavailable'], back: ['bank', 'intro', 'overview'], refuse: ['ended'] },
  agree: {
    agree: BANK_TURN,
    renew: ['agree', 'bank_unavailable'],
    back: ['account_type', 'bank', 'intro', 'overview'],
    refuse: ['ended'],
  },
  step: {
    fields: BANK_TURN,
    chosen: BANK_TURN,
    again: BANK_TURN,
    check: ['step'],
    digits: [...BANK_TURN],
    back: ['agree'],
    refuse: ['ended'],
  },
  trouble: { retry: BANK_TURN, other_bank: ['bank'], back: ['agree'], leave: ['ended'], refuse: ['ended'] },
  grant: {
    digits: ['grant', 'ended', 'overview', 'trouble', 'step'],
    grant: ['ended', 'overview', 'trouble', 'step'],
    refuse: ['ended'],
  },
  overview: {
    renew: ['agree', 'bank_unavailable'],
    reconfirm: ['overview'],
    revoke: ['revoke', 'overview'],
    add: ['bank'],
    leave: ['ended'],
  },
  revoke: { revoke: ['overview'], back: ['overview'] },
  ended: {},
};

/** What the app asked for when it opened the session, and what the link's query added. */
export type SessionRequest = {
  scopes: Scope[];
  historyDays: number;
  validDays: number;
  purpose?: string;
  skipInfo?: boolean;
  skipQr?: boolean;
  /** The overview's link about to be revoked. */
  revoking?: string;
};

/** One visit to the hosted page, whole: any server can go on with it at any turn. */
export type Session = {
  tenant: Tenant;
  id: string;
  kind: SessionKind;
  status: SessionStatus;
  customer: string;
  consent: string | null;
  consents: string[];
  connection: string | null;
  provider: string | null;
  returnUrl: string | null;
  locale: string | null;
  template: string | null;
  recurring: boolean;
  storeSecrets: boolean;
  request: SessionRequest;
  owner: Buffer | null;
  signingIn: boolean;
  place: Place;
  chosenProvider: string | null;
  chosenInterface: string | null;
  /** What was typed into the search for a bank. */
  querySealed: Buffer | null;
  /** The customer's keys, wrapped; null for a customer from before there were any. */
  ring: Buffer | null;
  turn: number;
  turnState: 'asking' | 'working';
  workingSince: Date | null;
  workingOn: string | null;
  answers: number;
  tries: number;
  challenges: number;
  step: Buffer | null;
  memory: Buffer | null;
  wayBackSealed: Buffer | null;
  grantSealed: Buffer | null;
  found: Buffer | null;
  /** A return from the bank in another browser, and how often its digits were guessed. */
  handover: Buffer | null;
  handoverTries: number;
  /** The phone a QR code carried the visit to, whether it answers now, and how often the visit has changed hands. */
  phone: Buffer | null;
  phoneHolds: boolean;
  carries: number;
  trouble: Trouble | null;
  /** HMAC of bank and user name, as typed in this visit. */
  login: Buffer | null;
  error: 'access_denied' | 'failed' | 'expired' | null;
  errorCode: string | null;
  person: Person | null;
  phases: { at: string; phase: string; [fact: string]: Json }[];
  seenAt: Date | null;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
};

/** A visit idle for so long is over. */
export const IDLE_MS = 30 * 60_000;
/** A link nobody opened is dead after so long, like an unfinished consent. */
export const UNOPENED_MS = 7 * 24 * 3_600_000;
/** Longest a whole visit may last, whatever happens in it. */
export const MOST_ANSWERS = 300;
/** Codes and passwords sent for one challenge, and challenges in one visit: nobody is locked out by us. */
export const MOST_TRIES = 3;
/** Challenges a visit may cause at a bank, sent codes and pushes alike. */
export const MOST_CHALLENGES = 5;
/** The person counts as present while their own browser was seen so recently. */
export const PRESENT_MS = 60_000;
/** A turn that works longer has lost its server. */
export const WORKING_MS = 60_000;
