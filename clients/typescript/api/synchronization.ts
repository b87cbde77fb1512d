// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** One run of fetching for one connection, and what it did with each account. */
export type Sync = {
  id: string;
  object: 'sync';
  connection: string;
  consent: string;
  /** The only account it reads; `null` = all of the connection. */
  bank_account: string | null;
  status: 'queued' | 'running' | 'completed' | 'failed';
  /** The person's own action asked for it. */
  attended: boolean;
  reason: 'connect' | 'manual' | 'session' | 'planned';
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** The bank asked for a delay until then. */
  not_before: string | null;
  error: string | null;
  added: number;
  modified: number;
  removed: number;
  accounts: {
    bank_account: string;
    resource: 'balances' | 'transactions';
    outcome: 'complete' | 'incomplete' | 'skipped' | 'failed';
    from?: string | undefined;
    until?: string | undefined;
    pages?: number | undefined;
    added: number;
    modified: number;
    removed: number;
    rejected?:
      | {
          place: string;
          reason: string;
        }[]
      | undefined;
    error?: string | undefined;
  }[];
};

/** What ran, what is running, when the next is planned. */
export type SyncState = {
  object: 'sync_state';
  bank_account: string;
  connection: string;
  status: 'idle' | 'queued' | 'running';
  current: Sync | null;
  recent: Sync[];
  last_synchronization: string | null;
  next_sync_at: string | null;
  /** Reads without the person that the bank still allows: four a day and account. */
  reads_left: {
    balances: number;
    transactions: number;
  };
  /** Whether each balance follows from the one before and the transactions since. */
  balance_proofs: {
    type: 'booked' | 'available' | 'expected';
    currency: string;
    amount: string;
    /** The balance as read before; `null` at first. */
    previous: string | null;
    /** What the transactions moved it by since. */
    moved: string | null;
    /** `amount` - `previous` - `moved`: not zero means that something is missing. */
    gap: string | null;
    /** What is suspected where there is a gap. */
    reason:
      | 'incomplete_reading'
      | 'entries_came_late'
      | 'entries_missing'
      | 'balance_not_renewed'
      | 'limits_or_reservations'
      | null;
    at: string;
  }[];
};

/** One call to a bank: is it us, them or the bank? */
export type BankCall = {
  id: string;
  object: 'bank_call';
  created_at: string;
  provider: string;
  interface: string;
  connection: string | null;
  session: string | null;
  sync: string | null;
  bank_account: string | null;
  purpose: string;
  method: string;
  attended: boolean;
  person_address: string | null;
  /** HTTP status; `null` where no answer came. */
  status: number | null;
  /** `begun`: a read without the person whose end nobody saw, because the server died. */
  outcome: string;
  duration_ms: number;
  /** Ours: of the visit or API request that caused it. */
  request_id: string | null;
  /** The id the bank was sent. */
  bank_request_id: string | null;
};

/** What `startSync` is sent. */
export type StartSyncBody = {
  /** The person who asked for it just now. Kept in the ledger. Say it only if it is so. */
  psu?:
    | {
        ip_address: string;
        user_agent?: string | undefined;
      }
    | undefined;
};

/** What `listBankCalls` can be asked. */
export type ListBankCallsQuery = {
  customer?: string | undefined;
  consent?: string | undefined;
  connection?: string | undefined;
  session?: string | undefined;
  sync?: string | undefined;
  bank_account?: string | undefined;
  request_id?: string | undefined;
  /** How many at most, 1 to 100. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};
