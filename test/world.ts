import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, createClock } from '../src/base/clock.ts';
import { createLog } from '../src/base/log.ts';
import { type Server, startServer } from '../src/main.ts';
import { createApp } from '../src/platform/apps/apps.ts';
import { readSettings, type Settings } from '../src/settings.ts';
import { startTestApp, type TestApp } from './app.ts';
import { type BankControl, controlBanks } from './banks.ts';
import { type ExchangeJudge, berlinGroupExchangeJudge } from './berlin-group-file.ts';
import { freshDatabase } from './database.ts';
import { dumpDatabase } from './dump.ts';
import { ukExchangeJudge } from './uk-exchanges.ts';
import { type BrowserVisitor, browserVisitor } from './visitor/browser.ts';
import { type PlainVisitor, plainVisitor } from './visitor/plain.ts';
import type { How, Visitor } from './visitor/visitor.ts';

/** The whole system in one process: server, pretend banks, an app, a database of its own, people with browsers. */
export type World = {
  /** Where the server is; stays the same over restarts. */
  readonly url: string;
  readonly server: Server;
  readonly settings: Settings;
  /** The app's test key. */
  readonly key: string;
  clock: Clock;
  app: TestApp;
  bank: BankControl;
  /** A person with a browser of their own. */
  person(
    how: How,
    options?: { language?: string; userAgent?: string; width?: number; dark?: boolean },
  ): Promise<Visitor>;
  /** Another window of a plain browser, with the same cookies. */
  sameBrowser(person: PlainVisitor): PlainVisitor;
  /** What an app does first: a customer, a consent with a return URL that holds a state. */
  asksForConsent(
    request: { provider?: string; customer?: string; return_url?: string } & Record<string, unknown>,
  ): Promise<Asked>;
  linkOf(consent: string): Promise<string>;
  /** Does something that ends in a redirect to an address beginning so, and returns that address instead of going there. */
  stopsBefore(person: PlainVisitor, beginning: string, act: () => Promise<void>): Promise<string>;
  /** The Set-Cookie lines an address answers with, before any redirect is followed. */
  cookiesSetBy(url: string): Promise<string[]>;
  /** Retries an assertion until it holds, at most ten seconds. */
  eventually(assertion: () => Promise<void>): Promise<void>;
  /** Everything that outlives a request: the log and every row of the database. */
  everythingKept(): Promise<string>;
  /** Stops the server and starts it again on the same ports, folder and database. */
  restart(): Promise<void>;
  /** Ends everything; fails if anything on the wire or in a browser was not as it must be. */
  close(): Promise<void>;
};

/** A consent an app asked for, and the link it sends the person to. */
export type Asked = { consent: string; customer: string; url: string; state: string; session?: undefined };

