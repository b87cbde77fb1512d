import type { Vault } from '../../base/vault.ts';
import type { Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { findIdentity } from './identities.ts';
import * as store from './own-login-store.ts';

export type { OwnLoginRow } from './own-login-store.ts';

/** A person's login at a provider: what they type as user name, or the IBAN of an account where nothing is typed on our page. */
export type OwnLogin = { provider: string; login: string };

/**
 * Links a login in advance: an identity for own accounts only signs in with nothing else. What is kept of it is a hash nobody
 * can turn back, and a hint. Throws `not_found` or `invalid_request`.
 */
export async function linkOwnLogin(
  platform: Pick<Platform, 'database' | 'clock' | 'vault'>,
  identity: string,
  own: OwnLogin,
): Promise<void> {
  const row = await findIdentity(platform, identity);
  if (!row) throw notFound('identity');
  if (row.role !== 'own_accounts_only')
    throw new Problem('invalid_request', 'Only an identity with the role own_accounts_only has linked logins.');
  const login = own.login.trim();
  if (!/^[a-z0-9-]{3,64}$/.test(own.provider) || login.length < 1 || login.length > 100)
    throw new Problem('invalid_request', 'Name the provider (such as de-havelstein) and the login, or an IBAN.');
  await platform.database.run(
    store.insertOwnLogin({
      identity,
      provider: own.provider,
      login: hashLogin(platform.vault, own),
      hint: login.length > 4 ? `${login.slice(0, 2)}…${login.slice(-2)}` : `${login.slice(0, 1)}…`,
      created_at: platform.clock.now(),
    }),
  );
}

/** Ends the link: the next sign-in with this login is refused. Throws `not_found` where there was none. */
export async function unlinkOwnLogin(
  platform: Pick<Platform, 'database' | 'vault'>,
  identity: string,
  own: OwnLogin,
): Promise<void> {
  const touched = await platform.database.run(store.deleteOwnLogin(identity, hashLogin(platform.vault, own)));
  if (touched === 0) throw notFound('login');
}

/** What an identity may sign in with, by provider. */
export function listOwnLogins(platform: Pick<Platform, 'database'>, identity: string): Promise<store.OwnLoginRow[]> {
  return platform.database.rows<store.OwnLoginRow>(store.selectOwnLogins(identity));
}

/** Of these hashes, whether each may sign in: all of them, unless the tenant's identity is for own accounts only. */
export async function mayUse(
  platform: Pick<Platform, 'database'>,
  tenant: Tenant,
  logins: Buffer[],
): Promise<(login: Buffer) => boolean> {
  const restriction = await platform.database.read.first<{ linked: Buffer[] }>(store.selectRestriction(tenant, logins));
  if (!restriction) return () => true;
  return (login) => restriction.linked.some((one) => one.equals(login));
}

/** A login at a provider as a hash nobody can turn back, the same however it is written. */
export function hashLogin(vault: Pick<Vault, 'derive'>, { provider, login }: OwnLogin): Buffer {
  const bare = login.trim().toLowerCase();
  // An IBAN is written in groups of four or not.
  const name = /^[a-z]{2}\d{2}[a-z0-9 ]{11,}$/.test(bare) ? bare.replaceAll(' ', '') : bare;
  return Buffer.from(vault.derive('sign-in', `${provider}\n${name}`), 'base64url');
}
