import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

export type Unclaimed = { tenant: Tenant; id: string; over: boolean };

export function needClaim(tenant: Tenant, consent: string, hash: Buffer, at: Date): Sql {
  return sql`update consents set claim = 'needed', claim_hash = ${hash}, claim_since = ${at}, claim_told = false
    where tenant = ${tenant} and id = ${consent}`;
}

/** One row where the code is right and was not used. */
export function claim(tenant: Tenant, consent: string, hash: Buffer, at: Date): Sql {
  return sql`update consents set claim = 'claimed', claim_hash = null, updated_at = ${at}
    where tenant = ${tenant} and id = ${consent} and status = 'authorized' and claim = 'needed' and claim_hash = ${hash}`;
}

/** What still waits for this code. */
export function findClaims(tenant: Tenant, hash: Buffer): Sql {
  return sql`select id from consents
    where tenant = ${tenant} and claim = 'needed' and status = 'authorized' and claim_hash = ${hash} limit 1`;
}

/** Opens or closes what a consent covers, for every reader. */
export function setClosed(tenant: Tenant, consent: string, closed: boolean): Sql {
  return sql`update bank_accounts set closed = ${closed}
    where tenant = ${tenant} and consent = ${consent} and closed <> ${closed}`;
}

/** Nothing where it was told already. */
export function markClaimTold(tenant: Tenant, consent: string): Sql {
  return sql`update consents set claim_told = true where tenant = ${tenant} and id = ${consent} and not claim_told`;
}

/** Those to be told of, and those whose time is over. */
export function selectUnclaimed(tellBefore: Date, endBefore: Date): Sql {
  return sql`select tenant, id, claim_since <= ${endBefore} as over from consents
    where claim = 'needed' and status = 'authorized'
      and (claim_since <= ${endBefore} or claim_since <= ${tellBefore} and not claim_told)
    order by claim_since limit 100`;
}
