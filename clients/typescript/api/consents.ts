// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { AccountType } from './words.ts';

/** What a person allowed, or is asked to allow. */
export type Consent = {
  id: string;
  object: 'consent';
  status: 'new' | 'pending' | 'authorized' | 'expired' | 'canceled' | 'failed';
  /** Without one the consent is `new`. It cannot change once it is set. */
  customer: string | null;
  provider: string | null;
  interface: string | null;
  account_types: AccountType[] | null;
  connection: string | null;
  scopes: ('accounts' | 'balances' | 'transactions')[];
  history_days: number;
  valid_days: number;
  recurring: boolean;
  /** You permit it and the person ticked it. */
  store_secrets: boolean;
  purpose: string | null;
  redirect: {
    return_url: string | null;
    /** Send the person here. Works while the consent is `new` or `pending`. */
    consent_url: string | null;
    /** Reads how far the visit has come, and nothing else: give it to `connect.js` in the browser. */
    events_token: string | null;
  };
  metadata: Record<string, string>;
  /** The connection it renews. */
  renews: string | null;
  waiting_for: 'signers' | null;
  created_at: string;
  updated_at: string;
  agreed_at: string | null;
  authorized_at: string | null;
  /** The end the bank set. */
  expires_at: string | null;
  reconfirm_by: string | null;
  /** `needed`: closed until your server redeems `fx_claim`. `null`: no claim is asked for. */
  claim: 'needed' | 'claimed' | null;
  ended_at: string | null;
  ended_by: 'person' | 'app' | 'operator' | 'bank' | 'system' | null;
  ended_reason: string | null;
  replaced_by: string | null;
  failure: {
    code: string;
    message: string | null;
  } | null;
  bank_revocation: 'pending' | 'done' | 'failed' | 'not_applicable' | null;
};

/** One change of a consent, and who caused it. Entries are never changed. */
export type TimelineEntry = {
  object: 'timeline_entry';
  at: string;
  what: string;
  from: 'new' | 'pending' | 'authorized' | 'expired' | 'canceled' | 'failed' | null;
  to: 'new' | 'pending' | 'authorized' | 'expired' | 'canceled' | 'failed' | null;
  initiator: 'person' | 'app' | 'operator' | 'bank' | 'system';
  request_id: string | null;
  detail: Record<string, unknown>;
};

/** What the person read when they agreed, word for word, and when. */
export type ConsentReceipt = {
  object: 'consent_receipt';
  consent: string;
  customer: string | null;
  provider: string | null;
  status: string;
  agreed_at: string | null;
  authorized_at: string | null;
  ended_at: string | null;
  /** SHA-256 in hex of the JSON of `text` as it was kept. */
  text_hash: string;
  text: {
    version: string;
    locale: string;
    title: string;
    sections: {
      heading: string;
      lines: string[];
    }[];
  };
  /** A JWS (EdDSA) over ids, dates, state and `text_hash`. Its keys stand at `/.well-known/consent-receipt-keys.json`. */
  signature: string;
  created_at: string;
};

/** What `createConsent` is sent. */
export type CreateConsentBody = {
  /** Without one the status is `new`; with one `pending`. */
  customer?: string | undefined;
  /** The bank, if it is settled already. */
  provider?: string | undefined;
  /** Where the person comes back to: a registered address, with any query. */
  return_url?: string | undefined;
  /** What to read; all three unless said. `accounts` is always included. */
  scopes?: ('accounts' | 'balances' | 'transactions')[] | undefined;
  /** How far back, in days; 730 unless said. The bank may give less. */
  history_days?: number | undefined;
  /** How long, in days; 180 unless said. The bank may give less. */
  valid_days?: number | undefined;
  /** Why you want to read, in words the person understands. Shown to them. */
  purpose?: string | undefined;
  /** `false`: one read only. `true` unless said. */
  recurring?: boolean | undefined;
  /** Whatever you want to find again: up to 50 names with text. */
  metadata?: Record<string, string> | undefined;
};

/** What `listConsents` can be asked. */
export type ListConsentsQuery = {
  customer?: string | undefined;
  status?: 'new' | 'pending' | 'authorized' | 'expired' | 'canceled' | 'failed' | undefined;
  /** The customer's reference. */
  reference?: string | undefined;
  connection?: string | undefined;
  provider?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `updateConsent` is sent. */
export type UpdateConsentBody = {
  /** Without one the status is `new`; with one `pending`. */
  customer?: string | undefined;
  /** The bank, if it is settled already. */
  provider?: string | undefined;
  /** Where the person comes back to: a registered address, with any query. */
  return_url?: string | undefined;
  /** What to read; all three unless said. `accounts` is always included. */
  scopes?: ('accounts' | 'balances' | 'transactions')[] | undefined;
  /** How far back, in days; 730 unless said. The bank may give less. */
  history_days?: number | undefined;
  /** How long, in days; 180 unless said. The bank may give less. */
  valid_days?: number | undefined;
  /** Why you want to read, in words the person understands. Shown to them. */
  purpose?: string | undefined;
  /** `false`: one read only. `true` unless said. */
  recurring?: boolean | undefined;
  /** Whatever you want to find again: up to 50 names with text. */
  metadata?: Record<string, string> | undefined;
};

/** What `reconfirmConsent` is sent. */
export type ReconfirmConsentBody = {
  person_confirmed: boolean;
  confirmed_at: string;
};

/** What `claimConsent` is sent. */
export type ClaimConsentBody = {
  /** `fx_claim` of the return. */
  code: string;
};
