import { negateAmount, sumAmounts } from '../../banking/money.ts';
import type { Tx } from '../../base/database.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { type BalanceProof, selectProofs, storeProofs } from './proof-store.ts';

export type { BalanceProof } from './proof-store.ts';

/** What all entries of an account come to, per currency: booked, and pending. */
export type Sums = Record<string, [booked: string, pending: string]>;

/** An entry that came (or went, with the opposite sign). */
export type Moved = { status: 'booked' | 'pending'; currency: string; amount: string };

/** The sums after entries came and went. Exact; the work is that of what moved, not of the history. */
export function moveSums(sums: Sums, came: readonly Moved[], went: readonly Moved[]): Sums {
  const moved = [...came, ...went.map((one) => ({ ...one, amount: negateAmount(one.amount) }))];
  const after = { ...sums };
  for (const [currency, entries] of Map.groupBy(moved, (one) => one.currency)) {
    const [booked, pending] = after[currency] ?? ['0', '0'];
    const of = (status: string) => entries.filter((one) => one.status === status).map(({ amount }) => amount);
    after[currency] = [sumAmounts([booked, ...of('booked')]), sumAmounts([pending, ...of('pending')])];
  }
  return after;
}

/**
 * After a read of both: does each previous balance and what the entries moved since make the new one? Keeps the answer;
 * where there is a gap, with what is suspected.
 */
export async function proveBalances(
  tx: Tx,
  read: { tenant: Tenant; account: string; sync: string; at: Date; complete: boolean; lateDays: number },
): Promise<void> {
  const suspicion = !read.complete ? 'incomplete_reading' : read.lateDays > 0 ? 'entries_came_late' : 'entries_missing';
  await tx.run(storeProofs({ ...read, suspicion }));
}

/** The latest proof of each balance of an account. */
export function listProofs(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  account: string,
): Promise<BalanceProof[]> {
  return platform.database.read.rows<BalanceProof>(selectProofs(caller.tenant, account));
}