/** Starts one; call it inside `describe` only, and close it. */
export async function world(change: Partial<Settings> = {}): Promise<World> {
  const database = await freshDatabase();
  const listening = countListening();
  const dataDir = mkdtempSync(join(tmpdir(), 'drawbridge-world-'));
  const clock = createClock();
  const judge = berlinGroupExchangeJudge();
  const ukJudge = ukExchangeJudge();
  const wrong = new Set<string>();
  const visitors = new Set<BrowserVisitor>();
  const logged: string[] = [];
  const log = createLog(
    'debug',
    new Writable({
      decodeStrings: false,
      write(line, _, done) {
        logged.push(line);
        done();
      },
    }),
  );

  // Every person has an address of their own, as behind a proxy: limits are by address.
  let people = 0;
  const address = () => `198.51.100.${(++people % 250) + 1}`;
  let settings: Settings = {
    ...readSettings({ DATABASE_URL: database.url, DATA_DIR: dataDir, TRUSTED_PROXIES: '127.0.0.1' }),
    germanDirectory: false,
    port: 0,
    sandboxPorts: { people: 0, machine: 0, control: 0 },
    ...change,
  };
  let server = await start().catch(async (error: unknown) => {
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  settings = { ...settings, ...portsOf(server), publicUrl: server.url };
  const created = await createApp(server.platform, { name: 'Leafbook', supportEmail: 'help@leafbook.example' });
  const key = created.keys[0]!.key;
  const app = await startTestApp({ baseUrl: () => server.url, key: () => key });
  await app.post('/v1/account', { return_urls: [app.returnUrl] });

  async function start(): Promise<Server> {
    const started = await startServer(settings, { clock, log, demo: false });
    started.sandbox!.onWire((exchange) => {
      if (exchange.misbehaviour) return;
      for (const line of [...judged(judge, exchange), ...(ukJudge?.(exchange) ?? [])]) wrong.add(line);
    });
    return started;
  }

  const here: World = {
    get url() {
      return server.url;
    },
    get server() {
      return server;
    },
    get settings() {
      return settings;
    },
    key,
    clock,
    app,
    bank: controlBanks(() => server.sandbox!),
    async person(how, options = {}) {
      if (how === 'plain HTTP') return plainVisitor({ ...options, address: address() });
      const visitor = await browserVisitor({ scripts: how === 'Chromium', address: address(), ...options });
      visitors.add(visitor);
      return visitor;
    },
    sameBrowser: (person) => plainVisitor({ jar: person.jar, address: person.address }),
    async asksForConsent({ provider, customer, return_url, ...more }) {
      const state = `st-${Math.trunc(performance.now() * 1000).toString(36)}`;
      const owner = customer ?? (await app.post('/v1/customers', { reference: state })).id;
      const consent = await app.post('/v1/consents', {
        customer: owner,
        return_url: return_url ?? `${app.returnUrl}?state=${state}`,
        ...(provider && { provider }),
        ...more,
      });
      return { consent: consent.id, customer: owner, url: consent.redirect.consent_url, state };
    },
    linkOf: async (consent) => (await app.get(`/v1/consents/${consent}`)).redirect.consent_url,
    async stopsBefore(person, beginning, act) {
      person.stopBefore = beginning;
      try {
        await act();
      } finally {
        delete person.stopBefore;
      }
      const { location } = person.page().headers;
      assert.ok(typeof location === 'string', `no redirect to ${beginning}, but ${person.url()}`);
      return new URL(location, person.url()).href;
    },
    cookiesSetBy,
    async eventually(assertion) {
      for (const until = performance.now() + 10_000; ; await wait(50)) {
        try {
          return await assertion();
        } catch (error) {
          if (performance.now() > until) throw error;
        }
      }
    },
    everythingKept: async () => `${logged.join('')}${await dumpDatabase(server.platform.database)}`,
    async restart() {
      await server.close();
      server = await start();
    },
    async close() {
      for (const visitor of visitors) {
        for (const complaint of visitor.complaints) wrong.add(complaint);
        await visitor.close();
      }
      await app.close();
      await server.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
      assert.deepEqual([...wrong], [], 'on the wire and in the browsers');
      assert.ok(countListening() <= listening, 'a server was left listening');
    },
  };
  return here;
}

function judged(
  judge: ExchangeJudge | undefined,
  exchange: Parameters<Parameters<NonNullable<Server['sandbox']>['onWire']>[0]>[0],
): string[] {
  // OAuth's own endpoints are not in the file.
  if (!judge || !exchange.path.startsWith('/v1/')) return [];
  const query = new URLSearchParams(exchange.query).toString();
  const request = {
    method: exchange.method,
    path: query ? `${exchange.path}?${query}` : exchange.path,
    headers: exchange.requestHeaders,
    body: exchange.requestBody,
  };
  return judge(request, {
    status: exchange.status,
    headers: exchange.responseHeaders,
    body: exchange.responseBody,
  }).map((line) => `${exchange.bank}: ${line}`);
}

function countListening(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
}

/** The ports it found, so that it starts there again. */
function portsOf(server: Server): Pick<Settings, 'port' | 'sandboxPorts'> {
  const port = (url: string) => Number(new URL(url).port);
  const { peopleUrl, machineUrl, controlUrl } = server.sandbox!;
  return {
    port: port(server.url),
    sandboxPorts: { people: port(peopleUrl('any')), machine: port(machineUrl('any')), control: port(controlUrl) },
  };
}

function cookiesSetBy(url: string): Promise<string[]> {
  return new Promise((done, failed) => {
    const sent = request(url, { headers: { accept: 'text/html' } }, (response) => {
      response.resume();
      done(response.headers['set-cookie'] ?? []);
    });
    sent.once('error', failed).end();
  });
}
