import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAway } from '../../base/database.ts';
import { RequestRefused } from '../../base/http.ts';
import { createLimiter } from '../../base/limits.ts';
import type { Platform } from '../../platform/platform.ts';
import { searchBanks } from '../../platform/sessions/visit/choices.ts';
import { comeBack, openCode, openLink, sendInput, type View, viewVisit } from '../../platform/sessions/visit/visit.ts';
import { chooseLocale } from '../words/index.ts';
import { addPostedBack, withState } from './serving/back.ts';
import {
  answersScreen,
  HELP_PATH,
  InputRefused,
  type OwnPage,
  ownPage,
  parseInput,
  renderResults,
  renderScreen,
  screenAsJson,
} from './index.ts';
import { INLINED } from './inlined.ts';
import { asRequest, queryText } from './serving/request.ts';
import { addLive } from './serving/live.ts';

/** Requests of one address to the page: far more than a person makes, too few to guess anything. */
const RATE = { perMinute: 600, burst: 200, most: 50_000 };
const DAY_S = 86_400;

/** The hosted page as a Fastify plugin: the link, the visit behind it, the way back from banks and help. */
export function createConnectPages(platform: Platform): (app: FastifyInstance) => Promise<void> {
  const limiter = createLimiter(RATE);
  return async (app) => {
    app.setErrorHandler((error, request, reply) => sendError(platform, error, request, reply));
    await app.register(async (visits) => {
      visits.addHook('onRequest', async (request, reply) => {
        const { allowed, retryAfterS } = limiter.take(request.ip);
        if (!allowed) return sendOwn(platform, request, reply, 'rate_limited', { retryAfterS });
      });
      addLink(visits, platform);
      addVisit(visits, platform);
      addPhone(visits, platform);
      addLive(visits, platform);
      visits.get(HELP_PATH, (request, reply) => sendOwn(platform, request, reply, 'help'));
      addBack(visits, platform);
    });
  };
}

/** The link: a token in the path, exchanged for a cookie, so that no address shown later holds a secret. */
function addLink(app: FastifyInstance, platform: Platform): void {
  app.get<{ Params: { token: string } }>('/connect/:token', async (request, reply) => {
    const opened = await openLink(platform, request.params.token, asRequest(request).browser);
    if (!opened) return sendOwn(platform, request, reply, 'unknown_link');
    if (opened.cookie) reply.header('set-cookie', cookie(platform, opened.cookie.name, opened.cookie.value));
    const query = queryText(request);
    return redirect(reply, `/visit/${opened.subject}${query}`);
  });
}

/** A QR code: like a link, exchanged for a cookie of the phone's own; one that came too late says so. */
function addPhone(app: FastifyInstance, platform: Platform): void {
  app.get<{ Params: { code: string } }>('/phone/:code', async (request, reply) => {
    const opened = await openCode(platform, request.params.code);
    if (!opened) return sendOwn(platform, request, reply, 'qr_over');
    reply.header('set-cookie', cookie(platform, opened.cookie.name, opened.cookie.value));
    return redirect(reply, `/visit/${opened.subject}`);
  });
}

/** The way back from a bank: a query, a signed answer, a form, or a fragment that our script posts to us. */
function addBack(app: FastifyInstance, platform: Platform): void {
  app.get<{ Params: { provider: string } }>('/back/:provider', async (request, reply) => {
    const come = asRequest(request);
    if (come.query.length === 0) return sendOwn(platform, request, reply, 'handing_over');
    const view = await comeBack(platform, request.params.provider, { ...come, query: withState(come.query) });
    return sendView(platform, view, request, reply);
  });
  addPostedBack(app, (request, reply) => sendOwn(platform, request, reply, 'bad_request'));
}

