import type { Platform } from '../platform.ts';
import { countByKey, replaceSealed, SEALED, selectStale } from './store.ts';

const AT_ONCE = 200;

/** How many values a key seals in one place. */
export type KeyUse = { place: string; key: number; count: number };

/** Which keys seal what, over all tenants. */
export async function listKeyUses(platform: Pick<Platform, 'database'>): Promise<KeyUse[]> {
  const uses: KeyUse[] = [];
  for (const place of SEALED) {
    const rows = await platform.database.rows<{ key: number; count: number }>(countByKey(place));
    for (const { key, count } of rows) uses.push({ place: `${place.table}.${place.column}`, key, count });
  }
  return uses;
}

/**
 * Seals everything again under the vault's first key, in small steps, while servers run: each value is replaced only if
 * nobody changed it meanwhile. Throws `VaultError` at a value that none of the keys opens; what was done stays done.
 */
export async function rotateKeys(
  platform: Pick<Platform, 'database' | 'vault'>,
  current: number,
  onPlace: (place: string, count: number) => void,
): Promise<number> {
  let all = 0;
  for (const place of SEALED) {
    let here = 0;
    for (;;) {
      const rows = await platform.database.rows<{ key: string[]; sealed: Buffer }>(
        selectStale(place, current, AT_ONCE),
      );
      for (const { key, sealed } of rows) {
        const about = place.about(key);
        const fresh = platform.vault.seal(platform.vault.open(sealed, about), about);
        here += await platform.database.run(replaceSealed(place, key, sealed, fresh));
      }
      if (rows.length < AT_ONCE) break;
    }
    onPlace(`${place.table}.${place.column}`, here);
    all += here;
  }
  return all;
}
