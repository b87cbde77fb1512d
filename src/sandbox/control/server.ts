import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sameBytes } from '../../base/vault.ts';
import { readBody } from '../body.ts';
import { FINTS_OPERATIONS } from '../fints/serve.ts';
import { KINDS } from '../misbehave.ts';
import { OPEN_BANKING_OPERATIONS } from '../open-banking-uk/serve.ts';
import { html } from '../people/markup.ts';
import { sendOn, sendPage } from '../people/pages.ts';
import type { Stage } from '../stage.ts';
import { BANKS } from '../world/banks.ts';
import { FACT_NAMES } from '../world/facts.ts';
import { OPERATIONS } from '../xs2a/routes.ts';
import { ControlError } from './orders.ts';

type Obey = (method: string, path: string, body: unknown) => Promise<unknown>;

/** Control over the pretend banks: JSON with `Authorization: Bearer`, and a small page at `/` (`?token=` once, then a cookie). */
export function createControlServer(stage: Stage, token: string, obeyOrder: Obey): Server {
  return createServer((request, response) => {
    serve(stage, token, obeyOrder, request, response).catch((error: unknown) => {
      stage.log.error('sandbox.failed', { error });
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'Something went wrong.' });
    });
  });
}

async function serve(
  stage: Stage,
  token: string,
  obeyOrder: Obey,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://control.invalid');
  const text = (await readBody(request)) ?? '';
  const handedOver = url.searchParams.get('token');
  if (url.pathname === '/' && handedOver !== null && isToken(handedOver, token)) {
    const cookie = `control=${token}; HttpOnly; SameSite=Strict; Path=/`;
    return sendOn(response, '/', cookie);
  }
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && isToken(bearer, token))
    return answerJson(obeyOrder, request, response, url.pathname, text);
  const cookie = /(?:^|; )control=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (cookie === undefined || !isToken(cookie, token))
    return sendJson(response, 401, { error: 'Send the control token as Authorization: Bearer.' });
  if (request.method === 'GET' && url.pathname === '/')
    return showPage(stage, response, url.searchParams.get('said') ?? undefined);
  if (request.method === 'GET' && url.pathname === '/mails') return showMails(stage, response);
  // Cookies ignore ports, so a form must come from this very address.
  const ownForm =
    request.headers['sec-fetch-site'] === 'same-origin' || request.headers.origin === `http://${request.headers.host}`;
  if (request.method !== 'POST' || url.pathname !== '/order' || !ownForm)
    return sendJson(response, 403, { error: 'Only forms of this page.' });
  return obeyForm(obeyOrder, response, new URLSearchParams(text));
}

async function answerJson(
  obeyOrder: Obey,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  text: string,
): Promise<void> {
  try {
    sendJson(response, 200, await obeyOrder(request.method ?? 'GET', path, parse(text)));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    sendJson(response, error.status, { error: error.message });
  }
}

async function obeyForm(obeyOrder: Obey, response: ServerResponse, form: URLSearchParams): Promise<void> {
  const { method = 'POST', path = '', ...body } = Object.fromEntries(form);
  const { bank = '', fact, value = '', ...rest } = body;
  const order = fact ? { [fact]: readable(value) } : { ...rest, bank, ...(rest.times === '' ? { times: 1 } : {}) };
  try {
    await obeyOrder(method, path.replace('{bank}', bank), order);
    sendOn(response, '/?said=Done');
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    sendOn(response, `/?said=${encodeURIComponent(error.message)}`);
  }
}

/** JSON where it is JSON, the text itself where it is not: `true`, `["camt"]`, and `explicit`. */
function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'The body is not JSON.');
  }
}

