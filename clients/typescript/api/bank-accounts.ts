// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { AccountType } from './words.ts';

/** An account at a bank. */
export type BankAccount = {
  /** Stays the same across consents, reconnections and a change of interface. */
  id: string;
  object: 'bank_account';
  customer: string;
  /** The one that reads it now, or read it last. */
  connection: string;
  /** The latest that covered it. */
  consent: string;
  provider: string;
  interface: string;
  name: string | null;
  holder_name: string | null;
  account_type: AccountType;
  usage: 'personal' | 'business' | 'unknown';
  currency: string;
  identification: Identification;
  /** The same for the same account of the bank, within your app only. */
  fingerprint: string;
  status: 'active' | 'closed' | 'blocked';
  /** Since when it may be behind the bank; `null` while reading goes on. */
  stale_since: string | null;
  /** When its transactions were last read completely. */
  last_complete_at: string | null;
  /** The account that goes on for this one, since both were found to be one. */
  merged_into: string | null;
  /** Accounts that may be this one. Decide with `merge` or `split`; until then they are two. */
  maybe_same: {
    bank_account: string;
    reason: 'same_number' | 'same_ending' | 'same_name';
  }[];
  created_at: string;
  updated_at: string;
};

/** What identifies an account to the world. A bank may give only one of them. */
export type Identification = {
  iban: string | null;
  bban: string | null;
  sort_code: string | null;
  account_number: string | null;
  roll_number: string | null;
  masked_pan: string | null;
};

/** A balance as last read. */
export type Balance = {
  object: 'balance';
  type: 'booked' | 'available' | 'expected';
  amount: string;
  currency: string;
  at: string;
  credit_limit_included: boolean | null;
  /** The bank's own word for it. */
  bank_type: string;
};

/** What `listBankAccounts` can be asked. */
export type ListBankAccountsQuery = {
  /** The accounts this consent covers. */
  consent?: string | undefined;
  /** All accounts of this customer, of past and recent consents. */
  customer?: string | undefined;
  /** The accounts of this connection. */
  connection?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `listBankAccountsByForm` is sent. */
export type ListBankAccountsByFormBody = {
  /** The accounts this consent covers. */
  consent?: string | undefined;
  /** All accounts of this customer, of past and recent consents. */
  customer?: string | undefined;
  /** The accounts of this connection. */
  connection?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `getBankAccount` can be asked. */
export type GetBankAccountQuery = {
  /** Only if this consent covers it. */
  consent?: string | undefined;
};

/** What `listBalances` can be asked. */
export type ListBalancesQuery = {
  /** Only if this consent covers it. */
  consent?: string | undefined;
};

/** What `mergeBankAccounts` is sent. */
export type MergeBankAccountsBody = {
  /** The other account, of the same customer. */
  bank_account: string;
};

/** What `splitBankAccounts` is sent. */
export type SplitBankAccountsBody = {
  /** The other account, of the same customer. */
  bank_account: string;
};
