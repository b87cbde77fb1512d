import type { Line } from '../../world/statement.ts';
import { amount, compactDay, latin } from '../wire.ts';

/** What a statement is about: bank code and account number as `:25:` writes them, and the currency. */
export type StatedAccount = { bankCode: string; number: string; currency: string };

/** One booking day of an account, entries oldest first; cents before and after it. */
export type Day = { day: string; lines: readonly Line[]; before: number; after: number };

/** The booked entries as MT940, one statement a booking day, as German banks write it (DFÜ-Abkommen, annex 3, chapter 8). */
export const booked = (account: StatedAccount, days: readonly Day[]): string =>
  days.map((day, index) => statement(account, day, index + 1)).join('');

/** Booking days in the period with what was on the account before and after each. */
export function daysOf(lines: readonly Line[], openedWith: number, from: string, to: string): Day[] {
  const days: Day[] = [];
  let cents = openedWith;
  for (const line of lines) {
    if (line.pending || line.bookingDate > to) continue;
    const before = cents;
    cents += line.cents;
    if (line.bookingDate < from) continue;
    const last = days.at(-1);
    if (last?.day === line.bookingDate) days[days.length - 1] = { ...last, lines: [...last.lines, line], after: cents };
    else days.push({ day: line.bookingDate, lines: [line], before, after: cents });
  }
  return days;
}

/** Entries that are not booked yet as MT942. */
export function noted(account: StatedAccount, lines: readonly Line[], moment: { day: string; time: string }): string {
  const out = lines.filter((line) => line.cents < 0);
  const into = lines.filter((line) => line.cents >= 0);
  const sum = (some: readonly Line[]) => `${some.length}${account.currency}${cents(total(some))}`;
  return text([
    ':20:VORMERKPOSTEN',
    `:25:${account.bankCode}/${account.number}`,
    ':28C:0',
    `:34F:${account.currency}0,`,
    `:13:${compactDay(moment.day).slice(2)}${moment.time.slice(0, 4)}`,
    ...lines.flatMap(entry),
    `:90D:${sum(out)}`,
    `:90C:${sum(into)}`,
  ]);
}

/** Business transaction codes and booking texts by the ISO code of an entry. */
const BOOKING_TEXTS: Record<string, readonly [code: string, text: string]> = {
  'PMNT-CCRD-POSD': ['106', 'KARTENZAHLUNG'],
  'PMNT-CCRD-CWDL': ['106', 'BARGELDAUSZAHLUNG'],
  'PMNT-RCDT-SALA': ['153', 'LOHN GEHALT'],
  'PMNT-RCDT-ESCT': ['166', 'GUTSCHR. UEBERWEISUNG'],
  'PMNT-ICDT-STDO': ['117', 'DAUERAUFTRAG'],
  'PMNT-RDDT-ESDD': ['105', 'FOLGELASTSCHRIFT'],
  'PMNT-RCDT-BOOK': ['166', 'AUSGLEICH'],
  'ACMT-MCOP-INTR': ['814', 'ZINSEN'],
};

/** The German business transaction code of an entry and the text that goes with it. */
export const bookingText = (line: Line): readonly [code: string, text: string] =>
  BOOKING_TEXTS[line.code] ?? (line.cents < 0 ? ['177', 'UEBERWEISUNG'] : ['166', 'GUTSCHRIFT']);

function statement(account: StatedAccount, { day, lines, before, after }: Day, number: number): string {
  const [first, last] = [lines[0]?.bookingDate ?? day, day];
  return text([
    ':20:STARTUMSE',
    `:25:${account.bankCode}/${account.number}`,
    `:28C:00000/${String(number).padStart(3, '0')}`,
    `:60F:${balance(before, first, account.currency)}`,
    ...lines.flatMap(entry),
    `:62F:${balance(after, last, account.currency)}`,
  ]);
}

const text = (lines: readonly string[]) => `\r\n${lines.join('\r\n')}\r\n-`;

function entry(line: Line): string[] {
  const value = compactDay(line.valueDate).slice(2);
  const day = compactDay(line.bookingDate).slice(4);
  const mark = line.cents < 0 ? 'D' : 'C';
  const [code, booking] = bookingText(line);
  return [
    `:61:${value}${day}${mark}R${cents(line.cents)}N${code === '105' ? 'DDT' : 'MSC'}NONREF`,
    ...wrapped(`:86:${code}${subfields(line, booking)}`),
  ];
}

function subfields(line: Line, booking: string): string {
  const purpose = [
    `EREF+${line.id}`,
    ...(line.mandateId ? [`MREF+${line.mandateId}`, `CRED+${line.creditorId ?? ''}`] : []),
    `SVWZ+${line.text}`,
  ].map(plain);
  const parts = purpose.flatMap((one) => pieces(one, 27)).slice(0, 14);
  const numbers = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 60, 61, 62, 63];
  const [name1, name2] = pieces(plain(line.name), 27);
  return [
    `?00${booking}`,
    '?10931',
    ...parts.map((part, index) => `?${numbers[index]}${part}`),
    ...(line.iban ? [`?30${bicOf(line.iban)}`, `?31${line.iban}`] : []),
    ...(name1 ? [`?32${name1}`] : []),
    ...(name2 ? [`?33${name2}`] : []),
    '?34992',
  ].join('');
}

const bicOf = (iban: string) => `NOBK${iban.slice(0, 2)}99XXX`;
/** Question marks begin a subfield and line ends a line: neither may stand in a text. */
const plain = (some: string) => latin(some.replace(/[\r\n?]+/g, ' '));
const balance = (value: number, day: string, currency: string) =>
  `${value < 0 ? 'D' : 'C'}${compactDay(day).slice(2)}${currency}${cents(value)}`;
const total = (lines: readonly Line[]) => lines.reduce((sum, line) => sum + line.cents, 0);

/** MT940 writes both decimals. */
function cents(value: number): string {
  const [whole, part] = amount(value).split(',') as [string, string];
  return `${whole},${part.padEnd(2, '0')}`;
}

/** Lines of at most 65 characters. */
const wrapped = (field: string) => pieces(field, 65);

function pieces(some: string, size: number): string[] {
  const found: string[] = [];
  for (let at = 0; at < some.length; at += size) found.push(some.slice(at, at + size));
  return found;
}
