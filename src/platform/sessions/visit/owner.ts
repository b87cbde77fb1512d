import { randomBytes } from 'node:crypto';
import type { Person } from '../../../banking/connector.ts';
import { hashToken, sameBytes } from '../../../base/vault.ts';
import type { Platform, Tenant } from '../../platform.ts';
import type { Session } from '../session.ts';

/** A browser as it presented itself with one request. */
export type Browser = { cookies: Record<string, string>; person: Person };

/**
 * Who may see and move a visit. Opening a link gives the browser a cookie: a secret of its own, signed together with
 * what the link opens, so that the address bar needs no token. The first *Continue* makes that secret's hash the owner.
 */
const PREFIX = 'dbv_';

/** The cookie's name for one link; with the `__Host-` prefix wherever we are served over TLS. */
export function cookieName(platform: Pick<Platform, 'publicUrl'>, subject: string): string {
  return `${platform.publicUrl.startsWith('https:') ? '__Host-' : ''}${PREFIX}${subject.slice(-10)}`;
}

/** True for the browser of a phone, as far as it says. */
export function isPhone(person: Person): boolean {
  return /\b(Mobile|iPhone|Android)\b/i.test(person.userAgent ?? '');
}

/** A fresh cookie value for a browser that opened the link of this consent or session. */
export function newVisitCookie(platform: Pick<Platform, 'vault'>, tenant: Tenant, subject: string): string {
  const secret = randomBytes(32).toString('base64url');
  return `${tenant}.${secret}.${signature(platform, subject, `${tenant}.${secret}`)}`;
}

/** The tenant and the secret of a browser that opened this link; undefined for any other. */
export function readVisitCookie(
  platform: Pick<Platform, 'publicUrl' | 'vault'>,
  subject: string,
  browser: Browser,
): { tenant: Tenant; secret: string } | undefined {
  const [tenant, secret, signed] = (browser.cookies[cookieName(platform, subject)] ?? '').split('.');
  if (!tenant || !secret || !signed) return undefined;
  const expected = signature(platform, subject, `${tenant}.${secret}`);
  return sameBytes(Buffer.from(signed), Buffer.from(expected)) ? { tenant: Number(tenant), secret } : undefined;
}

/** The secret with which this browser owns the visit, by whatever link it came. */
export function findOwnerSecret(session: Pick<Session, 'owner'>, browser: Browser): string | undefined {
  if (!session.owner) return undefined;
  return visitCookies(browser).find(({ secret }) => sameBytes(hashToken(secret), session.owner!))?.secret;
}

/** The tenants this browser has visits with: only among them is an address without a token looked for. */
export function tenantsOf(browser: Browser): Tenant[] {
  return [...new Set(visitCookies(browser).map(({ tenant }) => tenant))].slice(0, 10);
}

function visitCookies(browser: Browser): { tenant: Tenant; secret: string }[] {
  return Object.entries(browser.cookies).flatMap(([name, value]) => {
    const [tenant, secret] = value.split('.');
    const ours = name.replace('__Host-', '').startsWith(PREFIX) && secret && /^\d{1,9}$/.test(tenant ?? '');
    return ours ? [{ tenant: Number(tenant), secret }] : [];
  });
}

/** What every form of this visit carries: bound to the browser's secret, so nobody else's page can send it. */
export function formToken(platform: Pick<Platform, 'vault'>, secret: string): string {
  return platform.vault.derive('form', secret);
}

/** True for the token that the forms of this browser carry. */
export function isFormToken(platform: Pick<Platform, 'vault'>, secret: string, token: string): boolean {
  return sameBytes(Buffer.from(token), Buffer.from(formToken(platform, secret)));
}

function signature(platform: Pick<Platform, 'vault'>, subject: string, signed: string): string {
  return platform.vault.derive('visit', `${subject}.${signed}`);
}
