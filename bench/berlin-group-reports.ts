import type { StatementPart } from '../src/banking/formats/statement.ts';
import { readJson } from '../src/banking/formats/values.ts';
import { facts } from '../src/connectors/berlin-group/facts.ts';
import { type Report, readOneReport } from '../src/connectors/berlin-group/reading/report.ts';
import { makeCamt, measureReading } from './fints-statements.ts';
import type { Bench } from './measure.ts';

const FACTS = facts.parse({});
/** Entries on one page; a bank that sends more on one is cut off there. */
const PAGE = 10_000;

/** X1: reports of Berlin Group banks, from the bytes to entries in our form on one core, page by page as they come. */
export const berlinGroupReports: Bench = {
  name: 'berlin-group-reports',
  goals: ['X1'],
  async run() {
    return [
      measureReading('X1', 'JSON reports', (entries) => makePages(entries, makeJson), readPages, 40_000),
      measureReading('X1', 'camt.052 reports', (entries) => makePages(entries, makeCamtPage), readPages, 30_000),
    ];
  },
};

/** Pages one after the other in one buffer, each as long as its first eight digits say. */
function makePages(entries: number, make: (from: number, entries: number) => string): Uint8Array {
  const pages: string[] = [];
  for (let from = 0; from < entries; from += PAGE) {
    const page = make(from, Math.min(PAGE, entries - from));
    pages.push(String(Buffer.byteLength(page)).padStart(8, '0'), page);
  }
  return Buffer.from(pages.join(''));
}

function* readPages(bytes: Uint8Array): Generator<StatementPart> {
  for (let at = 0; at < bytes.length; ) {
    const length = Number(Buffer.from(bytes.subarray(at, at + 8)).toString());
    yield* partsOf(read(bytes.subarray(at + 8, at + 8 + length)));
    at += 8 + length;
  }
}

function read(raw: Uint8Array): Report {
  const json = readJson(raw) ?? {};
  const reply = {
    status: 200,
    headers: {},
    json,
    raw,
    url: 'https://bank.example/v1/accounts/a',
    purpose: 'transactions',
  };
  const report = readOneReport(reply, 'both', FACTS, 'EUR');
  if (!report || report.rejected.length > 0) throw new Error('the report could not be read');
  return report;
}

function* partsOf({ booked, pending }: Report): Generator<StatementPart> {
  for (const entry of booked) yield { kind: 'entry', entry };
  for (const entry of pending) yield { kind: 'entry', entry };
}

function makeCamtPage(_: number, entries: number): string {
  return Buffer.from(makeCamt(entries)).toString();
}

function makeJson(from: number, entries: number): string {
  const booked = Array.from({ length: entries }, (_, index) => {
    const at = from + index;
    const [side, sign] = at % 3 === 0 ? ['debtor', ''] : ['creditor', '-'];
    return {
      transactionId: `2026-11-${at}`,
      endToEndId: `RG-2026-${at}`,
      mandateId: `M-${at}`,
      bookingDate: '2026-11-02',
      valueDate: '2026-11-02',
      transactionAmount: { currency: 'EUR', amount: `${sign}${at % 977}.${String(at % 100).padStart(2, '0')}` },
      [`${side}Name`]: 'Stadtwerke Musterstadt GmbH',
      [`${side}Account`]: { iban: 'DE02120300000000202051' },
      remittanceInformationUnstructured: `Strom November Kunde ${at} Vielen Dank für Ihre Treue`,
      bankTransactionCode: 'PMNT-RDDT-ESDD',
    };
  });
  return JSON.stringify({
    account: { iban: 'DE02120300000000202051' },
    transactions: { booked, pending: [], _links: {} },
  });
}
