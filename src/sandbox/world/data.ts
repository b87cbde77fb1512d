import { createHash } from 'node:crypto';
import type { Bank } from './banks.ts';
import { type Chance, CODES, type Kind, LIVES, type Standing, WORDS } from './habits.ts';
import { type Holding, iban, ledgerOf } from './holdings.ts';
import { addDays, businessDayFrom, dayOf, momentOf, weekdayOf } from './time.ts';

/** One thing that happened on an account. It is pending from `shownAt` until `bookedAt` (milliseconds). */
export type Entry = {
  /** The bank's id once booked; `pendingId` is another, as at many banks. */
  id: string;
  pendingId: string;
  shownAt: number;
  bookedAt: number;
  bookingDate: string;
  valueDate: string;
  /** Hundredths of the account's currency; minus is money going out. */
  cents: number;
  name: string;
  iban?: string;
  text: string;
  code: string;
  mandateId?: string;
  creditorId?: string;
};

/** The day on which every pretend account was opened. */
export const OPENED = '2024-10-01';

type Ledger = { through: string; entries: Entry[] };
const ledgers = new Map<string, Ledger>();

/** The currency in which the bank keeps its accounts, or this one. */
export const currencyOf = (bank: Bank, holding?: Holding): string =>
  holding?.currency ?? (bank.country === 'GB' ? 'GBP' : 'EUR');

/** Cents on the account when it was opened. */
export const openingCents = (holding: Holding): number => LIVES[holding.life].openingCents;

/**
 * Everything that has happened on an account until now, oldest first: the same for the same bank, account and day, and
 * growing with the clock.
 */
export function entriesUntil(bank: Bank, holding: Holding, now: Date): Entry[] {
  const today = dayOf(now, bank.zone);
  const key = `${bank.slug}/${ledgerOf(holding)}`;
  const ledger = ledgers.get(key) ?? { through: addDays(OPENED, -1), entries: [] };
  ledgers.set(key, ledger);
  while (ledger.through < today) {
    ledger.through = addDays(ledger.through, 1);
    ledger.entries.push(...entriesOfDay(bank, holding, ledger.through));
  }
  return ledger.entries.filter((entry) => entry.shownAt <= now.getTime());
}

