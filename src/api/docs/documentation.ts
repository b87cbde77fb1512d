import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '../../platform/platform.ts';
import { chooseEncoding, compress } from '../answers/compress.ts';
import type { ApiOptions } from '../route.ts';
import { ROUTES } from '../routes.ts';
import { renderMarkdown } from './markdown.ts';
import { makeOpenApi } from './openapi.ts';
import { PAGE_HEADERS, renderPage } from './page.ts';
import { type OpenApi, renderReference } from './reference-page.ts';

const REFERENCE = new URL('../../../docs/reference', import.meta.url).pathname;
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=300' };

/** `/v1/openapi.json`, `/docs` made from it, and `/docs/<page>` from the documents. */
export function addDocumentation(app: FastifyInstance, platform: Platform, options: ApiOptions): void {
  const pages = readDocuments(options.reference ?? REFERENCE);
  // Made when first asked for: the address we are reached at may be settled only once the server listens.
  const once = <Made>(make: () => Made) => {
    let made: Made | undefined;
    return () => (made ??= make());
  };
  const openapi = once(() => makeOpenApi(ROUTES, { publicUrl: platform.publicUrl, version: options.version ?? '0' }));
  const json = once(() => JSON.stringify(openapi()));
  const front = once(() => renderFront(pages, openapi() as unknown as OpenApi, platform.publicUrl));

  app.get('/v1/openapi.json', (request, reply) => send(json(), JSON_HEADERS, request, reply));
  app.get('/', (_request, reply) => reply.redirect('/docs'));
  app.get('/docs', (request, reply) => send(front(), PAGE_HEADERS, request, reply));
  const short = once(() => renderShort(pages, platform.publicUrl));
  const plain = { 'content-type': 'text/markdown; charset=utf-8', 'cache-control': 'public, max-age=300' };
  app.get('/llms.txt', (request, reply) => send(short(), plain, request, reply));
  for (const [name, { title, html, text }] of pages) {
    app.get(`/docs/${name}.md`, (request, reply) => send(text, plain, request, reply));
    const page = renderPage(title, linksTo(pages), html);
    app.get(`/docs/${name}`, (request, reply) => send(page, PAGE_HEADERS, request, reply));
  }
}

async function send(text: string, headers: Record<string, string>, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ ...headers, vary: 'accept-encoding' });
  const encoding = chooseEncoding(text, request.headers['accept-encoding']);
  if (!encoding) return reply.send(text);
  return reply.header('content-encoding', encoding).send(await compress(text, encoding));
}

type Pages = Map<string, { title: string; html: string; text: string }>;

function renderFront(pages: Pages, openapi: OpenApi, publicUrl: string): string {
  const reference = renderReference(ROUTES, openapi, publicUrl);
  const intro = pages.get('api')?.html ?? '<h1>API</h1>';
  return renderPage('API', linksTo(pages) + reference.nav, intro + reference.main);
}

/** What a language model is told first (llmstxt.org): what this is, where each page is as Markdown, every operation in a line. */
function renderShort(pages: Pages, publicUrl: string): string {
  const links = [...pages].map(
    ([name, { title, text }]) => `- [${title}](${publicUrl}/docs/${name}.md): ${firstSentence(text)}`,
  );
  const operations = ROUTES.map(({ method, path, summary }) => `- \`${method} ${path}\`: ${summary}`);
  return `# Drawbridge

> Connects people's bank accounts to an application, with their consent: the app opens a session, the person picks their bank
> and agrees on a hosted page, the app reads accounts, balances and transactions over a JSON API.

The API is at ${publicUrl}/v1, with a key as \`Authorization: Bearer dbk_test_…\`, from servers only. Bodies are JSON or forms. Amounts
are signed decimal strings, days \`YYYY-MM-DD\`. Errors are problem+json with a \`code\`. Lists have \`next_cursor\`. Creating takes
\`Idempotency-Key\`. A typed client without dependencies is in \`clients/typescript\`. Never build the hosted page yourself: send the
person to the \`url\` of the answer.

## Documents

- [OpenAPI 3.1](${publicUrl}/v1/openapi.json): every operation, schema and problem.
${links.join('\n')}

## Operations

${operations.join('\n')}
`;
}

/** What a document says of itself below its title. */
function firstSentence(text: string): string {
  const [, below = ''] = text.split(/^# .+$/m);
  const paragraph = below.split(/\n\s*\n/).find((one) => /^[A-Z`*\[]/.test(one.trim())) ?? '';
  const [sentence = ''] = paragraph
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.:])\s/);
  return sentence.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}

function linksTo(pages: Pages): string {
  const links = [...pages]
    .filter(([name]) => name !== 'api')
    .map(([name, { title }]) => `<li><a href="/docs/${name}">${title}</a></li>`);
  return `<strong><a href="/docs">API</a></strong><ul>${links.join('')}<li><a href="/v1/openapi.json">OpenAPI 3.1</a></li></ul>`;
}

/** Guides, then reference, by file name. */
function readDocuments(reference: string): Pages {
  const pages: Pages = new Map();
  for (const folder of [join(reference, '..', 'guides'), reference]) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort()) {
      const text = readFileSync(join(folder, file), 'utf8');
      const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
      pages.set(file.replace(/\.md$/, ''), { title: title.replace(/[<>&"'`]/g, ''), html: renderMarkdown(text), text });
    }
  }
  return pages;
}
