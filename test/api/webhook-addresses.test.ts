import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { AddressInfo, LookupFunction } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createEgress } from '../../src/base/egress.ts';
import { sql } from '../../src/base/database.ts';
import { type Dispatcher, startDispatcher } from '../../src/platform/events/dispatch/dispatcher.ts';
import { isLoopback } from '../../src/platform/events/endpoint-url.ts';
import { type ApiWorld, apiWorld } from './world.ts';

/** Names that mean this machine or the inside of a network, as parsers and resolvers read them. */
const SPELLINGS = [
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '127.0.0.1.',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[0:0:0:0:0:0:0:1]',
  'localhost.',
  'LOCALHOST',
  'user@127.0.0.1',
  '0',
  '0.0.0.0',
  '[::]',
  '169.254.169.254',
  '[fd00:ec2::254]',
  '10.0.0.1',
  '192.168.1.1',
  '[fe80::1]',
  '100.64.0.1',
];

describe('the address of a webhook endpoint', () => {
  let world: ApiWorld;
  let dispatcher: Dispatcher;
  let canary: Server;
  let port: number;
  let connections = 0;
  /** What the resolver says of each name, the last answer again and again. */
  const answers: Record<string, string[]> = {};
  const lookup: LookupFunction = (name, options, callback) => {
    const list = answers[name] ?? [];
    const address = list.length > 1 ? list.shift()! : (list[0] ?? '203.0.113.9');
    if (options.all) callback(null, [{ address, family: 4 }] as never);
    else callback(null, address, 4);
  };
  before(async () => {
    world = await apiWorld();
    canary = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((listening) => void canary.listen(0, '127.0.0.1', listening));
    port = (canary.address() as AddressInfo).port;
    // As in production, with the canary's port opened: only the address may save it.
    world.platform.webhookEgress = createEgress({ allowPrivate: () => false, lookup, ports: [443, 8443, port] });
    dispatcher = await startDispatcher(world.platform);
  });
  after(async () => {
    await dispatcher.stop();
    canary.close();
    await world.close();
  });

  const save = (url: string, key = world.app.key) =>
    world.call('POST', '/v1/webhook_endpoints', { key, json: { url } });

  test('is refused in every spelling of a private one, when it is made and when it is changed', async () => {
    const good = (await save('https://app.example.com/webhooks')).json;
    for (const host of [...SPELLINGS, '127.0.0.1', '[::1]']) {
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${host}:${port}/hooks`;
        for (const answer of [
          await save(url),
          await save(url, world.app.liveKey),
          await world.call('POST', `/v1/webhook_endpoints/${good.id}`, { json: { url } }),
        ])
          assert.deepEqual([answer.status, answer.json.code], [422, 'webhook_url_refused'], `${url} ${answer.text}`);
      }
    }
    for (const url of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      '//app.example.com',
      'https:\\\\app.example.com',
      'https://app.example.com:22/',
      'https://app.example.com/#x',
      'x',
      '',
    ])
      assert.equal((await save(url)).status, 422, url);
    assert.equal(connections, 0);
  });

  test('is refused at each delivery too: a name that leads inside, at once or later, and one that was slipped in', async () => {
    const { json: inside } = await save(`https://inside.example:${port}/hooks`);
    const { json: later } = await save(`https://later.example:${port}/hooks`);
    const { json: slipped } = await save('https://app.example.com/webhooks');
    answers['inside.example'] = ['127.0.0.1'];
    answers['later.example'] = ['203.0.113.9', '127.0.0.1'];
    await world.platform.database.run(
      sql`update webhook_endpoints set url = ${`http://127.0.0.1:${port}/`} where tenant = ${world.app.tenant} and id = ${slipped.id}`,
    );
    for (const { id } of [inside, slipped]) {
      await world.call('POST', `/v1/webhook_endpoints/${id}/test`, { json: {} });
      for (const until = performance.now() + 10_000; ; await wait(20)) {
        const { json } = await world.call('GET', `/v1/webhook_endpoints/${id}/deliveries`);
        if (json.data[0]?.outcome === 'address_refused') break;
        assert.ok(performance.now() < until, JSON.stringify(json.data));
      }
    }
    // The first connection goes to a public address that nobody answers at; the second would go inside.
    const hosts = [`later.example:${port}`];
    const egress = world.platform.webhookEgress!;
    const url = later.url;
    answers['later.example'] = ['127.0.0.1'];
    await assert.rejects(egress.request({ method: 'POST', url, hosts }), /not public/);
    assert.equal(connections, 0);
  });

  test('may be on this machine in test mode of a sandbox, written plainly, and never in live mode', async () => {
    const open = createEgress({ allowPrivate: isLoopback });
    const closed = world.platform.webhookEgress;
    world.platform.webhookEgress = open;
    try {
      for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        const url = `http://${host}:${port}/hooks`;
        assert.equal((await save(url)).status, 201, url);
        assert.equal((await save(url, world.app.liveKey)).status, 422, url);
        assert.equal((await save(`https://${host}/hooks`, world.app.liveKey)).status, 422, url);
      }
      for (const host of SPELLINGS) assert.equal((await save(`http://${host}:${port}/hooks`)).status, 422, host);
    } finally {
      world.platform.webhookEgress = closed!;
      await open.close();
    }
  });
});
