import { VaultError } from '../../../base/vault.ts';
import type { Platform, Tenant } from '../../platform.ts';
import { deleteRefusal, findRefusal, insertRefusal } from './mail-store.ts';

/** Whose mail somebody refuses: an app's, or with tenant 0 the links that this server mails when asked. */
export type Refusable = { tenant: Tenant; email: string };

/** Mailed links belong to no app. */
export const NO_TENANT = 0;
const PATH = '/mail/stop/';
const ABOUT = ['0', 'mail', 'refusal'];

/** The address in a mail at which further ones are refused. Nobody can make one for another's mailbox. */
export function refusalUrl(platform: Platform, tenant: Tenant, email: string): string {
  const sealed = platform.vault.seal(JSON.stringify({ tenant, email }), ABOUT).toString('base64url');
  return `${platform.publicUrl}${PATH}${sealed}`;
}

/** What the token of such an address is about; undefined for anything that is none. */
export function readRefusal(platform: Platform, token: string): Refusable | undefined {
  try {
    return JSON.parse(platform.vault.open(Buffer.from(token, 'base64url'), ABOUT).toString()) as Refusable;
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/** True where whoever has this address wants no mail of that kind. */
export async function isRefused(platform: Platform, tenant: Tenant, email: string): Promise<boolean> {
  return (await platform.database.read.first(findRefusal(tenant, hashed(platform, email)))) !== undefined;
}

/** No more mail, or some again. */
export async function refuseMail(platform: Platform, { tenant, email }: Refusable, refused: boolean): Promise<void> {
  const address = hashed(platform, email);
  await platform.database.run(
    refused ? insertRefusal(tenant, address, platform.clock.now()) : deleteRefusal(tenant, address),
  );
}

function hashed(platform: Platform, email: string): Buffer {
  return Buffer.from(platform.vault.derive('mail address', email.toLowerCase()), 'base64url');
}
