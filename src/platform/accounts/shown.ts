import type { Transaction } from '../../banking/account.ts';

/** An entry as kept: our own id and version, and when it was first seen and last changed. */
export type Shown = { id: string; version: number; createdAt: Date; updatedAt: Date; entry: Transaction };

/**
 * The members of a transaction's JSON that depend on the entry itself. Two entries show the same if and only if these
 * texts are equal. What the bank did not say is left out.
 */
export function showEntry(entry: Transaction): string {
  const { counterparty, original } = entry;
  return JSON.stringify({
    status: entry.status,
    amount: entry.amount,
    currency: entry.currency,
    booked_on: entry.bookedOn,
    value_on: entry.valueOn,
    description: entry.description,
    reference: entry.reference,
    counterparty: counterparty && {
      name: counterparty.name,
      iban: counterparty.iban,
      bban: counterparty.bban,
      sort_code: counterparty.sortCode,
      account_number: counterparty.accountNumber,
    },
    bank_code: entry.bankCode,
    merchant_category_code: entry.merchantCategoryCode,
    end_to_end_id: entry.endToEndId,
    balance_after: entry.balanceAfter,
    original: original && { amount: original.amount, currency: original.currency, rate: original.rate },
  }).slice(1, -1);
}

/** The text kept in a row: everything the API answers for it but what all rows of its account share. */
export function show(row: Omit<Shown, 'entry'>, entryText: string): string {
  const head = { id: row.id, version: row.version, created_at: row.createdAt, updated_at: row.updatedAt };
  return `${JSON.stringify(head).slice(1, -1)},${entryText}`;
}

/** The members that all rows of an account share, with which each row's JSON begins. */
export function sharedMembers(bankAccount: string): string {
  return `"object":"transaction","bank_account":${JSON.stringify(bankAccount)},`;
}

/** What stands between two rows' texts when a page is joined: the end of one object and the beginning of the next. */
export function separator(bankAccount: string): string {
  return `},{${sharedMembers(bankAccount)}`;
}

/** What stands before the first of joined texts; behind the last stands `}`. */
export function beginning(bankAccount: string): string {
  return `{${sharedMembers(bankAccount)}`;
}

/** The id in a kept text, which begins with it. */
export function idOf(shown: string): string {
  return shown.slice(6, shown.indexOf('"', 6));
}

/** Reads a kept text back. */
export function parseShown(shown: string): Shown & { text: string } {
  const row = JSON.parse(`{${shown}}`);
  const { counterparty, original } = row;
  const entry: Transaction = without({
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    description: row.description,
    reference: row.reference,
    counterparty:
      counterparty &&
      without({
        name: counterparty.name,
        iban: counterparty.iban,
        bban: counterparty.bban,
        sortCode: counterparty.sort_code,
        accountNumber: counterparty.account_number,
      }),
    bankCode: row.bank_code,
    merchantCategoryCode: row.merchant_category_code,
    endToEndId: row.end_to_end_id,
    balanceAfter: row.balance_after,
    original: original && without({ amount: original.amount, currency: original.currency, rate: original.rate }),
  });
  return {
    id: row.id,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    entry,
    text: shown.slice(shown.indexOf('"status":')),
  };
}

/** Absent and undefined are one here, so that what is read back equals what was kept. */
function without<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Value;
}