function addVisit(app: FastifyInstance, platform: Platform): void {
  type Visit = { Params: { subject: string } };
  app.get<Visit>('/visit/:subject', async (request, reply) =>
    sendView(platform, await viewVisit(platform, request.params.subject, asRequest(request)), request, reply),
  );
  app.get<Visit>('/visit/:subject/search', async (request, reply) => {
    const view = await viewVisit(platform, request.params.subject, asRequest(request));
    if (view.kind !== 'screen' || view.screen.kind !== 'bank') return reply.code(409).send();
    const last = (wanted: string) => asRequest(request).query.findLast(([name]) => name === wanted)?.[1];
    const query = last('q') ?? '';
    const country = /^[A-Z]{2}$/.exec(last('country') ?? '')?.[0];
    const { searchDown: _, ...screen } = view.screen;
    const favour = { country, last: screen.lastBank?.id };
    const found = searchBanks(platform, view.context.test ? 'test' : 'live', query, view.met, favour);
    const answer = renderResults({ ...screen, query, ...found }, view.context);
    return reply.headers(answer.headers).send(answer.html);
  });
  app.post<Visit>('/visit/:subject', async (request, reply) => {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return sendOwn(platform, request, reply, 'bad_request');
    const { subject } = request.params;
    const body = (request.body ?? {}) as Record<string, unknown>;
    const before = answersScreen(body) ? await viewVisit(platform, subject, asRequest(request)) : undefined;
    if (before && before.kind !== 'screen') return sendView(platform, before, request, reply);
    const input = parseInput(body, before?.screen, before?.context);
    const token = typeof body.csrf === 'string' ? body.csrf : '';
    const after = await sendInput(platform, subject, { ...asRequest(request), form: { token, input } });
    if (after.kind !== 'elsewhere' || !wantsJson(request)) return sendView(platform, after, request, reply);
    return sendView(
      platform,
      await viewVisit(platform, after.subject, { ...asRequest(request), query: [] }),
      request,
      reply,
    );
  });
}

function sendView(platform: Platform, view: View, request: FastifyRequest, reply: FastifyReply) {
  if (view.kind === 'elsewhere') return redirect(reply, `/visit/${view.subject}`);
  if (view.kind === 'own')
    return sendOwn(platform, request, reply, view.page, {
      ...(view.option ? { option: view.option } : {}),
      ...(view.digits ? { digits: view.digits } : {}),
    });
  if (wantsJson(request)) {
    // The same address as JSON is the headless API: the app then sees what is typed, so the operator has to allow it.
    if (!view.headless)
      return reply.code(403).headers(PRIVATE).send({
        code: 'headless_not_allowed',
        detail: 'The operator has not allowed this app to show the page itself.',
      });
    return reply.headers(PRIVATE).send(screenAsJson(view.screen, view.context));
  }
  const { html, headers } = renderScreen(view.screen, view.context);
  return sendPage(request, reply.headers(headers), html);
}

/** A whole page, its style and script compressed for whoever accepts that. */
function sendPage(request: FastifyRequest, reply: FastifyReply, html: string) {
  reply.header('vary', 'accept, accept-encoding');
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(html);
  return reply.header('content-encoding', 'gzip').send(INLINED.pack(html));
}

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

function sendOwn(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
  page: OwnPage,
  more: { option?: string; digits?: string; retryAfterS?: number; retryPath?: string } = {},
) {
  const locale = chooseLocale(
    asRequest(request).query.findLast(([name]) => name === 'locale')?.[1],
    request.headers['accept-language'],
  );
  // What a bank brings back stands in the query: no other page may lose it.
  const [at = ''] = request.url.split('?');
  const path = request.method === 'GET' && /^\/(connect|visit)\/[\w\-/]*$/.test(at) ? at : undefined;
  const answer = ownPage(page, {
    locale,
    operator: platform.operator,
    reference: request.id,
    ...(path ? { path } : {}),
    ...more,
  });
  if (wantsJson(request))
    return reply.code(answer.status).headers(PRIVATE).send({ code: page, request_id: request.id });
  return sendPage(request, reply.code(answer.status).headers(answer.headers), answer.html);
}

/** Whatever goes wrong on the page ends in words and, where it makes sense, a way to try the same again. */
function sendError(platform: Platform, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const again = request.url.startsWith('/visit/') ? { retryPath: request.url.split('?')[0]! } : {};
  if (error instanceof InputRefused) {
    if (wantsJson(request))
      return reply
        .code(422)
        .headers(PRIVATE)
        .send({ code: 'invalid_request', errors: error.errors, request_id: request.id });
    return sendOwn(platform, request, reply, 'bad_request', again);
  }
  if (error instanceof DatabaseAway)
    return sendOwn(platform, request, reply, 'database_away', { ...again, retryAfterS: 5 });
  const status =
    error instanceof RequestRefused ? error.statusCode : ((error as { statusCode?: number }).statusCode ?? 500);
  if (status < 500) return sendOwn(platform, request, reply, 'bad_request', again);
  platform.log.error('page.failed', { requestId: request.id, error });
  return sendOwn(platform, request, reply, 'server_error', again);
}

/** Kept for a day, so that a closed browser comes back to its visit. Lax: the bank's redirect has to bring it. */
function cookie(platform: Platform, name: string, value: string): string {
  const secure = platform.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${DAY_S}; HttpOnly; SameSite=Lax${secure}`;
}

function redirect(reply: FastifyReply, path: string) {
  return reply
    .code(303)
    .headers({ ...PRIVATE, location: path })
    .send();
}

function wantsJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}
