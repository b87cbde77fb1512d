import type { Consent } from '../../store.ts';
import type { Face, ReportFormat } from '../../world/face.ts';
import type { Line } from '../../world/statement.ts';
import { addDays } from '../../world/time.ts';
import { type Call, links, today } from '../call.ts';
import { formatError, type Links, Refused } from '../errors.ts';

const MOST_ON_A_PAGE = 500;
const STATUSES = ['booked', 'pending', 'both', 'information', 'all'];
const REFUSALS = { PERIOD_INVALID: 400, CONSENT_INVALID: 401, SERVICE_INVALID: 403 } as const;

/** What a transactions request asks for, after the checks. */
export type Question = {
  status: string;
  from: string;
  to: string;
  page: number;
  size: number;
  format: ReportFormat;
  /** Only entries after the one of this `entryReference`, or since the last such call. */
  since?: { reference: string } | 'last_call';
};

/** Reads and checks the query of a transactions request (standards §3.8). */
export function parseQuestion(call: Call, offered: readonly ReportFormat[]): Question {
  const { query, face } = call;
  const format = formatOf(call.headers.accept, offered);
  const status = query.get('bookingStatus');
  if (!status) throw formatError('bookingStatus is missing');
  if (!STATUSES.includes(status)) throw formatError('bookingStatus is unknown');
  if (!face.bookingStatus.includes(status)) {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', `bookingStatus=${status} is not supported.`);
  }
  const since = parseSince(query, face);
  const from = parseDay(query, 'dateFrom');
  if (!from && !since && status !== 'pending' && status !== 'information') throw formatError('dateFrom is missing');
  const to = parseDay(query, 'dateTo') ?? '9999-12-31';
  if ((from ?? '') > to) throw new Refused(400, 'PERIOD_INVALID', 'dateFrom lies after dateTo.');
  const size = Math.min(parseCount(query, 'itemsPerPage') || face.pageSize, MOST_ON_A_PAGE);
  return {
    status,
    from: from ?? '0001-01-01',
    to,
    page: parseCount(query, 'pageIndex'),
    // What is new since the last call stands on one page.
    size: since ? Number.MAX_SAFE_INTEGER : size,
    format,
    ...(since ? { since } : {}),
  };
}

/** The first day that may still be seen: some time after the person approved only a part is open (standards §10). */
export function openSince(call: Call, consent: Consent, from: string): string {
  const { historyAfter, historyDaysLater, historyMinutes, historyRefusal } = call.face;
  const approvedMs = Date.parse(consent.authorisedAt!);
  const earliest = addDays(today(call), -historyDaysLater);
  if (from >= earliest || call.now.getTime() - approvedMs <= historyMinutes * 60_000) return from;
  // Without a day of its own a delta asks for what may be seen.
  if (historyAfter === 'cut' || from === '0001-01-01') return earliest;
  throw new Refused(REFUSALS[historyRefusal], historyRefusal, `Days before ${earliest} need a fresh approval.`);
}

/** The booked lines that are asked for, newest first. */
export function bookedOf<Some extends Line>(lines: readonly Some[], { from, to }: Question): Some[] {
  return lines.filter((line) => !line.pending && line.bookingDate >= from && line.bookingDate <= to);
}

/** The lines of one page, and how many pages there are; `overlap` lines of the page before may stand in front. */
export function pageOf<Some extends Line>(
  lines: readonly Some[],
  question: Question,
  overlap = 0,
): { shown: Some[]; pages: number } {
  const { page, size, status } = question;
  const booked = bookedOf(lines, question);
  const pages = status === 'pending' ? 1 : Math.max(1, Math.ceil(booked.length / size));
  return { shown: booked.slice(Math.max(0, page * size - overlap), (page + 1) * size), pages };
}

/** Pending lines stand on the first page. */
export const pendingOf = <Some extends Line>(lines: readonly Some[], question: Question): Some[] =>
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

const TYPES: Record<ReportFormat, readonly string[]> = {
  json: ['application/json', 'application/*', '*/*', 'application/problem+json'],
  download: ['application/json', 'application/*', '*/*'],
  camt: ['application/xml', 'application/*', '*/*'],
  mt940: ['text/plain', 'text/*', '*/*'],
};

/** The first type of `Accept` that the bank has; its favourite when nothing is said. */
function formatOf(accept: string | undefined, offered: readonly ReportFormat[]): ReportFormat {
  const wanted = (accept || '*/*').split(',').map((type) => type.split(';')[0]!.trim().toLowerCase());
  for (const type of wanted) {
    const found = offered.find((format) => TYPES[format].includes(type));
    if (found) return found;
  }
  const types = offered.map((format) => TYPES[format][0]).join(', ');
  throw new Refused(406, 'REQUESTED_FORMATS_INVALID', `This bank answers ${types}.`);
}

function parseSince(query: URLSearchParams, { delta }: Face): Question['since'] {
  const reference = query.get('entryReferenceFrom');
  if (reference !== null) {
    if (delta === 'entry_reference' || delta === 'both') return { reference };
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', 'entryReferenceFrom is not supported.');
  }
  if (!query.has('deltaList')) return undefined;
  if (delta === 'none' || delta === 'entry_reference') {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', 'deltaList is not supported.');
  }
  return query.get('deltaList') === 'true' ? 'last_call' : undefined;
}

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
