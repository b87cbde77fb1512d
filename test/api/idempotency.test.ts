import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../../src/base/database.ts';
import { forgetOldKeys } from '../../src/platform/apps/idempotency.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('idempotency keys', () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
  });
  after(() => world.close());

  const create = (path: string, key: string, json: object, who = world.app.key) =>
    world.call('POST', path, { key: who, json, headers: { 'idempotency-key': key } });
  const count = async (table: 'customers' | 'consents' | 'sessions') =>
    (await world.platform.database.first<{ count: number }>(
      {
        customers: sql`select count(*) from customers`,
        consents: sql`select count(*) from consents`,
        sessions: sql`select count(*) from sessions`,
      }[table],
    ))!.count;

  test('the same request gets the first answer, and makes nothing twice', async () => {
    for (const [path, json] of [
      ['/v1/customers', { reference: 'i1', metadata: { a: '1', b: '2' } }],
      ['/v1/consents', { scopes: ['accounts'] }],
      ['/v1/connect_user_sessions', { user: 'i2' }],
    ] as const) {
      const first = await create(path, `same ${path}`, json);
      const again = await create(path, `same ${path}`, json);
      assert.deepEqual([first.status, first.headers.get('idempotent-replayed')], [201, null]);
      assert.deepEqual([again.status, again.text, again.headers.get('idempotent-replayed')], [201, first.text, 'true']);
    }
    const reordered = await create('/v1/customers', 'same /v1/customers', {
      metadata: { b: '2', a: '1' },
      reference: 'i1',
    });
    assert.equal(reordered.headers.get('idempotent-replayed'), 'true');
  });

  test('another request under a used key is refused', async () => {
    await create('/v1/customers', 'used', { name: 'A' });
    for (const [path, json] of [
      ['/v1/customers', { name: 'B' }],
      ['/v1/consents', { purpose: 'A' }],
    ] as const) {
      const answer = await create(path, 'used', json);
      assert.deepEqual(
        [answer.status, answer.json.code, answer.json.errors[0].pointer],
        [422, 'idempotency_key_reused', 'Idempotency-Key'],
      );
    }
  });

  test('a key belongs to one app: another may use the same', async () => {
    const mine = await create('/v1/customers', 'shared', { name: 'A' });
    const theirs = await create('/v1/customers', 'shared', { name: 'A' }, world.other.key);
    assert.equal(theirs.status, 201);
    assert.notEqual(theirs.json.id, mine.json.id);
    assert.equal(theirs.headers.get('idempotent-replayed'), null);
  });

  test('a refusal is not kept: the corrected request may use its key', async () => {
    const refused = await create('/v1/customers', 'corrected', { name: 5 });
    assert.equal(refused.status, 422);
    assert.equal((await create('/v1/customers', 'corrected', { name: 'Five' })).status, 201);
  });

  test('a hundred at once make one object', async () => {
    for (const [path, json, table] of [
      ['/v1/customers', { name: 'One' }, 'customers'],
      ['/v1/connect_user_sessions', { user: 'hundred' }, 'sessions'],
      ['/v1/consents', {}, 'consents'],
    ] as const) {
      const before = await count(table);
      const answers = await Promise.all(Array.from({ length: 100 }, () => create(path, `hundred ${path}`, json)));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
      assert.equal(await count(table), before + 1);
    }
  });

  test('servers that race for one key agree on one object', async () => {
    const { createApi } = await import('../../src/api/server.ts');
    const { createHttp } = await import('../../src/base/http.ts');
    const { endEverything } = await import('../../src/platform/consents/ending.ts');
    const http = createHttp({ log: world.platform.log, trustedProxies: [], onError: (error) => Promise.reject(error) });
    await http.register(createApi(world.platform, { endEverything }));
    const url = await http.listen({ host: '127.0.0.1', port: 0 });
    const send = (base: string) =>
      fetch(`${base}/v1/customers`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${world.app.key}`,
          'idempotency-key': 'race',
          'content-type': 'application/json',
        },
        body: '{"name":"Raced"}',
      }).then((answer) => answer.text());
    const before = await count('customers');
    const texts = await Promise.all(Array.from({ length: 40 }, (_, index) => send(index % 2 ? url : world.url)));
    assert.equal(new Set(texts).size, 1);
    assert.equal(await count('customers'), before + 1);
    await http.close();
  });

  test('a hundred sessions for one new user, each with a key of its own, make one customer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => create('/v1/connect_user_sessions', `user ${index}`, { user: 'crowd' })),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    assert.equal(new Set(answers.map(({ json }) => json.customer)).size, 1);
    assert.equal(answers.filter(({ json }) => json.customer_created).length, 1);
  });

  test('keys that cannot be kept are refused', async () => {
    for (const key of ['x'.repeat(256), 'ä', 'a\tb']) {
      const answer = await create('/v1/customers', key, {}).catch(() => undefined);
      if (answer)
        assert.deepEqual([answer.status, answer.json.errors[0].pointer], [422, 'Idempotency-Key'], JSON.stringify(key));
    }
  });

  test('answers lie sealed, because they can hold the address of a page', async () => {
    const made = await create('/v1/consents', 'sealed', { purpose: 'canary purpose' });
    const token = made.json.redirect.consent_url.split('/').at(-1);
    const rows = await world.platform.database.rows<{ text: string }>(
      sql`select k::text as text from idempotency_keys k where k.key = 'sealed'`,
    );
    assert.equal(rows.length, 1);
    assert.equal(rows[0]!.text.includes(token) || rows[0]!.text.includes('canary'), false);
  });

  test('they are kept for a day and then forgotten', async () => {
    await world.platform.clock.advance(24 * 3_600_000);
    await forgetOldKeys(world.platform);
    assert.equal((await create('/v1/customers', 'used', { name: 'A' })).headers.get('idempotent-replayed'), 'true');
    await world.platform.clock.advance(2 * 3_600_000);
    await forgetOldKeys(world.platform);
    assert.equal((await create('/v1/customers', 'used', { name: 'A' })).headers.get('idempotent-replayed'), null);
  });
});
