import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isId } from '../base/ids.ts';
import { createLimiter } from '../base/limits.ts';
import type { KeyOwner } from '../platform/apps/apps.ts';
import type { Caller, Platform } from '../platform/platform.ts';
import { notFound, Problem } from '../platform/problems.ts';
import { chooseEncoding, compress } from './answers/compress.ts';
import { createAuthentication } from './authentication.ts';
import { addBankNotices } from './bank-notices.ts';
import { cursorsFor } from './cursor.ts';
import { addDocumentation } from './docs/documentation.ts';
import { createErrorAnswer, sendProblem } from './errors.ts';
import { createIdempotency, idempotencyKey } from './idempotency.ts';
import { readBody } from './input/body.ts';
import { readForm } from './input/form.ts';
import { checkText } from './input/plain.ts';
import { validate } from './input/validate.ts';
import { createMetrics } from './metrics.ts';
import { addOperations } from './operations.ts';
import { type ApiOptions, type Asked, FileText, type IdKind, JsonText, type Route } from './route.ts';
import { NOTHING, ROUTES } from './routes.ts';

/** Requests of one key: a thousand a second, two thousand at once. */
const RATE = { perMinute: 60_000, burst: 2000 };

declare module 'fastify' {
  interface FastifyRequest {
    owner?: KeyOwner;
    /** The code of the problem it was answered with. */
    problem?: string;
  }
}

/**
 * The API as a Fastify plugin: everything under `/v1`, `/docs`, and the operator's `/health`, `/ready` and `/metrics`.
 * It answers its own errors and reads its own bodies, so it can share a server with the pages.
 */
export function createApi(platform: Platform, options: ApiOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const metrics = createMetrics();
    await app.register(async (scope) => addV1(scope, platform, options, metrics), { prefix: '/v1' });
    await app.register((scope) => addBankNotices(scope, platform));
    await app.register(async (scope) => {
      scope.setErrorHandler(createErrorAnswer(platform));
      addDocumentation(scope, platform, options);
      addOperations(scope, platform, options, metrics);
    });
  };
}

