import type { Tx } from '../../base/database.ts';
import type { Stage } from '../stage.ts';
import type { Person } from '../world/bank.ts';
import { currencyOf, openingCents } from '../world/data.ts';
import type { Holding } from '../world/holdings.ts';
import { type Line, statementOf } from '../world/statement.ts';
import { addDays, dayOf } from '../world/time.ts';
import { type Answer, No } from './answer.ts';
import type { Demands } from './face.ts';
import { notedReport, report } from './formats/camt.ts';
import { booked, type Day, daysOf, noted } from './formats/mt940.ts';
import { accountNumber, type FintsBank, ordersFor } from './parameters.ts';
import {
  amount,
  binary,
  type Component,
  compactDay,
  component,
  type Element,
  type Outgoing,
  type Segment,
} from './wire.ts';

/** Who asks, and where. */
export type Asked = { tx: Tx; stage: Stage; bank: FintsBank; person: Person; now: Date };

type Handler = (asked: Asked, order: Segment) => Promise<Answer>;

const HANDLERS: Record<string, Handler> = {
  HKSPA: sepaAccounts,
  HKSAL: balance,
  HKKAZ: statements,
  HKCAZ: statements,
  HKTAB: devices,
  DKKKU: cardTurnovers,
};

/** True for orders that the bank takes, in that version. */
export const isSpoken = ({ fints }: FintsBank, { id, version }: Segment): boolean =>
  id in HANDLERS && (fints.orders[id]?.includes(version) ?? false);

/** Does an order that needs no code, or whose code was right. Throws `No`. */
export const carryOut = (asked: Asked, order: Segment): Promise<Answer> => HANDLERS[order.id]!(asked, order);

/** At which of the bank's demands an order falls. */
export function demandOf(asked: Asked, order: Segment): keyof Demands | undefined {
  if (order.id === 'HKSPA') return 'accounts';
  if (order.id === 'HKSAL') return 'balances';
  if (!['HKKAZ', 'HKCAZ', 'DKKKU'].includes(order.id)) return undefined;
  const question = order.id === 'DKKKU' ? undefined : questionOf(asked, order);
  if (question?.mark) return 'next_page';
  const today = dayOf(asked.now, asked.bank.zone);
  return question?.from && question.from < addDays(today, -90) ? 'older_transactions' : 'transactions';
}

async function sepaAccounts({ bank, person }: Asked, order: Segment): Promise<Answer> {
  const data = person.holdings.map((holding): Element => {
    const number = [accountNumber(holding), undefined, '280', bank.bankCode];
    return holding.iban ? ['J', holding.iban, bank.bic, ...number] : ['N', undefined, undefined, ...number];
  });
  return done(order, [{ id: 'HISPA', version: order.version, about: order.number, data }]);
}

const CREDIT_CENTS = 100_000;

async function balance(asked: Asked, order: Segment): Promise<Answer> {
  const { bank, now } = asked;
  const holding = holdingOf(asked, order);
  const lines = await statementOf(asked.tx, bank, holding, now);
  const total = (some: Line[]) => some.reduce((sum, line) => sum + line.cents, 0);
  const bookedCents = openingCents(holding) + total(lines.filter((line) => !line.pending));
  const notedCents = total(lines.filter((line) => line.pending));
  const currency = currencyOf(bank);
  const credit = holding.type === 'CACC' ? CREDIT_CENTS : 0;
  const day = compactDay(dayOf(now, bank.zone));
  const signed = (cents: number) => [cents < 0 ? 'D' : 'C', amount(cents), currency, day];
  const kind = holding.type === 'CACC' ? 'Girokonto' : 'Tagesgeld';
  const data: Element[] = [
    accountGroup(bank, holding, order.version),
    kind,
    currency,
    signed(bookedCents),
    signed(notedCents),
    [amount(credit), currency],
    [amount(Math.max(0, bookedCents + notedCents + credit)), currency],
  ];
  return done(order, [{ id: 'HISAL', version: order.version, about: order.number, data }]);
}

type Question = { holding: Holding; from: string; to: string; mark: string; namespaces: readonly string[] };