/** Cents as the standard writes amounts, such as `-12.30`. */
export function decimal(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Cents of a decimal such as `-12.3`; undefined when it is none with at most two places. */
export function centsOf(amount: unknown): number | undefined {
  const [, sign, whole, part = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(String(amount)) ?? [];
  return whole === undefined ? undefined : Number(`${sign}${whole}${part.padEnd(2, '0')}`);
}

/** A number between 0 and 1 that depends on nothing but the text. */
export function chanceOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function entriesOfDay(bank: Bank, holding: Holding, day: string): Entry[] {
  const { standing, chances } = LIVES[holding.life];
  const seed = `${bank.slug}/${ledgerOf(holding)}/${day}`;
  return [
    ...standing
      .filter((habit) => isDue(habit, day))
      .map((habit) => standingEntry(bank, holding, habit, day, `${seed}/${habit.kind}`)),
    ...chances.flatMap((habit) => chanceEntries(bank, habit, day, `${seed}/${habit.kind}`)),
  ].sort((a, b) => a.shownAt - b.shownAt);
}

function isDue(habit: Standing, day: string): boolean {
  const [, month, dayOfMonth] = day.split('-').map(Number);
  // A month without a 30th books on its last day.
  const lastDay = addDays(day, 1).slice(5, 7) !== day.slice(5, 7);
  const due = dayOfMonth === habit.day || (lastDay && habit.day > dayOfMonth!);
  return due && (!habit.months || habit.months.includes(month!));
}

function standingEntry(bank: Bank, holding: Holding, habit: Standing, day: string, seed: string): Entry {
  const bookingDate = businessDayFrom(day);
  const bookedAt = momentOf(bookingDate, '06:00', bank.zone).getTime();
  const debit = CODES[habit.kind].startsWith('PMNT-RDDT');
  return {
    ...namesAndText(bank, habit.kind, day, seed),
    id: idOf('B', bookingDate, seed),
    pendingId: idOf('P', day, seed),
    shownAt: bookedAt,
    bookedAt,
    bookingDate,
    valueDate: bookingDate,
    cents: habit.cents,
    ...(debit ? { mandateId: `M-${habit.kind.toUpperCase()}-0417`, creditorId: 'DE98ZZZ09999999999' } : {}),
    ...(habit.kind === 'interest' || habit.kind === 'settlement' || habit.kind === 'charge'
      ? {}
      : { iban: counterparty(bank, holding, habit.kind) }),
  };
}

function chanceEntries(bank: Bank, habit: Chance, day: string, seed: string): Entry[] {
  if (habit.weekday !== undefined && habit.weekday !== weekdayOf(day)) return [];
  if (chanceOf(seed) >= habit.chance) return [];
  const minute = String(Math.floor(chanceOf(`${seed}/minute`) * 60)).padStart(2, '0');
  // Card payments take two working days, so that something is nearly always pending.
  const bookingDate = businessDayFrom(addDays(businessDayFrom(addDays(day, 1)), 1));
  const once = (copy: string): Entry => ({
    ...namesAndText(bank, habit.kind, day, seed),
    id: idOf('B', bookingDate, seed + copy),
    pendingId: idOf('P', day, seed + copy),
    shownAt: momentOf(day, `${String(habit.hour).padStart(2, '0')}:${minute}`, bank.zone).getTime(),
    bookedAt: momentOf(bookingDate, '06:00', bank.zone).getTime(),
    bookingDate,
    valueDate: day,
    cents: -Math.round(habit.from + chanceOf(`${seed}/amount`) * (habit.to - habit.from)),
  });
  return habit.twice ? [once('/first'), once('/second')] : [once('')];
}

function namesAndText(bank: Bank, kind: Kind, day: string, seed: string): Pick<Entry, 'name' | 'text' | 'code'> {
  const { names, text } = WORDS[bank.language][kind];
  const serial = String(Math.floor(chanceOf(`${seed}/serial`) * 900_000) + 100_000);
  return {
    name: names[Math.floor(chanceOf(`${seed}/name`) * names.length)]!,
    text: text.replace('{month}', `${day.slice(5, 7)}/${day.slice(0, 4)}`).replace('{serial}', serial),
    code: CODES[kind],
  };
}

/** The account on the other side of a booking that returns. */
export function counterparty(bank: Bank, holding: Holding, kind: Kind): string {
  const own = kind === 'saving' || kind === 'saved' ? otherAccount(bank, holding)?.iban : undefined;
  if (own) return own;
  const number = String(Math.floor(chanceOf(`${bank.country}/${kind}`) * 1e10)).padStart(10, '0');
  const national: Record<string, string> = {
    AT: `99999${number}0`,
    NL: `NOBK${number}`,
    GB: `NOBK000999${number.slice(0, 8)}`,
    DE: `99999999${number}`,
    BE: `999${number.slice(0, 7)}${String(Number(`999${number.slice(0, 7)}`) % 97 || 97).padStart(2, '0')}`,
  };
  return iban(bank.country, national[bank.country]!);
}

/** Where the same person's savings come from or go to. */
function otherAccount(bank: Bank, holding: Holding): Holding | undefined {
  const type = holding.type === 'SVGS' ? 'CACC' : 'SVGS';
  return bank.people.find((person) => person.holdings.includes(holding))?.holdings.find((one) => one.type === type);
}

const idOf = (kind: 'B' | 'P', day: string, seed: string) =>
  `${kind}${day.replaceAll('-', '')}-${createHash('sha256')
    .update(kind + seed)
    .digest('hex')
    .slice(0, 10)}`;
