import type { Caller, Platform } from '../../platform.ts';
import { type BankAccount, getBankAccount, listBalances, listBankAccounts } from '../accounts.ts';
import { writeCamt053 } from './camt053.ts';
import { type AccountToExport, type Period, readEntries, type WriteFile } from './entries.ts';
import { writeOfx } from './ofx.ts';
import { writeCsv, writeJsonLines } from './rows.ts';

/** The formats transactions can be taken away in. */
export const EXPORT_FORMATS = {
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv', write: writeCsv },
  jsonl: { type: 'application/jsonl; charset=utf-8', extension: 'jsonl', write: writeJsonLines },
  ofx: { type: 'application/x-ofx; charset=utf-8', extension: 'ofx', write: writeOfx },
  camt053: { type: 'application/xml; charset=utf-8', extension: 'xml', write: writeCamt053 },
} as const satisfies Record<string, { type: string; extension: string; write: WriteFile }>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

const MOST_ACCOUNTS = 1000;

/**
 * The transactions of an account, or of all accounts of a customer, newest first, as one file in pieces: a page of the
 * database at a time, however long the history. Problem `not_found`.
 */
export async function exportTransactions(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  what: { account: string } | { customer: string },
  format: ExportFormat,
  period: Period,
): Promise<AsyncIterable<string>> {
  const accounts = await findAccounts(platform, caller, what);
  const toExport = await Promise.all(
    accounts.map(async (account): Promise<AccountToExport> => {
      const entries = () => readEntries(platform, caller, account.id, period);
      return { account, balances: await listBalances(platform, caller, account.id), entries };
    }),
  );
  return EXPORT_FORMATS[format].write(toExport, period, platform.clock.now());
}

async function findAccounts(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  what: { account: string } | { customer: string },
): Promise<BankAccount[]> {
  if ('account' in what) return [await getBankAccount(platform, caller, what.account)];
  return (await listBankAccounts(platform, caller, { customer: what.customer, limit: MOST_ACCOUNTS })).rows;
}
