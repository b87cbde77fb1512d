import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createErrorAnswer } from '../../src/api/errors.ts';
import { createApi } from '../../src/api/server.ts';
import { createClock } from '../../src/base/clock.ts';
import { openDatabase } from '../../src/base/database.ts';
import { createEgress } from '../../src/base/egress.ts';
import { createHttp } from '../../src/base/http.ts';
import { createJobs } from '../../src/base/jobs.ts';
import { createLog } from '../../src/base/log.ts';
import { createVault } from '../../src/base/vault.ts';
import { connectors } from '../../src/connectors/index.ts';
import { isSentence } from '../../src/pages/words/sentences.ts';
import { chooseLocale, isSpoken, makeConsentText } from '../../src/pages/words/index.ts';
import { createApp, findCaller } from '../../src/platform/apps/apps.ts';
import { endEverything } from '../../src/platform/consents/ending.ts';
import type { Platform, Tenant } from '../../src/platform/platform.ts';
import { createProviders } from '../../src/platform/providers/providers.ts';
import { hashToken } from '../../src/base/vault.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';
import { root } from '../sources.ts';

// biome-ignore lint/suspicious/noExplicitAny: a client takes JSON as it comes
type AnyJson = any;

/** An answer as a client sees it. `json` is undefined where the body is not JSON. */
export type Answered = { status: number; headers: Headers; text: string; json: AnyJson };

/** What to send beside method and path. */
export type Sent = {
  key?: string | null;
  json?: unknown;
  form?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
};

/** The API alone, over real HTTP and a database of its own: no pages, no pretend banks. */
export type ApiWorld = {
  url: string;
  platform: Platform;
  app: { id: string; tenant: Tenant; key: string; liveKey: string };
  /** Another app, to whom nothing of the first belongs. */
  other: { id: string; tenant: Tenant; key: string };
  call(method: string, path: string, sent?: Sent): Promise<Answered>;
  close(): Promise<void>;
};

/** Starts it; close it when done. Requests are not limited unless `rate` says so. */
export async function apiWorld(
  options: { rate?: { perMinute: number; burst: number }; database?: FreshDatabase } = {},
): Promise<ApiWorld> {
  const log = createLog('silent');
  const fresh = options.database ?? (await freshDatabase());
  const database = await openDatabase(fresh.url, { log, named: true });
  const clock = createClock();
  const providers = await createProviders({
    folders: [{ path: join(root, 'providers'), owner: 'ours' }],
    factSchemas: Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts])),
    sandbox: { baseUrl: 'https://127.0.0.1:8402', hosts: ['127.0.0.1:8402'] },
    log,
  });
  const jobs = await createJobs({ url: fresh.url, database, clock, log });
  const egress = createEgress({ allowPrivate: () => false });
  const platform: Platform = {
    database,
    clock,
    vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]),
    jobs,
    log,
    egress,
    providers,
    connectors,
    makeConsentText,
    languages: { choose: chooseLocale, isSpoken, isSentence },
    operator: { name: 'Test operator' },
    publicUrl: 'http://127.0.0.1',
  };
  const http = createHttp({
    log,
    trustedProxies: [],
    onError: createErrorAnswer(platform),
  });
  await http.register(
    createApi(platform, { endEverything, rate: options.rate ?? { perMinute: 6e6, burst: 1e5 }, version: 'test' }),
  );
  await http.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  platform.publicUrl = url;

  const first = await createApp(platform, {
    name: 'Leafbook',
    modes: ['test', 'live'],
    returnUrls: ['https://app.example.com/callback', 'https://app.example.com/callback/{SESSION_ID}'],
  });
  const second = await createApp(platform, { name: 'Other app' });
  const tenantOf = async (key: string) => (await findCaller(platform, hashToken(key)))!.tenant;
  const [testKey, liveKey] = first.keys;
  const otherKey = second.keys[0]!.key;
  const app = { id: first.app, tenant: await tenantOf(testKey!.key), key: testKey!.key, liveKey: liveKey!.key };
  return {
    url,
    platform,
    app,
    other: { id: second.app, tenant: await tenantOf(otherKey), key: otherKey },
    call: (method, path, sent = {}) => call(`${url}${path}`, method, sent, app.key),
    async close() {
      await http.close();
      await jobs.stop();
      providers.close();
      await egress.close();
      await database.close();
      await fresh.drop();
    },
  };
}

async function call(url: string, method: string, sent: Sent, defaultKey: string): Promise<Answered> {
  const key = sent.key === undefined ? defaultKey : sent.key;
  const type =
    sent.json !== undefined
      ? 'application/json'
      : sent.form !== undefined
        ? 'application/x-www-form-urlencoded'
        : undefined;
  const body = sent.json !== undefined ? JSON.stringify(sent.json) : (sent.form ?? sent.body);
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(type ? { 'content-type': type } : {}),
      ...sent.headers,
    },
    ...(body === undefined ? {} : { body: body as BodyInit }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: readJson(text) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