const isToken = (given: string, token: string) => sameBytes(Buffer.from(given), Buffer.from(token));

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function showPage(stage: Stage, response: ServerResponse, said?: string): void {
  const option = (name: string) => html`<option>${name}</option>`;
  const banks = html`<label for="bank">Bank</label><select id="bank" name="bank">${BANKS.map((bank) => option(bank.slug))}</select>`;
  const behaviours = BANKS.flatMap((bank) =>
    stage.misbehaviours.list(bank.slug).map((one) => ({ bank: bank.slug, ...one })),
  );
  const withFaces = BANKS.filter((bank) => bank.faces.length > 0);
  const changed = withFaces.flatMap((bank) =>
    Object.values(stage.facts.changed(bank))
      .filter((facts) => Object.keys(facts).length > 0)
      .map(
        (facts) => html`<li>${bank.slug}: ${JSON.stringify(facts)}
<form method="post" action="/order"><input type="hidden" name="method" value="DELETE">
<input type="hidden" name="path" value="/banks/${bank.slug}/facts"><button type="submit" class="plain">As usual again</button></form></li>`,
      ),
  );
  const body = html`${said && html`<p role="status" id="said">${said}</p>`}
<p>The clock shows <strong id="now">${stage.clock.now().toISOString()}</strong>.</p>
<form method="post" action="/order"><input type="hidden" name="path" value="/clock">
<label for="advance">Move the clock forward by</label><input type="text" id="advance" name="advance" value="1d" required>
<button type="submit" id="move-clock">Move</button></form>
<h2>Misbehave</h2>
<form method="post" action="/order"><input type="hidden" name="path" value="/banks/{bank}/behaviour">${banks}
<label for="operation">Operation</label><select id="operation" name="operation">${[...new Set(['*', ...OPERATIONS, ...OPEN_BANKING_OPERATIONS, ...FINTS_OPERATIONS])].map(option)}</select>
<label for="kind">Kind</label><select id="kind" name="kind">${KINDS.map(option)}</select>
<input type="hidden" name="times" value="until_cleared">
<button type="submit" id="misbehave">Misbehave until cleared</button></form>
<h2>Be like another bank</h2>
<form method="post" action="/order"><input type="hidden" name="path" value="/banks/{bank}/facts">
<label for="like">Bank</label><select id="like" name="bank">${withFaces.map((bank) => option(bank.slug))}</select>
<label for="fact">Fact</label><select id="fact" name="fact">${[...FACT_NAMES].map(
    ([name, takes]) => html`<option value="${name}">${name} (${takes})</option>`,
  )}</select>
<label for="value">Value</label><input type="text" id="value" name="value" value="true" required>
<button type="submit" id="be-like">Be like this</button></form>
${changed.length > 0 && html`<ul id="changed">${changed}</ul>`}
<h2>Now misbehaving</h2>
${
  behaviours.length === 0
    ? html`<p>No bank.</p>`
    : html`<ul>${behaviours.map(
        (one) => html`<li>${one.bank}: ${one.behaviour.kind} at ${one.operation}, ${one.times ?? 'until cleared'}
<form method="post" action="/order"><input type="hidden" name="method" value="DELETE">
<input type="hidden" name="path" value="/banks/${one.bank}/behaviour"><button type="submit" class="plain">Clear</button></form></li>`,
      )}</ul>`
}
<h2>Mail</h2>
<p><a href="/mails">What the server has sent</a> (${String(stage.mails.length)}). Nothing is delivered.</p>
<h2>Banks</h2>
<ul>${BANKS.map((bank) => html`<li><a href="${stage.peopleUrl(bank.slug)}/">${bank.name}</a></li>`)}</ul>`;
  sendPage(response, { title: 'Control', body });
}

/** Caught mail as text, newest first: its links can be followed. */
function showMails(stage: Stage, response: ServerResponse): void {
  const mails = [...stage.mails].reverse().map(
    (mail) => html`<article><h2>${mail.subject}</h2><p>To ${mail.to}</p>
${mail.text.split(/\n{2,}/).map((part) => html`<p>${part.split('\n').map((line) => (/^https?:\/\/\S+$/.test(line) ? html`<a href="${line}">${line}</a><br>` : html`${line}<br>`))}</p>`)}</article>`,
  );
  sendPage(response, {
    title: 'Mail',
    body: html`${mails.length === 0 ? html`<p>None yet.</p>` : ''}${mails}<p><a href="/">Control</a></p>`,
  });
}
