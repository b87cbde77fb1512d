import { randomUUID } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';

/** Does one job. Throwing lets it be tried again; `signal` aborts when its lease is over or the server stops waiting. */
// biome-ignore lint/suspicious/noExplicitAny: what a job holds is between its two ends
export type Handler = (data: any, job: { id: string; signal: AbortSignal; attempt: number }) => Promise<void>;

/** Works on one queue: as many jobs at once as it may, a new one as soon as one has ended. */
export type Worker = {
  start(lookEveryMs: number): void;
  /** There may be something to do. */
  wake(): void;
  /** Room for a job that is begun here at once; undefined while there is none. */
  reserve(): Place | undefined;
  stop(): Promise<void>;
  readonly idle: boolean;
};

/** Room kept for one job, which has no row: it is begun or given back, once. */
export type Place = { begin(data: object): void; giveBack(): void };

type Job = { id: string; retryCount: number; data: object };

const HEARTBEAT_EVERY_MS = 5000;
// Then what still runs is told to give up, and runs again elsewhere.
const LONGEST_DRAIN_MS = 25_000;

/** A worker; nothing happens before `start`. */
export function createWorker(options: {
  boss: PgBoss;
  queue: string;
  atOnce: number;
  leaseS: number;
  handler: Handler;
  log: Log;
}): Worker {
  const { boss, queue, atOnce, leaseS, handler, log } = options;
  const running = new Map<Job, Promise<void>>();
  const reserved = new Set<Place>();
  const here = new Set<Promise<void>>();
  const stopped = new AbortController();
  let fetching: Promise<void> | undefined;
  let again = false;
  let open = false;
  let look: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;

  /** Fetches while there is room and something to fetch. Only one runs; a wake meanwhile makes it look once more. */
  function wake(): void {
    again = true;
    if (!open || fetching || running.size >= atOnce) return;
    fetching = fetchJobs()
      // The next look comes by itself.
      .catch((error: unknown) => log.warn('jobs.fetch_failed', { queue, error }))
      .finally(() => {
        fetching = undefined;
        if (again) wake();
      });
  }
  async function fetchJobs(): Promise<void> {
    while (open && running.size < atOnce) {
      again = false;
      const wanted = atOnce - running.size;
      const jobs: Job[] = await boss.fetch<object>(queue, { batchSize: wanted });
      for (const job of jobs) running.set(job, run(job));
      if (jobs.length < wanted) return;
    }
    // As many as there was room for: there may be more.
    again = true;
  }
  async function run(job: Job): Promise<void> {
    try {
      await handle(job);
      await boss.complete(queue, attemptOf(job));
    } catch (error) {
      log.error('job.failed', { queue, job: job.id, attempt: job.retryCount + 1, error });
      // When even this fails, the heartbeat ends and another server takes the job.
      await boss
        .fail(queue, attemptOf(job), { failed: nameOf(error) })
        .catch((failure: unknown) => log.warn('jobs.error', { queue, error: failure }));
    } finally {
      running.delete(job);
      // Else the queue was seen empty, and whoever adds to it says so.
      if (again) wake();
    }
  }
  function reserve(): Place | undefined {
    // Twice the room: a person waits for what begins at once, and not behind what was planned.
    if (!open || running.size + reserved.size + here.size >= 2 * atOnce) return undefined;
    const place: Place = {
      begin(data) {
        if (!reserved.delete(place)) return;
        const work = handle({ id: randomUUID(), retryCount: 0, data })
          .catch((error: unknown) => log.error('job.failed', { queue, error }))
          .finally(() => here.delete(work));
        here.add(work);
      },
      giveBack: () => void reserved.delete(place),
    };
    reserved.add(place);
    return place;
  }
  async function handle(job: Job): Promise<void> {
    const lease = new AbortController();
    const timer = setTimeout(() => lease.abort(new Error('the lease is over')), leaseS * 1000);
    const signal = AbortSignal.any([lease.signal, stopped.signal]);
    try {
      await handler(job.data, { id: job.id, signal, attempt: job.retryCount + 1 });
    } finally {
      clearTimeout(timer);
    }
  }
  function beat(): void {
    const attempts = [...running.keys()].map(attemptOf);
    if (attempts.length)
      boss.touch(queue, attempts).catch((error: unknown) => log.warn('jobs.error', { queue, error }));
  }
  return {
    start(lookEveryMs) {
      open = true;
      look = setInterval(wake, lookEveryMs);
      heartbeat = setInterval(beat, HEARTBEAT_EVERY_MS);
      wake();
    },
    wake,
    reserve,
    async stop() {
      open = false;
      clearInterval(look);
      await fetching;
      const giveUp = setTimeout(() => stopped.abort(new Error('the server stops')), LONGEST_DRAIN_MS);
      await Promise.all([...running.values(), ...here]);
      clearTimeout(giveUp);
      clearInterval(heartbeat);
    },
    get idle() {
      return running.size + here.size === 0 && !fetching;
    },
  };
}

/** Names the attempt too, so that a late answer cannot settle a job that meanwhile runs again elsewhere. */
function attemptOf({ id, retryCount }: Job): { id: string; retryCount: number } {
  return { id, retryCount };
}

/** Stored with the job, so without any text that could quote data. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
