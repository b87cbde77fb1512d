import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../../banking/connector.ts';
import { asRecord, asText } from '../../../banking/formats/values.ts';
import { says } from '../errors.ts';
import type { Facts } from '../facts.ts';
import { explained, sendFor } from '../tokens.ts';
import { isSuccess, type Reply } from '../wire.ts';
import { normaliseEntries } from './normalise.ts';

/** Days back that a bank must show without fresh authentication, today included (RTS art. 10A). */
const DAYS_WITHOUT_SCA = 89;

/** `GET /accounts/{AccountId}/transactions`, one page at a time, following `Links.Next`. */
export const readTransactions: Connector['transactions'] = async (context, { grant, account, since, cursor }) => {
  const facts = context.facts as unknown as Facts;
  const reply = await fetchPage(context, grant, account.reference, since, cursor);
  if (reply.json.Data === undefined) throw new BankError('unexpected', 'the answer has no list of transactions');
  // The list is absent where there is nothing to list (§4.5).
  const { booked, pending, rejected } = normaliseEntries(
    asRecord(reply.json.Data).Transaction,
    facts,
    account.currency,
  );
  const next = nextPage(reply, facts, cursor);
  return { kind: 'done', result: { raw: reply.raw, booked, pending, rejected, ...(next && { next }) } };
};

/** One page. A start beyond what the bank shows without the person is moved up once, when the bank says so. */
async function fetchPage(
  context: BankContext,
  grant: Grant,
  account: string,
  since: string,
  cursor: string | undefined,
): Promise<Reply> {
  const oldest = new Date(context.now().getTime() - DAYS_WITHOUT_SCA * 86_400_000).toISOString().slice(0, 10);
  const ask = (path: string) => sendFor(context, grant, { method: 'GET', path, purpose: 'transactions', account });
  const reply = await ask(cursor ?? firstPage(account, since));
  if (isSuccess(reply.status)) return reply;
  const tooOld = says(reply, 'Reauthenticate', 'Field.InvalidDate') && cursor === undefined && since < oldest;
  const again = tooOld ? await ask(firstPage(account, oldest)) : reply;
  if (isSuccess(again.status)) return again;
  throw await explained(context, grant, again);
}

/** `fromBookingDateTime` is ISO 8601 without a time zone (§4.5). */
function firstPage(account: string, from: string): string {
  const query = new URLSearchParams({ fromBookingDateTime: `${from}T00:00:00` });
  return `accounts/${encodeURIComponent(account)}/transactions?${query}`;
}

function nextPage(reply: Reply, facts: Facts, cursor: string | undefined): string | undefined {
  const written = asText(asRecord(reply.json.Links).Next, 2000);
  if (written === undefined || !URL.canParse(written, reply.url)) return undefined;
  const link = new URL(written, reply.url);
  const next = facts.next_links === 'query' ? new URL(link.search, reply.url).href : link.href;
  // A page that names itself as the next would be read for ever.
  return next === reply.url || next === cursor ? undefined : next;
}
