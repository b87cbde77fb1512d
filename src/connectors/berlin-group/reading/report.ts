import type { Rejected, Transaction } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import { readCamt } from '../../../banking/formats/camt.ts';
import { decodeText } from '../../../banking/formats/charset.ts';
import { mendCutMt940 } from '../../../banking/formats/cut.ts';
import { readMt940 } from '../../../banking/formats/mt940.ts';
import type { StatementPart } from '../../../banking/formats/statement.ts';
import { asRecord } from '../../../banking/formats/values.ts';
import { XmlError } from '../../../banking/formats/xml.ts';
import { isZip, readCutZip, readZip, ZipError } from '../../../banking/formats/zip.ts';
import type { Facts } from '../facts.ts';
import type { Reply } from '../wire.ts';
import { normaliseEntries } from './normalise.ts';

/** How a bank can write a report of transactions (XS2A 1.3.12, `GET /accounts/{account-id}/transactions`). */
export type ReportFormat = Facts['report_formats'][number];

/** What was read in one report. */
export type Report = { booked: Transaction[]; pending: Transaction[]; rejected: Rejected[] };

/** Which of the lists was asked for: only JSON and camt say themselves what is booked and what is pending. */
export type List = 'both' | 'booked' | 'pending';

/** What to ask for as `Accept`, with JSON behind it: errors and links to downloads are JSON in any case. */
export const ACCEPTS: Record<ReportFormat, string> = {
  json: 'application/json',
  camt: 'application/xml, application/zip;q=0.8, application/json;q=0.5',
  mt940: 'text/plain, application/json;q=0.5',
};

const LISTS = ['booked', 'pending', 'information'];

/** What a report really is: its own first characters say it, because content types are wrong too often. */
export function formatOf(raw: Uint8Array): ReportFormat | undefined {
  const start = new TextDecoder('latin1').decode(raw.subarray(0, 2000)).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '');
  if (start.startsWith('{')) return 'json';
  // An error page can be XML too.
  if (start.startsWith('<') && /<(\w+:)?Document\b/.test(start)) return 'camt';
  return /(^|\n|@@)-?:(20|25|28C?|60[FM]|61):/.test(start) ? 'mt940' : undefined;
}

/** Reads a report in whatever format it came, also several in one archive; undefined when it is none. Bad entries never cost their neighbours. */
export async function readReport(
  reply: Reply,
  list: List,
  facts: Facts,
  currency: string,
): Promise<Report | undefined> {
  if (!isZip(reply.raw)) return readOneReport(reply, list, facts, currency);
  const whole: Report = { booked: [], pending: [], rejected: [] };
  const { files, broken } = await unzipped(reply.raw);
  if (broken !== undefined) whole.rejected.push({ place: `file ${files.length + 1}`, reason: broken });
  for (const [index, raw] of files.entries()) {
    const report = readOneReport({ ...reply, raw, json: {} }, list, facts, currency);
    if (report === undefined) whole.rejected.push({ place: `file ${index + 1}`, reason: 'not a report' });
    for (const entry of report?.booked ?? []) whole.booked.push(entry);
    for (const entry of report?.pending ?? []) whole.pending.push(entry);
    for (const { place, reason } of report?.rejected ?? [])
      whole.rejected.push({ place: `file ${index + 1}, ${place}`, reason });
  }
  return whole;
}

/** The files of an archive; of one that is cut off those that came whole, and what is wrong with it. */
async function unzipped(raw: Uint8Array): Promise<{ files: Uint8Array[]; broken?: string }> {
  try {
    return { files: await readZip(raw) };
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    const files = await readCutZip(raw);
    if (files.length > 0) return { files, broken: error.message };
    throw new BankError('unexpected', `the archive of reports cannot be read: ${error.message}`);
  }
}

/** Reads one report that is no archive. */
export function readOneReport(reply: Reply, list: List, facts: Facts, currency: string): Report | undefined {
  // Some banks have no words for nothing pending.
  if (reply.raw.length === 0 && list === 'pending' && !/json/.test(reply.headers['content-type'] ?? 'json'))
    return { booked: [], pending: [], rejected: [] };
  switch (formatOf(reply.raw)) {
    case 'camt':
      return gather(readCamt(reply.raw), list);
    case 'mt940': {
      const text = decodeText(reply.raw);
      if (!/(^|\n|@@):(6[012][FM]?|34F):/.test(text)) return undefined;
      const status = list === 'pending' || isInterim(text) ? 'pending' : 'booked';
      const whole = mendCutMt940(text);
      const report = gather(readMt940(whole ?? text, { status, currency }), list);
      return whole === undefined
        ? report
        : cutOff(report, `the closing balance is missing; read up to ${whole.length}`);
    }
    default:
      return readJsonReport(reply, list, facts, currency);
  }
}

/** What came stays, and the report says that it is not all. Without an entry there is nothing that could stay. */
function cutOff(report: Report, reason: string): Report {
  if (report.booked.length + report.pending.length === 0)
    throw new BankError('unexpected', `the report is cut off: ${reason}`);
  return { ...report, rejected: [...report.rejected, { place: 'report', reason: `it is cut off: ${reason}` }] };
}

/** MT942 has a floor limit and no opening balance: nothing in it is booked, whatever was asked for. */
function isInterim(text: string): boolean {
  return /(^|\n):34F:/.test(text) && !/(^|\n):60[FM]:/.test(text);
}

function readJsonReport(reply: Reply, list: List, facts: Facts, currency: string): Report | undefined {
  // Card accounts call the list otherwise (`cardTransactions`); it is built alike.
  const report = asRecord(reply.json.transactions ?? reply.json.cardTransactions);
  if (!LISTS.some((name) => Object.hasOwn(report, name)) && !Object.hasOwn(report, '_links') && reply.status !== 204)
    return undefined;
  // `information` holds standing orders: plans, not entries, whatever list was asked for.
  const booked = normaliseEntries(list === 'pending' ? [] : report.booked, 'booked', facts, currency);
  const pending = normaliseEntries(list === 'booked' ? [] : report.pending, 'pending', facts, currency);
  return {
    booked: booked.entries,
    pending: pending.entries,
    rejected: [...booked.rejected, ...pending.rejected],
  };
}

function gather(parts: Iterable<StatementPart>, list: List): Report {
  const report: Report = { booked: [], pending: [], rejected: [] };
  try {
    for (const part of parts) {
      if (part.kind === 'rejected') report.rejected.push(part.rejected);
      else if (part.kind === 'entry' && (list === 'both' || list === part.entry.status))
        report[part.entry.status].push(part.entry);
    }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // What came before the place stays; the report says where it broke off.
    report.rejected.push({ place: 'report', reason: error.message });
    if (report.booked.length + report.pending.length === 0)
      throw new BankError('unexpected', `the report cannot be read: ${error.message}`);
  }
  return report;
}
