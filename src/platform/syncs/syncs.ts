import type { Person } from '../../banking/connector.ts';
import type { Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { type BalanceProof, listProofs } from '../accounts/proof.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { nextRead, RESOURCES, readsLeft, readsSoFar } from './budget.ts';
import { ATTENDED_QUEUE, SYNC_QUEUE } from './queues.ts';
import * as store from './store.ts';
import type { Reason, Sync } from './sync.ts';

export { type BankCall, type BankCallFilter, listBankCalls } from './ledger.ts';
export type { AccountReport, Reason, Sync } from './sync.ts';

/** What to read: one account, or all of a connection. */
export type SyncTarget = { account: string } | { connection: string };

/** What runs and ran, what is planned, and how many reads without the person are left. */
export type SyncState = {
  connection: string;
  /** Waiting or running now. */
  current: Sync | null;
  /** Newest first. */
  recent: Sync[];
  lastSynchronization: Date | null;
  nextSyncAt: Date | null;
  readsLeft: { bankAccount: string; balances: number; transactions: number }[];
  /** Whether each balance of the account follows from the one before; empty where a whole connection is asked for. */
  proofs: BalanceProof[];
};

/** A run begun attended stays so for a quarter of an hour: the person asked for it, and may answer while they are there. */
export const ATTENDED_MS = 15 * 60_000;
/** Longest that a visit reads by itself: what was typed for the bank is forgotten by then. */
export const VISIT_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

type Target = {
  connection: string;
  customer: string;
  provider: string;
  interface: string;
  status: string;
  consent: string | null;
  nextSyncAt: Date | null;
  lastSynchronization: Date | null;
  consentStatus: string | null;
  expiresAt: Date | null;
  reconfirmBy: Date | null;
};

/**
 * Begins a run by hand. With the person's address it is attended; without, at most one an hour and account, and only
 * while reads are left. Problems: `not_found`, `connection_not_active`, `consent_not_active`, `sync_running`,
 * `sync_too_soon`.
 */
export async function startSync(
  platform: Platform,
  caller: Pick<Caller, 'tenant' | 'requestId'>,
  what: SyncTarget,
  options: { person?: Person; reason?: 'manual' | 'session'; inVisit?: true } = {},
): Promise<Sync> {
  const { tenant } = caller;
  const target = await getTarget(platform, tenant, what);
  const { person } = options;
  checkStanding(target, person !== undefined, platform.clock.now());
  const account = 'account' in what ? what.account : null;
  if (!person) await checkPace(platform, tenant, target, account);
  return platform.database.transaction(async (tx) => {
    await enqueueSync(platform, tx, {
      tenant,
      connection: target.connection,
      consent: target.consent!,
      bankAccount: account,
      reason: options.reason ?? 'manual',
      person: person ?? null,
      requestId: caller.requestId,
      ...(options.inVisit ? { inVisit: true } : {}),
    });
    const [sync] = await tx.rows<Sync>(store.lockUnfinished(tenant, target.connection));
    if (!sync || sync.status === 'running') {
      throw new Problem('sync_running', 'Wait for the event sync.completed or sync.failed, then ask again.');
    }
    return sync;
  });
}

/** What ran, what is running, when the next is planned, and the reads left without the person. */
export async function getSyncState(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  what: SyncTarget,
): Promise<SyncState> {
  const { tenant } = caller;
  const { read } = platform.database;
  const target = await getTarget(platform, tenant, what);
  const { connection } = target;
  const account = 'account' in what ? what.account : null;
  const [recent, accounts, reads, proofs] = await Promise.all([
    read.rows<Sync>(store.selectSyncs(tenant, connection, account, 10)),
    read.rows<{ id: string }>(store.selectAccountIds(tenant, connection)),
    readsSoFar(read, { tenant, connection, now: platform.clock.now(), timeZone: timeZoneOf(platform, target) }),
    account === null ? [] : listProofs(platform, caller, account),
  ]);
  return {
    connection,
    current: recent.find(({ finishedAt }) => finishedAt === null) ?? null,
    recent,
    lastSynchronization: target.lastSynchronization,
    nextSyncAt: target.nextSyncAt,
    readsLeft: accounts
      .filter(({ id }) => account === null || id === account)
      .map(({ id }) => ({
        bankAccount: id,
        balances: readsLeft(reads, id, 'balances'),
        transactions: readsLeft(reads, id, 'transactions'),
      })),
    proofs,
  };
}

/**
 * Puts a run into the queue in the transaction that makes it necessary; attended when the person is there. One that waits
 * already takes the request in; one that runs is left alone. What ran under an earlier consent is over. Returns the run.
 */
export async function enqueueSync(
  platform: Platform,
  tx: Tx,
  request: {
    tenant: Tenant;
    connection: string;
    consent: string;
    bankAccount?: string | null;
    reason: Reason;
    person?: Person | null;
    requestId?: string | null;
    /** The visit runs it itself; the job comes only for one whose server has died. */
    inVisit?: true;
  },
): Promise<string | undefined> {
  const { tenant, connection, consent, person = null } = request;
  const at = platform.clock.now();
  const sync: store.NewSync = {
    tenant,
    id: newId('sync'),
    connection,
    consent,
    bankAccount: request.bankAccount ?? null,
    reason: request.reason,
    person,
    attendedUntil: person && new Date(at.getTime() + ATTENDED_MS),
    requestId: request.requestId ?? null,
    at,
  };
  await tx.later(store.supersede(tenant, connection, consent, at));
  const inserted = await tx.first<{ id: string }>(store.insertSync(sync));
  const other = inserted ? undefined : await tx.first<Sync>(store.lockUnfinished(tenant, connection));
  if (other?.status === 'queued') await tx.run(store.widen(tenant, other.id, sync));
  const id = inserted?.id ?? (other?.status === 'queued' ? other.id : undefined);
  if (id === undefined) return undefined;
  const waits = request.inVisit ? new Date(at.getTime() + VISIT_MS) : person === null ? other?.notBefore : null;
  await platform.jobs.enqueue(
    tx,
    person && !request.inVisit ? ATTENDED_QUEUE : SYNC_QUEUE,
    { tenant, sync: id },
    {
      key: id,
      ...(waits ? { at: waits } : {}),
      ...(person && !request.inVisit ? { urgent: true } : {}),
    },
  );
  return id;
}

/** The bank's own time zone, for its calendar day. */
export function timeZoneOf(platform: Platform, where: { provider: string; interface: string }): string {
  const provider = platform.providers.find(where.provider);
  return provider?.interfaces.find(({ id }) => id === where.interface)?.timeZone ?? 'UTC';
}

async function getTarget(platform: Platform, tenant: Tenant, what: SyncTarget): Promise<Target> {
  const target = await platform.database.read.first<Target>(store.findTarget(tenant, what));
  if (!target) throw notFound('account' in what ? 'bank account' : 'connection');
  return target;
}

function checkStanding(target: Target, attended: boolean, now: Date): void {
  const { status, consent, consentStatus, expiresAt, reconfirmBy } = target;
  if (status === 'disconnected') throw new Problem('connection_not_active', 'Open a new session to connect it again.');
  if (consent === null || consentStatus !== 'authorized' || (expiresAt !== null && expiresAt <= now)) {
    throw new Problem('consent_not_active', 'Open a synchronization session, in which the person can renew it.');
  }
  if (attended) return;
  if (status !== 'active' || (reconfirmBy !== null && reconfirmBy <= now)) {
    throw new Problem('connection_not_active', "It needs the person: see the connection's `needs`.");
  }
}

/** Without the person at most once an hour and account, and never beyond the budget. */
async function checkPace(platform: Platform, tenant: Tenant, target: Target, account: string | null): Promise<void> {
  const now = platform.clock.now();
  const { read } = platform.database;
  const { connection } = target;
  const hourAgo = new Date(now.getTime() - HOUR_MS);
  const latest = await read.first<{ createdAt: Date }>(store.findLatestManual(tenant, connection, account, hourAgo));
  if (latest) throw tooSoon(latest.createdAt.getTime() + HOUR_MS - now.getTime());
  const timeZone = timeZoneOf(platform, target);
  const reads = await readsSoFar(read, { tenant, connection, now, timeZone });
  const accounts =
    account === null ? await read.rows<{ id: string }>(store.selectAccountIds(tenant, connection)) : [{ id: account }];
  const free = accounts.map(({ id }) => RESOURCES.map((resource) => nextRead(reads, id, resource)));
  // Possible as soon as any account has any read left.
  if (accounts.length === 0 || free.some((resources) => resources.includes(undefined))) return;
  const first = Math.min(...free.flat().map((moment) => moment!.getTime()));
  throw tooSoon(first - now.getTime());
}

function tooSoon(waitMs: number): Problem {
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
  const detail =
    'Without the person an account is read at most once an hour and four times a day. Wait, or send `psu`.';
  return new Problem('sync_too_soon', detail, { retryAfterS });
}
