import type { FastifyRequest } from 'fastify';
import type { Request } from '../../../platform/sessions/visit/visit.ts';

/** What a request brings, as the platform knows it. */
export function asRequest(request: FastifyRequest): Request {
  const { 'user-agent': userAgent, accept, 'accept-language': acceptLanguage } = request.headers;
  return {
    browser: {
      cookies: readCookies(request.headers.cookie),
      person: {
        ipAddress: request.ip,
        ...(request.socket.remotePort && request.ip === request.socket.remoteAddress
          ? { port: request.socket.remotePort }
          : {}),
        ...(userAgent ? { userAgent: userAgent.slice(0, 500) } : {}),
        ...(accept ? { accept: accept.slice(0, 500) } : {}),
        ...(acceptLanguage ? { acceptLanguage: acceptLanguage.slice(0, 500) } : {}),
      },
    },
    query: [...new URLSearchParams(queryText(request))],
    requestId: request.id,
  };
}

/** The query as it came, with its question mark; empty where there is none. */
export function queryText(request: FastifyRequest): string {
  const at = request.url.indexOf('?');
  return at < 0 ? '' : request.url.slice(at);
}

function readCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const part of (header ?? '').split(';').slice(0, 100)) {
    const at = part.indexOf('=');
    if (at > 0) cookies[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return cookies;
}
