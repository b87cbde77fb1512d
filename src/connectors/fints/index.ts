import type { Connector } from '../../banking/connector.ts';
import { readAccounts } from './accounts.ts';
import { authorise } from './authorise.ts';
import { facts } from './facts.ts';
import { readBalances } from './reading/balances.ts';
import { readTransactions } from './reading/transactions.ts';

/** FinTS 3.0 with PIN and TAN: German banks with the person's own login. */
export const fints: Connector = {
  standard: 'fints',
  keepsSecrets: true,
  facts,
  authorise,
  accounts: readAccounts,
  balances: readBalances,
  transactions: readTransactions,
  // A bank knows no consent that could be ended: what ends is the login we keep, and the platform destroys that.
  revoke: async () => undefined,
};
