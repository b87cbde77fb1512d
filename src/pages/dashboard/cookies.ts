import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '../../platform/platform.ts';

/** The dashboard's cookies: the session; what forms are tied to before there is one; a browser that was in before. */
export type CookieName = 'operator' | 'form' | 'device';

const AGE_S: Record<CookieName, number | undefined> = { operator: undefined, form: undefined, device: 180 * 86_400 };

/** A cookie of the request. */
export function readCookie(platform: Platform, request: FastifyRequest, name: CookieName): string | undefined {
  const wanted = nameOf(platform, name);
  for (const part of (request.headers.cookie ?? '').split(';').slice(0, 100)) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** Sets a cookie, or takes it away. Over https its name binds it to this very host (`__Host-`). */
export function setCookie(platform: Platform, reply: FastifyReply, name: CookieName, value: string | undefined): void {
  const secure = isHttps(platform) ? '; Secure' : '';
  const age = value === undefined ? '; Max-Age=0' : AGE_S[name] ? `; Max-Age=${AGE_S[name]}` : '';
  const line = `${nameOf(platform, name)}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${age}${secure}`;
  const before = reply.getHeader('set-cookie');
  reply.header('set-cookie', [...(Array.isArray(before) ? before : before ? [String(before)] : []), line]);
}

/** The token that a form of this cookie carries. Another site can make a browser send the cookie, but cannot know this. */
export function formToken(platform: Platform, cookie: string): string {
  return platform.vault.derive('dashboard form', cookie);
}

/** A value no one can guess. */
export function freshCookie(): string {
  return randomBytes(32).toString('base64url');
}

function nameOf(platform: Platform, name: CookieName): string {
  return `${isHttps(platform) ? '__Host-' : ''}drawbridge_${name}`;
}

/** Whether browsers reach us by https. */
export function isHttps(platform: Platform): boolean {
  return platform.publicUrl.startsWith('https:');
}
