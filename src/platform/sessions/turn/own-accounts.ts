import type { Account } from '../../../banking/account.ts';
import { hashLogin, mayUse } from '../../apps/own-logins.ts';
import type { Platform } from '../../platform.ts';
import type { Session } from '../session.ts';
import type { Answering } from './asking.ts';
import { askAgain } from './trouble.ts';

/**
 * Whether the login just typed may be sent to the bank: any, except where the identity is for own accounts only. One that
 * cannot be told (a secret user name) is not known to be one's own.
 */
export async function isOwnLogin(platform: Platform, session: Session): Promise<boolean> {
  // A password alone is asked of somebody whose connection exists: that login was looked at when it began.
  if (session.login === null && session.connection !== null) return true;
  const login = session.login ?? NOBODY;
  return (await mayUse(platform, session.tenant, [login]))(login);
}

/** The accounts found that may be read: all of a login linked in advance, else those whose IBAN is linked. */
export async function ownAccounts(platform: Platform, session: Session, found: Account[]): Promise<Account[]> {
  const provider = session.chosenProvider!;
  const ibans = new Map(
    found.flatMap(({ reference, identification: { iban } }) =>
      iban ? [[reference, hashLogin(platform.vault, { provider, login: iban })] as const] : [],
    ),
  );
  const login = session.login ?? NOBODY;
  const may = await mayUse(platform, session.tenant, [login, ...ibans.values()]);
  return may(login) ? found : found.filter(({ reference }) => may(ibans.get(reference) ?? NOBODY));
}

/** Says that this login is not among those linked in advance. */
export async function refuseLogin(platform: Platform, session: Session, by: Answering): Promise<void> {
  platform.log.info('session.login_not_linked', { session: session.id, provider: session.chosenProvider });
  await askAgain(platform, session, { code: 'login_not_linked', actions: ['retry', 'other_bank', 'return'] }, by);
}

/** The hash of no login. */
const NOBODY = Buffer.alloc(0);
