import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { newId } from './ids.ts';
import type { Log } from './log.ts';

/** An HTTP server with our limits, to which routes are added. */
export type HttpServer = FastifyInstance;
/** One request to it. */
export type HttpRequest = FastifyRequest;
/** The answer being made to one. */
export type HttpReply = FastifyReply;

/** What the server could not take: thrown before any route, with the status it deserves. */
export class RequestRefused extends Error {
  readonly statusCode: number;
  readonly code: string;
  constructor(statusCode: number, code: string) {
    super(code);
    this.name = 'RequestRefused';
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** What a health check or a collector asks by address. */
const OPERATORS = new Set(['/health', '/ready', '/metrics']);

/** The most bytes of a body and of all headers together, fields of a form, and levels of JSON. */
export const LIMITS = { bodyBytes: 64 * 1024, headerBytes: 16 * 1024, fields: 200, levels: 32 };

/**
 * A server that reads JSON and form bodies (a field given twice becomes a list), puts a `Request-Id` on every answer
 * and hands every error to `onError`; a route that does not exist is `RequestRefused` 404. It logs the route's pattern,
 * never the address, which can hold a token.
 */
export function createHttp(options: {
  log: Log;
  /** Addresses or ranges whose `X-Forwarded-*` is believed. */
  trustedProxies: readonly string[];
  /** The `Host` values that are answered; all when left out. What is for the operator's own network is not asked. */
  hosts?: readonly string[];
  onError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown;
}): FastifyInstance {
  const { log, trustedProxies, hosts, onError } = options;
  const server = Fastify({
    loggerInstance: undefined as unknown as FastifyBaseLogger,
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    trustProxy: trustedProxies.length ? [...trustedProxies] : false,
    genReqId: () => newId('request'),
    http: { maxHeaderSize: LIMITS.headerBytes, headersTimeout: 10_000, connectionsCheckingInterval: 1000 },
    routerOptions: { maxParamLength: 300 },
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle' as unknown as boolean,
    frameworkErrors: (error, request, reply) => {
      reply.header('request-id', request.id);
      return onError(error, request, reply) as undefined;
    },
  });
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('request-id', request.id);
    const known = !hosts || hosts.includes((request.headers.host ?? '').toLowerCase()) || OPERATORS.has(request.url);
    // An invented host must get into no link and no cache.
    done(known ? undefined : new RequestRefused(400, 'wrong_host'));
  });
  server.addHook('onResponse', (request, reply, done) => {
    log.info('http.answered', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
  server.setErrorHandler((error, request, reply) => onError(error, request, reply));
  server.setNotFoundHandler((request, reply) => onError(new RequestRefused(404, 'not_found'), request, reply));
  addBodies(server);
  return server;
}

function addBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = decode(body as Buffer);
    if (text === undefined) return done(new RequestRefused(400, 'invalid_encoding'));
    // A DELETE or POST without a body often names a type all the same.
    if (text === '') return done(null, undefined);
    // What comes after us recurses: some thousand levels would exhaust its stack.
    if (isDeep(text)) return done(new RequestRefused(400, 'too_deep'));
    parseJson(request, text, done);
  });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => {
    const text = decode(body as Buffer);
    if (text === undefined) return done(new RequestRefused(400, 'invalid_encoding'));
    const fields = [...new URLSearchParams(text)];
    if (fields.length > LIMITS.fields) return done(new RequestRefused(413, 'too_many_fields'));
    done(null, gather(fields));
  });
}

/** Whether JSON text opens more levels than we read. Brackets inside texts do not count. */
function isDeep(text: string): boolean {
  let level = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inText && character === '\\') at += 1;
    else if (character === '"') inText = !inText;
    else if (inText) continue;
    else if (character === '[' || character === '{') level += 1;
    else if (character === ']' || character === '}') level -= 1;
    if (level > LIMITS.levels) return true;
  }
  return false;
}

function gather(fields: [string, string][]): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of fields) {
    const before = form[name];
    form[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return form;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text, or undefined where the bytes are not UTF-8. */
function decode(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
