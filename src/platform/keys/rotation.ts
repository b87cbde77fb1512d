import { VaultError } from '../../base/vault.ts';
import { concealAccounts } from '../accounts/concealed/anew.ts';
import type { Platform, Tenant } from '../platform.ts';
import { keysOf } from './data-keys.ts';
import * as store from './store.ts';

const AT_ONCE = 200;
/** How things are stored; a higher one has everything gone through once more. */
const FORM = 2;
/** The queue of the one job that seals anew. */
export const KEYS_QUEUE = 'keys';
const AGAIN_MS = 24 * 3_600_000;
/** Whoever read an older key before a renewal is done with it after so long. */
const SETTLED_MS = 3_600_000;

type Ground = Pick<Platform, 'database' | 'vault' | 'clock'>;
type Ring = { tenant: Tenant; holder: string; ring: Buffer };

/** How many values a key seals in one place: `key` of the vault; 0 = the keys of the people they belong to. */
export type KeyUse = { place: string; form: number; key: number; count: number };

/** Which keys seal what, over all tenants, and which keys of the vault wrap those of the people. */
export async function listKeyUses(platform: Pick<Platform, 'database'>): Promise<KeyUse[]> {
  const uses: KeyUse[] = [];
  for (const place of store.SEALED) {
    const rows = await platform.database.rows<Omit<KeyUse, 'place'>>(store.countByKey(place));
    for (const row of rows) uses.push({ place: `${place.table}.${place.column}`, ...row });
  }
  for (const row of await platform.database.rows<{ key: number; count: number }>(store.countRings()))
    uses.push({ place: 'data_keys.wrapped', form: 1, ...row });
  return uses;
}

/**
 * Brings everything under the vault's first key, in small steps, while servers run: the keys of people are wrapped anew,
 * what is sealed in an older way or under an older key is sealed anew. Each value is replaced only if nobody changed it
 * meanwhile; what was done stays done, so it can be stopped at any point. A value that no key opens is left and counted.
 */
export async function rotateKeys(
  platform: Ground,
  onPlace: (place: string, count: number, unopened: number) => void,
  signal?: AbortSignal,
): Promise<number> {
  let all = await giveKeys(platform);
  onPlace('data_keys (new)', all, 0);
  const wrapped = await wrapAnew(platform, signal);
  onPlace('data_keys.wrapped', wrapped, 0);
  all += wrapped;
  for (const place of store.SEALED) {
    const { done, unopened } = await sealAnew(platform, place, signal);
    onPlace(`${place.table}.${place.column}`, done, unopened);
    all += done;
  }
  const concealed = await concealAccounts(platform, signal);
  onPlace('bank_accounts and transactions', concealed, 0);
  all += concealed;
  await prune(platform);
  await platform.database.run(store.finishRotation(platform.vault.current, FORM, platform.clock.now()));
  return all;
}

/** The job: seals anew when the vault's key or the way of storing has changed, and looks over everything once a day. */
export async function keepSealed(platform: Platform): Promise<void> {
  if (await isDue(platform)) await platform.jobs.enqueue(platform.database, KEYS_QUEUE, {}, { key: 'keys' });
}

/** What the job does. Its time over, another goes on where it stopped. */
export async function workKeys(platform: Platform, signal: AbortSignal): Promise<void> {
  if (!(await isDue(platform))) return;
  await rotateKeys(
    platform,
    (place, count, unopened) => {
      if (count > 0) platform.log.info('keys.sealed_anew', { name: place, count });
      if (unopened > 0) platform.log.error('keys.unopened', { name: place, count: unopened });
    },
    signal,
  );
}

async function isDue({ database, vault, clock }: Ground): Promise<boolean> {
  const last = await database.first<{ current: number; form: number; finishedAt: Date }>(store.findRotation());
  if (!last || last.current !== vault.current || last.form !== FORM) return true;
  return clock.now().getTime() - last.finishedAt.getTime() > AGAIN_MS;
}

/**
 * Gives every holder a fresh key. The older ones go on opening until all they sealed is sealed anew, which the job does,
 * and an hour has gone by. Can be stopped and begun again with the same `at`.
 */
export async function renewKeys(platform: Ground, at: Date): Promise<number> {
  return eachRing(
    platform,
    (after) => store.selectRingsToRenew(at, after, AT_ONCE),
    ({ tenant, holder, ring }) => {
      const fresh = platform.vault.keyring.renew(ring, [String(tenant), holder]);
      return platform.database.run(store.replaceRing(tenant, holder, ring, fresh, at));
    },
  );
}

async function giveKeys(platform: Ground): Promise<number> {
  let count = 0;
  for (;;) {
    const rows = await platform.database.rows<Omit<Ring, 'ring'>>(store.selectWithoutKeys(AT_ONCE));
    for (const { tenant, holder } of rows) {
      const ring = platform.vault.keyring.make([String(tenant), holder]);
      count += await platform.database.run(store.insertKeysOnce(tenant, holder, ring));
    }
    if (rows.length < AT_ONCE) return count;
  }
}

async function wrapAnew(platform: Ground, signal?: AbortSignal): Promise<number> {
  return eachRing(
    platform,
    (after) => store.selectRingsToWrap(platform.vault.current, after, AT_ONCE),
    async ({ tenant, holder, ring }) => {
      signal?.throwIfAborted();
      const wrapped = platform.vault.keyring.rewrap(ring, [String(tenant), holder]);
      return wrapped ? platform.database.run(store.replaceRing(tenant, holder, ring, wrapped, 'unchanged')) : 0;
    },
  );
}

/** Older keys go once nothing is sealed with them and whoever was at work with them has ended. */
async function prune(platform: Ground): Promise<void> {
  const before = new Date(platform.clock.now().getTime() - SETTLED_MS);
  await eachRing(
    platform,
    (after) => store.selectRingsToPrune(before, after, AT_ONCE),
    ({ tenant, holder, ring }) =>
      platform.database.run(store.replaceRing(tenant, holder, ring, platform.vault.keyring.prune(ring), null)),
  );
}

async function eachRing(
  platform: Ground,
  select: (after: store.RingPlace) => ReturnType<typeof store.findRotation>,
  change: (ring: Ring) => Promise<number>,
): Promise<number> {
  let count = 0;
  for (let after: store.RingPlace = { tenant: 0, holder: '' }; ; ) {
    const rings = await platform.database.rows<Ring>(select(after));
    for (const ring of rings) count += await change(ring);
    if (rings.length < AT_ONCE) return count;
    after = rings.at(-1)!;
  }
}

type Stale = { key: string[]; sealed: Buffer; ring: Buffer | null; holder: string | null };

async function sealAnew(
  platform: Ground,
  place: store.SealedPlace,
  signal?: AbortSignal,
): Promise<{ done: number; unopened: number }> {
  let done = 0;
  let unopened = 0;
  for (let after: string[] | null = null; ; ) {
    signal?.throwIfAborted();
    const rows: Stale[] = await platform.database.rows<Stale>(
      store.selectStale(place, platform.vault.current, after, AT_ONCE),
    );
    for (const { key, sealed, ring, holder } of rows) {
      const about = place.about(key);
      const keys = holder === null ? platform.vault : keysOf(platform, { tenant: Number(key[0]), holder, ring });
      try {
        const fresh = keys.seal(keys.open(sealed, about), about);
        done += await platform.database.run(store.replaceSealed(place, key, sealed, fresh));
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        unopened += 1;
      }
    }
    if (rows.length < AT_ONCE) return { done, unopened };
    after = rows.at(-1)!.key;
  }
}
