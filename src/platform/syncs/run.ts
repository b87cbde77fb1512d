import { BankError } from '../../banking/bank-error.ts';
import type { Tx } from '../../base/database.ts';
import { openAccount, type SealedAccount } from '../accounts/concealed/concealing.ts';
import type { Counts } from '../accounts/storing.ts';
import { applyRemedy, needSomebody, noteConnection } from '../connections/connections.ts';
import { lockConnection, setConnectionStatus } from '../connections/store.ts';
import { recordEvent } from '../events/events.ts';
import type { Platform, Tenant } from '../platform.ts';
import { REMEDIES } from '../remedies.ts';
import { RESOURCES } from './budget.ts';
import { waitForBank } from './health.ts';
import { noteBalances } from './first.ts';
import { rereadAccounts } from './listing.ts';
import { nextSlot } from './plan.ts';
import { SYNC_QUEUE } from './queues.ts';
import {
  LEASE_S,
  PersonNeeded,
  type ReadingVisit,
  type Run,
  readResource,
  StepNeeded,
  SyncInterrupted,
  SyncLost,
} from './reading.ts';
import * as store from './store.ts';
import { VISIT_MS } from './syncs.ts';

/** One sync, as its job knows it; `taken` where whoever began it took it as well. */
export type SyncJob = { tenant: Tenant; sync: string; taken?: store.TakenSync };

const ACCOUNTS_AT_ONCE = 4;
/** A sync that was taken so often never ends by itself: something is wrong with it, or with us. */
const MOST_TAKINGS = 20;
const MINUTE_MS = 60_000;
const LONGEST_DELAY_MS = 24 * 60 * MINUTE_MS;

/** How often and after what pause we come back by ourselves when a bank has no answer for us now. */
const RETURNS: Record<'rate_limited' | 'unavailable' | 'unexpected', { most: number; afterMs: number[] }> = {
  // Banks that say no without a moment mean: not this hour (standards: one normal form, ACCESS_EXCEEDED).
  rate_limited: { most: 8, afterMs: [60 * MINUTE_MS] },
  unavailable: { most: 4, afterMs: [MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS] },
  unexpected: { most: 1, afterMs: [10 * MINUTE_MS] },
};

/**
 * Runs a sync: balances of all accounts first, because somebody may be waiting for them, then their transactions. Each
 * account is stored as soon as it is read; what one account brought is kept when another fails. In a visit, the run rests
 * when the bank asks the person, and what it asks is returned.
 */
export async function runSync(
  platform: Platform,
  { tenant, sync: id, taken }: SyncJob,
  signal: AbortSignal,
  visit?: ReadingVisit,
): Promise<StepNeeded | undefined> {
  const { database, clock } = platform;
  const until = visit || taken ? undefined : await waitForBank(platform, tenant, id);
  if (until) {
    await platform.jobs.enqueue(database, SYNC_QUEUE, { tenant, sync: id }, { at: until, key: id });
    return undefined;
  }
  const leasedMs = performance.now();
  const sync = taken ?? (await database.first<store.TakenSync>(store.takeSync(tenant, id, clock.now(), LEASE_S)));
  if (!sync) return void (await leaveSync(platform, tenant, id));
  const run: Run = { platform, tenant, sync, signal, leasedMs, failures: [], ...(visit ? { visit } : {}) };
  try {
    await readAccounts(run);
  } catch (error) {
    noteBalances(platform, sync.consent);
    if (error instanceof StepNeeded) return restRun(run, error);
    await leaveRun(run, error);
    return undefined;
  }
  await settle(run);
  return undefined;
}

