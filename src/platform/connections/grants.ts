import { setTimeout as delay } from 'node:timers/promises';
import { BankError } from '../../banking/bank-error.ts';
import type { Grant } from '../../banking/connector.ts';
import type { Json } from '../../banking/step.ts';
import type { Sealer } from '../../base/vault.ts';
import { keysOf } from '../keys/data-keys.ts';
import type { Platform, Tenant } from '../platform.ts';
import { findGrant, type GrantRow, leaseGrant, storeGrant } from './store.ts';

/** Seals a grant for one place: a connection, a session between authentication and grant, or a revocation. */
export function sealGrant(keys: Sealer, tenant: Tenant, holder: string, grant: Grant): Buffer {
  const plain = JSON.stringify(grant);
  return keys.seal(plain, [String(tenant), holder, 'grant']);
}

/** Opens what `sealGrant` sealed for that place; throws `VaultError` for anything else. */
export function openGrant(keys: Sealer, tenant: Tenant, holder: string, sealed: Uint8Array): Grant {
  const plain = JSON.parse(keys.open(sealed, [String(tenant), holder, 'grant']).toString()) as {
    validUntil?: string;
    visit?: { secret: Json; forgetAt: string };
    secret: Json;
  };
  const { validUntil, visit, ...rest } = plain;
  return {
    ...rest,
    ...(validUntil ? { validUntil: new Date(validUntil) } : {}),
    ...(visit ? { visit: { ...visit, forgetAt: new Date(visit.forgetAt) } } : {}),
  };
}

/** What of a grant may outlive the visit. */
export function withoutVisit({ visit: _, ...grant }: Grant): Grant {
  return grant;
}

/** The stored grant of a connection and the version it was read at; undefined when it has none. */
export async function readGrant(
  platform: Platform,
  tenant: Tenant,
  connection: string,
): Promise<{ grant: Grant; version: number } | undefined> {
  const row = await platform.database.read.first<GrantRow>(findGrant(tenant, connection));
  return row && openStoredGrant(platform, tenant, connection, row);
}

/** The grant in a connection's row. */
export function openStoredGrant(
  platform: Platform,
  tenant: Tenant,
  connection: string,
  row: GrantRow,
): { grant: Grant; version: number } {
  const keys = keysOf(platform, { tenant, holder: row.customer, ring: row.ring });
  return { grant: openGrant(keys, tenant, connection, row.sealed), version: row.version };
}

/** Longer than a bank may take to answer a token request; a crashed server's lease is free again after it. */
const LEASE_S = 15;

/**
 * Renews a connection's grant at the bank, once, whatever many servers try: under a lease, the outcome stored before
 * anything uses it. Whoever finds that another server was faster takes that server's outcome instead of calling.
 */
export async function refreshUnderLease(
  platform: Platform,
  tenant: Tenant,
  connection: string,
  knownVersion: number,
  call: (grant: Grant) => Promise<Grant>,
): Promise<{ grant: Grant; version: number }> {
  for (let wait = 0; wait < LEASE_S * 5; wait += 1) {
    const lease = await platform.database.first<GrantRow>(leaseGrant(tenant, connection, LEASE_S));
    if (!lease) {
      await delay(200);
      continue;
    }
    const keys = keysOf(platform, { tenant, holder: lease.customer, ring: lease.ring });
    const stored = openGrant(keys, tenant, connection, lease.sealed);
    const keep = (grant: Buffer | null) =>
      platform.database.run(storeGrant(tenant, connection, lease.version, grant, platform.clock.now()));
    if (lease.version !== knownVersion + 1) {
      await keep(null);
      return { grant: stored, version: lease.version };
    }
    let fresh: Grant;
    try {
      fresh = await call(stored);
    } catch (error) {
      await keep(null);
      throw error;
    }
    if ((await keep(sealGrant(keys, tenant, connection, fresh))) === 0)
      throw new BankError('unexpected', 'the lease to refresh this grant was lost before its outcome could be stored');
    return { grant: fresh, version: lease.version };
  }
  throw new BankError('unavailable', 'another server has been refreshing this grant for too long');
}
