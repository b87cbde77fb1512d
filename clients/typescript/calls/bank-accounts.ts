// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type {
  Balance,
  BankAccount,
  GetBankAccountQuery,
  ListBalancesQuery,
  ListBankAccountsByFormBody,
  ListBankAccountsQuery,
  MergeBankAccountsBody,
  SplitBankAccountsBody,
} from '../api/bank-accounts.ts';
import type { List, Options, Send } from '../request.ts';

/** Bank accounts. */
export const bankAccounts = (send: Send) => ({
  /** List bank accounts, newest first */
  listBankAccounts: (query: ListBankAccountsQuery = {}, options: Options = {}): Promise<List<BankAccount>> =>
    send({ method: 'GET', path: '/v1/bank_accounts', query }, options),

  /** List bank accounts, asked for by a body. The same as by GET; it creates nothing. */
  listBankAccountsByForm: (body: ListBankAccountsByFormBody = {}, options: Options = {}): Promise<List<BankAccount>> =>
    send({ method: 'POST', path: '/v1/bank_accounts', body }, options),

  /** Get a bank account */
  getBankAccount: (id: string, query: GetBankAccountQuery = {}, options: Options = {}): Promise<BankAccount> =>
    send({ method: 'GET', path: `/v1/bank_accounts/${encodeURIComponent(id)}`, query }, options),

  /** The balances of an account */
  listBalances: (id: string, query: ListBalancesQuery = {}, options: Options = {}): Promise<List<Balance>> =>
    send({ method: 'GET', path: `/v1/bank_accounts/${encodeURIComponent(id)}/balances`, query }, options),

  /** Say that two accounts are one. This account goes on: it takes over the booked history it lacks, and is known by the numbers of both. The other keeps its id and rows, and is not read any more. */
  mergeBankAccounts: (id: string, body: MergeBankAccountsBody, options: Options = {}): Promise<BankAccount> =>
    send({ method: 'POST', path: `/v1/bank_accounts/${encodeURIComponent(id)}/merge`, body }, options),

  /** Say that two accounts are two. Undoes a merge of the named account into this one, or answers a suggestion with no, for good. Returns the named account. */
  splitBankAccounts: (id: string, body: SplitBankAccountsBody, options: Options = {}): Promise<BankAccount> =>
    send({ method: 'POST', path: `/v1/bank_accounts/${encodeURIComponent(id)}/split`, body }, options),
});
