import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserAt } from '../../platform/operators/sessions.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Form } from './asked.ts';
import { isHttps } from './cookies.ts';

/** Headers of every page: nothing from elsewhere, no frames, nothing kept; the one script only where a page has it. */
export function pageHeaders(platform: Platform, script = false): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${script ? "'self'" : "'none'"}`,
      "style-src 'self'",
      'img-src data:',
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'permissions-policy':
      'camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
    'x-robots-tag': 'noindex',
    'cache-control': 'no-store',
    ...(isHttps(platform) ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/** What was typed. Control characters but line breaks are dropped: nothing here has a use for them. */
export function formOf(request: FastifyRequest): Form {
  const body = (request.body ?? {}) as Record<string, unknown>;
  const all = (name: string): string[] => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return values.map((one) => String(one).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ''));
  };
  return {
    raw: (name) => all(name)[0] ?? '',
    text: (name) => (all(name)[0] ?? '').trim(),
    all,
    has: (name) => all(name).length > 0,
  };
}

/** The query: the last value of each name. */
export function queryOf(request: FastifyRequest): Record<string, string> {
  const at = request.url.indexOf('?');
  const query: Record<string, string> = Object.create(null);
  if (at >= 0)
    for (const [name, value] of new URLSearchParams(request.url.slice(at))) query[name] = value.slice(0, 300);
  return query;
}

/** Whose browser it is. */
export function browserOf(request: FastifyRequest): BrowserAt {
  return { address: request.ip, userAgent: String(request.headers['user-agent'] ?? '') };
}

/** Whether another site had this browser send it. */
export function isCrossSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Sends somebody on. */
export function goTo(reply: FastifyReply, path: string): FastifyReply {
  return reply
    .code(303)
    .headers({
      location: path,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send();
}