async function addV1(
  app: FastifyInstance,
  platform: Platform,
  options: ApiOptions,
  metrics: ReturnType<typeof createMetrics>,
) {
  const authenticate = createAuthentication(platform);
  const limiter = createLimiter({ ...(options.rate ?? RATE), most: 20_000 });
  const idempotency = createIdempotency(platform);
  app.decorateRequest('owner', undefined);
  app.decorateRequest('problem', undefined);
  // The raw bytes: what they mean is decided with the route, after the caller is known.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(createErrorAnswer(platform));
  app.setNotFoundHandler((request, reply) => sendProblem(unknownRoute(request), request, reply, platform));
  app.addHook('onResponse', (request, reply, done) => {
    metrics.count(request.method, request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
    if (request.owner) noteRequest(platform, request, reply, request.owner);
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (request.is404) return done();
    const admit = (owner: KeyOwner) => {
      const { allowed, limit, remaining, resetS, retryAfterS } = limiter.take(owner.key);
      reply.header('ratelimit-limit', limit).header('ratelimit-remaining', remaining).header('ratelimit-reset', resetS);
      if (!allowed)
        throw new Problem('rate_limited', 'This key has sent too many requests. Wait as Retry-After says.', {
          retryAfterS,
        });
      request.owner = owner;
    };
    let owner: KeyOwner | Promise<KeyOwner>;
    try {
      refuseCrossSite(request, platform.publicUrl);
      owner = authenticate(request.headers.authorization, request.ip);
      if (!(owner instanceof Promise)) admit(owner);
    } catch (error) {
      return done(error as Error);
    }
    if (owner instanceof Promise) owner.then(admit).then(() => done(), done);
    else done();
  });
  for (const one of ROUTES) {
    app.route({
      method: one.method,
      url: fastifyPath(one.path).slice('/v1'.length),
      exposeHeadRoute: one.method === 'GET',
      handler: (request, reply) => answer(one, request, reply, { platform, options, idempotency }),
    });
  }
}

/** A line for the dashboard's log: who asked what, and what they were told. */
function noteRequest(platform: Platform, request: FastifyRequest, reply: FastifyReply, owner: KeyOwner): void {
  const { id } = (request.params ?? {}) as { id?: string };
  platform.requests?.note({
    tenant: owner.tenant,
    at: platform.clock.now(),
    id: request.id,
    key: owner.key,
    method: request.method,
    route: request.routeOptions.url ?? 'unknown',
    // What somebody wrote in the place of an id may be anything, a name too.
    object: id !== undefined && /^[a-z]{3}_[0-9A-Za-z]{22}$|^[a-z0-9][a-z0-9-]{0,63}$/.test(id) ? id : null,
    status: reply.statusCode,
    problem: request.problem ?? null,
    durationMs: Math.round(reply.elapsedTime),
  });
}

type Parts = { platform: Platform; options: ApiOptions; idempotency: ReturnType<typeof createIdempotency> };

async function answer(
  one: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { platform, options, idempotency }: Parts,
) {
  const owner = request.owner!;
  const caller: Caller = {
    tenant: owner.tenant,
    app: owner.app,
    appName: owner.appName,
    mode: owner.mode,
    requestId: request.id,
    needsReturnUrl: owner.needsReturnUrl,
  };
  const id = one.id ? checkId(one.id, (request.params as { id: string }).id) : '';
  const query = readQuery(one, request.raw.url ?? '');
  const body = readRouteBody(one, request);
  const asked = {
    platform,
    caller,
    id,
    query,
    body,
    options,
    cursors: cursorsFor(platform.vault, caller.tenant, one, { id, query, body }),
  };
  const status = one.status ?? 200;
  if (one.creates) {
    const key = idempotencyKey(caller.tenant, request.headers['idempotency-key'], `${one.operation} ${id}`, {
      query,
      body,
    });
    const make = (commit: Asked['commit']) => one.handle({ ...asked, commit } as Asked<never, never>);
    const done = await idempotency.run(key, status, make, { commitsAlone: one.commitsAlone === true });
    if (done.replayed) reply.header('idempotent-replayed', 'true');
    return sendJson(done.text, done.status, request, reply);
  }
  const commit: Asked['commit'] = () => async (statements) => void (await platform.database.together(statements));
  const made = await one.handle({ ...asked, commit } as Asked<never, never>);
  if (made instanceof FileText) return sendFile(made, reply);
  return sendJson(made instanceof JsonText ? made.text : JSON.stringify(made), status, request, reply);
}

/** Sent while it is made; when that fails in the middle the connection ends, so that nobody takes half of it for all. */
function sendFile(file: FileText, reply: FastifyReply) {
  return reply
    .header('content-type', file.type)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .send(Readable.from(file.pieces));
}

async function sendJson(text: string | Buffer, status: number, request: FastifyRequest, reply: FastifyReply) {
  reply.code(status).header('vary', 'accept-encoding').header('content-type', 'application/json; charset=utf-8');
  const encoding = chooseEncoding(text, request.headers['accept-encoding']);
  if (!encoding) return reply.send(text);
  return reply.header('content-encoding', encoding).send(await compress(text, encoding));
}

function readQuery(one: Route, url: string): Record<string, unknown> {
  const cut = url.indexOf('?');
  if (cut < 0 && !one.query) return {};
  const value =
    cut < 0
      ? {}
      : checkText(
          readForm(url.slice(cut + 1), (name) => `?${name}`),
          '?',
        );
  return validate(one.query ?? NOTHING, { value, coerce: true }, 'query') as Record<string, unknown>;
}

function readRouteBody(one: Route, request: FastifyRequest): Record<string, unknown> {
  if (one.method === 'GET') return {};
  const { headers, body } = request;
  const given = readBody(headers['content-type'], headers['content-encoding'], body as Buffer | undefined);
  return validate(one.body ?? NOTHING, given, 'body') as Record<string, unknown>;
}

/** An id of another form cannot exist: the same answer as for one that does not, without asking the database. */
function checkId(kind: IdKind, id: string): string {
  if (kind === 'provider' ? !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id) : !isId(kind, id)) throw notFound(ID_WORDS[kind]);
  return id;
}

const ID_WORDS: Record<IdKind, string> = {
  customer: 'customer',
  consent: 'consent',
  session: 'session',
  connection: 'connection',
  bankAccount: 'bank account',
  event: 'event',
  webhookEndpoint: 'webhook endpoint',
  template: 'template',
  provider: 'provider',
};

/** What a browser sends on behalf of another site is not the app's server speaking. */
function refuseCrossSite(request: FastifyRequest, publicUrl: string): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') || (origin !== undefined && origin !== publicUrl);
  if (foreign)
    throw new Problem(
      'cross_site',
      'Call the API from your server: a key in a web page belongs to everybody who reads it.',
    );
}

const PATTERNS = ROUTES.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{id\}/g, '[^/]+')}$`),
}));

/** A known path with another method is 405, everything else 404. */
function unknownRoute(request: FastifyRequest): Problem & { allow?: string } {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method as string);
  if (methods.length === 0) return new Problem('route_not_found', 'See the list of routes at /docs.');
  const allow = [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ');
  return Object.assign(new Problem('method_not_allowed', `This path takes ${allow}.`), { allow });
}

function fastifyPath(path: string): string {
  return path.replace('{id}', ':id');
}
