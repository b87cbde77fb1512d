import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  DrawbridgeError,
  type Drawbridge,
  openDrawbridge,
  verifyWebhook,
  WebhookRefused,
} from '../../clients/typescript/index.ts';
import { makeOpenApi } from '../../src/api/docs/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { type Document, makeClient } from '../../src/commands/client.ts';
import { comesHome, connects, WAYS } from '../journeys/ways.ts';
import { startReceiver } from '../receiver.ts';
import { root } from '../sources.ts';
import { type World, world } from '../world.ts';

describe('the typed client', () => {
  test('is the one that the OpenAPI document makes', () => {
    const document = makeOpenApi(ROUTES, { publicUrl: 'http://x', version: '0' }) as unknown as Document;
    // Biome breaks lines and drops brackets that are not needed; what is said stays.
    const bare = (text: string) => text.replace(/[\s,;()|]/g, '');
    const files = makeClient(document);
    const old = files.filter(({ path, text }) => bare(readFileSync(join(root, path), 'utf8')) !== bare(text));
    assert.deepEqual(
      old.map(({ path }) => path),
      [],
      'the API has changed: npm run client',
    );
    const there = ['api', 'calls'].flatMap((folder) =>
      readdirSync(join(root, 'clients/typescript', folder)).map((name) => `clients/typescript/${folder}/${name}`),
    );
    assert.deepEqual(there.sort(), files.map(({ path }) => path).sort());
    const index = readFileSync(join(root, 'clients/typescript/index.ts'), 'utf8');
    for (const { path } of files.filter((one) => one.path.includes('/api/')))
      assert.ok(index.includes(`export type * from './${path.split('/').slice(-2).join('/')}'`), path);
  });

  test('has a function for every operation and imports nothing from elsewhere', () => {
    const api = openDrawbridge({ key: 'none' }) as unknown as Record<string, unknown>;
    for (const { operation } of ROUTES) {
      const name = operation.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      assert.equal(typeof api[name], 'function', name);
    }
    const texts = ['index', 'request', 'webhooks'].map((name) =>
      readFileSync(join(root, `clients/typescript/${name}.ts`), 'utf8'),
    );
    for (const text of texts) assert.doesNotMatch(text, /from '[^.]|process\./);
  });

  describe('against a running server', () => {
    let here: World;
    let api: Drawbridge;
    before(async () => {
      here = await world();
      api = openDrawbridge({ key: here.key, baseUrl: here.url });
    });
    after(() => here.close());

    test('from a session to transactions', async () => {
      const { return_urls } = await api.getAccount();
      const session = await api.createConnectUserSession({
        user: 'anna-1',
        provider: WAYS.none.bank,
        recurring: true,
        return_url: return_urls[0]!,
      });
      const person = await here.person('plain HTTP');
      await connects(person, session.url!, WAYS.none, here.bank);
      await comesHome(person);
      const finished = await api.getSession(session.id);
      assert.equal(finished.status, 'finished');
      const { data } = await api.listBankAccounts({ customer: session.customer });
      await here.eventually(async () => {
        const { data: entries } = await api.listTransactions(data[0]!.id, { limit: 5 });
        assert.equal(entries.length, 5);
        assert.match(entries[0]!.amount, /^-?\d+\.\d\d$/);
      });
      assert.match(await api.exportBankAccount(data[0]!.id, { format: 'csv' }), /^\S+,/);
      const all: string[] = [];
      for await (const event of api.each((at) => api.listEvents({ limit: 2, ...at }))) all.push(event.type);
      assert.ok(all.length > 3 && all.includes('consent.authorized'));
      const [consent] = (await api.listConsents({ status: 'authorized' })).data;
      assert.equal((await api.revokeConsent(consent!.id)).status, 'canceled');
    });

    test('what a language model is told first names every document and operation, and every link leads somewhere', async () => {
      const text = await (await fetch(`${here.url}/llms.txt`)).text();
      assert.match(text, /^# Drawbridge\n\n> /);
      for (const { method, path } of ROUTES) assert.ok(text.includes(`\`${method} ${path}\``), path);
      const links = [...text.matchAll(/\]\((http[^)]+)\)/g)].map(([, url]) => url!);
      assert.ok(links.length > 15);
      for (const url of links) {
        const answer = await fetch(url);
        assert.equal(answer.status, 200, url);
        if (url.endsWith('.md')) assert.match(await answer.text(), /^# /);
      }
      assert.doesNotMatch(text, /: $/m);
    });

    test('a refusal is an error with code, fields and request id', async () => {
      await assert.rejects(api.createConsent({ history_days: 0 }), (error: DrawbridgeError) => {
        assert.ok(error instanceof DrawbridgeError);
        assert.deepEqual(
          [error.status, error.code, error.errors[0]?.pointer],
          [422, 'invalid_request', '/history_days'],
        );
        return /^req_/.test(error.requestId ?? '');
      });
    });

    test('what may be sent again is sent again, and made once', async () => {
      let tries = 0;
      const flaky = openDrawbridge({
        key: here.key,
        baseUrl: here.url,
        fetch: async (url, init) => {
          tries += 1;
          const answer = await fetch(url, init);
          // The first answer is lost on the way.
          if (tries === 1) throw new TypeError('fetch failed');
          return answer;
        },
      });
      const made = await flaky.createCustomer({ reference: 'once' });
      assert.equal(tries, 2);
      assert.deepEqual(
        (await api.listCustomers({ reference: 'once' })).data.map(({ id }) => id),
        [made.id],
      );
    });

    test('a webhook is verified, and nothing else is taken for one', async () => {
      const receiver = await startReceiver();
      const { secret } = await api.createWebhookEndpoint({ url: receiver.url });
      await api.createCustomer({ reference: 'told' });
      await api.createConsent({});
      await here.eventually(async () => assert.ok(receiver.received.length > 0));
      const { headers, body } = receiver.received[0]!;
      const event = await verifyWebhook(body, headers, secret);
      assert.equal(event.id, headers['webhook-id']);
      assert.equal((await verifyWebhook(body, new Headers(headers), ['whsec_AAAA', secret])).id, event.id);
      const late = { now: () => Date.now() + 301_000 };
      const refusals: [() => Promise<unknown>, RegExp][] = [
        [() => verifyWebhook(`${body} `, headers, secret), /not of this secret/],
        [() => verifyWebhook(body, { ...headers, 'webhook-id': 'evt_other' }, secret), /not of this secret/],
        [() => verifyWebhook(body, headers, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), /not of this secret/],
        [() => verifyWebhook(body, headers, secret, late), /too old/],
        [() => verifyWebhook(body, {}, secret), /missing/],
        [() => verifyWebhook(body, { ...headers, 'webhook-signature': 'v1,%%% v2,x' }, secret), /not of this secret/],
      ];
      for (const [act, message] of refusals)
        await assert.rejects(act(), (error: Error) => error instanceof WebhookRefused && message.test(error.message));
      await receiver.close();
    });
  });
});
