import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../platform/platform.ts';
import { compress } from '../answers/compress.ts';
import type { ApiOptions } from '../route.ts';
import { ROUTES } from '../routes.ts';
import { renderMarkdown } from './markdown.ts';
import { makeOpenApi } from './openapi.ts';
import { PAGE_HEADERS, renderPage } from './page.ts';
import { type OpenApi, renderReference } from './reference-page.ts';

const DOCUMENTS = new URL('../../../docs/', import.meta.url).pathname;

/** `/docs` made from the route table, `/docs/<page>` from the documents, and `/v1/openapi.json`. Made once, at the start. */
export function addDocumentation(app: FastifyInstance, platform: Platform, options: ApiOptions): void {
  const openapi = makeOpenApi(ROUTES, { publicUrl: platform.publicUrl, version: options.version ?? '0' });
  const json = JSON.stringify(openapi);
  const pages = readDocuments(options.reference ?? DOCUMENTS);
  const links = `<strong><a href="/docs">API</a></strong><ul>${[...pages]
    .map(([name, { title }]) => `<li><a href="/docs/${name}">${title}</a></li>`)
    .join('')}<li><a href="/v1/openapi.json">OpenAPI 3.1</a></li></ul>`;
  const reference = renderReference(ROUTES, openapi as unknown as OpenApi, platform.publicUrl);
  const intro = pages.get('api')?.html ?? '<h1>API</h1>';
  const front = renderPage('API', links + reference.nav, intro + reference.main);

  app.get('/v1/openapi.json', async (request, reply) => {
    const { body, encoding } = await compress(json, request.headers['accept-encoding']);
    if (encoding) reply.header('content-encoding', encoding);
    return reply.headers({ 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding', 'cache-control': 'public, max-age=300' }).send(body);
  });
  const send = (html: string) => async (request: { headers: Record<string, unknown> }, reply: { headers(h: object): { send(b: unknown): unknown } }) => {
    const { body, encoding } = await compress(html, request.headers['accept-encoding'] as string | undefined);
    return reply.headers({ ...PAGE_HEADERS, vary: 'accept-encoding', ...(encoding ? { 'content-encoding': encoding } : {}) }).send(body);
  };
  app.get('/docs', send(front));
  for (const [name, { title, html }] of pages) app.get(`/docs/${name}`, send(renderPage(title, links, html)));
}

/** Guides and reference by file name, in that order. */
function readDocuments(folder: string): Map<string, { title: string; html: string }> {
  const pages = new Map<string, { title: string; html: string }>();
  for (const part of ['guides', 'reference']) {
    for (const file of readdirSync(join(folder, part)).filter((name) => name.endsWith('.md')).sort()) {
      const text = readFileSync(join(folder, part, file), 'utf8');
      const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
      pages.set(file.replace(/\.md$/, ''), { title: title.replace(/[<>&"']/g, ''), html: renderMarkdown(text) });
    }
  }
  return pages;
}
