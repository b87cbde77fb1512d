import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Sealer } from '../../../base/vault.ts';
import type { Tenant } from '../../platform.ts';
import type { SealedPage } from '../store.ts';
import { hashPage } from '../storing.ts';

/** Compresses a page as the bank sent it and seals it as one block. */
export async function sealPage(
  keys: Sealer,
  about: { tenant: Tenant; account: string; sync: string },
  page: number,
  raw: Uint8Array,
): Promise<SealedPage> {
  const compressed = await promisify(deflate)(raw);
  const sealed = keys.seal(compressed, [String(about.tenant), about.account, about.sync, 'bank_page', String(page)]);
  return { page, hash: hashPage(raw), sealed };
}

/** The page as the bank sent it. */
export async function openPage(
  keys: Sealer,
  about: { tenant: Tenant; account: string; sync: string; page: number },
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const context = [String(about.tenant), about.account, about.sync, 'bank_page', String(about.page)];
  return promisify(inflate)(keys.open(sealed, context));
}
