import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * The one clock of a server: its own code, the pretend banks and (handed in as `$now`) the database. It can be moved
 * forward in sandbox and tests; whoever moves it must be allowed to (never where a live key exists).
 */
export type Clock = {
  now(): Date;
  /** Moves the clock forward by so many milliseconds and tells everyone who listens. */
  advance(byMs: number): Promise<void>;
  /** Milliseconds this clock is ahead of the machine's. */
  readonly aheadMs: number;
  /** Called after each move, with the milliseconds moved. */
  onAdvance(listener: (byMs: number) => void | Promise<void>): void;
};

/**
 * The clock of a sandbox: how far it was moved is kept in a file, so that a restart does not send everybody back in time.
 */
export function keepClock(path: string): Clock {
  const kept = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  const clock = createClock(Number.isFinite(kept) && kept > 0 ? kept : 0);
  clock.onAdvance(() => writeFileSync(path, String(clock.aheadMs)));
  return clock;
}

/** A clock that starts `aheadMs` ahead of the machine's. */
export function createClock(aheadMs = 0): Clock {
  const listeners: ((byMs: number) => void | Promise<void>)[] = [];
  let ahead = aheadMs;
  return {
    now: () => new Date(Date.now() + ahead),
    get aheadMs() {
      return ahead;
    },
    async advance(byMs) {
      if (!Number.isFinite(byMs) || byMs < 0) throw new RangeError('the clock only moves forward');
      ahead += byMs;
      for (const listener of listeners) await listener(byMs);
    },
    onAdvance: (listener) => void listeners.push(listener),
  };
}
