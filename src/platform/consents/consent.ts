import type { AccountType, Scope } from '../../banking/account.ts';
import type { Json } from '../../banking/step.ts';
import type { EventType } from '../events/event-types.ts';
import type { Initiator, Tenant } from '../platform.ts';
import type { ConsentFacts } from '../sessions/screen.ts';

/** How a consent can stand; the moves between them are in `CONSENT_MOVES`. */
export const CONSENT_STATUSES = ['new', 'pending', 'authorized', 'expired', 'canceled', 'failed'] as const;
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

/** What a person allowed, or is asked to allow: scopes, accounts, until when. */
export type Consent = {
  tenant: Tenant;
  id: string;
  status: ConsentStatus;
  customer: string | null;
  provider: string | null;
  interface: string | null;
  accountTypes: AccountType[] | null;
  connection: string | null;
  scopes: Scope[];
  historyDays: number;
  validDays: number;
  recurring: boolean;
  storeSecrets: boolean;
  purpose: string | null;
  returnUrl: string | null;
  metadata: Record<string, string>;
  /** The connection it was opened to renew. */
  renews: string | null;
  waitingFor: 'signers' | null;
  createdAt: Date;
  updatedAt: Date;
  authorizedAt: Date | null;
  expiresAt: Date | null;
  reconfirmBy: Date | null;
  /** When its end, or the need to reconfirm, is announced next. */
  noticeAt: Date | null;
  endedAt: Date | null;
  endedBy: Initiator | null;
  endedReason: string | null;
  replacedBy: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  /** Whether the app's server has to redeem, or has redeemed, the code of the finishing browser; null = not asked for. */
  claim: 'needed' | 'claimed' | null;
  bankRevocation: 'pending' | 'done' | 'failed' | 'not_applicable' | null;
  agreedAt: Date | null;
  agreedLocale: string | null;
  agreedVersion: string | null;
  agreedFacts: ConsentFacts | null;
};

/**
 * Every move a consent can make, and the event that tells of it. What is not written here cannot happen.
 * A replaced consent ends as `expired` and announces nothing of its own: its successor did.
 */
export const CONSENT_MOVES = {
  identified: { from: ['new'], to: 'pending', event: null },
  authorized: { from: ['pending'], to: 'authorized', event: 'consent.authorized' },
  canceled: { from: ['new', 'pending', 'authorized'], to: 'canceled', event: 'consent.canceled' },
  failed: { from: ['pending'], to: 'failed', event: 'consent.failed' },
  expired: { from: ['authorized'], to: 'expired', event: 'consent.expired' },
  replaced: { from: ['authorized'], to: 'expired', event: null },
} as const satisfies Record<string, { from: ConsentStatus[]; to: ConsentStatus; event: EventType | null }>;

export type ConsentMove = keyof typeof CONSENT_MOVES;

/** How long a consent may stay `new` or `pending`, unopened or unfinished. */
export const PENDING_DAYS = 7;

/** One line of a consent's timeline. */
export type TimelineEntry = {
  seq: number;
  at: Date;
  what: string;
  fromStatus: ConsentStatus | null;
  toStatus: ConsentStatus | null;
  initiator: Initiator;
  requestId: string | null;
  detail: Record<string, Json>;
};
