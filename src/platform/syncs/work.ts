import type { Platform } from '../platform.ts';
import { planSyncs, startPlanning } from './plan.ts';
import { ATTENDED_QUEUE, PLAN_QUEUE, SYNC_QUEUE } from './queues.ts';
import { runSync, type SyncJob } from './run.ts';

const SYNCS_AT_ONCE = 8;
/** A long history may take its time; that a taker is alive is seen by the lease of the sync itself. */
const LONGEST_RUN_S = 1800;

/** Says how syncs are run and planned, from the start of the jobs on. */
export async function workSyncs(platform: Platform): Promise<void> {
  for (const queue of [SYNC_QUEUE, ATTENDED_QUEUE]) {
    await platform.jobs.work(
      queue,
      { atOnce: SYNCS_AT_ONCE, leaseS: LONGEST_RUN_S },
      async (job: SyncJob, { signal }) => {
        await runSync(platform, job, signal);
      },
    );
  }
  await platform.jobs.work(PLAN_QUEUE, { atOnce: 1 }, () => planSyncs(platform));
  await startPlanning(platform);
}
