import type { Page } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../../banking/connector.ts';
import { asRecord } from '../../../banking/formats/values.ts';
import { secretOf } from '../consent.ts';
import { names, refusalOf } from '../errors.ts';
import type { Facts } from '../facts.ts';
import { type Links, readLinks } from '../links.ts';
import { sendFor } from '../oauth.ts';
import { isSuccess, type Reply } from '../wire.ts';
import { resourceOf } from './accounts.ts';
import { ACCEPTS, type List, type ReportFormat, readReport } from './report.ts';

/** Which list of which page in which format: what a cursor says. Without an address it is the list's first page. */
type Place = { list: List; format: ReportFormat; url?: string };

/** What is asked for on a list's first page. */
type Wanted = { account: string; since: string };

/** Codes that say a consent is over: no shorter period would change that. */
const OVER_CODES = ['CONSENT_EXPIRED', 'CONSENT_UNKNOWN', 'TOKEN_EXPIRED', 'TOKEN_INVALID', 'TOKEN_UNKNOWN'];

/**
 * `GET /accounts/{account-id}/transactions`, one page at a time: the bank's `next` links lead through a list, and where the
 * bank does not give booked and pending together, the pending list follows the booked one.
 */
export const readTransactions: Connector['transactions'] = async (context, request) => {
  const { grant, account, since, cursor } = request;
  const facts = context.facts as unknown as Facts;
  const place = cursor === undefined ? firstPlace(facts) : parseCursor(cursor);
  const wanted = { account: account.reference, since };
  const found = await fetchPage(context, facts, grant, wanted, place);
  if (found === undefined) return { kind: 'done', result: emptyPage() };
  const report = await readReport(found.reply, found.place.list, facts, account.currency);
  if (report === undefined) throw strange(found.reply);
  const next = nextPlace(found.reply, found.place, facts);
  return {
    kind: 'done',
    result: {
      raw: found.reply.raw,
      ...report,
      ...(next && { next: writeCursor(next) }),
    },
  };
};

function firstPlace(facts: Facts): Place {
  const format = facts.report_formats[0] ?? 'json';
  return { list: firstList(facts, format), format };
}

/** MT940 cannot say of an entry that it is pending, so it is never asked for both. */
function firstList(facts: Facts, format: ReportFormat): List {
  return facts.booking_status === 'both' && format !== 'mt940' ? 'both' : 'booked';
}

type Found = { reply: Reply; place: Place };

/**
 * One page, with what the standard lets a bank refuse taken back once: `both` for `booked` first and `pending` after
 * (XS2A: only `booked` must be supported), an old start for the last days, a format for the next one.
 * Undefined: the bank has no pending list.
 */
async function fetchPage(
  context: BankContext,
  facts: Facts,
  grant: Grant,
  wanted: Wanted,
  start: Place,
): Promise<Found | undefined> {
  const { consentId } = secretOf(grant);
  const oldest = new Date(context.now().getTime() - (facts.history_days_later - 1) * 86_400_000)
    .toISOString()
    .slice(0, 10);
  const formats = facts.report_formats.slice(facts.report_formats.indexOf(start.format) + 1);
  let place = start;
  let from = wanted.since;
  const get = (path: string) => {
    const call = { method: 'GET' as const, path, purpose: 'transactions', account: wanted.account, consentId };
    return sendFor(context, grant, { ...call, accepts: ACCEPTS[place.format] });
  };
  for (;;) {
    const reply = await get(place.url ?? firstPage(wanted.account, place, from));
    if (isSuccess(reply.status)) {
      const download = downloadOf(reply);
      const whole = download === undefined ? reply : await get(download);
      if (!isSuccess(whole.status)) throw refusalOf(whole, context.now());
      return { reply: whole, place };
    }
    const refusal = refusalOf(reply, context.now());
    if (place.url !== undefined || refusal.kind === 'rate_limited' || refusal.kind === 'unavailable') throw refusal;
    const format = refusesFormat(reply) ? formats.shift() : undefined;
    if (format) place = { list: place.list === 'both' ? firstList(facts, format) : place.list, format };
    else if (from < oldest && refusesPeriod(reply, place.list)) from = oldest;
    else if (place.list === 'both' && refusesList(reply)) place = { ...place, list: 'booked' };
    else if (place.list === 'pending' && refusesList(reply)) return undefined;
    else throw refusal;
  }
}

function refusesFormat(reply: Reply): boolean {
  return reply.status === 406 || reply.status === 415 || names(reply, 'REQUESTED_FORMATS_INVALID');
}

/** `CONSENT_INVALID` here may only mean: so far back, prove yourself again. A bare 400 to `both` is about that first. */
function refusesPeriod(reply: Reply, list: List): boolean {
  if (names(reply, 'PERIOD_INVALID', 'CONSENT_INVALID')) return true;
  if (reply.status === 400) return list !== 'both';
  return [401, 403].includes(reply.status) && !names(reply, ...OVER_CODES);
}

function refusesList(reply: Reply): boolean {
  return [400, 405, 501].includes(reply.status) && !names(reply, 'CONSENT_UNKNOWN', 'RESOURCE_UNKNOWN');
}

function firstPage(account: string, { list }: Place, from: string): string {
  const query = new URLSearchParams({ bookingStatus: list, dateFrom: from });
  return `${resourceOf(account)}/transactions?${query}`;
}

/** A report that is only to be fetched elsewhere (`_links.download`): nothing of it stands in this answer. */
function downloadOf(reply: Reply): string | undefined {
  const { transactions } = reply.json;
  const links = { ...readLinks(reply.json._links, reply.url), ...readLinks(asRecord(transactions)._links, reply.url) };
  const { booked, pending } = asRecord(transactions);
  return booked === undefined && pending === undefined ? (links as Links).download : undefined;
}

function nextPlace(reply: Reply, place: Place, facts: Facts): Place | undefined {
  const report = asRecord(reply.json.transactions ?? reply.json.cardTransactions);
  const { next } = { ...readLinks(reply.json._links, reply.url), ...readLinks(report._links, reply.url) } as Links;
  const url = next !== undefined && facts.next_links === 'same_host' ? atHostOf(reply.url, next) : next;
  // A page that names itself as the next would be read for ever.
  if (url !== undefined && url !== reply.url && url !== place.url) return { ...place, url };
  const hasPending = place.list === 'booked' && facts.booking_status !== 'booked';
  return hasPending ? { list: 'pending', format: place.format } : undefined;
}

/** Path and query of a link, at the host that the page came from. */
function atHostOf(page: string, link: string): string {
  const { pathname, search } = new URL(link);
  return new URL(`${pathname}${search}`, page).href;
}

function writeCursor({ list, format, url = '' }: Place): string {
  return `${list}:${format}:${url}`;
}

function parseCursor(cursor: string): Place {
  const match = cursor.match(/^(both|booked|pending):(json|camt|mt940):(https?:\/\/.+)?$/);
  if (!match) throw new BankError('unexpected', 'the cursor is not one of ours');
  return { list: match[1] as List, format: match[2] as ReportFormat, ...(match[3] && { url: match[3] }) };
}

function emptyPage(): Page {
  return { raw: new Uint8Array(), booked: [], pending: [], rejected: [] };
}

function strange(reply: Reply): BankError {
  return new BankError('unexpected', 'the answer has no list of transactions', { status: reply.status });
}
