import { createHash } from 'node:crypto';
import type { Account, Balance } from '../../banking/account.ts';
import type { Sql, Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import type { HolderKeys } from '../../base/vault/keyring.ts';
import type { EventType } from '../events/event-types.ts';
import { recordEvent } from '../events/events.ts';
import { findKeys, keysOf } from '../keys/data-keys.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { BalanceRow } from './accounts.ts';
import {
  concealIn,
  concealReference,
  type Details,
  openAccount,
  revealIn,
  type SealedAccount,
  sealDetails,
} from './concealed/concealing.ts';
import { type Identity, identify } from './identity.ts';
import { firstDay, identitiesToFind, type Kept, match, type Reading } from './matching.ts';
import { moveSums, type Sums } from './proof.ts';
import { idOf, parseShown, show } from './shown.ts';
import * as store from './store.ts';
import { suggestMerges } from './suggesting.ts';

/** Version of the way pages become transactions; a higher one replays what is kept. */
export const MAPPING = 1;

/** Under which link accounts are stored. */
export type AccountLink = {
  tenant: Tenant;
  customer: string;
  connection: string;
  consent: string;
  provider: string;
  interface: string;
  requestId?: string | null;
};

/** An account as stored: our id for the bank's reference. */
export type StoredAccount = { id: string; reference: string };

/** What one reading of an account's transactions brought, with its pages as the bank sent them; `everyPage`: to the last. */
export type TransactionsRead = Reading & { pages: readonly store.SealedPage[]; everyPage: boolean };

/** How many rows a reading added, modified and removed. */
export type Counts = { added: number; modified: number; removed: number };

/** The same, and how many days after the fact the latest of its entries came that an earlier reading should have shown. */
export type Stored = Counts & { lateDays: number };

/**
 * Stores the accounts a consent covers, with their events. An account known by its fingerprint keeps its id and its
 * history and belongs to this connection from now on. `among`: all that the bank listed, where only some are stored.
 */
export async function storeAccounts(
  platform: Pick<Platform, 'vault' | 'clock'>,
  tx: Tx,
  found: AccountLink & { accounts: readonly Account[]; among?: readonly Account[] },
): Promise<StoredAccount[]> {
  const { accounts, among = accounts, ...link } = found;
  if (accounts.length === 0) return [];
  const at = platform.clock.now();
  const { tenant, customer, provider } = link;
  const all = identify({ vault: platform.vault, tenant, provider }, among);
  const identities = accounts.map((account) => all[among.indexOf(account)]!);
  const marks = identities.flatMap((one) => one.marks);
  const locked = await tx.rows<store.KnownAccount>(store.lockKnownAccounts(tenant, customer, marks));
  const before = locked.map((row) => openAccount(platform, tenant, row));
  const ground = { platform, keys: await findKeys(platform, tx, tenant, customer), tenant };
  const placed = placeAccounts(ground, accounts, identities, before);
  const rows = placed.map(({ row }) => row);
  const stored = await tx.rows<{ id: string; fingerprint: string }>(store.upsertAccounts({ ...link, at }, rows));
  for (const { row, account, old, others } of placed) {
    const { id } = stored.find(({ fingerprint }) => fingerprint === row.fingerprint)!;
    // Another reading stored it between our look and our write: sealed for the id it has.
    if (id !== row.id) await tx.run(store.replaceDetails(tenant, id, sealed(ground, id, account)));
    const type = eventFor(old, account, row);
    if (type) await recordAccountEvent(tx, { ...link, at }, type, { id, status: row.status });
    if (!old || others.length > 0) {
      await suggestMerges(platform, tx, { ...link, at }, { id, account, others, listed: stored.map((one) => one.id) });
    }
  }
  return stored.map(({ id, fingerprint }) => ({
    id,
    reference: placed.find(({ row }) => row.fingerprint === fingerprint)!.account.reference,
  }));
}

type Known = Omit<store.KnownAccount, keyof SealedAccount> & Details & { id: string };

type Placed = {
  row: store.AccountToStore;
  account: Account;
  old?: Known;
  /** Known accounts that carry another of its marks. */
  others: Known[];
};

/** With whose keys it is sealed. */
type Keys = { platform: Pick<Platform, 'vault'>; keys: HolderKeys; tenant: Tenant };

/**
 * Which known account each of an answer is. Two of one answer are never the same: where both lead to an account that took
 * another one in, that which bears its own mark is it.
 */
function placeAccounts(
  ground: Keys,
  accounts: readonly Account[],
  identities: readonly Identity[],
  before: readonly Known[],
): Placed[] {
  const placed = accounts.map((account, index): Placed & { home: string | null } => {
    const { fingerprint, marks } = identities[index]!;
    const known = marks.flatMap((mark) => before.filter(({ found }) => found.some((one) => one.mark === mark)));
    const [old, ...others] = new Set(known);
    const home = marks.map((mark) => old?.found.find((one) => one.mark === mark)?.home).find(Boolean) ?? null;
    const read_as = old && home !== old.id ? home : null;
    const id = old?.id ?? newId('bankAccount');
    const row = { ...toStore(ground, id, account, old?.fingerprint ?? fingerprint), marks, read_as };
    return { row, account, ...(old ? { old } : {}), others, home: read_as };
  });
  const own = placed.toSorted((a, b) => Number(a.home !== null) - Number(b.home !== null));
  const first = new Map(own.toReversed().map((one) => [one.row.fingerprint, one]));
  return placed.filter((one) => first.get(one.row.fingerprint) === one);
}

/** The bank no longer lists these accounts: what was read stays readable. */
export async function closeAccounts(
  tx: Tx,
  link: AccountLink & { at: Date },
  accounts: readonly { id: string }[],
): Promise<void> {
  for (const { id } of accounts) {
    await tx.run(store.closeAccount(link.tenant, id, link.at));
    await recordAccountEvent(tx, link, 'bank_account.closed', { id, status: 'closed' });
  }
}

/** What tells one page from another: the same page read by a newer mapping is another. */
export function hashPage(raw: Uint8Array): Buffer {
  return createHash('sha256').update(`${MAPPING}\n`).update(raw).digest();
}

/** Replaces an account's balances with those just read. */
export function balancesStatement(
  where: { tenant: Tenant; account: string; at: Date },
  balances: readonly Balance[],
): Sql {
  const rows = balances.map(({ type, amount, currency, at, creditLimitIncluded, bankType }): BalanceRow => {
    const moment = at === undefined ? where.at : new Date(at);
    return {
      type,
      amount,
      currency,
      at: Number.isNaN(moment.getTime()) ? where.at : moment,
      creditLimitIncluded: creditLimitIncluded ?? null,
      bankType,
      readAt: where.at,
    };
  });
  // A bank may say one kind twice (opening and interim booked): the connector puts the best first.
  const once = [...new Map(rows.map((row) => [`${row.type} ${row.currency}`, row] as const).toReversed()).values()];
  return store.replaceBalances(where.tenant, where.account, once);
}

/** Stores one reading of an account's transactions under the account's lock, with its event. */
export async function storeTransactions(
  platform: Pick<Platform, 'vault'>,
  tx: Tx,
  where: { tenant: Tenant; account: string; sync: string; at: Date; requestId?: string | null; trustedIds?: boolean },
  read: TransactionsRead,
): Promise<Stored> {
  const { tenant, account, at, trustedIds = false } = where;
  const locked = await tx.first<store.LockedAccount>(store.lockAccount(tenant, account));
  if (!locked) return NOTHING_NEW;
  const [onlyPage] = read.pages;
  const pageHash = read.everyPage && read.pages.length === 1 ? onlyPage!.hash : null;
  const completeAt = read.everyPage ? at : null;
  if (pageHash && locked.pageHash?.equals(pageHash)) {
    const { changeSeq, sums } = locked;
    await tx.run(store.finishReading(tenant, locked.number, { changeSeq, pageHash, completeAt, sums }));
    return NOTHING_NEW;
  }
  const { counts, changeSeq, sums, lateDays } = await mergeRows(
    tx,
    { tenant, locked, keys: keysFor(platform, tenant, locked), at, trustedIds },
    read,
  );
  for (const page of read.pages) {
    await tx.later(store.insertPage(tenant, account, { sync: where.sync, mapping: MAPPING, at }, page));
  }
  await tx.later(store.finishReading(tenant, locked.number, { changeSeq, pageHash, completeAt, sums }));
  if (changeSeq > locked.changeSeq) {
    const link = { tenant, at, requestId: where.requestId ?? null, ...locked };
    await recordAccountEvent(tx, link, 'transactions.updated', { id: account, sync: where.sync, ...counts });
  }
  return { ...counts, lateDays };
}

/**
 * Takes in what a corrected mapping makes of an account's kept pages. Entries keep their ids; what they say differently is
 * a new version, and apps hear of it as of any change.
 */
export async function storeMappedAnew(
  platform: Pick<Platform, 'vault'>,
  tx: Tx,
  where: { tenant: Tenant; account: string; at: Date; trustedIds: boolean },
  read: Reading,
): Promise<Counts> {
  const { tenant, account, at, trustedIds } = where;
  const locked = await tx.first<store.LockedAccount>(store.lockAccount(tenant, account));
  if (!locked) return { added: 0, modified: 0, removed: 0 };
  const ground = { tenant, locked, keys: keysFor(platform, tenant, locked), at, trustedIds, mappedAnew: true };
  const { counts, changeSeq, sums } = await mergeRows(tx, ground, read);
  const { pageHash } = locked;
  await tx.run(store.finishReading(tenant, locked.number, { changeSeq, pageHash, completeAt: null, sums }));
  if (changeSeq > locked.changeSeq)
    await recordAccountEvent(tx, { tenant, at, ...locked }, 'transactions.updated', { id: account, ...counts });
  return counts;
}

function keysFor(
  platform: Pick<Platform, 'vault'>,
  tenant: Tenant,
  { customer, ring }: store.LockedAccount,
): HolderKeys {
  return keysOf(platform, { tenant, holder: customer, ring });
}

const NOTHING_NEW: Stored = { added: 0, modified: 0, removed: 0, lateDays: 0 };

type Merged = { counts: Counts; changeSeq: number; sums: Sums; lateDays: number };
type Ground = {
  tenant: Tenant;
  locked: store.LockedAccount;
  /** Of the customer: they conceal whose accounts stand on the other side. */
  keys: HolderKeys;
  at: Date;
  trustedIds: boolean;
  mappedAnew?: boolean;
};
type Held = store.KnownRow & ReturnType<typeof parseShown>;

async function mergeRows(tx: Tx, ground: Ground, read: Reading): Promise<Merged> {
  const { tenant, locked, keys, at, trustedIds, mappedAnew = false } = ground;
  const known = await readKnown(tx, ground, read);
  const verdict = match(known, read, trustedIds, mappedAnew);
  const ids = await idsToReuse(tx, ground, read.since, verdict.added, new Set(known.map(({ id }) => id)));
  let changeSeq = locked.changeSeq;
  const removed = verdict.removed.map((row) => ({ old: row.changeSeq, change_seq: ++changeSeq }));
  const modified = verdict.changed.map(({ row, to }) =>
    toWrite(keys, to, ++changeSeq, { ...row, version: row.version + 1, updatedAt: at }, row.changeSeq),
  );
  const added = verdict.added.map((to) => {
    const id = ids.get(to.identity) ?? newId('transaction');
    return toWrite(keys, to, ++changeSeq, { id, version: 1, createdAt: at, updatedAt: at });
  });
  // A row known by another identity from now on shows the same: no change for a reader, so it keeps its number.
  const renamed = verdict.renamed.map(({ row, to }) => toWrite(keys, to, row.changeSeq, row, row.changeSeq));
  if (removed.length > 0) await tx.run(store.removeRows(tenant, locked.number, removed));
  for (const rows of inBatches([...renamed, ...modified])) await tx.run(store.updateRows(tenant, locked.number, rows));
  for (const rows of inBatches(added)) await tx.run(store.insertRows(tenant, locked.number, rows));
  return {
    counts: { added: added.length, modified: modified.length, removed: removed.length },
    changeSeq,
    sums: moveSums(
      locked.sums,
      [...verdict.added, ...verdict.changed.map(({ to }) => to)].map(({ entry }) => entry),
      [...verdict.removed, ...verdict.changed.map(({ row }) => row)].map(({ entry }) => entry),
    ),
    lateDays: latenessOf(verdict, locked.lastCompleteAt),
  };
}

/** How far before the last complete reading an entry was booked that came only now. */
function latenessOf({ added, changed }: ReturnType<typeof match<Held>>, lastCompleteAt: Date | null): number {
  if (lastCompleteAt === null) return 0;
  const booked = [...added, ...changed.filter(({ row }) => row.entry.status === 'pending').map(({ to }) => to)];
  const days = booked
    .filter(({ entry }) => entry.status === 'booked' && entry.bookedOn !== undefined)
    .map(({ entry }) => Math.floor((lastCompleteAt.getTime() - Date.parse(entry.bookedOn!)) / DAY_MS));
  return days.reduce((most, one) => Math.max(most, one), 0);
}

const DAY_MS = 86_400_000;

async function readKnown(tx: Tx, { tenant, locked, keys, trustedIds }: Ground, read: Reading): Promise<Held[]> {
  if (locked.changeSeq === 0) return [];
  const statement = store.selectKnown(tenant, locked.number, firstDay(read), identitiesToFind(read, trustedIds));
  const rows = await tx.rows<store.KnownRow>(statement);
  return rows.map((row) => ({ ...row, ...parseShown(revealIn(() => keys, row.shown)) }));
}

/** An entry that was removed within the days read and is there again gets the id it had, unless that lives on elsewhere. */
async function idsToReuse(
  tx: Tx,
  { tenant, locked }: Ground,
  since: string,
  added: Kept[],
  taken: Set<string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (locked.changeSeq === 0 || added.length === 0) return found;
  const identities = added.map(({ identity }) => identity);
  const statement = store.selectRemoved(tenant, locked.number, since, identities);
  for (const { identity, shown } of await tx.rows<{ identity: string; shown: string }>(statement)) {
    const id = idOf(shown);
    if (found.has(identity) || taken.has(id)) continue;
    taken.add(id);
    found.set(identity, id);
  }
  return found;
}

type Heading = Omit<ReturnType<typeof parseShown>, 'entry' | 'text'>;

function toWrite(keys: HolderKeys, to: Kept, changeSeq: number, heading: Heading, old?: number): store.RowToWrite {
  const { id, version, createdAt, updatedAt } = heading;
  return {
    ...(old === undefined ? {} : { old }),
    change_seq: changeSeq,
    sort_on: to.sortOn,
    status: to.entry.status,
    currency: to.entry.currency,
    amount: to.entry.amount,
    identity: to.identity,
    shown: show({ id, version, createdAt, updatedAt }, concealIn(keys, to.text)),
  };
}

const BATCH = 2000;

function inBatches<Item>(items: Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH));
}

