import type { Tx } from '../../base/database.ts';
import { listOverlay } from '../store.ts';
import type { Bank, Face } from './banks.ts';
import { centsOf, decimal, type Entry, entriesUntil, openingCents } from './data.ts';
import { type Holding, ledgerOf } from './holdings.ts';
import { dayOf } from './time.ts';

/**
 * What control says of one transaction: a new one, or fields that differ from the generated one of that id. `wire` is laid
 * over what goes over the wire, whatever it says.
 */
export type Overlay = {
  amount?: string;
  name?: string;
  text?: string;
  booking_date?: string;
  value_date?: string;
  iban?: string;
  pending?: boolean;
  removed?: boolean;
  wire?: Record<string, unknown>;
};

/** A transaction as the account's statement shows it now. */
export type Line = Entry & { pending: boolean; wire?: Record<string, unknown> };

/** A balance: its amount as a decimal; `withLimit` when an overdraft is counted in. */
export type StatedBalance = { type: Face['balances'][number]; amount: string; withLimit?: true };

const OVERDRAFT_CENTS = 100_000;

/** Every transaction of the account until now, newest first, with what control changed. */
export async function statementOf(tx: Tx, bank: Bank, holding: Holding, now: Date): Promise<Line[]> {
  const lines = new Map<string, Line>();
  for (const entry of entriesUntil(bank, holding, now)) {
    lines.set(entry.id, { ...entry, pending: entry.bookedAt > now.getTime() });
  }
  for (const { id, detail } of await listOverlay<Overlay>(tx, bank.slug, ledgerOf(holding))) {
    if (detail.removed) lines.delete(id);
    else lines.set(id, overlaid(lines.get(id) ?? blank(id, bank, now), detail));
  }
  // Oldest first as they are, nearly sorted once turned round: sorting then costs little.
  return [...lines.values()].reverse().sort(newestFirst);
}

/** The balances of those kinds: booked is the opening balance and everything booked since. */
export async function balancesOf(
  tx: Tx,
  bank: Bank,
  holding: Holding,
  now: Date,
  types: Face['balances'],
): Promise<StatedBalance[]> {
  const lines = await statementOf(tx, bank, holding, now);
  const sum = (some: Line[]) => some.reduce((cents, line) => cents + line.cents, openingCents(holding));
  const booked = sum(lines.filter((line) => !line.pending));
  const all = sum(lines);
  return types.map((type): StatedBalance => {
    if (type === 'interimAvailable') return { type, amount: decimal(all + OVERDRAFT_CENTS), withLimit: true };
    return { type, amount: decimal(type === 'expected' ? all : booked) };
  });
}

function blank(id: string, bank: Bank, now: Date): Line {
  const day = dayOf(now, bank.zone);
  const at = now.getTime();
  return {
    id,
    pendingId: `P-${id}`,
    shownAt: at,
    bookedAt: at,
    bookingDate: day,
    valueDate: day,
    cents: 0,
    name: '',
    text: '',
    code: 'PMNT-RCDT-ESCT',
    pending: false,
  };
}

function overlaid(line: Line, overlay: Overlay): Line {
  const bookingDate = overlay.booking_date ?? line.bookingDate;
  return {
    ...line,
    bookingDate,
    valueDate: overlay.value_date ?? overlay.booking_date ?? line.valueDate,
    cents: centsOf(overlay.amount) ?? line.cents,
    name: overlay.name ?? line.name,
    text: overlay.text ?? line.text,
    pending: overlay.pending ?? line.pending,
    ...(overlay.iban ? { iban: overlay.iban } : {}),
    ...(overlay.wire ? { wire: overlay.wire } : {}),
  };
}

function newestFirst(a: Line, b: Line): number {
  if (a.bookingDate !== b.bookingDate) return a.bookingDate < b.bookingDate ? 1 : -1;
  return b.shownAt - a.shownAt || (a.id < b.id ? -1 : 1);
}
