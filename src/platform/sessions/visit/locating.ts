import { findTenantSettings, type TenantInfo } from '../../apps/apps.ts';
import type { Consent } from '../../consents/consent.ts';
import { findConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import type { Session } from '../session.ts';
import { findOpenSessionOfConsent, findSession } from '../store.ts';
import { type Carried, findCarried, hasScanned } from './carrying.ts';
import { type Browser, findOwnerSecret, readVisitCookie, tenantsOf } from './owner.ts';

/** Pages without a visit: each says what happened and what to do. */
export type OwnPage =
  /** No such link, or one of somebody else's. */
  | 'unknown_link'
  /** The consent has no customer yet: the app has to name one first. */
  | 'new_consent'
  /** The link has done its work, one way or another. */
  | 'finished'
  | 'canceled'
  | 'expired'
  /** The visit belongs to another browser, which has begun to sign in. */
  | 'other_browser'
  /** A clean address in a browser that never opened its link. */
  | 'open_link_again'
  /** The bank sent a browser here that did not begin the visit. */
  | 'no_cookie'
  /** A way back that is used up or was never ours. */
  | 'unknown_return'
  /** What the bank sent stands in the fragment, which only a script of the page can hand over. */
  | 'handing_over'
  /** An option in the link's query has a value we do not know. */
  | 'bad_option'
  /** A QR code that was scanned too late, or by another phone before. */
  | 'qr_over'
  /** Whoever scanned a QR code says that they did not begin this visit. */
  | 'not_me'
  /** A form without its token: another site's, or from before the visit ended. */
  | 'bad_request';

/** What is said of a link whose visit or consent has ended. */
export function ended(status: string): OwnPage {
  if (status === 'finished' || status === 'authorized') return 'finished';
  return status === 'expired' ? 'expired' : 'canceled';
}

/** A visit as this browser may see it: `owns` once it said *Continue*, before that it has only opened the link. */
export type Located = {
  tenant: TenantInfo;
  secret: string;
  owns: boolean;
  session?: Session;
  consent?: Consent;
  /** This is a phone that has scanned the visit's QR code. */
  carried?: Carried;
};

/** Finds the visit behind a clean address for this browser, or the page that says why there is none. */
export async function locate(
  platform: Platform,
  subject: string,
  browser: Browser,
): Promise<Located | { page: OwnPage }> {
  if (!subject.startsWith('ses_')) return locateConsent(platform, subject, browser);
  const found = await locateSession(platform, subject, browser);
  if ('owns' in found && found.owns) return found;
  const carried = await findCarried(platform, subject, browser);
  // Scanned, but too late or after another phone: their code is over, whatever else is said of the link.
  if (!carried) return 'page' in found && hasScanned(platform, subject, browser) ? { page: 'qr_over' } : found;
  const session = current(platform, carried.session);
  const tenant = await findTenantSettings(platform, session.tenant);
  return { tenant, secret: carried.secret, owns: false, session, carried: { ...carried, session } };
}

async function locateSession(
  platform: Platform,
  subject: string,
  browser: Browser,
): Promise<Located | { page: OwnPage }> {
  const opened = readVisitCookie(platform, subject, browser);
  for (const tenant of opened ? [opened.tenant] : tenantsOf(browser)) {
    const session = await platform.database.read.first<Session>(findSession(tenant, subject));
    if (!session) continue;
    const owner = findOwnerSecret(session, browser);
    const secret = owner ?? opened?.secret;
    if (!secret && session.consent && readVisitCookie(platform, session.consent, browser))
      return { page: 'other_browser' };
    if (!secret) continue;
    return {
      tenant: await findTenantSettings(platform, tenant),
      secret,
      owns: owner !== undefined,
      session: current(platform, session),
    };
  }
  return { page: 'open_link_again' };
}

async function locateConsent(
  platform: Platform,
  subject: string,
  browser: Browser,
): Promise<Located | { page: OwnPage }> {
  const opened = readVisitCookie(platform, subject, browser);
  if (!opened) return { page: 'open_link_again' };
  const consent = await platform.database.read.first<Consent>(findConsent(opened.tenant, subject));
  if (!consent) return { page: 'unknown_link' };
  if (consent.status === 'new') return { page: 'new_consent' };
  const latest = await platform.database.first<Session>(findOpenSessionOfConsent(opened.tenant, subject));
  const session = latest && current(platform, latest);
  const owner = session && findOwnerSecret(session, browser);
  const tenant = await findTenantSettings(platform, opened.tenant);
  // A visit that ended without the consent is over; the link begins another as long as the consent is pending.
  if (consent.status === 'pending' && session?.status !== 'open')
    return { tenant, secret: opened.secret, owns: false, consent };
  if (consent.status !== 'pending' && !owner) return { page: ended(consent.status) };
  return {
    tenant,
    secret: owner ?? opened.secret,
    owns: owner !== undefined,
    consent,
    ...(session ? { session } : {}),
  };
}

/** A visit whose time is up is over, also before the job that ends it has come by. */
function current(platform: Platform, session: Session): Session {
  return isOver(platform, session)
    ? { ...session, status: 'expired', place: 'ended', error: 'expired', errorCode: 'session_expired' }
    : session;
}

/** True when it was left for too long. */
export function isOver(platform: Platform, session: Session): boolean {
  return session.status === 'open' && session.expiresAt <= platform.clock.now();
}
