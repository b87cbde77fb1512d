/** The kinds of account a person can choose, as the page and the API name them. */
export const ACCOUNT_TYPES = ['checking', 'savings', 'credit_card', 'loan', 'wallet', 'investment', 'other'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** How a person proves who they are to their bank (PRODUCT: §4). */
export const SCA_APPROACHES = ['redirected', 'embedded', 'decoupled'] as const;
export type ScaApproach = (typeof SCA_APPROACHES)[number];

/** What an app may ask to read. `balances` and `transactions` imply `accounts`. */
export const SCOPES = ['accounts', 'balances', 'transactions'] as const;
export type Scope = (typeof SCOPES)[number];

/** What identifies an account to the world. All optional: a bank may give only one of them. */
export type Identification = {
  iban?: string;
  bban?: string;
  sortCode?: string;
  accountNumber?: string;
  rollNumber?: string;
  maskedPan?: string;
};

/** An account as a connector read it at a bank. */
export type Account = {
  /** The bank's handle for it under this grant (`resourceId`): never our key. */
  reference: string;
  name?: string;
  holderName?: string;
  type: AccountType;
  usage: 'personal' | 'business' | 'unknown';
  /** ISO 4217, or `XXX` for the head of a multi-currency account. */
  currency: string;
  identification: Identification;
  status: 'enabled' | 'blocked' | 'deleted';
  /** What the consent covers for this account where the bank says so; absent = presume everything in the permission. */
  readable?: { balances: boolean; transactions: boolean };
};

/** A balance as read. `amount` is a signed decimal string; `at` is RFC 3339 or a day, as the bank wrote it. */
export type Balance = {
  type: 'booked' | 'available' | 'expected';
  amount: string;
  currency: string;
  at?: string;
  creditLimitIncluded?: boolean;
  /** The bank's own word for it (`interimBooked`). */
  bankType: string;
};

/** An entry as read. Amounts are signed decimal strings, minus = money out; days are `YYYY-MM-DD`. */
export type Transaction = {
  status: 'booked' | 'pending';
  amount: string;
  currency: string;
  bookedOn?: string;
  valueOn?: string;
  description: string;
  reference?: string;
  counterparty?: { name?: string; iban?: string; bban?: string; sortCode?: string; accountNumber?: string };
  /** ISO 20022 or the bank's own transaction code. */
  bankCode?: string;
  merchantCategoryCode?: string;
  endToEndId?: string;
  balanceAfter?: string;
  original?: { amount?: string; currency: string; rate?: string };
  /** The bank's id for the entry; a hint only, unless the provider's facts say it can be trusted. */
  bankId?: string;
};

/** Something in a bank's answer that could not be read: where it stood and why. Nothing of its content. */
export type Rejected = { place: string; reason: string };

/** A page as the bank sent it, and what we read in it. `next` is an opaque cursor for the following page. */
export type Page = {
  raw: Uint8Array;
  booked: Transaction[];
  pending: Transaction[];
  next?: string;
  rejected: Rejected[];
};
