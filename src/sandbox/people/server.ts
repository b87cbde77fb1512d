import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readBody } from '../body.ts';
import { APPROVAL_ROUTES } from '../open-banking-uk/pages.ts';
import type { Stage } from '../stage.ts';
import { findAuthorisation } from '../store.ts';
import { BANKS, type Bank, findBank } from '../world/banks.ts';
import { decide, login, showAuthorisation, showAuthorize } from './approval.ts';
import { logInForConsents, revoke, showConsents } from './consents.ts';
import { html } from './markup.ts';
import { type Page, sendOn, sendPage } from './pages.ts';
import { answerOnPhone, showPhone, showPhones } from './phone.ts';
import { cancelSignIn, showSignIn, signIn } from './sign-in.ts';

/** A browser's request at a bank. */
export type Visit = {
  request: IncomingMessage;
  stage: Stage;
  bank: Bank;
  now: Date;
  query: URLSearchParams;
  form: URLSearchParams;
  /** The part of the path in braces. */
  part: string;
  /** The secret in the browser's cookie. */
  cookie: string | undefined;
};

/** What a browser gets: a page, or another address, with a cookie to keep; `cookies` are whole headers. */
export type Shown = (Page | { sendTo: string }) & { cookie?: string; cookies?: readonly string[] };

/** Answers a browser at one of a bank's addresses. */
export type Handler = (visit: Visit) => Promise<Shown>;

const ROUTES: readonly [method: 'GET' | 'POST', path: RegExp, handler: Handler][] = [
  ['GET', /^\/$/, showHome],
  ['GET', /^\/authorize$/, showAuthorize],
  ['GET', /^\/authorise\/([\w-]{20,64})$/, showAuthorisation],
  ['POST', /^\/authorise\/([\w-]{20,64})\/login$/, login],
  ['POST', /^\/authorise\/([\w-]{20,64})\/decide$/, decide],
  ['GET', /^\/sign-in\/([\w-]{20,64})$/, showSignIn],
  ['POST', /^\/sign-in\/([\w-]{20,64})\/login$/, signIn],
  ['POST', /^\/sign-in\/([\w-]{20,64})\/decide$/, cancelSignIn],
  ['GET', /^\/phone$/, showPhones],
  ['GET', /^\/phone\/([a-z]+)$/, showPhone],
  ['POST', /^\/phone\/([a-z]+)$/, answerOnPhone],
  ['GET', /^\/consents$/, showConsents],
  ['POST', /^\/consents\/login$/, logInForConsents],
  ['POST', /^\/consents\/([\w-]+)\/revoke$/, revoke],
];

/** The banks' pages for people, at `http://<bank>.localhost:<port>`. */
export function createPeopleServer(stage: Stage): Server {
  return createServer((request, response) => {
    serve(stage, request, response).catch((error: unknown) => {
      stage.log.error('sandbox.failed', { error });
      if (response.headersSent) response.destroy();
      else sendPage(response, { title: 'Something went wrong', body: html`<p>Please try again.</p>`, status: 500 });
    });
  });
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://bank.invalid');
  const bank = await bankOf(stage, request, url.pathname);
  if (!bank) return sendPage(response, allBanks(stage, url.pathname));
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const routes = bank.openBanking ? [...APPROVAL_ROUTES, ...ROUTES] : ROUTES;
  const route = routes.find(([ours, path]) => ours === method && path.test(url.pathname));
  if (!route) return sendPage(response, { ...notFound, bank });
  if (method === 'POST' && !isOwnForm(request)) return sendPage(response, { ...foreignForm, bank });
  const form = new URLSearchParams(method === 'POST' ? ((await readBody(request)) ?? '') : '');
  const shown = await route[2]({
    request,
    stage,
    bank,
    now: stage.clock.now(),
    query: url.searchParams,
    form,
    part: route[1].exec(url.pathname)?.[1] ?? '',
    cookie: /(?:^|; )visit=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1],
  });
  const cookie = shown.cookie && `visit=${shown.cookie}; HttpOnly; SameSite=Lax; Path=/`;
  if ('sendTo' in shown) return sendOn(response, shown.sendTo, shown.cookies ?? cookie);
  if (cookie) response.setHeader('set-cookie', cookie);
  sendPage(response, shown);
}

/** By the host name; on the plain host by the authorisation in the path, whose id no other bank has. */
async function bankOf(stage: Stage, request: IncomingMessage, path: string): Promise<Bank | undefined> {
  const [, slug] = /^([a-z0-9-]+)\.localhost(?::\d+)?$/.exec(request.headers.host ?? '') ?? [];
  if (slug) return findBank(slug);
  const [, id] = /^\/authorise\/([\w-]{20,64})/.exec(path) ?? [];
  const authorisation = id ? await findAuthorisation(stage.database, id) : undefined;
  return authorisation && findBank(authorisation.bank);
}

/** Forms come from the bank's own pages; a browser says so in `Origin`. */
function isOwnForm(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  // Under `Referrer-Policy: no-referrer` browsers say "null" for their own pages as well.
  if (origin && origin !== 'null' && origin !== `http://${host}`) return false;
  return !['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site'] ?? ''));
}

const notFound: Page = {
  title: 'There is no such page',
  body: html`<p><a href="/">Go to the bank's front page</a></p>`,
  status: 404,
};
const foreignForm: Page = { title: 'This form is not ours', body: html`<p>Please start again.</p>`, status: 403 };

async function showHome({ bank }: Visit): Promise<Shown> {
  const body = html`<p>Welcome to ${bank.name} in ${bank.city}.</p>
<p><a class="button" href="/consents" id="my-consents">My consents</a> <a class="button" href="/phone" id="phone">Phone</a></p>`;
  return { title: 'Front page', body, bank };
}

function allBanks(stage: Stage, path: string): Page {
  const body = html`<ul id="banks">${BANKS.map((bank) => html`<li><a href="${stage.peopleUrl(bank.slug)}/">${bank.name}</a></li>`)}</ul>`;
  return { title: 'Pretend banks', body, status: path === '/' ? 200 : 404 };
}