const STATUSES = { enabled: 'active', blocked: 'blocked', deleted: 'closed' } as const;

function toStore(
  ground: Keys,
  id: string,
  account: Account,
  fingerprint: string,
): Omit<store.AccountToStore, 'marks' | 'read_as'> {
  return {
    id,
    ...concealReference(ground, account.reference),
    fingerprint,
    details: sealed(ground, id, account),
    tokens_under: ground.keys.number ?? null,
    account_type: account.type,
    usage: account.usage,
    currency: account.currency,
    status: STATUSES[account.status],
    reads_balances: account.readable?.balances ?? true,
    reads_transactions: account.readable?.transactions ?? true,
  };
}

function sealed({ keys, tenant }: Keys, id: string, { name, holderName, identification }: Account): string {
  const details = { name: plain(name), holderName: plain(holderName), identification };
  return sealDetails(keys, tenant, id, details).toString('hex');
}

/** What no reader of the API should be sent. */
function plain(text: string | undefined): string | null {
  return text?.replaceAll('\u0000', '') ?? null;
}

function eventFor(old: Known | undefined, account: Account, now: store.AccountToStore) {
  if (!old) return 'bank_account.created';
  if (now.status === 'closed' && old.status !== 'closed') return 'bank_account.closed';
  const same =
    old.name === plain(account.name) &&
    old.holderName === plain(account.holderName) &&
    old.accountType === now.account_type &&
    old.usage === now.usage &&
    old.status === now.status;
  return same ? undefined : 'bank_account.updated';
}

/** Writes an event about an account, in the transaction of the change. */
export async function recordAccountEvent(
  tx: Tx,
  link: { tenant: Tenant; customer: string; connection: string; consent: string; requestId?: string | null; at: Date },
  type: Extract<EventType, `bank_account.${string}` | 'transactions.updated'>,
  object: { id: string; status?: string; [more: string]: string | number | undefined },
): Promise<void> {
  const { tenant, customer, connection, consent, at } = link;
  const data = { object: 'bank_account', ...object };
  await recordEvent(tx, { tenant, type, customer, consent, connection, data, requestId: link.requestId ?? null, at });
}
