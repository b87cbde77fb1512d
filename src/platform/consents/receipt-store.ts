import { type Sql, sql } from '../../base/database.ts';
import type { PublicKey } from './receipt-key.ts';

/** Kept once: receipts are looked at years later. */
export function insertReceiptKey(key: PublicKey, at: Date): Sql {
  return sql`insert into receipt_keys (kid, jwk, created_at) values (${key.kid}, ${JSON.stringify(key)}, ${at})
    on conflict (kid) do nothing`;
}

export function selectReceiptKeys(): Sql {
  return sql`select jwk from receipt_keys order by created_at desc, kid limit 100`;
}
