import { type AccountToExport, eachEntry, otherNumber, type ShownEntry, type WriteFile } from './entries.ts';

/** JSON Lines: each transaction as the API shows it, one a line. */
export const writeJsonLines: WriteFile = async function* (accounts) {
  for (const account of accounts) for await (const entry of eachEntry(account)) yield `${JSON.stringify(entry)}\n`;
};

const COLUMNS: Record<string, (entry: ShownEntry, of: AccountToExport) => string | undefined> = {
  id: ({ id }) => id,
  bank_account: ({ bank_account }) => bank_account,
  iban: (_, { account }) => account.identification.iban,
  status: ({ status }) => status,
  booked_on: ({ booked_on }) => booked_on,
  value_on: ({ value_on }) => value_on,
  amount: ({ amount }) => amount,
  currency: ({ currency }) => currency,
  counterparty: ({ counterparty }) => inert(counterparty?.name),
  counterparty_account: (entry) => inert(otherNumber(entry)),
  description: ({ description }) => inert(description),
  reference: ({ reference }) => inert(reference),
  end_to_end_id: ({ end_to_end_id }) => inert(end_to_end_id),
  bank_code: ({ bank_code }) => inert(bank_code),
  balance_after: ({ balance_after }) => balance_after,
};

/** CSV after RFC 4180, UTF-8, with a line of names first. */
export const writeCsv: WriteFile = async function* (accounts) {
  yield `${Object.keys(COLUMNS).join(',')}\r\n`;
  for (const account of accounts)
    for await (const entry of eachEntry(account))
      yield `${Object.values(COLUMNS)
        .map((read) => cell(read(entry, account)))
        .join(',')}\r\n`;
};

function cell(text = ''): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What others wrote must not become a formula where a spreadsheet opens the file (OWASP: CSV injection). */
function inert(text: string | undefined): string | undefined {
  return text !== undefined && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