/** What a statement order asks for; the elements stand elsewhere in HKKAZ and HKCAZ. */
function questionOf(asked: Asked, order: Segment): Question {
  const { bank, now } = asked;
  const camt = order.id === 'HKCAZ';
  const at = camt ? 4 : 3;
  const today = dayOf(now, bank.zone);
  const earliest = addDays(today, -bank.fints.historyDays);
  const from = parseDay(order, at) ?? earliest;
  const to = parseDay(order, at + 1) ?? today;
  if (from > to) throw new No('9010', order.number, 'Der Zeitraum ist ungültig.');
  return {
    holding: holdingOf(asked, order),
    from: [from, earliest].sort()[1]!,
    to,
    mark: component(order, at + 3),
    namespaces: camt ? (order.data[1] ?? []) : [],
  };
}

async function statements(asked: Asked, order: Segment): Promise<Answer> {
  const { bank, now } = asked;
  const question = questionOf(asked, order);
  const { holding, from, to } = question;
  const all = (await statementOf(asked.tx, bank, holding, now)).toReversed();
  const days = daysOf(all, openingCents(holding), from, to);
  // What is noted has no booking day yet; it stands on the first page when the period reaches until today.
  const open = to >= dayOf(now, bank.zone) ? all.filter((line) => line.pending) : [];
  if (days.length === 0 && open.length === 0) {
    return { feedback: [{ code: '3010', about: order.number }], segments: [] };
  }
  return order.id === 'HKCAZ'
    ? camtPage(asked, order, question, days, open)
    : mt940Page(asked, order, question, days, open);
}

function mt940Page(
  { bank, now }: Asked,
  order: Segment,
  { holding, mark }: Question,
  days: Day[],
  open: Line[],
): Answer {
  const account = {
    bankCode: bank.bankCode,
    number: accountNumber(holding).padStart(10, '0'),
    currency: currencyOf(bank),
  };
  const time = { day: dayOf(now, bank.zone), time: '1200' };
  const pending = mark === '' && open.length > 0 ? noted(account, open, time) : undefined;
  if (bank.fints.cut === 'anywhere') {
    const whole = booked(account, days);
    // Some 120 characters an entry: the page ends within an entry, as it does at real banks.
    const size = bank.fints.pageEntries * 120 + 7;
    const begin = mark === '' ? 0 : startOf(mark, order);
    const page = whole.slice(begin, begin + size);
    return statementPage(
      order,
      'HIKAZ',
      [binary(page), pending && binary(pending)],
      nextMark(begin + size, whole.length),
    );
  }
  const { shown, next } = pageOfDays(days, bank.fints.pageEntries, mark, order);
  const content = booked(account, shown);
  return statementPage(order, 'HIKAZ', [content ? binary(content) : '', pending && binary(pending)], next);
}

function camtPage(asked: Asked, order: Segment, question: Question, days: Day[], open: Line[]): Answer {
  const { bank, person, now } = asked;
  const { holding, mark, namespaces } = question;
  const namespace = bank.fints.camt.find((one) => namespaces.includes(one));
  if (!namespace) throw new No('9010', order.number, 'Das camt-Format wird nicht unterstützt.');
  const account = {
    iban: holding.iban ?? '',
    bic: bank.bic,
    currency: currencyOf(bank),
    owner: person.name,
    bankName: bank.name,
  };
  const { shown, next } = pageOfDays(days, bank.fints.pageEntries, mark, order);
  const reports = shown.map((day) => binary(report(namespace, account, day, now)));
  const pending = mark === '' && open.length > 0 ? binary(notedReport(namespace, account, open, now)) : undefined;
  return statementPage(order, 'HICAZ', [accountGroup(bank, holding, 7), namespace, reports, pending], next);
}

function statementPage(order: Segment, id: string, data: readonly Element[], next: string | undefined): Answer {
  const answer = done(order, [{ id, version: order.version, about: order.number, data }]);
  if (next) answer.feedback.push({ code: '3040', about: order.number, parameters: [next] });
  return answer;
}

/** Whole days until the page is full; the mark names the first day of the next one. */
function pageOfDays(days: Day[], entries: number, mark: string, order: Segment): { shown: Day[]; next?: string } {
  const day = mark === '' ? '' : `${startOf(mark, order)}`.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const rest = days.filter((one) => one.day >= day);
  const shown: Day[] = [];
  for (let count = 0; count < entries && shown.length < rest.length; ) {
    const following = rest[shown.length]!;
    shown.push(following);
    count += following.lines.length;
  }
  const next = rest[shown.length];
  return next ? { shown, next: markAt(compactDay(next.day)) } : { shown };
}

/** Marks are the bank's own; ours have signs in them that must be escaped. */
const markAt = (place: string | number) => `:'${place}+?`;
const nextMark = (begin: number, length: number) => (begin < length ? markAt(begin) : undefined);

