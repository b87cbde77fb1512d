import { createHash } from 'node:crypto';
import type { Transaction } from '../../banking/account.ts';
import { likeness } from './likeness.ts';
import { showEntry } from './shown.ts';

/** An entry we hold. `text` is what we show of it, `identity` what makes it itself, as hex. */
export type Known = { identity: string; sortOn: string; text: string; entry: Transaction };

/** One reading of an account. `complete`: every page came and every entry in it could be read. Days are `YYYY-MM-DD`. */
export type Reading = {
  booked: readonly Transaction[];
  pending: readonly Transaction[];
  complete: boolean;
  since: string;
  today: string;
};

/** An entry to keep as it now is. */
export type Kept = { entry: Transaction; text: string; identity: string; sortOn: string };

/** What a reading changes. `renamed`: shows the same, but is known by another identity from now on. */
export type Verdict<Row extends Known> = {
  added: Kept[];
  changed: { row: Row; to: Kept }[];
  renamed: { row: Row; to: Kept }[];
  removed: Row[];
};

type Arrival = { entry: Transaction; text: string; base: string };

const MOST_DAYS_TO_BOOK = 14;
const MOST_DAYS_OF_CHANGE = 5;
const MOST_TWINS = 8;

/**
 * Which of the entries read are ones we hold, which are new, which are gone. The order of entries and their split into
 * pages do not matter, and reading the same again changes nothing. `known` holds at least all pending rows, all rows from
 * `since` on, and those that `identitiesToFind` names.
 * Rules: equal twins of one day stay two; the bank's id counts only where it is trusted; pending becomes booked under
 * one id; the pending set of a complete reading replaces the former; a booked row is removed only by a complete reading
 * that shows entries of an earlier day and not this one, so a bank that cuts its history removes nothing.
 * `mappedAnew`: the very same pages read by a corrected mapping, so what is left of a day is what it was before.
 */
export function match<Row extends Known>(
  known: readonly Row[],
  reading: Reading,
  trustedIds: boolean,
  mappedAnew = false,
): Verdict<Row> {
  const open = new Set(known);
  const arrivals = arrivalsOf(reading, trustedIds);
  const pairs = new Map<Arrival, Row>();
  const pair = (arrival: Arrival, row: Row) => {
    pairs.set(arrival, row);
    open.delete(row);
  };
  const unpaired = () => arrivals.filter((arrival) => !pairs.has(arrival));

  if (trustedIds) pairById(unpaired(), open, pair);
  // Two ids of a bank we trust are two entries, however equal; only rows from before we trusted it pair by content.
  pairEquals(unpaired(), trustedIds ? [...open].filter(isKnownByContent) : [...open], pair);
  pairLike(unpaired(), [...open], pair, isSameBooked);
  if (mappedAnew) pairLike(unpaired(), [...open], pair, isSamePlace);
  if (reading.complete) {
    const changeable = unpaired().filter(({ entry }) => !trustedIds || !entry.bankId);
    pairLike(changeable, goneOf(open, reading), pair, isSameChanged);
  }
  return judge(known, reading.complete ? goneOf(open, reading) : [], arrivals, pairs, reading);
}

/** The first day whose rows a reading may concern: banks answer more than they were asked for. */
export function firstDay({ booked, since }: Reading): string {
  return booked.reduce((day, entry) => earlier(day, dayOf(entry) ?? day), since);
}

/** Identities that rows outside the reading's days may hold: those without a day, or under an id of the bank we trust. */
export function identitiesToFind(reading: Reading, trustedIds: boolean): string[] {
  const bases = arrivalsOf(reading, trustedIds)
    .filter(({ entry }) => (trustedIds && entry.bankId) || dayOf(entry) === undefined)
    .map(({ base }) => base);
  return [...Map.groupBy(bases, (base) => base)].flatMap(([base, equals]) =>
    // One of several twins may have been removed, so their ordinals need not begin at 0.
    Array.from({ length: equals.length + 2 }, (_, ordinal) => identityOf(base, ordinal)),
  );
}

/** The identity a fresh entry gets, as hex: what it was before, should it have been removed and come back. */
export function identityOf(base: string, ordinal: number): string {
  return createHash('sha256').update(`${base}\n${ordinal}`).digest('hex').slice(0, 32);
}

