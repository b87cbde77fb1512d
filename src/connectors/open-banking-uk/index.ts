import type { Connector } from '../../banking/connector.ts';
import { authorise, unfinished } from './authorise.ts';
import { facts } from './facts.ts';
import { readAccounts } from './reading/accounts.ts';
import { readBalances } from './reading/balances.ts';
import { readTransactions } from './reading/transactions.ts';
import { check, revoke } from './revoke.ts';

/** UK Open Banking Read/Write API 3.1 and 4.0, account information (OBIE/OBL). */
export const openBankingUk: Connector = {
  standard: 'open-banking-uk',
  facts,
  authorise,
  accounts: readAccounts,
  balances: readBalances,
  transactions: readTransactions,
  revoke,
  unfinished,
  check,
};