function startOf(mark: string, order: Segment): number {
  const [, number] = /^:'(\d{1,9})\+\?$/.exec(mark) ?? [];
  if (number === undefined) throw new No('9210', order.number, 'Der Aufsetzpunkt ist unbekannt.');
  return Number(number);
}

/** Status of a device in `HITAB`: it can be used, or it has yet to be activated. */
const ACTIVE = 1;
const AVAILABLE = 2;

async function devices({ person }: Asked, order: Segment): Promise<Answer> {
  const media = person.methods.flatMap((method) => [
    ...(method.media ?? []).map((name) => ({ method, name, status: ACTIVE })),
    ...(method.inactive ?? []).map((name) => ({ method, name, status: AVAILABLE })),
  ]);
  const groups = media.map(({ method, name, status }): Component[] => {
    const card = method.type === 'CHIP_OTP';
    return [
      card ? 'G' : 'M',
      status,
      ...(order.version >= 5 ? [method.id] : []),
      card ? '4711' : undefined,
      // Following card, its kind, account (four), from, to, number of the list.
      ...Array<undefined>(9).fill(undefined),
      name,
      card ? undefined : '+49170*****11',
    ];
  });
  if (groups.length === 0) return { feedback: [{ code: '3010', about: order.number }], segments: [] };
  return done(order, [{ id: 'HITAB', version: order.version, about: order.number, data: [1, ...groups] }]);
}

/** Turnovers of a credit card: an order of some banks, not of the standard. */
async function cardTurnovers(asked: Asked, order: Segment): Promise<Answer> {
  const { bank, now } = asked;
  const holding = holdingOf(asked, order);
  const from = parseDay(order, 4) ?? addDays(dayOf(now, bank.zone), -90);
  const lines = (await statementOf(asked.tx, bank, holding, now)).toReversed();
  const bookedLines = lines.filter((line) => !line.pending);
  const cents = bookedLines.reduce((sum, line) => sum + line.cents, openingCents(holding));
  const currency = currencyOf(bank);
  const day = compactDay(dayOf(now, bank.zone));
  const data: Element[] = [
    accountNumber(holding),
    undefined,
    [cents < 0 ? 'D' : 'C', amount(cents), currency, day],
    undefined,
    undefined,
    ...bookedLines
      .filter((line) => line.bookingDate >= from)
      .map((line): Element => turnover(accountNumber(holding), line, currency)),
  ];
  return done(order, [{ id: 'DIKKU', version: 2, about: order.number, data }]);
}

function turnover(number: string, line: Line, currency: string): Component[] {
  const side = line.cents < 0 ? 'D' : 'C';
  return [
    number,
    compactDay(line.valueDate),
    compactDay(line.bookingDate),
    undefined,
    amount(line.cents),
    currency,
    side,
    '1,',
    amount(line.cents),
    currency,
    side,
    line.name,
    // Nine lines of text, of which one is used.
    ...Array.from({ length: 8 }, () => undefined),
    'J',
    line.id,
    '5411',
  ];
}

function accountGroup(bank: FintsBank, holding: Holding, version: number): Component[] {
  const number = [accountNumber(holding), undefined, '280', bank.bankCode];
  return version >= 7 ? [holding.iban, bank.bic, ...number] : number;
}

/** The account an order is about: by IBAN or number, whichever was said. */
function holdingOf({ bank, person }: Asked, order: Segment): Holding {
  const international = order.id === 'HKCAZ' || (['HKSAL', 'HKKAZ'].includes(order.id) && order.version >= 7);
  const iban = international ? component(order, 1, 1) : '';
  const number = component(order, 1, international ? 3 : 1).replace(/^0+/, '');
  const holding = person.holdings.find((one) => (iban ? one.iban === iban : accountNumber(one) === number));
  if (!holding) throw new No('9210', order.number, 'Das Konto ist nicht bekannt oder nicht freigegeben.');
  if (!ordersFor(bank, holding).includes(order.id))
    throw new No('9210', order.number, 'Für dieses Konto nicht zugelassen.');
  return holding;
}

function parseDay(order: Segment, element: number): string | undefined {
  const text = component(order, element);
  if (text === '') return undefined;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  const written = `${year}-${month}-${day}`;
  if (!year || Number.isNaN(Date.parse(written))) throw new No('9110', order.number, 'Das Datum ist ungültig.');
  return written;
}

const done = (order: Segment, segments: Outgoing[]): Answer => ({
  feedback: [{ code: '0020', about: order.number }],
  segments,
});
