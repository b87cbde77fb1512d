import { createHash } from 'node:crypto';
import type { Tx } from '../../base/database.ts';
import type { Platform, Tenant } from '../platform.ts';
import { PLAN_QUEUE, SYNC_QUEUE } from './queues.ts';
import * as store from './store.ts';
import { enqueueSync } from './syncs.ts';

/** Three planned reads a day leave one of the four for those who ask by hand. */
const PERIOD_MS = 8 * 3_600_000;
/** What was read just now is not planned again so soon. */
const LEAST_PAUSE_MS = 2 * 3_600_000;
const EVERY_MS = 60_000;
const BATCH = 100;
const MOST_BATCHES = 50;

type Due = { tenant: Tenant; connection: string; consent: string; isDue: boolean };

/** The next planned time of a connection: three fixed times a day, spread over all connections by hash. */
export function nextSlot(connection: string, after: Date): Date {
  const offset = createHash('sha256').update(connection).digest().readUInt32BE(0) % PERIOD_MS;
  const earliest = after.getTime() + LEAST_PAUSE_MS;
  return new Date(Math.ceil((earliest - offset) / PERIOD_MS) * PERIOD_MS + offset);
}

/** Plans the next reading of a connection, in the transaction that makes it possible again. */
export async function planNext(tx: Tx, tenant: Tenant, connection: string, after: Date): Promise<void> {
  await tx.run(store.noteSynchronization(tenant, connection, { lastAt: null, nextAt: nextSlot(connection, after) }));
}

/** Sees to it that planning goes on; any number of servers may say so. */
export async function startPlanning(platform: Platform): Promise<void> {
  await planAgain(platform, platform.clock.now());
}

/**
 * Puts what is planned for now into the queue, for recurring consents that still stand; what does not stand is planned
 * again by the renewal. Also puts back syncs whose taker died together with their job.
 */
export async function planSyncs(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  // First, so that a failure below does not end all planning.
  await planAgain(platform, new Date(now.getTime() + EVERY_MS));
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    if ((await planBatch(platform, now)) < BATCH) break;
  }
  const abandoned = await platform.database.rows<{ tenant: Tenant; id: string }>(store.selectAbandoned(BATCH));
  for (const { tenant, id } of abandoned) {
    await platform.jobs.enqueue(platform.database, SYNC_QUEUE, { tenant, sync: id }, { key: id });
  }
}

/**
 * Goes on at once with syncs whose server died while it renewed a token. Whether the bank had answered already, and so
 * knows only a token that nobody has, shows in trying again: the bank refuses, and the person is needed.
 */
export async function recoverRefreshes(platform: Platform): Promise<void> {
  const freed = await platform.database.rows<{ tenant: Tenant; id: string }>(store.freeLostRefreshes());
  for (const { tenant, id } of freed) {
    platform.log.warn('sync.refresh_lost', { tenant, sync: id });
    await platform.jobs.enqueue(platform.database, SYNC_QUEUE, { tenant, sync: id }, { key: id });
  }
}

function planBatch(platform: Platform, now: Date): Promise<number> {
  return platform.database.transaction(async (tx) => {
    const due = await tx.rows<Due>(store.lockDue(now, BATCH));
    for (const { tenant, connection, consent, isDue } of due) {
      if (isDue) await enqueueSync(platform, tx, { tenant, connection, consent, reason: 'planned' });
      const nextAt = isDue ? nextSlot(connection, now) : null;
      await tx.run(store.noteSynchronization(tenant, connection, { lastAt: null, nextAt }));
    }
    return due.length;
  });
}

async function planAgain(platform: Platform, at: Date): Promise<void> {
  await platform.jobs.enqueue(platform.database, PLAN_QUEUE, {}, { at, key: 'plan' });
}
