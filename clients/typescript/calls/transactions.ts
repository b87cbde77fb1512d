// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type {
  ExportBankAccountQuery,
  ExportCustomerQuery,
  ListTransactionsQuery,
  ReadChangesQuery,
  Transaction,
  TransactionChanges,
} from '../api/transactions.ts';
import type { List, Options, Send } from '../request.ts';

/** Transactions. */
export const transactions = (send: Send) => ({
  /** List transactions of an account, newest first */
  listTransactions: (
    id: string,
    query: ListTransactionsQuery = {},
    options: Options = {},
  ): Promise<List<Transaction>> =>
    send({ method: 'GET', path: `/v1/bank_accounts/${encodeURIComponent(id)}/transactions`, query }, options),

  /** What changed since last time. Name exactly one of `consent`, `customer`, `connection` and `bank_account`. Without a cursor everything there is; with `cursor=now` nothing, only where to begin. */
  readChanges: (query: ReadChangesQuery = {}, options: Options = {}): Promise<TransactionChanges> =>
    send({ method: 'GET', path: '/v1/transactions/sync', query }, options),

  /** The transactions of an account as a file */
  exportBankAccount: (id: string, query: ExportBankAccountQuery = {}, options: Options = {}): Promise<string> =>
    send(
      { method: 'GET', path: `/v1/bank_accounts/${encodeURIComponent(id)}/export`, query, answer: 'text' as const },
      options,
    ),

  /** The transactions of all accounts of a customer as a file */
  exportCustomer: (id: string, query: ExportCustomerQuery = {}, options: Options = {}): Promise<string> =>
    send(
      { method: 'GET', path: `/v1/customers/${encodeURIComponent(id)}/export`, query, answer: 'text' as const },
      options,
    ),
});
