import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Any JSON. */
// biome-ignore lint/suspicious/noExplicitAny: bodies are read as a client would that knows no types
export type Body = any;

/** An answer of the API. */
export type Answer = { status: number; headers: Record<string, string>; body: Body };

/** An integrator's app: its key, its return URL, and who came back to it. */
export type TestApp = {
  /** Sends JSON (or a form, where `body` is text) and returns whatever comes. */
  call(method: string, path: string, body?: object | string, headers?: Record<string, string>): Promise<Answer>;
  /** The same for calls that must succeed: only the body. */
  get(path: string): Promise<Body>;
  post(path: string, body?: object): Promise<Body>;
  remove(path: string): Promise<Body>;
  /** Registered; people come back to it and read "Welcome back". */
  returnUrl: string;
  /** The addresses people came back with, oldest first. */
  returns: URL[];
  /** Waits until an event of this type is there, newest first; at most ten seconds. */
  hears(type: string, about?: Record<string, string>): Promise<Body>;
  close(): Promise<void>;
};

/** `keyOf` and `baseUrl` are asked at each call: they are known only when the server runs, and it may restart. */
export async function startTestApp(options: { baseUrl: () => string; key: () => string }): Promise<TestApp> {
  const returns: URL[] = [];
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/callback')) returns.push(url);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      '<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><h1>Welcome back</h1></html>',
    );
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));

  const call: TestApp['call'] = (method, path, body, headers = {}) =>
    send(new URL(path, options.baseUrl()), method, body, { authorization: `Bearer ${options.key()}`, ...headers });
  const good = async (method: string, path: string, body?: object) => {
    const answer = await call(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    call,
    get: (path) => good('GET', path),
    post: (path, body = {}) => good('POST', path, body),
    remove: (path) => good('DELETE', path),
    returnUrl: `http://localhost:${(server.address() as AddressInfo).port}/callback`,
    returns,
    async hears(type, about = {}) {
      const fits = (event: { data: { object: Record<string, unknown> } }) =>
        Object.entries(about).every(([name, value]) => event.data.object[name] === value);
      for (const until = performance.now() + 10_000; ; await wait(50)) {
        const { data } = await good('GET', `/v1/events?type=${type}&limit=100`);
        const found = data.find(fits);
        if (found) return found;
        assert.ok(performance.now() < until, `no ${type} about ${JSON.stringify(about)}`);
      }
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function send(
  url: URL,
  method: string,
  body: object | string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const type = typeof body === 'object' ? 'application/json' : 'application/x-www-form-urlencoded';
  return new Promise((done, failed) => {
    const sent = request(
      url,
      {
        method,
        headers: {
          ...(text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      async (response) => {
        let said = '';
        for await (const part of response.setEncoding('utf8')) said += part;
        const json = /json/.test(response.headers['content-type'] ?? '') && said !== '';
        done({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: json ? JSON.parse(said) : said,
        });
      },
    );
    sent.setTimeout(60_000, () => sent.destroy(new Error(`${method} ${url} did not answer`)));
    sent.once('error', failed).end(text);
  });
}
