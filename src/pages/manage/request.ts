import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '../../platform/platform.ts';
import { chooseLocale } from '../words/index.ts';
import { type Page, type Told, toldIn } from './layout.ts';

/** The words for this request: those its address names, else the browser's. */
export function toldFor(platform: Platform, request: FastifyRequest): Told {
  const { locale } = request.query as { locale?: unknown };
  const { locale: sent } = (request.body ?? {}) as { locale?: unknown };
  const asked = [locale, sent].find((one) => typeof one === 'string') as string | undefined;
  return toldIn(chooseLocale(asked, request.headers['accept-language']), platform.operator);
}

/** One text field of a form; empty where there is none. */
export function field(request: FastifyRequest, name: string, most = 300): string {
  const value = ((request.body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' && value.length <= most ? value.trim() : '';
}

/** False for a post that a browser marks as another site's. */
export function isOwnPost(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Sends a page as it is. */
export function send(reply: FastifyReply, { status, headers, html }: Page) {
  return reply.code(status).headers(headers).send(html);
}
