import type { Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { insertTimeline } from '../consents/store.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { type BankAccount, claimNeeded, getBankAccount } from './accounts.ts';
import type { Merging, MergingRow, Pair } from './merging-store.ts';
import * as store from './merging-store.ts';
import { moveSums } from './proof.ts';
import { parseShown, show } from './shown.ts';
import { insertRows, type RowToWrite, removeRows } from './store.ts';
import { recordAccountEvent } from './storing.ts';

/** Who decides that two accounts are one, or two. */
export type Decider = { caller: Pick<Caller, 'tenant' | 'requestId'>; by: 'app' | 'person' };

/**
 * Two accounts are one: `into` goes on, takes over the history it lacks, is found by all numbers of both, and is read
 * where `other` was if nothing reads it any more. `other` keeps its id and all its rows, and is not read again.
 * Problem `merge_refused` where they cannot be one.
 */
export async function mergeAccounts(
  platform: Platform,
  { caller, by }: Decider,
  into: string,
  other: string,
): Promise<BankAccount> {
  const { tenant } = caller;
  const at = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    const [one, two] = await lockPair(tx, tenant, into, other);
    if (two.mergedInto === into) return;
    checkMayMerge(one, two);
    const taken = await takeOver(tx, tenant, one, two, at);
    await tx.run(store.moveMarks(tenant, other, into));
    if (isBetterRead(two, one)) await tx.run(store.takeReading(tenant, other, into, other, at));
    await tx.run(store.markMerged(tenant, other, into, at));
    await tx.run(store.decidePair(tenant, into, other, { status: 'merged', by, at, ...taken.seqs }));
    await tell(tx, { tenant, one, two, by, at, requestId: caller.requestId }, 'bank_account.merged', taken.count);
  });
  return getBankAccount(platform, caller, into);
}

/**
 * Two accounts are two. What a merge took over leaves `into` again, `other` is read by itself from where it was left, and
 * both keep what was read under their own numbers. A suggestion is answered with no, and is not made again.
 */
export async function splitAccounts(
  platform: Platform,
  { caller, by }: Decider,
  into: string,
  other: string,
): Promise<BankAccount> {
  const { tenant } = caller;
  const at = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    const [one, two] = await lockPair(tx, tenant, into, other);
    const pair = await tx.first<Pair>(store.findPair(tenant, into, other));
    if (pair?.status === 'apart') return;
    await tx.run(store.decidePair(tenant, into, other, { status: 'apart', by, at }));
    if (two.mergedInto !== into) return;
    const isReadAsOther = one.readAs === other;
    const given = await giveBack(tx, tenant, one, pair, isReadAsOther);
    await tx.run(store.moveMarks(tenant, other, other));
    await tx.run(store.markMerged(tenant, other, null, at));
    if (isReadAsOther) {
      await tx.run(store.takeReading(tenant, into, other, null, at));
      await tx.run(store.readByItself(tenant, into, at));
    }
    await tell(tx, { tenant, one, two, by, at, requestId: caller.requestId }, 'bank_account.split', given);
  });
  return getBankAccount(platform, caller, other);
}

async function lockPair(tx: Tx, tenant: Tenant, into: string, other: string): Promise<[Merging, Merging]> {
  const locked = await tx.rows<Merging>(store.lockForMerging(tenant, [into, other]));
  const [one, two] = [into, other].map((id) => locked.find((row) => row.id === id));
  if (!one || !two || one.customer !== two.customer) throw notFound('bank account');
  if (one.closed || two.closed) throw claimNeeded();
  return [one, two];
}

function checkMayMerge(one: Merging, two: Merging): void {
  const refuse = (why: string) => new Problem('merge_refused', why);
  if (one.id === two.id) throw refuse('Name another account.');
  if (one.mergedInto !== null || two.mergedInto !== null)
    throw refuse('One of them was merged already: see its `merged_into`.');
  if (one.currency !== two.currency && one.currency !== 'XXX' && two.currency !== 'XXX')
    throw refuse('They are in different currencies.');
  const isListedTwice = one.connection === two.connection && one.consent === two.consent;
  if (isListedTwice && one.status !== 'closed' && two.status !== 'closed')
    throw refuse('Their bank lists both at the same login: they are two.');
}