async function readAccounts(run: Run): Promise<void> {
  const { platform, tenant, sync } = run;
  if (sync.lease > MOST_TAKINGS) throw new Error('the sync was taken too often');
  // Somebody who waits is not asked for a code twice.
  if (!run.visit) await rereadAccounts(run);
  const { connection, consent, bankAccount } = sync;
  const rows = await platform.database.read.rows<store.AccountToRead & SealedAccount>(
    store.selectAccountsToRead(tenant, connection, consent, bankAccount),
  );
  const accounts = rows.map((row) => ({ ...openAccount(platform, tenant, row), ring: row.ring }));
  const atOnce = signsInWithLogin(run) ? 1 : ACCOUNTS_AT_ONCE;
  for (const resource of RESOURCES) {
    await eachOf(accounts, atOnce, (account) => readResource(run, account, resource));
    if (resource === 'balances') noteBalances(platform, consent);
  }
}

/** What a run comes to that was broken off. */
async function leaveRun(run: Run, error: unknown): Promise<void> {
  if (run.sync.lease > MOST_TAKINGS) return endRun(run, { status: 'failed', error: 'internal_error' });
  if (error instanceof SyncLost) return endRun(run, { status: 'failed', error: 'consent_ended' });
  if (error instanceof SyncInterrupted) return delayRun(run, run.platform.clock.now());
  // Anything else is our mistake: the job fails loudly and is tried again when the lease is over.
  if (!(error instanceof PersonNeeded)) throw error;
  run.failures.push(error);
  return settle(run);
}

/** One at a time where each reading signs in with the person's own login: a refused one must not be sent twice. */
function signsInWithLogin({ platform, sync }: Run): boolean {
  const way = platform.providers.find(sync.provider)?.interfaces.find(({ id }) => id === sync.interface);
  return way !== undefined && platform.connectors[way.standard]?.keepsSecrets === true;
}

/** Until the person has answered. If nobody does, the job ends it, as one that needs the person. */
async function restRun(run: Run, asked: StepNeeded): Promise<StepNeeded | undefined> {
  const { platform, tenant, sync } = run;
  const until = new Date(platform.clock.now().getTime() + VISIT_MS);
  return platform.database.transaction(async (tx) => {
    if ((await tx.run(store.restSync(tenant, sync.id, sync.lease, until, sync.accounts))) === 0) return undefined;
    await platform.jobs.enqueue(tx, SYNC_QUEUE, { tenant, sync: sync.id }, { at: until, key: sync.id });
    return asked;
  });
}

/** What follows from what went wrong: the gravest decides. */
async function settle(run: Run): Promise<void> {
  const { platform, tenant, sync, failures } = run;
  const { connection } = sync;
  const at = platform.clock.now();
  if (failures.some((failure) => failure instanceof PersonNeeded)) {
    return endRun(run, { status: 'failed', error: 'person_needed' }, (tx) =>
      needSomebody(tx, { tenant, connection, needs: { who: 'person', what: 'authenticate' }, initiator: 'bank', at }),
    );
  }
  const noes = failures.filter((failure) => failure instanceof BankError);
  const last =
    noes.find(({ kind }) => REMEDIES[kind].sync === 'stop') ??
    noes.find(({ kind }) => kind === 'rate_limited') ??
    noes[0];
  if (!last) return endRun(run, { status: 'completed', error: null }, (tx) => restore(tx, run));
  const until = returnAt(run, last);
  if (until) return delayRun(run, until);
  await endRun(run, { status: 'failed', error: last.kind }, (tx) =>
    applyRemedy(tx, { tenant, connection, kind: last.kind, at }),
  );
}

/** What was read shows that nobody is needed any more. A reconfirmation is the person's to give, not the bank's. */
async function restore(tx: Tx, { platform, tenant, sync }: Run): Promise<void> {
  if (!sync.accounts.some(({ outcome }) => outcome === 'complete')) return;
  const at = platform.clock.now();
  const connection = await lockConnection(tx, tenant, sync.connection);
  if (connection?.status !== 'action_required' || connection.needs?.what === 'reconfirm') return;
  await tx.run(setConnectionStatus(tenant, connection.id, 'active', null, at));
  await noteConnection(tx, connection, 'connection.restored', 'active', 'bank', at);
}

