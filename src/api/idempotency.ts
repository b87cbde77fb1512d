import { createHash } from 'node:crypto';
import { DatabaseAway } from '../base/database.ts';
import { findAnswer, type IdempotencyKey, type KeptAnswer, keepAnswer } from '../platform/apps/idempotency.ts';
import type { Commit } from '../platform/commit.ts';
import { isReferenceTaken } from '../platform/customers/customers.ts';
import type { Platform } from '../platform/platform.ts';
import { Problem } from '../platform/problems.ts';
import type { Asked } from './route.ts';

/** How often something is made again because another request was quicker with the same customer reference. */
const TRIES = 3;

/** Runs creating requests so that one key makes one object, whatever fails in between and whoever else sends it. */
export type Idempotency = {
  run(
    key: IdempotencyKey | undefined,
    status: number,
    make: (commit: Asked['commit']) => Promise<object>,
    options: { commitsAlone: boolean },
  ): Promise<KeptAnswer & { replayed: boolean }>;
};

/** For the requests of one server. */
export function createIdempotency(platform: Platform): Idempotency {
  // Only to spare the database: across servers the primary key decides.
  const running = new Map<string, Promise<unknown>>();
  return {
    async run(key, status, make, options) {
      if (!key) return fresh(platform, undefined, status, make);
      const name = `${key.tenant} ${key.key}`;
      while (running.has(name)) await running.get(name);
      const work = keyed(platform, key, status, make, options);
      running.set(
        name,
        work.then(
          () => running.delete(name),
          () => running.delete(name),
        ),
      );
      return work;
    },
  };
}

/** The key of a request, if it has one; throws `invalid_request` for one we cannot keep. */
export function idempotencyKey(
  tenant: number,
  header: string | string[] | undefined,
  operation: string,
  input: unknown,
): IdempotencyKey | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(header)) {
    throw new Problem('invalid_request', 'An Idempotency-Key has 1 to 255 printable ASCII characters.', {
      errors: [{ pointer: 'Idempotency-Key', detail: '1 to 255 printable ASCII characters.' }],
    });
  }
  return {
    tenant,
    key: header,
    requestHash: createHash('sha256')
      .update(`${operation}\n${canonical(input)}`)
      .digest(),
  };
}

async function keyed(
  platform: Platform,
  key: IdempotencyKey,
  status: number,
  make: (commit: Asked['commit']) => Promise<object>,
  { commitsAlone }: { commitsAlone: boolean },
) {
  const before = commitsAlone ? await findAnswer(platform, key) : undefined;
  if (before) return { ...before, replayed: true };
  try {
    return await fresh(platform, key, status, make);
  } catch (error) {
    // Nearly every key is new, so it is looked up only now: nothing was made, for the key is part of what would have
    // been committed. Whatever went wrong, an answer given before is the answer.
    const kept = error instanceof DatabaseAway ? undefined : await findAnswer(platform, key);
    if (kept) return { ...kept, replayed: true };
    throw error;
  }
}

async function fresh(
  platform: Platform,
  key: IdempotencyKey | undefined,
  status: number,
  make: (commit: Asked['commit']) => Promise<object>,
) {
  for (let attempt = 1; ; attempt += 1) {
    let text: string | undefined;
    const commit: Asked['commit'] = <Made>(present: (made: Made) => object): Commit<Made> => {
      return async (statements, made) => {
        const answer = present(made);
        text = JSON.stringify(answer);
        const kept = key ? [keepAnswer(platform, key, { status, text }, idOf(answer))] : [];
        await platform.database.together([...statements, ...kept]);
      };
    };
    try {
      const answer = await make(commit);
      if (text === undefined) {
        // Made in a transaction of its own. What it guards against a second time is its own business then.
        text = JSON.stringify(answer);
        if (key) await platform.database.together(keepAnswer(platform, key, { status, text }, idOf(answer)));
      }
      return { status, text, replayed: false };
    } catch (error) {
      if (!isReferenceTaken(error) || attempt >= TRIES) throw error;
    }
  }
}

function idOf(answer: object): string | null {
  const { id } = answer as { id?: unknown };
  return typeof id === 'string' ? id : null;
}

/** JSON with sorted names: the same request in another order is the same request. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
