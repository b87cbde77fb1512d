import type { Page } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../../banking/connector.ts';
import { asRecord } from '../../../banking/formats/values.ts';
import { secretOf } from '../consent.ts';
import { names, refusalOf } from '../errors.ts';
import type { Facts } from '../facts.ts';
import { readLinks } from '../links.ts';
import { sendFor } from '../oauth.ts';
import { isSuccess, type Reply } from '../wire.ts';
import { normaliseEntries } from './normalise.ts';

type List = 'both' | 'booked' | 'pending';

/** Which list of which page: what a cursor says. Without an address it is the list's first page. */
type Place = { list: List; url?: string };

/** Days back that a bank must show without fresh authentication, today included (RTS art. 10a). */
const DAYS_WITHOUT_SCA = 89;

/**
 * `GET /accounts/{account-id}/transactions`, one page at a time: the bank's `next` links lead through a list, and where the
 * bank does not give booked and pending together, the pending list follows the booked one.
 */
export const readTransactions: Connector['transactions'] = async (context, { grant, account, since, cursor }) => {
  const facts = context.facts as unknown as Facts;
  const start: Place = { list: facts.booking_status === 'both' ? 'both' : 'booked' };
  const wanted = cursor === undefined ? start : parseCursor(cursor);
  const { reply, place } = await fetchPage(context, grant, account.reference, since, wanted);
  if (reply === undefined) return { kind: 'done', result: emptyPage() };
  const report = asRecord(reply.json.transactions);
  const known = ['booked', 'pending', 'information', '_links'].some((name) => Object.hasOwn(report, name));
  // 204 is a bank's word for none; an empty 200 is a bank that has lost its answer.
  if (!known && reply.status !== 204) throw strange(reply);
  const booked = normaliseEntries(place.list === 'pending' ? [] : report.booked, 'booked', facts, account.currency);
  const pending = normaliseEntries(place.list === 'booked' ? [] : report.pending, 'pending', facts, account.currency);
  const next = nextPlace(reply, place, facts);
  return {
    kind: 'done',
    result: {
      raw: reply.raw,
      booked: booked.entries,
      pending: pending.entries,
      rejected: [...booked.rejected, ...pending.rejected],
      ...(next && { next: writeCursor(next) }),
    },
  };
};

/**
 * One page, with what the standard lets a bank refuse taken back once: `both` for `booked` first and `pending` after
 * (XS2A: only `booked` must be supported), an old start for the last 90 days. No reply: the bank has no pending list.
 */
async function fetchPage(
  context: BankContext,
  grant: Grant,
  account: string,
  since: string,
  wanted: Place,
): Promise<{ reply: Reply | undefined; place: Place }> {
  const { consentId } = secretOf(grant);
  const oldest = new Date(context.now().getTime() - DAYS_WITHOUT_SCA * 86_400_000).toISOString().slice(0, 10);
  let place = wanted;
  let from = since;
  for (;;) {
    const path = place.url ?? firstPage(account, place.list, from);
    const reply = await sendFor(context, grant, { method: 'GET', path, purpose: 'transactions', account, consentId });
    if (isSuccess(reply.status)) return { reply, place };
    const refusal = refusalOf(reply, context.now());
    const tooOld = names(reply, 'PERIOD_INVALID', 'CONSENT_INVALID') || (reply.status === 400 && place.list !== 'both');
    if (place.url !== undefined) throw refusal;
    if (tooOld && from < oldest) from = oldest;
    else if (place.list === 'both' && refusesList(reply)) place = { list: 'booked' };
    else if (place.list === 'pending' && refusesList(reply)) return { reply: undefined, place };
    else throw refusal;
  }
}

function refusesList(reply: Reply): boolean {
  return [400, 405, 501].includes(reply.status) && !names(reply, 'CONSENT_UNKNOWN', 'RESOURCE_UNKNOWN');
}

function firstPage(account: string, list: List, from: string): string {
  const query = new URLSearchParams({ bookingStatus: list, dateFrom: from });
  return `v1/accounts/${encodeURIComponent(account)}/transactions?${query}`;
}

function nextPlace(reply: Reply, place: Place, facts: Facts): Place | undefined {
  const { next } = {
    ...readLinks(reply.json._links, reply.url),
    ...readLinks(asRecord(reply.json.transactions)._links, reply.url),
  } as { next?: string };
  // A page that names itself as the next would be read for ever.
  if (next !== undefined && next !== reply.url && next !== place.url) return { list: place.list, url: next };
  return place.list === 'booked' && facts.booking_status !== 'booked' ? { list: 'pending' } : undefined;
}

function writeCursor(place: Place): string {
  return `${place.list}:${place.url ?? ''}`;
}

function parseCursor(cursor: string): Place {
  const match = cursor.match(/^(both|booked|pending):(https?:\/\/.+)?$/);
  if (!match) throw new BankError('unexpected', 'the cursor is not one of ours');
  const list = match[1] as List;
  return { list, ...(match[2] && { url: match[2] }) };
}

function emptyPage(): Page {
  return { raw: new Uint8Array(), booked: [], pending: [], rejected: [] };
}

function strange(reply: Reply): BankError {
  const { download } = readLinks(reply.json._links, reply.url);
  return download === undefined
    ? new BankError('unexpected', 'the answer has no list of transactions', { status: reply.status })
    : new BankError('unsupported', 'the bank gives transactions for download only', { status: reply.status });
}
