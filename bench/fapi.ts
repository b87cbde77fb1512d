import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BankContext, BankRequest } from '../src/banking/connector.ts';
import type { Json } from '../src/banking/step.ts';
import { createClock } from '../src/base/clock.ts';
import { createEgress, type Egress } from '../src/base/egress.ts';
import { createOAuthCache } from '../src/base/oauth/cache.ts';
import { createRegisteredOAuth } from '../src/base/oauth/registered.ts';
import { openBankingUk } from '../src/connectors/open-banking-uk/index.ts';
import { ISSUER, STATE } from '../test/fapi-server.ts';
import { type Bench, median, short } from './measure.ts';
import { type Running, root, startScript } from './tools.ts';

const ROUNDS = 8;
const FLOWS = 50;
const CALLS = 4000;
const IN_FLIGHT = 16;

type Tls = { ca: string; cert: string; key: string };
type Place = { egress: Egress; origin: string; host: string; tls: Tls; pem: string };

/** The FAPI client and the UK connector alone, over TLS with a client certificate; the bank runs in another process. */
export const fapi: Bench = {
  name: 'fapi',
  goals: ['P6a'],
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'fapi-'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    writeFileSync(join(folder, 'client.pem'), pem);
    const bank = startScript(join(root, 'bench/fapi-bank.ts'), {}, [folder]);
    const egress = createEgress({ allowPrivate: () => true });
    try {
      const { port, tls } = await ready(bank, join(folder, 'ready.json'));
      const place: Place = { egress, origin: `https://localhost:${port}`, host: `localhost:${port}`, tls, pem };
      const flows: number[] = [];
      const calls: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        flows.push(await cpuOf(FLOWS, 5, () => oneFlow(place)));
        calls.push(await cpuOf(CALLS, IN_FLIGHT, () => oneCall(place)));
      }
      const flow = median(flows.slice(1)) / 1000;
      const call = median(calls.slice(1));
      return [
        {
          goal: 'P6a',
          what: 'consent, signed request, code, tokens, accounts and a balance at a UK bank with ES256, the client’s processor time',
          subject: `${short(flow)} ms`,
          anchor: '–',
          ratio: '–',
          gate: '≤ 6 ms',
          target: '≤ 3 ms',
          outcome: flow <= 6 ? 'held' : 'missed',
          note: `${ROUNDS} rounds of ${FLOWS}, 5 at once; the connector and OAuth without pages and database`,
        },
        {
          goal: 'P6a',
          what: `a warm call with a client certificate, ${IN_FLIGHT} in flight, the client’s processor time`,
          subject: `${short(call)} µs`,
          anchor: '–',
          ratio: '–',
          gate: '≤ 80 µs',
          target: '≤ 80 µs',
          outcome: call <= 80 ? 'held' : 'missed',
          note: `${ROUNDS} rounds of ${CALLS}`,
        },
      ];
    } finally {
      await egress.close();
      await bank.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

/** Processor time of this process for one of so many, in microseconds. */
async function cpuOf(count: number, atOnce: number, one: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  let begun = 0;
  const work = async () => {
    while (begun++ < count) await one();
  };
  await Promise.all([...Array(atOnce)].map(work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const caches = new WeakMap<Place, ReturnType<typeof createOAuthCache>>();

async function oneFlow(place: Place): Promise<void> {
  const context = contextAt(place);
  const permission = {
    scopes: ['accounts', 'balances'],
    accountTypes: ['checking'],
    recurring: true,
    validUntil: '2027-02-01',
  };
  const asked = await openBankingUk.authorise(context, permission as never);
  if (asked.kind !== 'ask' || asked.step.kind !== 'redirect') throw new Error('no redirect');
  const approved = await send(place, { method: 'POST', url: `${place.origin}/approve`, body: asked.step.url });
  const params = JSON.parse(Buffer.from(approved.body).toString()) as [string, string][];
  const resume = { memory: asked.memory, answer: { kind: 'returned' as const, params } };
  const granted = await openBankingUk.authorise(context, permission as never, resume);
  if (granted.kind !== 'done') throw new Error('not granted');
  const grant = { ...granted.result, secret: { ...(granted.result.secret as object), party: false } as Json };
  const accounts = await openBankingUk.accounts(context, { grant });
  if (accounts.kind !== 'done' || !accounts.result[0]) throw new Error('no accounts');
  await openBankingUk.balances(context, { grant, account: accounts.result[0] });
}

async function oneCall(place: Place): Promise<void> {
  await send(place, { method: 'GET', url: `${place.origin}/data/accounts` });
}

function contextAt(place: Place): BankContext {
  const clock = createClock();
  const cache = caches.get(place) ?? createOAuthCache();
  caches.set(place, cache);
  const refuse = async (): Promise<never> => {
    throw new Error('only registered clients here');
  };
  return {
    facts: openBankingUk.facts.parse({ version: '4.0', metadata_url: `${ISSUER}/.well-known/openid-configuration` }),
    http: ({ method, path, headers = {}, body }: BankRequest) =>
      send(place, {
        method,
        url: `${place.origin}/data/${path}`,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    oauth: {
      begin: refuse,
      finish: refuse,
      refresh: refuse,
      own: refuse,
      registered: createRegisteredOAuth({
        request: (request) => send(place, { ...request, url: request.url.replace(ISSUER, place.origin) }),
        client: async () => ({
          clientId: 'client-1',
          authMethod: 'private_key_jwt',
          signing: { privateKey: place.pem, keyId: 'c1' },
        }),
        returnUrl: `https://tpp.example/back/bank?state=${STATE}`,
        cache,
        now: () => clock.now(),
        wireNow: () => clock.now(),
      }),
    },
    requester: { name: 'Bench' },
    now: () => clock.now(),
    returnUrl: 'https://tpp.example/back/bank',
    refreshGrant: refuse,
  };
}

function send(place: Place, request: { method: string; url: string; headers?: Record<string, string>; body?: string }) {
  return place.egress.request({ ...request, hosts: [place.host], tls: place.tls });
}

async function ready(running: Running, path: string): Promise<{ port: number; tls: Tls }> {
  for (let looks = 0; ; looks += 1) {
    if (existsSync(path)) {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as { port: number; tls: Tls };
      } catch (error) {
        // Half written: looked at again.
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    if (running.child.exitCode !== null || looks > 1200) throw new Error('the bank did not start');
    await wait(25);
  }
}
