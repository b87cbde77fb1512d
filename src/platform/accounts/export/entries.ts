import type { Caller, Platform } from '../../platform.ts';
import { type BalanceRow, type BankAccount, listTransactions, type Position } from '../accounts.ts';

/** A transaction as the API shows it. */
export type ShownEntry = {
  id: string;
  bank_account: string;
  status: 'booked' | 'pending';
  amount: string;
  currency: string;
  booked_on?: string;
  value_on?: string;
  description: string;
  reference?: string;
  counterparty?: { name?: string; iban?: string; bban?: string; sort_code?: string; account_number?: string };
  bank_code?: string;
  merchant_category_code?: string;
  end_to_end_id?: string;
  balance_after?: string;
};

/** An account to export: what it is, what it held at last, and its entries, newest first, read as they are written. */
export type AccountToExport = {
  account: BankAccount;
  balances: BalanceRow[];
  entries: () => AsyncIterable<{ json: string }>;
};

/** Days to export, both inclusive; absent = no bound. */
export type Period = { from?: string | undefined; to?: string | undefined };

/** One file of a format: text in pieces, never all of it at once. `at` is when it is made. */
export type WriteFile = (accounts: readonly AccountToExport[], period: Period, at: Date) => AsyncIterable<string>;

const PAGE = 500;

/** All entries of an account in pages, as JSON objects joined by commas. */
export async function* readEntries(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  account: string,
  { from, to }: Period,
): AsyncGenerator<{ json: string }> {
  let after: Position | undefined;
  do {
    const request = { limit: PAGE, ...(from ? { from } : {}), ...(to ? { to } : {}), ...(after ? { after } : {}) };
    const page = await listTransactions(platform, caller, account, request);
    if (page.elements.length > 0) yield { json: page.elements.join('') };
    after = page.next;
  } while (after);
}

/** The entries one by one. */
export async function* eachEntry({ entries }: AccountToExport): AsyncGenerator<ShownEntry> {
  for await (const { json } of entries()) yield* JSON.parse(`[${json}]`) as ShownEntry[];
}

/** Who an account belongs to at its bank: the best of what identifies it. */
export function numberOf({ identification, id }: BankAccount): string {
  const { iban, bban, accountNumber, maskedPan } = identification;
  return iban ?? accountNumber ?? bban ?? maskedPan ?? id;
}

/** The number of the other party's account, if the bank said one. */
export function otherNumber({ counterparty }: ShownEntry): string | undefined {
  return counterparty?.iban ?? counterparty?.account_number ?? counterparty?.bban;
}

/** Text for XML: escaped, and without the characters XML cannot hold. */
export function xml(text: string, most = Number.POSITIVE_INFINITY): string {
  const plain = [...text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '')];
  return plain
    .slice(0, most)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
