import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionOptions, PgBoss } from 'pg-boss';
import type { Clock } from './clock.ts';
import { type Database, type Sql, sql, type Tx } from './database.ts';
import { createWorker, type Handler, type Place, type Worker } from './jobs/worker.ts';
import type { Log } from './log.ts';

export type { Place } from './jobs/worker.ts';

/** Work to be done after a change is committed, by any server, at least once. */
export type Jobs = {
  /**
   * Adds a job in the transaction that makes it necessary: both happen or neither. With a `key` at most one such job
   * waits; asking again moves it to the earlier of both times. `at` is in our clock's time, now unless given.
   */
  enqueue(tx: Tx, queue: string, data: object, options?: { at?: Date; key?: string; urgent?: true }): Promise<void>;
  /**
   * Room for a job of this queue that begins in this server at once and leaves no row: for work that is found by other
   * means should the server die. Undefined while there is none; what is not begun is given back.
   */
  reserve(queue: string): Place | undefined;
  /** Says how a queue is worked on, from `start` on. A handler may run twice: what it does must bear that. */
  work(queue: string, options: WorkOptions, handler: Handler): Promise<void>;
  start(): Promise<void>;
  /** Takes no more jobs and resolves when those begun have ended. */
  stop(): Promise<void>;
  /** Resolves when no job that is due waits or runs in the queues worked on here. */
  idle(): Promise<void>;
};

/** How the jobs of a queue are worked on; failing often enough ends one, and the log says so. */
export type WorkOptions = {
  /** How many at the same moment in this process. */
  atOnce: number;
  /** How often a failed job is tried again; 10 unless given. */
  retries?: number;
  /** The pause before the first of them, doubled each time up to 15 minutes; 1 unless given. */
  retryAfterS?: number;
  /** The longest one may take before its signal aborts and another server may run it; 60 unless given. */
  leaseS?: number;
};

const SCHEMA = 'jobs';
const DAY_S = 86_400;
// Where pg-boss says in which queue a job became ready.
const CHANNEL = `pgboss_${createHash('sha224').update(SCHEMA).digest('hex').slice(0, 24)}`;
// Nothing is said for a job whose time comes, so each queue is also looked at this often.
const LOOK_EVERY_MS = 1000;
const HEARTBEAT_S = 15;

/** Jobs kept in schema `jobs` of this database, which it creates and migrates. */
export async function createJobs(options: { url: string; database: Database; clock: Clock; log: Log }): Promise<Jobs> {
  const { database, clock, log } = options;
  const boss = new PgBoss({
    connectionString: options.url,
    schema: SCHEMA,
    application_name: 'drawbridge jobs',
    max: 4,
    schedule: false,
    reindex: false,
    // How soon a job of a server that died is given to another: this after the heartbeat ended.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 600,
  });
  boss.on('error', (error) => log.warn('jobs.error', { error }));
  await boss.start();
  const workers = new Map<string, Worker>();
  const known = new Map<string, Promise<void>>();
  let stopListening: (() => Promise<void>) | undefined;

  /** A queue must exist before a job can be in it. */
  function ensureQueue(queue: string): Promise<void> {
    const ensured =
      known.get(queue) ?? boss.createQueue(queue, { policy: 'short', notify: true, ...lasting({ atOnce: 1 }) });
    known.set(queue, ensured);
    ensured.catch(() => known.delete(queue));
    return ensured;
  }
  function wakeAll(): void {
    for (const worker of workers.values()) worker.wake();
  }
  clock.onAdvance(async (byMs) => {
    // pg-boss lives in the database's time, so when ours jumps what waits comes nearer by as much.
    await database.run(sql`update jobs.job set start_after = start_after - make_interval(secs => ${byMs / 1000})
      where state < 'active' and start_after > now()`);
    wakeAll();
  });
  return {
    async enqueue(tx, queue, data, { at, key, urgent } = {}) {
      await ensureQueue(queue);
      const startAfter = at && new Date(at.getTime() - clock.aheadMs);
      const added = await boss.send(queue, data, {
        db: inside(tx),
        // This kind of queue keeps one waiting job a key, so one without a key gets one of its own.
        singletonKey: key ?? randomUUID(),
        ...(startAfter && startAfter > new Date(clock.now().getTime() - clock.aheadMs) ? { startAfter } : {}),
        ...(urgent ? { priority: 10 } : {}),
      });
      if (added === null && key !== undefined) await bringForward(tx, queue, key, startAfter);
    },
    reserve: (queue) => workers.get(queue)?.reserve(),
    async work(queue, workOptions, handler) {
      await ensureQueue(queue);
      await boss.updateQueue(queue, lasting(workOptions));
      workers.set(
        queue,
        createWorker({ boss, queue, atOnce: workOptions.atOnce, leaseS: workOptions.leaseS ?? 60, handler, log }),
      );
    },
    async start() {
      stopListening = await database.listen(CHANNEL, (queue) => (queue ? workers.get(queue)?.wake() : wakeAll()));
      for (const worker of workers.values()) worker.start(LOOK_EVERY_MS);
    },
    async stop() {
      await stopListening?.();
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      await boss.stop({ graceful: false, close: true });
    },
    async idle() {
      const queues = [...workers.keys()];
      for (;;) {
        const busy = await database.first(sql`select 1 from jobs.job where name = any(${queues})
          and (state = 'active' or state < 'active' and start_after <= now()) limit 1`);
        if (!busy && [...workers.values()].every((worker) => worker.idle)) return;
        // Only where there is something: a look that finds nothing would itself be something to wait for.
        if (busy) wakeAll();
        await wait(10);
      }
    },
  };
}

/** How long the jobs of a queue may take, and how long they are kept. */
function lasting({ retries, retryAfterS, leaseS }: WorkOptions) {
  return {
    retryLimit: retries ?? 10,
    retryDelay: retryAfterS ?? 1,
    retryBackoff: true,
    retryDelayMax: 900,
    expireInSeconds: leaseS ?? 60,
    heartbeatSeconds: HEARTBEAT_S,
    // Long after its time, so that a server that was off for weeks still does what it owes.
    retentionSeconds: 180 * DAY_S,
    deleteAfterSeconds: 3600,
  };
}

/** The same job was waiting already: whoever wants it sooner is right. */
async function bringForward(tx: Tx, queue: string, key: string, startAfter: Date | undefined): Promise<void> {
  await tx.run(sql`with sooner as (
      update jobs.job set start_after = coalesce(${startAfter ?? null}::timestamptz, now())
      where name = ${queue} and singleton_key = ${key} and state = 'created'
        and start_after > coalesce(${startAfter ?? null}::timestamptz, now())
      returning start_after
    ) select pg_notify(${CHANNEL}, ${queue}) from sooner where start_after <= now()`);
}

/** Our transaction, as pg-boss takes one. */
function inside(tx: Tx): ConnectionOptions['db'] {
  return {
    executeSql: async (text: string, values: unknown[] = []) => ({
      rows: await tx.rows({ text, values } as unknown as Sql),
    }),
  };
}
