import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { createEgress } from '../../src/base/egress.ts';
import { newId } from '../../src/base/ids.ts';
import { type Dispatcher, startDispatcher } from '../../src/platform/events/dispatch/dispatcher.ts';
import { isLoopback } from '../../src/platform/events/endpoint-url.ts';
import { recordEvent } from '../../src/platform/events/events.ts';
import { isSigned, type Receiver, startReceiver } from '../receiver.ts';
import { type ApiWorld, apiWorld } from './world.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];

describe('webhooks', () => {
  let world: ApiWorld;
  let dispatcher: Dispatcher;
  let receiver: Receiver;
  let endpoint: { id: string; secret: string };
  before(async () => {
    world = await apiWorld();
    world.platform.webhookEgress = createEgress({ allowPrivate: isLoopback });
    dispatcher = await startDispatcher(world.platform);
  });
  after(async () => {
    await receiver?.close();
    await dispatcher.stop();
    await world.close();
  });
  beforeEach(async () => {
    await receiver?.close();
    if (endpoint) await world.call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
    receiver = await startReceiver();
    endpoint = await makeEndpoint({});
  });

  const makeEndpoint = async (more: object) => {
    const made = await world.call('POST', '/v1/webhook_endpoints', { json: { url: receiver.url, ...more } });
    assert.equal(made.status, 201, made.text);
    return made.json as { id: string; secret: string };
  };
  const happens = async (connection: string, count = 1) => {
    const ids: string[] = [];
    await world.platform.database.transaction(async (tx) => {
      for (let index = 0; index < count; index += 1) {
        const data = { id: connection, object: 'connection', status: 'active', connection };
        const { tenant } = world.app;
        const at = world.platform.clock.now();
        ids.push(await recordEvent(tx, { tenant, type: 'connection.restored', connection, data, at }));
      }
    });
    return ids;
  };
  const deliveries = async (query = '') =>
    (await world.call('GET', `/v1/webhook_endpoints/${endpoint.id}/deliveries?limit=100${query}`)).json.data;
  const look = async () => (await world.call('GET', `/v1/webhook_endpoints/${endpoint.id}`)).json;
  const until = async (holds: () => Promise<boolean>, what: string) => {
    for (const end = performance.now() + 10_000; !(await holds()); await wait(20))
      assert.ok(performance.now() < end, what);
  };
  const advance = (ms: number) => world.platform.clock.advance(ms);

  test('tell what happened, signed so that the judge of the standard believes it and nothing altered', async () => {
    await world.call('POST', '/v1/consents', { json: {} });
    await receiver.gets(1);
    const [one] = receiver.received;
    isSigned(one!, endpoint.secret);
    assert.equal(one!.event.type, 'consent.created');
    const { json } = await world.call('GET', `/v1/events/${one!.id}`);
    assert.deepEqual(JSON.parse(one!.body), json);
    const judge = new Webhook(endpoint.secret);
    const now = Number(one!.headers['webhook-timestamp']);
    for (const [body, headers] of [
      [one!.body.replace('new', 'old'), one!.headers],
      [one!.body, { ...one!.headers, 'webhook-id': newId('event') }],
      [one!.body, { ...one!.headers, 'webhook-timestamp': String(now - 301) }],
      [one!.body, { ...one!.headers, 'webhook-timestamp': String(now + 1) }],
    ] as const)
      assert.throws(() => judge.verify(body, headers));
    assert.throws(() => isSigned(one!, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'));
    await until(async () => (await deliveries()).length === 1, 'the delivery is kept');
    const [kept] = await deliveries();
    assert.deepEqual(
      [kept.event, kept.type, kept.attempt, kept.outcome, kept.status, kept.answer, kept.next_attempt_at],
      [one!.id, 'consent.created', 1, 'delivered', 204, '', null],
    );
  });

  test('show the secret once, take only long ones, and sign with two during a rotation', async () => {
    assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal('secret' in (await look()), false);
    const rotated = await world.call('POST', `/v1/webhook_endpoints/${endpoint.id}/rotate_secret`, {
      json: { keep_previous_seconds: 3600 },
    });
    const fresh = rotated.json.secret;
    assert.notEqual(fresh, endpoint.secret);
    await happens(newId('connection'));
    await receiver.gets(1);
    for (const secret of [fresh, endpoint.secret]) isSigned(receiver.received[0]!, secret);
    await advance(HOUR + 1000);
    await happens(newId('connection'));
    await receiver.gets(2);
    isSigned(receiver.received[1]!, fresh);
    assert.throws(() => isSigned(receiver.received[1]!, endpoint.secret));
    for (const secret of ['whsec_c2hvcnQ=', 'short', 'whsec_!!!!', `whsec_${Buffer.alloc(65).toString('base64')}`]) {
      const refused = await world.call('POST', '/v1/webhook_endpoints', { json: { url: receiver.url, secret } });
      assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/secret'], secret);
    }
  });

  test('send only the types that are wanted, and a test to one endpoint alone', async () => {
    const other = await makeEndpoint({ events: ['sync.completed'] });
    const unknown = await world.call('POST', '/v1/webhook_endpoints', {
      json: { url: receiver.url, events: ['sync.completed', 'nothing.known'] },
    });
    assert.deepEqual([unknown.status, unknown.json.errors[0].pointer], [422, '/events/1']);
    await happens(newId('connection'));
    const tested = await world.call('POST', `/v1/webhook_endpoints/${other.id}/test`, { json: {} });
    assert.deepEqual([tested.status, tested.json.type], [202, 'webhook.test']);
    await receiver.gets(2);
    const bySecret = (secret: string) =>
      receiver.received.filter((one) => {
        try {
          isSigned(one, secret);
          return true;
        } catch {
          return false;
        }
      });
    assert.deepEqual(
      [bySecret(endpoint.secret), bySecret(other.secret)].map((all) => all.map(({ event }) => event.type)),
      [['connection.restored'], ['webhook.test']],
    );
    await world.call('DELETE', `/v1/webhook_endpoints/${other.id}`);
  });

  test('keep their order within a connection while others go on, also behind one that fails', async () => {
    const [slow, quick] = [newId('connection'), newId('connection')];
    let refusals = 0;
    receiver.answers((response, one) => {
      const refuse = one.event.data.object.connection === slow && refusals++ === 0;
      response.writeHead(refuse ? 500 : 200).end(refuse ? 'x'.repeat(2000) : 'ok');
    });
    const first = await happens(slow, 3);
    const second = await happens(quick, 3);
    await receiver.gets(4);
    await until(async () => (await deliveries('&outcome=answered')).length === 1, 'the failure is kept');
    const [failed] = await deliveries('&outcome=answered');
    assert.deepEqual([failed.event, failed.status, failed.answer.length], [first[0], 500, 500]);
    const retryMs = Date.parse(failed.next_attempt_at) - Date.parse(failed.created_at);
    assert.ok(retryMs >= 4000 && retryMs <= 6000, `${retryMs} ms`);
    await advance(7000);
    await receiver.gets(7);
    const ids = (connection: string) =>
      receiver.received.filter(({ event }) => event.data.object.connection === connection).map(({ id }) => id);
    assert.deepEqual(ids(slow), [first[0], ...first]);
    assert.deepEqual(ids(quick), second);
  });

  test('lose nothing while a receiver is down for a day, and bring all of it when it is back, in order', async () => {
    const port = Number(new URL(receiver.url).port);
    await receiver.close();
    const connections = Array.from({ length: 60 }, () => newId('connection'));
    const sent = new Map<string, string[]>();
    for (const hour of Array(24).keys()) {
      for (const connection of connections.slice(0, hour === 0 ? 60 : 5))
        sent.set(connection, [...(sent.get(connection) ?? []), ...(await happens(connection, 3))]);
      await advance(HOUR);
      await wait(15);
    }
    await until(async () => (await look()).failing_since !== null, 'it is known to fail');
    const tried = (await deliveries()).length;
    assert.ok(tried < 100, `${tried} attempts at a receiver that is down`);
    receiver = await startReceiver(port);
    receiver.answers((response) => setTimeout(() => response.writeHead(200).end(), 5));
    await advance(20 * MINUTE);
    const all = [...sent.values()].flat();
    await receiver.gets(all.length);
    for (const [connection, ids] of sent)
      assert.deepEqual(
        receiver.received.filter(({ event }) => event.data.object.connection === connection).map(({ id }) => id),
        ids,
      );
    assert.ok(receiver.mostAtOnce() <= 50, `${receiver.mostAtOnce()} at once`);
    await until(async () => (await look()).failing_since === null, 'it is known to work');
  });

  test('leave a receiver in peace for as long as it says, and for good when it is gone', async () => {
    receiver.answers((response) => response.writeHead(429, { 'retry-after': '600' }).end('slow down'));
    await happens(newId('connection'));
    await until(async () => (await look()).resting_until !== null, 'it rests');
    await happens(newId('connection'));
    await advance(9 * MINUTE);
    await wait(50);
    assert.equal(receiver.received.length, 1);
    receiver.answers((response) => response.writeHead(200).end());
    await advance(2 * MINUTE);
    await receiver.gets(3);
    receiver.answers((response) => response.writeHead(410).end());
    const [last] = await happens(newId('connection'));
    await until(async () => (await look()).status === 'disabled', 'it is disabled');
    assert.equal((await look()).disabled_reason, 'gone');
    await happens(newId('connection'));
    await advance(HOUR);
    await wait(50);
    assert.equal(receiver.received.length, 4);
    receiver.answers((response) => response.writeHead(200).end());
    await world.call('POST', `/v1/webhook_endpoints/${endpoint.id}`, { json: { status: 'active' } });
    await receiver.gets(5);
    assert.equal(receiver.received[4]!.id, last);
  });

  test('wait during a pause, and are sent again one by one or by the stretch, for thirty days', async () => {
    await world.call('POST', `/v1/webhook_endpoints/${endpoint.id}`, { json: { status: 'paused' } });
    const from = world.platform.clock.now().toISOString();
    const ids = await happens(newId('connection'), 3);
    await wait(50);
    assert.equal(receiver.received.length, 0);
    await world.call('POST', `/v1/webhook_endpoints/${endpoint.id}`, { json: { status: 'active' } });
    await receiver.gets(3);
    const once = await world.call('POST', `/v1/events/${ids[1]}/resend`, { json: { webhook_endpoint: endpoint.id } });
    assert.deepEqual([once.status, once.json.webhook_endpoints], [202, 1]);
    await receiver.gets(4);
    const range = await world.call('POST', `/v1/webhook_endpoints/${endpoint.id}/resend`, { json: { from } });
    assert.deepEqual([range.status, range.json.events], [202, 3]);
    await receiver.gets(7);
    assert.deepEqual(
      receiver.received.map(({ id }) => id),
      [...ids, ids[1], ...ids],
    );
    await advance(31 * 24 * HOUR);
    const late = await world.call('POST', `/v1/events/${ids[1]}/resend`, { json: {} });
    assert.deepEqual([late.status, late.json.code], [422, 'event_too_old']);
  });

  test('name what each bad receiver did, and do not follow, wait for or swallow it', async () => {
    const answers: [string, (response: import('node:http').ServerResponse) => void, string][] = [
      ['redirects', (response) => response.writeHead(302, { location: receiver.url }).end(), 'redirected'],
      ['breaks off', (response) => response.socket!.destroy(), 'reset'],
      ['talks nonsense', (response) => response.socket!.end('nonsense\r\n\r\n'), 'malformed'],
    ];
    for (const [name, answer, outcome] of answers) {
      await world.call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
      endpoint = await makeEndpoint({});
      receiver.answers(answer);
      await happens(newId('connection'));
      await until(async () => (await deliveries())[0]?.outcome === outcome, name);
    }
    let written = 0;
    receiver.answers((response) => {
      response.writeHead(200);
      const more = () => {
        while (written < 50_000_000 && !response.destroyed) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 120))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const [endless] = await happens(newId('connection'));
    await until(async () => (await deliveries(`&event=${endless}`))[0]?.outcome === 'delivered', 'endless answer');
    assert.ok(written < 10_000_000, `${written} bytes were taken`);
    await receiver.close();
    const [refused] = await happens(newId('connection'));
    await until(async () => (await deliveries(`&event=${refused}`))[0]?.outcome === 'no_connection', 'refused');
  });
});
