import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createLimiter } from '../../base/limits.ts';
import { sameBytes } from '../../base/vault.ts';
import {
  askForControl,
  type ControlledRow,
  endControlled,
  listControlled,
  openControlLink,
} from '../../platform/customers/control/control.ts';
import { CONTROL_PATH } from '../../platform/customers/mail/mail.ts';
import type { Platform } from '../../platform/platform.ts';
import { asRequest } from '../connect/serving/request.ts';
import { allowedPage, askPage, type Controlled, noMailPage, sentPage, surePage } from './control.ts';
import { busyPage, type Page } from './layout.ts';
import { field, isOwnPost, send, toldFor } from './request.ts';

/** Links asked for from one network address: a household's worth. */
const ASKS = { perMinute: 6, burst: 10, most: 50_000 };
const COOKIE_S = 3600;
const EMAIL = /^[^\s@<>()",;:\\[\]]+@[^\s@<>()",;:\\[\]]+$/;

/** The page on which people see and end what they allowed, without their app. The mailed link becomes a cookie. */
export function addControl(app: FastifyInstance, platform: Platform): void {
  const limiter = createLimiter(ASKS);
  app.get(CONTROL_PATH, async (request, reply) => {
    const told = toldFor(platform, request);
    const control = await readControl(platform, request);
    if (control) return send(reply, allowedPage(told, control.allowed, { csrf: control.csrf }));
    if (!platform.mail) return send(reply, noMailPage(told));
    const over = (request.query as { over?: unknown }).over !== undefined || tokenOf(platform, request);
    return send(reply, askPage(told, over ? { tone: 'plain', text: told.own.control.over } : undefined));
  });
  app.get<{ Params: { token: string } }>(`${CONTROL_PATH}/:token`, async (request, reply) => {
    const { token } = request.params;
    const email = await openControlLink(platform, token);
    if (email === undefined) return redirect(reply, `${CONTROL_PATH}?over`);
    return redirect(reply.header('set-cookie', cookie(platform, token)), CONTROL_PATH);
  });
  app.post(CONTROL_PATH, async (request, reply) => {
    if (!isOwnPost(request)) return redirect(reply, CONTROL_PATH);
    if (field(request, 'do') !== 'ask') return send(reply, await end(platform, request));
    const told = toldFor(platform, request);
    const email = field(request, 'email', 254);
    if (!EMAIL.test(email)) return send(reply, askPage(told, { tone: 'error', text: told.own.control.wrong }, 422));
    const { allowed, retryAfterS } = limiter.take(request.ip);
    if (!allowed) return send(reply.header('retry-after', String(retryAfterS)), busyPage(told));
    if (!platform.mail) return send(reply, noMailPage(told));
    await askForControl(platform, email, told.speech.locale);
    return send(reply, sentPage(told));
  });
}

/** What this browser may see by the link it opened; undefined without one, or when it is over. */
export async function readControl(
  platform: Platform,
  request: FastifyRequest,
): Promise<{ email: string; csrf: string; allowed: Controlled[] } | undefined> {
  const token = tokenOf(platform, request);
  const email = token && (await openControlLink(platform, token));
  if (!email) return undefined;
  const rows = await listControlled(platform, email);
  return {
    email,
    csrf: platform.vault.derive('control form', token),
    allowed: rows.map((row) => named(platform, row)),
  };
}

async function end(platform: Platform, request: FastifyRequest): Promise<Page> {
  const told = toldFor(platform, request);
  const control = await readControl(platform, request);
  if (!control || !sameBytes(field(request, 'csrf'), control.csrf))
    return askPage(told, { tone: 'plain', text: told.own.control.over });
  const wanted = field(request, 'consent');
  const one = control.allowed.find(({ consent }) => consent === wanted);
  // It may have ended meanwhile, in another window or by the app.
  if (!one) return allowedPage(told, control.allowed, control);
  if (field(request, 'do') !== 'sure') return surePage(told, one, control.csrf);
  await endControlled(platform, control.email, one.consent, request.id);
  const rest = control.allowed.filter((other) => other !== one);
  return allowedPage(told, rest, { csrf: control.csrf, ended: one.app });
}

function named(platform: Platform, row: ControlledRow): Controlled {
  return { ...row, bank: platform.providers.find(row.provider ?? '')?.name ?? row.provider ?? '' };
}

function nameOf(platform: Platform): string {
  return `${platform.publicUrl.startsWith('https:') ? '__Host-' : ''}drawbridge_control`;
}

function tokenOf(platform: Platform, request: FastifyRequest): string | undefined {
  return asRequest(request).browser.cookies[nameOf(platform)];
}

/** Lax: whoever follows the link from their mail comes from another site. */
function cookie(platform: Platform, token: string): string {
  const secure = platform.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${nameOf(platform)}=${token}; Path=/; Max-Age=${COOKIE_S}; HttpOnly; SameSite=Lax${secure}`;
}

function redirect(reply: FastifyReply, path: string) {
  return reply
    .code(303)
    .headers({ location: path, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .send();
}
