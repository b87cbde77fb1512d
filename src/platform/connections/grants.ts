import { setTimeout as delay } from 'node:timers/promises';
import { BankError } from '../../banking/bank-error.ts';
import type { Grant } from '../../banking/connector.ts';
import type { Json } from '../../banking/step.ts';
import type { Sealer } from '../../base/vault.ts';
import { keysOf } from '../keys/data-keys.ts';
import type { Platform, Tenant } from '../platform.ts';
import { findGrant, type GrantRow, leaseGrant, lengthenLease, storeGrant } from './store.ts';

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

/** The stored grant of a connection; undefined when it has none. */
export async function readGrant(platform: Platform, tenant: Tenant, connection: string): Promise<Grant | undefined> {
  const row = await platform.database.read.first<GrantRow>(findGrant(tenant, connection));
  return row && openStoredGrant(platform, tenant, connection, row);
}

/** The grant in a connection's row. */
export function openStoredGrant(platform: Platform, tenant: Tenant, connection: string, row: GrantRow): Grant {
  const keys = keysOf(platform, { tenant, holder: row.customer, ring: row.ring });
  return openGrant(keys, tenant, connection, row.sealed);
}

/** How long a lease lasts that nobody lengthens: its server died, or is cut off from the database. */
const LEASE_S = 15;
const LENGTHEN_MS = 5000;
/** Longer than a bank may take to answer; whoever waits for another server gives up then. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 200;

/**
 * Changes a connection's grant, one server at a time: under a lease that lasts as long as `call` does, the outcome stored
 * before anything uses it. `call` is handed the grant as it is stored now; where another server was faster it gives that
 * back as it is, and the bank is not asked again.
 */
export async function refreshUnderLease(
  platform: Platform,
  tenant: Tenant,
  connection: string,
  call: (grant: Grant) => Promise<Grant>,
): Promise<Grant> {
  const { database, clock } = platform;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_AGAIN_MS) {
    const lease = await database.first<GrantRow>(leaseGrant(tenant, connection, LEASE_S));
    if (!lease) {
      if (!(await database.first(findGrant(tenant, connection))))
        throw new BankError('consent_gone', 'the grant was destroyed meanwhile');
      await delay(LOOK_AGAIN_MS);
      continue;
    }
    const keys = keysOf(platform, { tenant, holder: lease.customer, ring: lease.ring });
    const stored = openGrant(keys, tenant, connection, lease.sealed);
    const keep = (grant: Buffer | null) =>
      database.run(storeGrant(tenant, connection, lease.version, grant, clock.now()));
    const lengthening = setInterval(
      () => void database.run(lengthenLease(tenant, connection, lease.version, LEASE_S)).catch(() => undefined),
      LENGTHEN_MS,
    );
    try {
      const fresh = await call(stored);
      if ((await keep(fresh === stored ? null : sealGrant(keys, tenant, connection, fresh))) === 0)
        throw new BankError(
          'unexpected',
          'the lease to refresh this grant was lost before its outcome could be stored',
        );
      return fresh;
    } catch (error) {
      await keep(null);
      throw error;
    } finally {
      clearInterval(lengthening);
    }
  }
  throw new BankError('unavailable', 'another server has been refreshing this grant for too long');
}
