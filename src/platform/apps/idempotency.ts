import type { Sql } from '../../base/database.ts';
import { sameBytes } from '../../base/vault.ts';
import type { Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { deleteKeptBefore, findKept, insertKept, type KeptRow } from './idempotency-store.ts';

/** One key of one tenant, and the hash of the request it was sent with. */
export type IdempotencyKey = { tenant: Tenant; key: string; requestHash: Buffer };

/** The first answer, word for word. */
export type KeptAnswer = { status: number; text: string };

const KEPT_MS = 25 * 3_600_000;

/**
 * The answer given before under this key, or undefined for a new one. Throws `idempotency_key_reused` when the request
 * was another, and `not_found` when what it made was erased.
 */
export async function findAnswer(
  platform: Platform,
  { tenant, key, requestHash }: IdempotencyKey,
): Promise<KeptAnswer | undefined> {
  const row = await platform.database.read.first<KeptRow>(findKept(tenant, key));
  if (!row) return undefined;
  if (!sameBytes(row.request_hash, requestHash)) {
    throw new Problem(
      'idempotency_key_reused',
      'This key belongs to a request with another body or route. Use a new key for a new request.',
      {
        errors: [{ pointer: 'Idempotency-Key', detail: 'Used before for another request.' }],
      },
    );
  }
  if (row.answer === '') throw notFound('object any more');
  return {
    status: row.status,
    text: platform.vault.open(Buffer.from(row.answer, 'base64'), about(tenant, key)).toString('utf8'),
  };
}

/** The statement that keeps an answer, for the same commit as the object it shows (`object` is its id). */
export function keepAnswer(
  platform: Platform,
  { tenant, key, requestHash }: IdempotencyKey,
  answer: KeptAnswer,
  object: string | null,
): Sql {
  const sealed = platform.vault.seal(answer.text, about(tenant, key)).toString('base64');
  return insertKept(
    tenant,
    key,
    { request_hash: requestHash, status: answer.status, answer: sealed, object },
    platform.clock.now(),
  );
}

/** Forgets the keys of more than a day ago; returns how many. Run by a job every hour. */
export async function forgetOldKeys(platform: Platform): Promise<number> {
  const before = new Date(platform.clock.now().getTime() - KEPT_MS);
  let forgotten = 0;
  // Bounded, and in small pieces, so that a backlog never holds up the others.
  for (let round = 0; round < 100; round += 1) {
    const rows = await platform.database.run(deleteKeptBefore(before, 5000));
    forgotten += rows;
    if (rows === 0) break;
  }
  return forgotten;
}

function about(tenant: Tenant, key: string): string[] {
  return [String(tenant), 'idempotency', key];
}
