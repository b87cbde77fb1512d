import type { Tx } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';
import { selectReads } from './store.ts';

/** What is counted apart: banks allow so many reads of each without the person. */
export const RESOURCES = ['balances', 'transactions'] as const;
export type Resource = (typeof RESOURCES)[number];

/** RTS Art. 36(5): four reads without the person in 24 hours; one of them is left for those who ask by hand. */
export const MOST_UNATTENDED = 4;
const MOST_PLANNED = 3;

const DAY_MS = 24 * 3_600_000;

/** Reads without the person of one account's resource, as the ledger knows them: `count` reads that took `calls` calls. */
export type Reads = {
  bankAccount: string;
  resource: Resource;
  count: number;
  calls: number;
  planned: number;
  oldest: Date;
};

/** The reads that count now, of one connection's accounts: those of 24 hours and of the bank's calendar day. */
export function readsSoFar(
  tx: Tx,
  where: { tenant: Tenant; connection: string; now: Date; timeZone: string },
): Promise<Reads[]> {
  const { tenant, connection, now, timeZone } = where;
  // A day of 25 hours is longer than 24: the earlier beginning counts.
  const since = Math.min(now.getTime() - DAY_MS, startOfDay(now, timeZone).getTime());
  return tx.rows(selectReads(tenant, connection, new Date(since)));
}

/**
 * How many reads without the person are left of an account's resource. Banks count calls, and some need two for one read
 * (booked and pending apart, several pages): a read that would take more calls than are left is not begun.
 */
export function readsLeft(reads: readonly Reads[], account: string, resource: Resource): number {
  const found = find(reads, account, resource);
  if (!found) return MOST_UNATTENDED;
  const callsEach = Math.ceil(found.calls / found.count);
  const byCalls = Math.floor((MOST_UNATTENDED - found.calls) / callsEach);
  return Math.max(0, Math.min(MOST_UNATTENDED - found.count, byCalls));
}

/** Whether one more read without the person is within the budget. The fifth never is, nor the fourth planned one. */
export function mayRead(reads: readonly Reads[], account: string, resource: Resource, planned: boolean): boolean {
  const plannedSoFar = find(reads, account, resource)?.planned ?? 0;
  return readsLeft(reads, account, resource) > 0 && !(planned && plannedSoFar >= MOST_PLANNED);
}

/** When the next read becomes possible, where none is left. */
export function nextRead(reads: readonly Reads[], account: string, resource: Resource): Date | undefined {
  const found = find(reads, account, resource);
  return found && readsLeft(reads, account, resource) === 0 ? new Date(found.oldest.getTime() + DAY_MS) : undefined;
}

/** The day it is at a bank. */
export function dayAt(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(moment);
}

/** The moment the bank's calendar day began. */
export function startOfDay(moment: Date, timeZone: string): Date {
  const day = dayAt(moment, timeZone);
  // Zones are within 14 hours of UTC and move by whole quarters of an hour: the first quarter that is in the day.
  const utc = Date.parse(`${day}T00:00:00Z`);
  for (let quarters = -14 * 4; quarters <= 14 * 4; quarters += 1) {
    const candidate = new Date(utc + quarters * 15 * 60_000);
    if (dayAt(candidate, timeZone) === day) return candidate;
  }
  return new Date(utc);
}

function find(reads: readonly Reads[], account: string, resource: Resource): Reads | undefined {
  return reads.find((one) => one.bankAccount === account && one.resource === resource);
}
