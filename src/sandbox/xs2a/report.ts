import type { Consent } from '../store.ts';
import { currencyOf, decimal } from '../world/data.ts';
import { numberOf } from '../world/holdings.ts';
import { type Line, statementOf } from '../world/statement.ts';
import { addDays } from '../world/time.ts';
import { referenceOf } from './access.ts';
import { findSeen, openForReading, presentBalances } from './accounts.ts';
import { type Call, links, today } from './call.ts';
import { formatError, type Links, Refused, type Reply } from './errors.ts';

const OPEN_DAYS = 90;
const MOST_ON_A_PAGE = 500;

/** What a transactions request asks for, after the checks. */
export type Question = { status: string; from: string; to: string; page: number; size: number };

/** `GET /v1/accounts/{account-id}/transactions`. */
export async function getTransactions(call: Call): Promise<Reply> {
  const question = parseQuestion(call);
  // The pages of one reading count as one.
  const consent = await openForReading(call, question.page === 0 ? `transactions/${call.part.accountId}` : undefined);
  const { holding, resourceId } = findSeen(call, consent, 'transactions');
  const from = openSince(call, consent, question.from);
  const lines = await statementOf(call.stage.database, call.bank, holding, call.now);
  const path = `/v1/accounts/${resourceId}`;
  const { shown, pages } = pageOf(lines, { ...question, from });
  const withBalance = call.query.get('withBalance') === 'true';
  return {
    status: 200,
    body: {
      account: referenceOf(call.bank, numberOf(holding)),
      transactions: {
        ...(question.status === 'pending' ? {} : { booked: shown.map((line) => presentLine(call, line, path)) }),
        ...(question.status === 'booked'
          ? {}
          : { pending: pendingOf(lines, question).map((line) => presentLine(call, line, path)) }),
        _links: { ...links(call, { account: path }), ...pageLinks(call, `${path}/transactions`, question, pages) },
      },
      ...(withBalance ? { balances: await presentBalances(call, holding) } : {}),
    },
  };
}

/** `GET /v1/accounts/{account-id}/transactions/{transactionId}`. */
export async function getTransaction(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `transaction/${call.part.accountId}/${call.part.transactionId}`);
  const { holding, resourceId } = findSeen(call, consent, 'transactions');
  const lines = await statementOf(call.stage.database, call.bank, holding, call.now);
  const line = lines.find((one) => (one.pending ? one.pendingId : one.id) === call.part.transactionId);
  if (!line) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such transaction.');
  return { status: 200, body: { transactionsDetails: presentLine(call, line, `/v1/accounts/${resourceId}`) } };
}

/** Reads and checks the query of a transactions request (standards §3.8). */
export function parseQuestion(call: Call): Question {
  const { query, face } = call;
  if (!acceptsJson(call.headers.accept)) {
    throw new Refused(406, 'REQUESTED_FORMATS_INVALID', 'This bank answers application/json.');
  }
  for (const name of ['deltaList', 'entryReferenceFrom']) {
    if (query.has(name)) throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', `${name} is not supported.`);
  }
  const status = query.get('bookingStatus');
  if (!status) throw formatError('bookingStatus is missing');
  if (!['booked', 'pending', 'both', 'information', 'all'].includes(status))
    throw formatError('bookingStatus is unknown');
  if (!face.bookingStatus.includes(status)) {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', `bookingStatus=${status} is not supported.`);
  }
  const from = parseDay(query, 'dateFrom');
  if (!from && status !== 'pending') throw formatError('dateFrom is missing');
  const to = parseDay(query, 'dateTo') ?? '9999-12-31';
  if ((from ?? '') > to) throw new Refused(400, 'PERIOD_INVALID', 'dateFrom lies after dateTo.');
  const size = Math.min(parseCount(query, 'itemsPerPage') || face.pageSize, MOST_ON_A_PAGE);
  return { status, from: from ?? '0001-01-01', to, page: parseCount(query, 'pageIndex'), size };
}

/** The first day that may still be seen: some time after the person approved only 90 days are open (standards §10). */
export function openSince(call: Call, consent: Consent, from: string): string {
  const approvedMs = Date.parse(consent.authorisedAt!);
  const earliest = addDays(today(call), -OPEN_DAYS);
  if (from >= earliest || call.now.getTime() - approvedMs <= call.face.historyMinutes * 60_000) return from;
  if (call.face.historyAfter === 'cut') return earliest;
  throw new Refused(400, 'PERIOD_INVALID', `Days before ${earliest} need a fresh approval.`);
}

/** The lines of one page, and how many pages there are. */
export function pageOf(lines: Line[], { from, to, page, size, status }: Question): { shown: Line[]; pages: number } {
  const booked = lines.filter((line) => !line.pending && line.bookingDate >= from && line.bookingDate <= to);
  const pages = status === 'pending' ? 1 : Math.max(1, Math.ceil(booked.length / size));
  return { shown: booked.slice(page * size, (page + 1) * size), pages };
}

/** Pending lines stand on the first page. */
export const pendingOf = (lines: Line[], question: Question): Line[] =>
  question.page === 0 ? lines.filter((line) => line.pending) : [];

/** `first`, `previous`, `next` and `last`, where there are several pages. */
export function pageLinks(call: Call, path: string, { page }: Question, pages: number): Links {
  if (pages <= 1) return {};
  const at = (index: number) => {
    const query = new URLSearchParams(call.query);
    query.set('pageIndex', String(index));
    return `${path}?${query}`;
  };
  return links(call, {
    first: at(0),
    ...(page > 0 ? { previous: at(page - 1) } : {}),
    ...(page + 1 < pages ? { next: at(page + 1) } : {}),
    last: at(pages - 1),
  });
}

function presentLine(call: Call, line: Line, path: string): object {
  const outgoing = line.cents < 0;
  const id = line.pending ? line.pendingId : line.id;
  const account = line.iban ? { iban: line.iban } : undefined;
  return {
    transactionId: id,
    ...(line.pending ? {} : { entryReference: line.id.slice(0, 35), bookingDate: line.bookingDate }),
    valueDate: line.valueDate,
    transactionAmount: { currency: currencyOf(call.bank), amount: decimal(line.cents) },
    ...(line.name ? { [outgoing ? 'creditorName' : 'debtorName']: line.name.slice(0, 70) } : {}),
    ...(account ? { [outgoing ? 'creditorAccount' : 'debtorAccount']: account } : {}),
    ...(line.mandateId ? { mandateId: line.mandateId, creditorId: line.creditorId } : {}),
    remittanceInformationUnstructured: line.text.slice(0, 140),
    bankTransactionCode: line.code,
    _links: links(call, { transactionDetails: `${path}/transactions/${encodeURIComponent(id)}` }),
    ...line.wire,
  };
}

const acceptsJson = (accept: string | undefined) =>
  !accept || /(^|[\s,])(application\/(json|\*|problem\+json)|\*\/\*)/.test(accept);

function parseDay(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value))) throw formatError(`${name} must be a date`);
  return value;
}

function parseCount(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? '0';
  if (!/^\d{1,6}$/.test(value)) throw formatError(`${name} must be a number`);
  return Number(value);
}