/** The entries of a reading, each real one once, oldest first. */
function arrivalsOf({ booked, pending }: Reading, trustedIds: boolean): Arrival[] {
  const bookedIds = new Map(booked.map((entry) => [entry.bankId, plainAmount(entry.amount)]));
  const stillPending = pending.filter(({ bankId, amount }) => !bankId || bookedIds.get(bankId) !== plainAmount(amount));
  const arrivals = [...oldestFirst(booked), ...oldestFirst(stillPending)].map((entry) => ({
    entry,
    text: showEntry(entry),
    base: baseOf(entry, trustedIds),
  }));
  // The same id with the same content within one reading is one entry sent twice; without an id, equals are twins.
  const once = new Map<unknown, Arrival>();
  for (const arrival of arrivals) {
    const { entry, text, base } = arrival;
    const key = !entry.bankId ? arrival : trustedIds ? base : `${entry.bankId}\n${text}`;
    const other = once.get(key);
    if (!other || text < other.text) once.set(key, arrival);
  }
  return [...once.values()];
}

/** Banks list newest first, some oldest first; what they agree on is that neighbours of a day stand in order. */
function oldestFirst(entries: readonly Transaction[]): Transaction[] {
  const first = dayOf(entries[0]) ?? '';
  const last = dayOf(entries.at(-1)) ?? '';
  const inOrder = first < last ? [...entries] : [...entries].reverse();
  return inOrder.sort((a, b) => compare(dayOf(a) ?? '', dayOf(b) ?? ''));
}

/** What makes an entry itself (standards: one normal form). Its place in a list never counts. */
function baseOf(entry: Transaction, trustedIds: boolean): string {
  if (trustedIds && entry.bankId) return `id\n${entry.bankId}`;
  const { counterparty } = entry;
  return JSON.stringify([
    entry.status,
    entry.bookedOn ?? null,
    entry.valueOn ?? null,
    plainAmount(entry.amount),
    entry.currency,
    entry.reference ?? null,
    entry.endToEndId ?? null,
    counterparty?.iban ?? counterparty?.bban ?? counterparty?.accountNumber ?? null,
    plainText(entry.description),
    entry.balanceAfter === undefined ? null : plainAmount(entry.balanceAfter),
  ]);
}

function pairById<Row extends Known>(arrivals: Arrival[], open: Set<Row>, pair: (a: Arrival, row: Row) => void): void {
  const byIdentity = new Map([...open].map((row) => [row.identity, row]));
  for (const arrival of arrivals) {
    if (!arrival.entry.bankId) continue;
    const row = byIdentity.get(identityOf(arrival.base, 0));
    if (row && open.has(row)) pair(arrival, row);
  }
}

/** Equals of one day pair off: those that show the same first, the rest in their order. */
function pairEquals<Row extends Known>(arrivals: Arrival[], open: Row[], pair: (a: Arrival, row: Row) => void): void {
  const rows = Map.groupBy(open, ({ entry }) => baseOf(entry, false));
  for (const [base, twins] of Map.groupBy(arrivals, ({ entry }) => baseOf(entry, false))) {
    const group = [...(rows.get(base) ?? [])].sort((a, b) => compare(a.identity, b.identity));
    const left: Arrival[] = [];
    for (const arrival of [...twins].sort((a, b) => compare(a.text, b.text))) {
      const same = group.findIndex(({ text }) => text === arrival.text);
      if (same < 0) left.push(arrival);
      else pair(arrival, group.splice(same, 1)[0]!);
    }
    for (const [index, arrival] of left.entries()) if (group[index]) pair(arrival, group[index]);
  }
}

/** Pairs entries that are most probably the same, the likeliest first; a likeness of 0 never pairs. */
function pairLike<Row extends Known>(
  arrivals: Arrival[],
  open: Row[],
  pair: (a: Arrival, row: Row) => void,
  score: (row: Row, entry: Transaction) => number,
): void {
  const rows = Map.groupBy(open, ({ entry }) => entry.currency);
  const found = arrivals
    .flatMap((arrival) =>
      (rows.get(arrival.entry.currency) ?? []).map((row) => ({ arrival, row, score: score(row, arrival.entry) })),
    )
    .filter((candidate) => candidate.score > 0)
    .sort(
      (a, b) => b.score - a.score || compare(a.arrival.text, b.arrival.text) || compare(a.row.identity, b.row.identity),
    );
  const taken = new Set<Arrival | Row>();
  for (const { arrival, row } of found) {
    if (taken.has(arrival) || taken.has(row)) continue;
    taken.add(arrival).add(row);
    pair(arrival, row);
  }
}

