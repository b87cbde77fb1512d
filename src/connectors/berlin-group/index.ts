import type { Connector } from '../../banking/connector.ts';
import { authorise } from './authorise.ts';
import { unfinished } from './consent.ts';
import { facts } from './facts.ts';
import { readAccounts } from './reading/accounts.ts';
import { readBalances } from './reading/balances.ts';
import { readTransactions } from './reading/transactions.ts';
import { check, revoke } from './revoke.ts';

/** Berlin Group NextGenPSD2 XS2A 1.3.x, account information. */
export const berlinGroup: Connector = {
  standard: 'berlin-group',
  facts,
  authorise,
  accounts: readAccounts,
  balances: readBalances,
  transactions: readTransactions,
  revoke,
  unfinished,
  check,
};
