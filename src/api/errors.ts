import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '../platform/platform.ts';
import type { Problem } from '../platform/problems.ts';
import { asProblem, presentProblem } from './answers/problem.ts';
import { escapeHtml } from './docs/escape.ts';
import { PAGE_HEADERS, renderPage } from './docs/page.ts';

/** Answers whatever went wrong, once. A mistake of ours is logged with everything and tells the caller nothing. */
export type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * For the API, and for a whole server where no route answers its own errors: problem+json, or a page where a browser asks
 * for something outside the API. Also for what was refused before any route, such as an address that cannot be decoded.
 */
export function createErrorAnswer(platform: Platform): AnswerError {
  return (error, request, reply) => {
    const problem = asProblem(error);
    if (problem.code === 'internal_error') {
      const route = request.routeOptions?.url ?? null;
      platform.log.error('api.failed', { requestId: request.id, method: request.method, route, error });
    }
    return sendProblem(problem, request, reply, platform);
  };
}

/** Sends a problem; with `allow`, the methods the address takes. */
export function sendProblem(
  problem: Problem & { allow?: string },
  request: FastifyRequest,
  reply: FastifyReply,
  platform: Platform,
): FastifyReply {
  const { allow } = problem;
  request.problem = problem.code;
  if (problem.code === 'method_not_allowed' && request.method === 'OPTIONS')
    return reply.code(204).header('allow', allow).send();
  const { status, headers, body } = presentProblem(problem, {
    id: request.id,
    publicUrl: platform.publicUrl,
    ...(allow ? { allow } : {}),
  });
  if (!isPage(request)) return reply.code(status).headers(headers).send(body);
  const main = `<h1>${escapeHtml(JSON.parse(body).title)}</h1><p>${escapeHtml(problem.message)}</p><p class="soft">${escapeHtml(request.id)}</p>`;
  return reply
    .code(status)
    .headers({ ...headers, ...PAGE_HEADERS, 'cache-control': 'no-store' })
    .send(renderPage(JSON.parse(body).title, '<a href="/docs">API</a>', main));
}

function isPage(request: FastifyRequest): boolean {
  const url = request.raw.url ?? '';
  return !url.startsWith('/v1/') && (request.headers.accept ?? '').includes('text/html');
}
