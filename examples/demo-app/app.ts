import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrawbridgeError, drawbridge } from './drawbridge.ts';
import { type Overview, overviewPage, STYLE } from './page.ts';

/** Where the demo app is, and how to stop it. Its return URL is `<url>/callback`. */
export type DemoApp = { url: string; close(): Promise<void> };

/**
 * An app as an integrator would build it: a "Connect your bank" button, and the accounts that come of it. It uses the
 * public API and nothing else, and keeps nothing but a cookie: the visitor's id is the customer's `reference`.
 * `port` 0 takes any free one.
 */
export async function startDemoApp(options: { port: number; baseUrl: string; testKey: string }): Promise<DemoApp> {
  const api = drawbridge(options.baseUrl, options.testKey);
  let url = '';

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      const known = error instanceof DrawbridgeError;
      const text = known ? `Drawbridge said no (${error.code}): ${error.message}` : 'Drawbridge cannot be reached.';
      send(response, known ? 502 : 503, overviewPage({ sheets: [], notice: { text, kind: 'bad' } }));
    });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed).listen(options.port, '127.0.0.1', done);
  });
  // By name: cookies ignore ports, and the server itself lives at 127.0.0.1.
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const route = `${request.method} ${pathname}`;
    if (request.method === 'POST' && !fromHere(request))
      return send(response, 403, 'Please use the buttons of this page.');
    if (route === 'GET /style.css') return send(response, 200, STYLE, 'text/css');
    if (route === 'GET /') return overview(request, response);
    if (route === 'POST /connect') return connect(request, response);
    if (route === 'GET /callback') return comeBack(request, response, searchParams);
    if (route === 'POST /disconnect') return disconnect(request, response);
    return send(response, 404, overviewPage({ sheets: [], notice: { text: 'There is no such page.', kind: 'bad' } }));
  }

  /** Step 1: a consent for this customer, and off to its link. `state` ties the way back to this browser. */
  async function connect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const visitor = cookie(request, 'visitor') ?? randomBytes(12).toString('hex');
    const state = randomBytes(16).toString('hex');
    const customer = (await api.findCustomer(visitor)) ?? (await api.createCustomer(visitor));
    const consent = await api.createConsent(customer.id, `${url}/callback?state=${state}`);
    setCookie(response, 'visitor', visitor, 365 * 24 * 3600);
    setCookie(response, 'state', state, 3600);
    redirect(response, consent.redirect.consent_url);
  }

  /** Step 3: the person is back, with `fx_consent`, or with an `error` if they refused. */
  async function comeBack(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const state = cookie(request, 'state');
    if (!state || query.get('state') !== state)
      return show(
        request,
        response,
        { text: 'This return does not belong to a visit of yours. Please try again.', kind: 'bad' },
        400,
      );
    setCookie(response, 'state', '', 0);
    if (query.has('error')) {
      const text =
        query.get('error') === 'access_denied'
          ? 'You did not allow access. Nothing was connected.'
          : 'The connection did not work.';
      return show(request, response, { text: `${text} (${query.get('error_code')})`, kind: 'bad' });
    }
    // What the browser brings is a hint: the API knows what was really agreed.
    const consent = await api.getConsent(query.get('fx_consent') ?? '');
    const good = consent.status === 'authorized';
    const text = good ? 'Your bank is connected.' : `Your bank is not connected yet (${consent.status}).`;
    return show(request, response, { text, kind: good ? 'good' : 'bad' });
  }

  async function disconnect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = new URLSearchParams(await bodyOf(request)).get('consent') ?? '';
    const customer = await customerOf(request);
    const own = customer ? await api.listAccounts(customer.id) : [];
    if (!own.some(({ consent }) => consent === id)) return send(response, 404, 'There is no such connection.');
    await api.revokeConsent(id);
    redirect(response, '/');
  }

  function overview(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return show(request, response);
  }

  async function show(request: IncomingMessage, response: ServerResponse, notice?: Overview['notice'], status = 200) {
    const customer = await customerOf(request);
    const accounts = customer ? await api.listAccounts(customer.id) : [];
    const sheets = await Promise.all(
      accounts.map(async (account) => ({
        account,
        balances: await api.listBalances(account.id),
        transactions: await api.listTransactions(account.id),
      })),
    );
    send(response, status, overviewPage({ sheets, ...(notice && { notice }) }));
  }

  async function customerOf(request: IncomingMessage) {
    const visitor = cookie(request, 'visitor');
    return visitor ? api.findCustomer(visitor) : undefined;
  }
}

/** True when the form was on our own page: browsers say so. */
function fromHere(request: IncomingMessage): boolean {
  return (request.headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > 10_000) throw new Error('this form is too large');
  }
  return text;
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  const pair = (request.headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${name}=`));
  const value = pair?.slice(name.length + 1);
  return value && /^[0-9a-f]{8,64}$/.test(value) ? value : undefined;
}

function setCookie(response: ServerResponse, name: string, value: string, maxAgeS: number): void {
  response.appendHeader('set-cookie', `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}`);
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { location: to }).end();
}

function send(response: ServerResponse, status: number, body: string, type = 'text/html'): void {
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .end(body);
}

// On its own, beside a running server: node examples/demo-app/app.ts [port] [path of demo.json]
if (import.meta.main) {
  const [port = '8500', file = '.data/demo.json'] = process.argv.slice(2);
  const { base_url, test_key } = JSON.parse(readFileSync(file, 'utf8'));
  const { url } = await startDemoApp({ port: Number(port), baseUrl: base_url, testKey: test_key });
  console.log(`The demo app is at ${url}. Its return URL ${url}/callback must be registered (npm run app -- urls).`);
}
