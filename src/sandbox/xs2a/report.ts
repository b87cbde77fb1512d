import { type Consent, findConsent, storeConsent } from '../store.ts';
import { currencyOf } from '../world/data.ts';
import type { ReportFormat } from '../world/face.ts';
import { numberOf } from '../world/holdings.ts';
import { statementOf } from '../world/statement.ts';
import { findSeen, openForReading, presentBalances, referenceTo, type Seen } from './accounts.ts';
import { type Call, links } from './call.ts';
import { Refused, type Reply } from './errors.ts';
import { asCamt, asMt940, zipped } from './reports/documents.ts';
import { idOf, presentEntry, type Row } from './reports/entry.ts';
import { openSince, pageLinks, pageOf, parseQuestion, pendingOf, type Question } from './reports/question.ts';
import { standingOrders } from './reports/standing-orders.ts';

/** `GET /v1/accounts/{account-id}/transactions`. */
export async function getTransactions(call: Call): Promise<Reply> {
  const asked = parseQuestion(call, call.face.reportFormats);
  // The pages of one reading count as one.
  const consent = await openForReading(call, asked.page === 0 ? `transactions/${call.part.accountId}` : undefined);
  const seen = findSeen(call, consent, 'transactions');
  const question = { ...asked, from: openSince(call, consent, asked.from) };
  if (question.format !== 'json') return answerDocument(call, seen, question);
  const path = `/v1/accounts/${seen.resourceId}`;
  const rows = await sinceOf(call, consent, seen, question);
  const { shown, pages } = pageOf(rows, question, call.face.oddities.includes('pages_overlap') ? 1 : 0);
  const { status } = question;
  const present = (row: Row) => presentRow(call, row, path);
  const withBalance = call.query.get('withBalance') === 'true' && call.face.withBalance === 'supported';
  return {
    status: 200,
    body: {
      account: referenceTo(call, seen),
      transactions: {
        ...(['booked', 'both', 'all'].includes(status) ? { booked: shown.map(present) } : {}),
        ...(['pending', 'both', 'all'].includes(status) ? { pending: pendingOf(rows, question).map(present) } : {}),
        ...(status === 'information' || status === 'all' ? { information: ordersOf(call, seen) } : {}),
        _links: {
          ...links(call, { account: path }),
          ...(status === 'information' ? {} : pageLinks(call, `${path}/transactions`, question, pages)),
        },
      },
      ...(withBalance ? { balances: await presentBalances(call, seen.parts) } : {}),
    },
  };
}

/** `GET /v1/accounts/{account-id}/transactions/{transactionId}`. */
export async function getTransaction(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `transaction/${call.part.accountId}/${call.part.transactionId}`);
  const seen = findSeen(call, consent, 'transactions');
  const row = (await rowsOf(call, seen)).find((one) => idOf(one) === call.part.transactionId);
  if (!row) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such transaction.');
  return { status: 200, body: { transactionsDetails: presentRow(call, row, `/v1/accounts/${seen.resourceId}`) } };
}

/** `GET /v1/accounts/{account-id}/transactions/download/`: what the link of a report too large for JSON leads to. */
export async function downloadTransactions(call: Call): Promise<Reply> {
  call.headers.accept = '*/*';
  const asked = parseQuestion(call, ['camt']);
  const consent = await openForReading(call, undefined);
  const seen = findSeen(call, consent, 'transactions');
  const question = { ...asked, from: openSince(call, consent, asked.from) };
  const files = (await documentsOf(call, seen, question, 'camt')).map((content, index) => ({
    name: `${numberOf(seen.holding)}-${index + 1}.xml`,
    content,
  }));
  return { status: 200, content: zipped(files), headers: { 'content-type': 'application/zip' } };
}

/** Every line of an account, newest first; of all its currencies where it is their head. */
export async function rowsOf(call: Call, { parts }: Seen): Promise<Row[]> {
  const some = await Promise.all(
    parts.map(async (holding) => {
      const currency = currencyOf(call.bank, holding);
      const lines = await statementOf(call.stage.database, call.bank, holding, call.now);
      return lines.map((line): Row => ({ ...line, currency }));
    }),
  );
  return some.length === 1 ? some[0]! : some.flat().sort((a, b) => (a.bookingDate < b.bookingDate ? 1 : -1));
}

const DOCUMENT_TYPES = { camt: 'application/xml', mt940: 'text/plain; charset=UTF-8' };

async function answerDocument(call: Call, seen: Seen, question: Question): Promise<Reply> {
  const { format } = question;
  if (question.since) throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', 'Only whole reports come in this format.');
  if (format === 'download') {
    const path = `/v1/accounts/${seen.resourceId}/transactions/download/?${call.query}`;
    return { status: 200, body: { account: referenceTo(call, seen), _links: links(call, { download: path }) } };
  }
  if (format === 'camt' && seen.parts.length > 1) {
    throw new Refused(406, 'REQUESTED_FORMATS_INVALID', 'A report of several currencies comes as JSON.');
  }
  const documents = await documentsOf(call, seen, question, format as 'camt' | 'mt940');
  const type = DOCUMENT_TYPES[format as 'camt' | 'mt940'];
  return { status: 200, content: Buffer.concat(documents), headers: { 'content-type': type } };
}

/** One document a currency. */
async function documentsOf(
  call: Call,
  { parts, person }: Seen,
  { from, to, status }: Question,
  format: Extract<ReportFormat, 'camt' | 'mt940'>,
): Promise<Buffer[]> {
  const write = format === 'camt' ? asCamt : asMt940;
  return Promise.all(
    parts.map(async (holding) => {
      const lines = await statementOf(call.stage.database, call.bank, holding, call.now);
      return write(call, {
        holding,
        currency: currencyOf(call.bank, holding),
        owner: person.name,
        lines: lines.reverse(),
        from,
        to,
        booked: status !== 'pending',
        pending: status !== 'booked',
      });
    }),
  );
}

/** The account's lines, only those after what the caller knows already where it says so. */
async function sinceOf(call: Call, consent: Consent, seen: Seen, { since, page }: Question): Promise<Row[]> {
  const rows = await rowsOf(call, seen);
  if (!since) return rows;
  const booked = rows.filter((row) => !row.pending);
  const known = since === 'last_call' ? consent.deltas?.[seen.resourceId] : since.reference;
  const last = booked.findIndex((row) => row.id === known);
  if (last === -1 && since !== 'last_call') {
    throw new Refused(400, 'RESOURCE_UNKNOWN', 'There is no entry of that entryReference.');
  }
  if (since === 'last_call' && page === 0 && booked[0])
    await rememberDelta(call, consent.id, seen.resourceId, booked[0].id);
  return [...rows.filter((row) => row.pending), ...(last === -1 ? booked : booked.slice(0, last))];
}

function rememberDelta(call: Call, consentId: string, resourceId: string, id: string): Promise<void> {
  return call.stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, call.bank.slug, consentId, 'lock'))!;
    await storeConsent(tx, { ...consent, deltas: { ...consent.deltas, [resourceId]: id } });
  });
}

const ordersOf = (call: Call, { parts }: Seen) =>
  parts.flatMap((holding) => standingOrders(call.bank, holding, currencyOf(call.bank, holding)));

function presentRow(call: Call, row: Row, path: string): object {
  const detail = `${path}/transactions/${encodeURIComponent(idOf(row))}`;
  const withLink = call.face.transactionId !== 'none';
  return {
    ...presentEntry(call.face, row),
    ...(withLink ? { _links: links(call, { transactionDetails: detail }) } : {}),
    ...row.wire,
  };
}
