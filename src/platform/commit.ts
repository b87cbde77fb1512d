import type { Sql } from '../base/database.ts';
import type { Platform } from './platform.ts';

/**
 * Makes something durable: the functions that create things hand over their statements and what they
 * made, and go on when it is committed. The API's own adds the row of the idempotency key with the answer to the same
 * commit, so that a crash between commit and reply changes nothing. It may be called once, and nothing may be written
 * before it.
 */
export type Commit<Made> = (statements: Sql[], made: Made) => Promise<void>;

/** The plain one, for callers without an idempotency key. */
export function commitTogether(platform: Platform): Commit<unknown> {
  return async (statements) => void (await platform.database.together(statements));
}