/** How surely a pending row became this booked entry: the same amount within days, and something of its content again. */
function isSameBooked(row: Known, entry: Transaction): number {
  if (row.entry.status !== 'pending' || entry.status !== 'booked') return 0;
  if (plainAmount(row.entry.amount) !== plainAmount(entry.amount)) return 0;
  const days = daysBetween(dayOf(row.entry) ?? row.sortOn, dayOf(entry) ?? row.sortOn);
  if (days < -3 || days > MOST_DAYS_TO_BOOK) return 0;
  const alike = likeness(row.entry, entry);
  return alike > 0 ? alike + 1 / (1 + Math.abs(days)) : 0;
}

/** How surely a row that is gone came back changed: of amount, day and content at most one differs. */
function isSameChanged(row: Known, entry: Transaction): number {
  if (row.entry.status !== entry.status) return 0;
  const sameAmount = plainAmount(row.entry.amount) === plainAmount(entry.amount);
  const days = Math.abs(daysBetween(dayOf(row.entry) ?? row.sortOn, dayOf(entry) ?? row.sortOn));
  const alike = likeness(row.entry, entry);
  if (days > MOST_DAYS_OF_CHANGE || (!sameAmount && (days > 0 || alike < 2))) return 0;
  return alike > 0 ? alike + (sameAmount ? 1 : 0) + 1 / (1 + days) : 0;
}

/** An entry of kept pages beside what an older mapping made of it: of amount and words at most one was wrong. */
function isSamePlace(row: Known, entry: Transaction): number {
  if (row.entry.status !== entry.status || (dayOf(row.entry) ?? row.sortOn) !== (dayOf(entry) ?? row.sortOn)) return 0;
  const sameAmount = plainAmount(row.entry.amount) === plainAmount(entry.amount);
  const alike = likeness(row.entry, entry);
  return sameAmount ? 1 + alike : alike >= 0.5 ? alike : 0;
}

/** The rows that a complete reading shows to be no longer at the bank. */
function goneOf<Row extends Known>(open: Iterable<Row>, { booked, since }: Reading): Row[] {
  const days = booked.flatMap(({ bookedOn }) => bookedOn ?? []);
  // Only what lies after the first day the bank did show: it may have cut the rest, or only part of that day.
  const first = days.length === 0 ? undefined : days.reduce(earlier);
  const shownFrom = first === undefined || first > since ? first : since;
  return [...open].filter(
    ({ entry }) =>
      entry.status === 'pending' ||
      (shownFrom !== undefined && entry.bookedOn !== undefined && entry.bookedOn > shownFrom),
  );
}

/** True for a row whose identity was made of its content, not of an id of the bank. */
function isKnownByContent({ entry, identity }: Known): boolean {
  const base = baseOf(entry, false);
  return Array.from({ length: MOST_TWINS }, (_, ordinal) => identityOf(base, ordinal)).includes(identity);
}

function judge<Row extends Known>(
  known: readonly Row[],
  removed: Row[],
  arrivals: Arrival[],
  pairs: Map<Arrival, Row>,
  reading: Reading,
): Verdict<Row> {
  const verdict: Verdict<Row> = { added: [], changed: [], renamed: [], removed };
  const used = new Set(known.map(({ identity }) => identity));
  const ordinals = new Map<string, number>();
  const freeIdentity = (base: string) => {
    for (let ordinal = ordinals.get(base) ?? 0; ; ordinal += 1) {
      const identity = identityOf(base, ordinal);
      if (used.has(identity)) continue;
      ordinals.set(base, ordinal + 1);
      used.add(identity);
      return identity;
    }
  };
  for (const arrival of arrivals) {
    const { entry, text, base } = arrival;
    const row = pairs.get(arrival);
    const sortOn = dayOf(entry) ?? row?.sortOn ?? reading.today;
    const stays = row && (row.identity === identityOf(base, 0) || baseOf(row.entry, false) === base);
    const to = { entry, text, sortOn, identity: stays ? row.identity : freeIdentity(base) };
    if (!row) verdict.added.push(to);
    else if (row.text !== text) verdict.changed.push({ row, to });
    else if (row.identity !== to.identity) verdict.renamed.push({ row, to });
  }
  return verdict;
}

/** The day an entry stands under: booked, else value. */
function dayOf(entry: Transaction | undefined): string | undefined {
  return entry?.bookedOn ?? entry?.valueOn;
}

function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000);
}

function plainAmount(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function earlier(a: string, b: string): string {
  return b < a ? b : a;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
