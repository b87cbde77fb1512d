import type { Sql, Tx } from '../../base/database.ts';
import type { HolderKeys } from '../../base/vault/keyring.ts';
import type { Platform, Tenant } from '../platform.ts';
import * as store from './store.ts';

/** Whose keys: a customer, or what a bank has yet to be told of a consent. */
export type Holder = { tenant: Tenant; holder: string; ring: Uint8Array | null };

/** The holder under which the grant waits that a bank must be told the end of. */
export function revocationHolder(consent: string): string {
  return `revocation:${consent}`;
}

/** What a holder's keys do, from the ring that was read with its row. */
export function keysOf(platform: Pick<Platform, 'vault'>, { tenant, holder, ring }: Holder): HolderKeys {
  return platform.vault.keyring.open(ring, [String(tenant), holder]);
}

/** The statement that gives a new holder its keys, for the same commit as its row. */
export function makeKeys(platform: Pick<Platform, 'vault'>, tenant: Tenant, holder: string): Sql {
  return store.insertKeys({ tenant, holder, wrapped: platform.vault.keyring.make([String(tenant), holder]) });
}

/** A holder's keys, made where it has none yet. */
export async function ensureKeys(
  platform: Pick<Platform, 'vault'>,
  tx: Pick<Tx, 'first' | 'run'>,
  tenant: Tenant,
  holder: string,
): Promise<HolderKeys> {
  await tx.run(store.insertKeysOnce(tenant, holder, platform.vault.keyring.make([String(tenant), holder])));
  return findKeys(platform, tx, tenant, holder);
}

/** A holder's keys, looked up. */
export async function findKeys(
  platform: Pick<Platform, 'vault'>,
  tx: Pick<Tx, 'first'>,
  tenant: Tenant,
  holder: string,
): Promise<HolderKeys> {
  const row = await tx.first<{ ring: Buffer }>(store.findRing(tenant, holder));
  return keysOf(platform, { tenant, holder, ring: row?.ring ?? null });
}