/** Whether the one is still read and the other is not. */
function isBetterRead(one: Merging, two: Merging): boolean {
  const isRead = ({ status, isConnected, staleSince }: Merging) =>
    Number(status !== 'closed' && isConnected) + Number(staleSince === null);
  return isRead(one) > isRead(two);
}

/**
 * Adds what `two` has booked and `one` lacks. An entry of the same day and amount is the same entry, each only once: two
 * interfaces of a bank rarely call it by the same words.
 */
async function takeOver(tx: Tx, tenant: Tenant, one: Merging, two: Merging, at: Date) {
  const mine = await tx.rows<MergingRow>(store.selectLiveRows(tenant, one.number));
  const theirs = await tx.rows<MergingRow>(store.selectLiveRows(tenant, two.number));
  const held = new Map<string, number>();
  for (const row of mine) held.set(nameOf(row), (held.get(nameOf(row)) ?? 0) + 1);
  const used = new Set(mine.map(({ identity }) => identity));
  const lacking = theirs.filter((row) => {
    const left = held.get(nameOf(row)) ?? 0;
    held.set(nameOf(row), left - 1);
    return row.status === 'booked' && left <= 0 && !used.has(row.identity);
  });
  let changeSeq = one.changeSeq;
  const rows = lacking.map((row): RowToWrite => {
    const { version, createdAt, text } = parseShown(row.shown);
    const shown = show({ id: newId('transaction'), version, createdAt, updatedAt: at }, text);
    const { sortOn: sort_on, status, currency, amount, identity } = row;
    return { change_seq: ++changeSeq, sort_on, status, currency, amount, identity, shown };
  });
  for (let done = 0; done < rows.length; done += BATCH)
    await tx.run(insertRows(tenant, one.number, rows.slice(done, done + BATCH)));
  await tx.run(store.setSums(tenant, one.id, changeSeq, moveSums(one.sums, lacking, [])));
  const seqs = rows.length > 0 ? { firstSeq: one.changeSeq + 1, lastSeq: changeSeq } : { firstSeq: changeSeq + 1 };
  return { seqs, count: { added: rows.length } };
}

/** Removes what was taken over, and what was read since then under the other's number. */
async function giveBack(
  tx: Tx,
  tenant: Tenant,
  one: Merging,
  pair: Pair | undefined,
  readSince: boolean,
): Promise<{ removed: number }> {
  const firstSeq = pair?.firstSeq ?? null;
  const lastSeq = readSince ? null : (pair?.lastSeq ?? 0);
  if (firstSeq === null) return { removed: 0 };
  const gone = await tx.rows<MergingRow>(store.selectRowsOf(tenant, one.number, firstSeq, lastSeq));
  let changeSeq = one.changeSeq;
  const rows = gone.map((row) => ({ old: row.changeSeq, change_seq: ++changeSeq }));
  for (let done = 0; done < rows.length; done += BATCH)
    await tx.run(removeRows(tenant, one.number, rows.slice(done, done + BATCH)));
  await tx.run(store.setSums(tenant, one.id, changeSeq, moveSums(one.sums, [], gone)));
  return { removed: gone.length };
}

const BATCH = 2000;

function nameOf({ sortOn, currency, amount }: MergingRow): string {
  return `${sortOn} ${currency} ${amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount}`;
}

/** Both accounts say what became of them, the timeline who decided it. */
async function tell(
  tx: Tx,
  what: { tenant: Tenant; one: Merging; two: Merging; by: 'app' | 'person'; at: Date; requestId: string },
  type: 'bank_account.merged' | 'bank_account.split',
  counts: { added?: number; removed?: number },
): Promise<void> {
  const { tenant, one, two, by, at, requestId } = what;
  const link = { tenant, at, requestId, customer: one.customer, connection: two.connection, consent: two.consent };
  await recordAccountEvent(tx, link, type, { id: two.id, bank_account: one.id });
  const isChanged = Object.values(counts).some((count) => count > 0);
  const changes = { added: 0, modified: 0, removed: 0, ...counts };
  if (isChanged)
    await recordAccountEvent(tx, { ...link, ...one, at }, 'transactions.updated', { id: one.id, ...changes });
  const { connection, consent } = two;
  const detail = { bank_account: one.id, other: two.id };
  await tx.later(insertTimeline({ tenant, consent, connection, at, what: type, initiator: by, requestId, detail }));
}
