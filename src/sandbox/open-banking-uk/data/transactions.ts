import type { Holding } from '../../world/holdings.ts';
import { type Line, statementOf } from '../../world/statement.ts';
import { addDays, dayOf, momentOf } from '../../world/time.ts';
import { accountId, amountOf, answer, findSeen, need, panOf, seen } from './accounts.ts';
import type { UkReading } from './call.ts';
import { written } from './consents.ts';
import { Declined, type Reply } from './refusals.ts';

const OPEN_DAYS = 90;
const WORDS = { '3.1': { booked: 'Booked', pending: 'Pending' }, '4.0': { booked: 'BOOK', pending: 'PDNG' } } as const;

/** What 3.1 calls the families of ISO 20022 bank transaction codes. */
const FAMILIES: Readonly<Record<string, string>> = {
  CCRD: 'CustomerCardTransactions',
  RCDT: 'ReceivedCreditTransfers',
  ICDT: 'IssuedCreditTransfers',
  RDDT: 'ReceivedDirectDebits',
  MCOP: 'MiscellaneousCreditOperations',
  MDOP: 'MiscellaneousDebitOperations',
};

/** `GET /accounts/{AccountId}/transactions` and `GET /transactions`. */
export async function getTransactions(call: UkReading): Promise<Reply> {
  need(call, 'ReadTransactionsBasic', 'ReadTransactionsDetail');
  const period = parsePeriod(call);
  const holdings = call.part.AccountId === undefined ? seen(call) : [findSeen(call)];
  const lists = await Promise.all(holdings.map((holding) => linesOf(call, holding, period)));
  const lines = lists.flat();
  const { pageSize } = call.bank.openBanking;
  const pages = Math.max(1, Math.ceil(lines.length / pageSize));
  const page = Math.min(parsePage(call), pages);
  const shown = lines.slice((page - 1) * pageSize, page * pageSize);
  const moments = lines.map(({ at }) => at.getTime());
  const meta = {
    TotalPages: pages,
    ...(moments.length > 0
      ? {
          FirstAvailableDateTime: written(new Date(Math.min(...moments))),
          LastAvailableDateTime: written(new Date(Math.max(...moments))),
        }
      : {}),
  };
  const transactions = shown.map((one) => presentLine(call, one));
  return answer(call, transactions.length > 0 ? { Transaction: transactions } : {}, pageLinks(call, page, pages), meta);
}

type Dated = { line: Line; holding: Holding; at: Date };
type Period = { from: number; to: number };

async function linesOf(call: UkReading, holding: Holding, { from, to }: Period): Promise<Dated[]> {
  const { stage, bank, now, consent } = call;
  const may = (permission: 'ReadTransactionsCredits' | 'ReadTransactionsDebits') =>
    consent.permissions.includes(permission);
  const lines = await statementOf(stage.database, bank, holding, now);
  return lines
    .filter(({ cents }) => may(cents < 0 ? 'ReadTransactionsDebits' : 'ReadTransactionsCredits'))
    .map((line) => ({ line, holding, at: momentOfLine(call, line) }))
    .filter(({ at }) => at.getTime() >= from && at.getTime() <= to);
}

const momentOfLine = ({ bank }: UkReading, line: Line): Date =>
  line.pending ? new Date(line.shownAt) : momentOf(line.bookingDate, '06:00', bank.zone);

/** The period that is asked for, inside the consent's own and inside what may be seen without approving anew. */
function parsePeriod(call: UkReading): Period {
  const { consent, bank, now } = call;
  const asked = { from: parseMoment(call, 'fromBookingDateTime'), to: parseMoment(call, 'toBookingDateTime') };
  const sinceApproval = now.getTime() - Date.parse(consent.authorisedAt!);
  const fresh = sinceApproval <= bank.openBanking.historyMinutes * 60_000;
  const earliest = momentOf(addDays(dayOf(now, bank.zone), -OPEN_DAYS), '00:00', bank.zone).getTime();
  if (!fresh && asked.from !== undefined && asked.from < earliest)
    throw new Declined(
      403,
      'U028',
      'Transactions of more than 90 days ago need a fresh approval.',
      'fromBookingDateTime',
    );
  const bounds = [asked.from ?? 0, consent.from ? Date.parse(consent.from) : 0, fresh ? 0 : earliest];
  const ends = [asked.to, consent.to ? Date.parse(consent.to) : undefined].filter((end) => end !== undefined);
  return { from: Math.max(...bounds), to: Math.min(Number.MAX_SAFE_INTEGER, ...ends) };
}

/** ISO 8601 in the bank's time; a zone is ignored where one was sent, as the standard wants it. */
function parseMoment({ query, bank }: UkReading, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const [, day, time = '00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:?\d\d)?)?$/.exec(text) ?? [];
  if (!day || Number.isNaN(Date.parse(`${day}T${time}:00Z`)))
    throw new Declined(400, 'U003', `${name} is not a date and time.`, name);
  return momentOf(day, time, bank.zone).getTime();
}

function parsePage({ query }: UkReading): number {
  const text = query.get('page') ?? '1';
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Declined(400, 'U002', 'page must be a number.', 'page');
  return Number(text);
}

function pageLinks(call: UkReading, page: number, pages: number): object {
  if (pages === 1) return {};
  const [path] = call.path.split('?');
  const at = (number: number) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    return `${call.base}${path}?${query}`;
  };
  return {
    First: at(1),
    ...(page > 1 ? { Prev: at(page - 1) } : {}),
    ...(page < pages ? { Next: at(page + 1) } : {}),
    Last: at(pages),
  };
}

function presentLine(call: UkReading, { line, holding, at }: Dated): object {
  const { version } = call.bank.openBanking;
  const [, family = '', code = ''] = line.code.split('-');
  return {
    AccountId: accountId(call, holding),
    TransactionId: line.pending ? line.pendingId : line.id,
    TransactionReference: line.id,
    ...amountOf(call, line.cents),
    Status: WORDS[version][line.pending ? 'pending' : 'booked'],
    TransactionMutability: line.pending ? 'Mutable' : 'Immutable',
    BookingDateTime: written(at),
    ValueDateTime: `${line.valueDate}T00:00:00+00:00`,
    BankTransactionCode:
      version === '4.0' ? { Code: family, SubCode: code } : { Code: FAMILIES[family] ?? family, SubCode: code },
    ...(call.consent.permissions.includes('ReadTransactionsDetail') ? details(call, line, holding, family) : {}),
    ...line.wire,
  };
}

function details(call: UkReading, line: Line, holding: Holding, family: string): object {
  const [side, agent] = line.cents < 0 ? ['CreditorAccount', 'CreditorAgent'] : ['DebtorAccount', 'DebtorAgent'];
  const other = line.iban
    ? { SchemeName: 'UK.OBIE.SortCodeAccountNumber', Identification: line.iban.slice(8) }
    : undefined;
  return {
    ...(line.text ? { TransactionInformation: line.text.slice(0, 500) } : {}),
    ...(family === 'CCRD' && line.name
      ? { MerchantDetails: { MerchantName: line.name.slice(0, 350) } }
      : line.name
        ? { [side]: { ...other, Name: line.name.slice(0, 350) } }
        : {}),
    ...(other ? { [agent]: { SchemeName: 'UK.OBIE.BICFI', Identification: 'NOBKGB99XXX' } } : {}),
    ...(holding.type === 'CARD' && family === 'CCRD'
      ? { CardInstrument: { CardSchemeName: 'VISA', Identification: panOf(call, holding) } }
      : {}),
  };
}
