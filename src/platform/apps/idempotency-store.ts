import { rowsOf, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** An answer as kept: sealed, because it can hold the address of a hosted page. */
export type KeptRow = { request_hash: Buffer; status: number; answer: string };

/** A plain insert, committed with what it is the answer to. A second of one key fails, and its whole commit with it. */
export function insertKept(tenant: Tenant, key: string, kept: KeptRow & { object: string | null }, at: Date): Sql {
  return keptRow({ tenant, key, ...kept, created_at: at });
}

const keptRow = rowsOf('idempotency_keys', {
  tenant: 'int',
  key: 'text',
  request_hash: 'bytea',
  status: 'int',
  answer: 'text',
  object: 'text',
  created_at: 'timestamptz',
});

/** What was kept under the key. */
export function findKept(tenant: Tenant, key: string): Sql {
  return sql`select request_hash, status, answer from idempotency_keys where tenant = ${tenant} and key = ${key}`;
}

/** Forgets keys older than that, of every tenant, some thousands at a time. */
export function deleteKeptBefore(at: Date, limit: number): Sql {
  return sql`delete from idempotency_keys where (tenant, key) in (
    select tenant, key from idempotency_keys where created_at < ${at} limit ${limit})`;
}
