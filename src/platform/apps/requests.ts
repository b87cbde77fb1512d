import type { Platform, Tenant } from '../platform.ts';
import { deleteRequestsBefore, insertRequests } from './requests-store.ts';

/** One request an app made: what was asked and what it was told. Neither body nor query, nothing about a person. */
export type RequestLine = {
  tenant: Tenant;
  at: Date;
  id: string;
  key: string;
  method: string;
  /** The route's pattern, such as `/v1/consents/:id`. */
  route: string;
  /** The id in the address. */
  object: string | null;
  status: number;
  /** The code of the problem it was answered with. */
  problem: string | null;
  durationMs: number;
};

/** Takes lines without making anybody wait; they are written some at a time. */
export type RequestLog = { note(line: RequestLine): void; close(): Promise<void> };

const AT_ONCE = 500;
const EVERY_MS = 300;
/** What waits while the database is away; more is forgotten, and the log says how much. */
const MOST_WAITING = 20_000;
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

/** The log of requests. A crash loses the last third of a second of it: it explains, it proves nothing. */
export function createRequestLog({ database, log }: Pick<Platform, 'database' | 'log'>): RequestLog {
  let waiting: RequestLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    timer = undefined;
    while (waiting.length > 0) {
      const lines = waiting.splice(0, AT_ONCE);
      try {
        await database.run(insertRequests(lines));
      } catch (error) {
        log.warn('requests.not_logged', { count: lines.length, error });
        return;
      }
    }
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      writing = writing.then(write);
    }, EVERY_MS);
    timer.unref();
  };
  return {
    note(line) {
      if (waiting.length >= MOST_WAITING) {
        log.warn('requests.not_logged', { count: waiting.length });
        waiting = [];
      }
      waiting.push(line);
      soon();
    },
    async close() {
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}

/** Forgets what is older than fourteen days. Run by a job. */
export async function forgetOldRequests(platform: Pick<Platform, 'database' | 'clock'>): Promise<void> {
  const before = new Date(platform.clock.now().getTime() - KEPT_DAYS * DAY_MS);
  for (let round = 0; round < 20; round += 1)
    if ((await platform.database.run(deleteRequestsBefore(before, 10_000))) === 0) return;
}