/** When we come back by ourselves; undefined where that makes no sense, or was tried often enough. */
function returnAt({ platform, sync, visit, attendedOnly }: Run, { kind, facts }: BankError): Date | undefined {
  // Nobody is there later to sign in, and a login whose outcome nobody knows is not sent again by itself.
  if (visit || attendedOnly || facts.mayHaveCounted) return undefined;
  if (kind !== 'rate_limited' && kind !== 'unavailable' && kind !== 'unexpected') return undefined;
  const { most, afterMs } = RETURNS[kind];
  if (sync.delays >= most) return undefined;
  const usual = afterMs[Math.min(sync.delays, afterMs.length - 1)]!;
  const waitMs = Math.min(facts.retryAfterMs ?? usual, LONGEST_DELAY_MS);
  return new Date(platform.clock.now().getTime() + Math.max(1000, waitMs));
}

/** Back into the queue. Only what was read is remembered as done; the rest is read then. */
async function delayRun({ platform, tenant, sync }: Run, until: Date): Promise<void> {
  const done = sync.accounts.filter(({ outcome }) => outcome === 'complete');
  await platform.database.transaction(async (tx) => {
    if ((await tx.run(store.delaySync(tenant, sync.id, sync.lease, until, done))) === 0) return;
    await platform.jobs.enqueue(tx, SYNC_QUEUE, { tenant, sync: sync.id }, { at: until, key: sync.id });
  });
}

type End = { status: 'completed' | 'failed'; error: string | null };

/** The end of a run, with what follows for its connection and with its event. Nothing when it is no longer ours. */
async function endRun(run: Run, end: End, follow: (tx: Tx) => Promise<void> = async () => undefined): Promise<void> {
  const { platform, tenant, sync } = run;
  const at = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    const counts = await tx.first<Counts>(store.endSync(tenant, sync.id, sync.lease, { ...end, at }));
    if (!counts) return;
    const lastAt = end.status === 'completed' ? at : null;
    const goesOn = sync.recurring && end.error !== 'consent_ended' && !run.attendedOnly;
    const nextAt = goesOn ? nextSlot(sync.connection, at) : null;
    await tx.later(store.noteSynchronization(tenant, sync.connection, { lastAt, nextAt }));
    await follow(tx);
    await tellEnd(tx, { tenant, ...sync, at }, end, counts);
  });
  platform.log.info(`sync.${end.status}`, { tenant, sync: sync.id, connection: sync.connection, reason: end.error });
}

/** A sync that could not be taken: over already, in other hands, or without a consent to stand on. */
async function leaveSync(platform: Platform, tenant: Tenant, id: string): Promise<void> {
  const { database, clock, jobs } = platform;
  const at = clock.now();
  await database.transaction(async (tx) => {
    const found = await tx.first<store.Standing>(store.findStanding(tenant, id));
    if (!found || (found.status !== 'queued' && found.status !== 'running')) return;
    if (found.leaseEndsInMs > 0) {
      const again = new Date(at.getTime() + found.leaseEndsInMs + 1000);
      return jobs.enqueue(tx, SYNC_QUEUE, { tenant, sync: id }, { at: again, key: id });
    }
    const end = { status: 'failed', error: 'consent_ended' } as const;
    const counts = await tx.first<Counts>(store.endSync(tenant, id, null, { ...end, at }));
    if (counts) await tellEnd(tx, { tenant, id, at, ...found }, end, counts);
  });
}

async function tellEnd(
  tx: Tx,
  sync: Pick<store.TakenSync, 'id' | 'customer' | 'consent' | 'connection' | 'requestId'> & {
    tenant: Tenant;
    at: Date;
  },
  { status, error }: End,
  counts: Counts,
): Promise<void> {
  const { tenant, id, customer, consent, connection, requestId, at } = sync;
  const data = { id, object: 'sync', status, connection, ...(error === null ? {} : { error }), ...counts };
  await recordEvent(tx, { tenant, type: `sync.${status}`, customer, consent, connection, data, requestId, at });
}

/** A few at once: banks count connections, and nobody's history should wait for everybody else's. */
async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const hands = Array.from({ length: atOnce }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  });
  // All of them end before anybody decides what follows.
  const ends = await Promise.allSettled(hands);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
