// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.

/** One entry. What the bank did not say is left out. */
export type Transaction = {
  object: 'transaction';
  bank_account: string;
  /** Never changes, also when a pending entry is booked. */
  id: string;
  /** Counts up whenever the content changes. */
  version: number;
  created_at: string;
  updated_at: string;
  status: 'booked' | 'pending';
  amount: string;
  currency: string;
  booked_on?: string | undefined;
  value_on?: string | undefined;
  description: string;
  reference?: string | undefined;
  counterparty?:
    | {
        name?: string | undefined;
        iban?: string | undefined;
        bban?: string | undefined;
        sort_code?: string | undefined;
        account_number?: string | undefined;
      }
    | undefined;
  /** ISO 20022 or the bank's own code. */
  bank_code?: string | undefined;
  merchant_category_code?: string | undefined;
  end_to_end_id?: string | undefined;
  balance_after?: string | undefined;
  original?:
    | {
        amount?: string | undefined;
        currency: string;
        rate?: string | undefined;
      }
    | undefined;
};

/** Apply `removed`, then keep `added` and `modified` under their ids: then you hold exactly what the lists say. */
export type TransactionChanges = {
  object: 'transaction_changes';
  added: Transaction[];
  modified: Transaction[];
  removed: {
    id: string;
    object: 'transaction';
    bank_account: string;
  }[];
  /** Keep it, and ask with it next time; also when nothing changed. */
  next_cursor: string;
  has_more: boolean;
};

/** What `listTransactions` can be asked. */
export type ListTransactionsQuery = {
  status?: 'booked' | 'pending' | undefined;
  /** First day, inclusive. */
  from?: string | undefined;
  /** Last day, inclusive. */
  to?: string | undefined;
  /** Only if this consent covers the account. */
  consent?: string | undefined;
  /** How many at most, 1 to 500. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `readChanges` can be asked. */
export type ReadChangesQuery = {
  consent?: string | undefined;
  customer?: string | undefined;
  connection?: string | undefined;
  bank_account?: string | undefined;
  limit?: number | undefined;
  /** `next_cursor` of the page before, with the same filters. */
  cursor?: string | undefined;
};

/** What `exportBankAccount` can be asked. */
export type ExportBankAccountQuery = {
  /** `ofx`: OFX 2.2; `camt053`: camt.053.001.08. */
  format?: 'csv' | 'jsonl' | 'ofx' | 'camt053' | undefined;
  /** First day, inclusive. */
  from?: string | undefined;
  /** Last day, inclusive. */
  to?: string | undefined;
};

/** What `exportCustomer` can be asked. */
export type ExportCustomerQuery = {
  /** `ofx`: OFX 2.2; `camt053`: camt.053.001.08. */
  format?: 'csv' | 'jsonl' | 'ofx' | 'camt053' | undefined;
  /** First day, inclusive. */
  from?: string | undefined;
  /** Last day, inclusive. */
  to?: string | undefined;
};
