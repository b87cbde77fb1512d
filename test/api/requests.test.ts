import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { sql } from '../../src/base/database.ts';
import { createKey, revokeKey } from '../../src/platform/apps/apps.ts';
import { request } from './raw.ts';
import { linkedCustomer } from './linked.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('requests to the API', () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
  });
  after(() => world.close());

  test('a key works as Bearer, and as user name without a password', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    assert.equal((await world.call('GET', '/v1/account')).json.name, 'Leafbook');
    for (const [headers, status] of [
      [basic(`${world.app.key}:`), 200],
      [basic(world.app.key), 200],
      [basic(`:${world.app.key}`), 401],
      [basic(`${world.app.key}:secret`), 401],
      [{ authorization: `bearer ${world.app.key}` }, 200],
      [{ authorization: world.app.key }, 401],
      [{ authorization: `Bearer ${world.app.key}x` }, 401],
      [{ authorization: `Bearer dbk_test_${'A'.repeat(43)}` }, 401],
      [{}, 401],
    ] as [Record<string, string>, number][]) {
      const answer = await world.call('GET', '/v1/account', { key: null, headers });
      assert.equal(answer.status, status, JSON.stringify(headers));
      // A Basic challenge would make a browser ask a person for a password.
      if (status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
  });

  test('a revoked key is told so', async () => {
    const { id, key } = await createKey(world.platform, world.app.tenant, 'short-lived');
    await revokeKey(world.platform, world.app.tenant, id);
    const answer = await world.call('GET', '/v1/account', { key });
    assert.deepEqual([answer.status, answer.json.code], [401, 'key_revoked']);
  });

  test('what a browser sends for another site is refused, with a good key too', async () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      const answer = await request(world.url, 'POST', '/v1/customers', {
        authorization: `Bearer ${world.app.key}`,
        ...headers,
      });
      assert.deepEqual([answer.status, answer.json.code], [403, 'cross_site'], JSON.stringify(headers));
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  });

  test('every answer has an id of ours, and every problem repeats it', async () => {
    for (const path of ['/v1/account', '/v1/nothing', '/v1/customers/cus_x']) {
      const answer = await world.call('GET', path);
      const id = answer.headers.get('request-id') ?? '';
      assert.match(id, /^req_[0-9A-Za-z]{22}$/);
      if (answer.status >= 400) assert.equal(answer.json.request_id, id);
    }
  });

  test('a path that exists says which methods it takes; one that does not says where to look', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await request(world.url, method, '/v1/customers', {});
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST, GET, HEAD, OPTIONS'], method);
    }
    const options = await request(world.url, 'OPTIONS', '/v1/account', {});
    assert.deepEqual([options.status, options.headers.allow, options.text], [204, 'GET, POST, HEAD, OPTIONS', '']);
    const head = await request(world.url, 'HEAD', '/v1/account', { authorization: `Bearer ${world.app.key}` });
    assert.deepEqual([head.status, head.text], [200, '']);
    const unknown = await world.call('GET', '/v1/nothing');
    assert.deepEqual([unknown.status, unknown.json.code], [404, 'route_not_found']);
  });

  test('addresses that cannot be read are refused, and the server lives on', async () => {
    const headers = { authorization: `Bearer ${world.app.key}` };
    for (const path of [
      '/v1/%zz',
      '/v1/customers/%ff',
      '/%',
      '/docs/%e0%a4%a',
      `/v1/customers/${'x'.repeat(400)}`,
      '/v1//customers',
      '/v1/customers/..%2f',
    ]) {
      const answer = await request(world.url, 'GET', path, headers);
      assert.ok(answer.status === 400 || answer.status === 404 || answer.status === 414, `${path} ${answer.status}`);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, path);
      assert.equal(answer.headers['request-id'], answer.json.request_id);
    }
    const page = await request(world.url, 'GET', '/nowhere', { accept: 'text/html' });
    assert.deepEqual([page.status, page.headers['content-type']], [404, 'text/html; charset=utf-8']);
    assert.equal((await world.call('GET', '/v1/account')).status, 200);
  });

  test('bodies that are too large, mixed or of another type are refused', async () => {
    const send = async (type: string, body: string) => {
      const answer = await request(
        world.url,
        'POST',
        '/v1/customers',
        { authorization: `Bearer ${world.app.key}`, 'content-type': type },
        body,
      );
      return [answer.status, answer.json.code];
    };
    assert.deepEqual(await send('application/json', `{"name":"${'x'.repeat(70_000)}"}`), [413, 'payload_too_large']);
    assert.deepEqual(await send('application/x-www-form-urlencoded', '{"name":"x"}'), [400, 'invalid_body']);
    assert.deepEqual(await send('application/json', 'name=x'), [400, 'invalid_body']);
    assert.deepEqual(await send('text/plain', 'name=x'), [415, 'unsupported_media_type']);
    assert.deepEqual(await send('application/json, application/x-www-form-urlencoded', '{}'), [
      415,
      'unsupported_media_type',
    ]);
    assert.deepEqual(await send('nonsense', '{}'), [415, 'unsupported_media_type']);
    const bare = await request(world.url, 'POST', '/v1/customers', { authorization: `Bearer ${world.app.key}` }, '{}');
    assert.equal(bare.status, 415);
    const inQuery = await world.call('POST', '/v1/customers?name=x', {});
    assert.deepEqual([inQuery.status, inQuery.json.errors[0].pointer], [422, '?name']);
  });

  test('a form is as good as JSON, as the guide shows it', async () => {
    const form = 'type=company&reference=form-1&name=Ada+Ltd&expires_in=3600&metadata[order]=4711&metadata[plan]=team';
    const made = await world.call('POST', '/v1/customers', { form });
    assert.equal(made.status, 201);
    assert.deepEqual(made.json.metadata, { order: '4711', plan: 'team' });
    const consent = await world.call('POST', '/v1/consents', {
      form: `customer=${made.json.id}&scopes[]=accounts&scopes[]=balances&recurring=false&history_days=30`,
    });
    assert.deepEqual(
      [consent.json.scopes, consent.json.recurring, consent.json.history_days],
      [['accounts', 'balances'], false, 30],
    );
    const single = await world.call('POST', '/v1/consents', { form: 'scopes=accounts' });
    assert.deepEqual([single.json.scopes, single.json.status], [['accounts'], 'new']);
  });

  test('lists are paged by cursors that belong to one list, its filters and its app', async () => {
    for (let index = 0; index < 5; index += 1)
      await world.call('POST', '/v1/consents', { json: { metadata: { n: String(index) } } });
    const whole = await world.call('GET', '/v1/consents?limit=100&status=new');
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const page = await world.call('GET', `/v1/consents?limit=2&status=new${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.json.data.map((one: { id: string }) => one.id));
      cursor = page.json.next_cursor;
      assert.equal(page.json.has_more, cursor !== null);
      pages += 1;
    }
    assert.ok(pages >= 3);
    assert.deepEqual(
      seen,
      whole.json.data.map((one: { id: string }) => one.id),
    );

    const { next_cursor: next } = (await world.call('GET', '/v1/consents?limit=2&status=new')).json;
    const refused = async (path: string, key = world.app.key) => {
      const answer = await world.call('GET', path, { key });
      assert.deepEqual(
        [answer.status, answer.json.code, answer.json.errors[0].pointer],
        [422, 'invalid_cursor', '?cursor'],
        path,
      );
    };
    await refused(`/v1/consents?limit=2&cursor=${next}`);
    await refused(`/v1/consents?limit=2&status=pending&cursor=${next}`);
    await refused(`/v1/sessions?limit=2&cursor=${next}`);
    await refused(`/v1/consents?limit=2&status=new&cursor=${next}`, world.other.key);
    await refused(`/v1/consents?limit=2&status=new&cursor=${next}`, world.app.liveKey);
    await refused(`/v1/consents?limit=2&status=new&cursor=${next.slice(0, -1)}`);
    await refused('/v1/consents?cursor=x');
    await refused(`/v1/consents?cursor=${'x'.repeat(3000)}`);
  });

  test('a page of 500 transactions is a quarter of itself over the wire', async () => {
    const { bankAccount } = await linkedCustomer(world, world.app, 'much-moved', 700);
    const path = `/v1/bank_accounts/${bankAccount}/transactions?limit=500`;
    const authorization = `Bearer ${world.app.key}`;
    const plain = await request(world.url, 'GET', path, { authorization });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.json.data.length, 500);
    for (const [accepted, encoding] of [
      ['gzip, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
    ] as const) {
      const packed = await request(world.url, 'GET', path, { authorization, 'accept-encoding': accepted });
      assert.equal(packed.headers['content-encoding'], encoding);
      assert.ok(
        packed.bytes.length <= plain.bytes.length / 4,
        `${encoding}: ${packed.bytes.length} of ${plain.bytes.length}`,
      );
      if (encoding === 'br') assert.equal(brotliDecompressSync(packed.bytes).toString(), plain.text);
    }
    const next = await world.call('GET', `${path}&cursor=${plain.json.next_cursor}`);
    assert.deepEqual([next.json.data.length, next.json.has_more, next.json.next_cursor], [200, false, null]);
    const fed = await world.call('GET', `/v1/transactions/sync?bank_account=${bankAccount}&limit=500`);
    assert.deepEqual([fed.json.added.length, fed.json.has_more], [500, true]);
    const rest = await world.call(
      'GET',
      `/v1/transactions/sync?bank_account=${bankAccount}&limit=500&cursor=${fed.json.next_cursor}`,
    );
    assert.deepEqual([rest.json.added.length, rest.json.has_more], [200, false]);
    const none = await world.call(
      'GET',
      `/v1/transactions/sync?bank_account=${bankAccount}&cursor=${rest.json.next_cursor}`,
    );
    assert.deepEqual([none.json.added, none.json.modified, none.json.removed], [[], [], []]);
    const now = await world.call('GET', `/v1/transactions/sync?bank_account=${bankAccount}&cursor=now`);
    assert.deepEqual(now.json.added, []);
    const two = await world.call('GET', `/v1/transactions/sync?bank_account=${bankAccount}&customer=cus_1`);
    assert.equal(two.json.code, 'invalid_request');
  });

  test('bank accounts are listed by consent, customer and connection, by GET and by a form', async () => {
    const linked = await linkedCustomer(world, world.app, 'listed');
    for (const filter of [
      `consent=${linked.consent}`,
      `customer=${linked.customer}`,
      `connection=${linked.connection}`,
    ]) {
      const got = await world.call('GET', `/v1/bank_accounts?${filter}`);
      assert.deepEqual(
        got.json.data.map((one: { id: string }) => one.id),
        [linked.bankAccount],
      );
      const posted = await world.call('POST', '/v1/bank_accounts', { form: filter });
      assert.equal(posted.text, got.text);
    }
    const balances = await world.call(
      'GET',
      `/v1/bank_accounts/${linked.bankAccount}/balances?consent=${linked.consent}`,
    );
    assert.deepEqual([balances.json.data[0].amount, balances.json.data[0].type], ['12.50', 'booked']);
  });

  test('an app changes itself, all of it or nothing', async () => {
    const changed = await world.call('POST', '/v1/account', {
      json: { skip_info: true, default_return_url: 'https://app.example.com/callback?x=1' },
    });
    assert.deepEqual(
      [changed.json.skip_info, changed.json.default_return_url],
      [true, 'https://app.example.com/callback?x=1'],
    );
    const refused = await world.call('POST', '/v1/account', {
      json: { name: 'Renamed', return_urls: ['https://ok.example/cb', 'https://evil.example/../cb'] },
    });
    assert.deepEqual([refused.status, refused.json.code], [422, 'return_url_not_allowed']);
    assert.equal((await world.call('GET', '/v1/account')).json.name, 'Leafbook');
    const orphaned = await world.call('POST', '/v1/account', { json: { return_urls: ['https://ok.example/cb'] } });
    assert.equal(orphaned.json.code, 'return_url_not_allowed');
    const cleared = await world.call('POST', '/v1/account', { form: 'default_return_url=&skip_info=false' });
    assert.deepEqual([cleared.json.default_return_url, cleared.json.skip_info], [null, false]);
  });

  test('test and live see nothing of each other', async () => {
    const made = await world.call('POST', '/v1/customers', { json: { reference: 'mode' } });
    assert.equal((await world.call('GET', `/v1/customers/${made.json.id}`, { key: world.app.liveKey })).status, 404);
    assert.equal((await world.call('GET', '/v1/providers/de-nordwind', { key: world.app.liveKey })).status, 404);
    assert.equal((await world.call('GET', '/v1/providers/de-nordwind')).json.test_logins.length > 0, true);
    const unusable = await world.call('POST', '/v1/consents', {
      key: world.app.liveKey,
      json: { provider: 'de-nordwind' },
    });
    assert.deepEqual([unusable.status, unusable.json.code], [422, 'provider_not_available']);
  });

  test('the health of the server is told without a key; its numbers to its own network only', async () => {
    assert.equal((await world.call('GET', '/health', { key: null })).json.status, 'alive');
    assert.equal((await world.call('GET', '/ready', { key: null })).status, 200);
    assert.match(
      (await world.call('GET', '/metrics', { key: null })).text,
      /drawbridge_http_requests_total\{method="GET",route="\/v1\/account",status="200"\}/,
    );
  });

  test('expired customers are erased', async () => {
    const made = await world.call('POST', '/v1/customers', { json: { reference: 'short', expires_in: 60 } });
    assert.equal(Date.parse(made.json.expires_at) - Date.parse(made.json.created_at), 60_000);
    const kept = await world.platform.database.first<{ count: number }>(
      sql`select count(*) as count from customers where reference = 'short'`,
    );
    assert.equal(kept!.count, 1);
  });
});

describe('a key that asks too much', () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld({ rate: { perMinute: 60, burst: 3 } });
  });
  after(() => world.close());

  test('is told when to come back, and others are not held up', async () => {
    const answers = [];
    for (let index = 0; index < 4; index += 1) answers.push(await world.call('GET', '/v1/account'));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429],
    );
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('ratelimit-remaining')),
      ['2', '1', '0', '0'],
    );
    assert.ok(Number(answers[3]!.headers.get('retry-after')) >= 1);
    assert.equal((await world.call('GET', '/v1/account', { key: world.other.key })).status, 200);
  });

  test('guessing keys from one address ends', async () => {
    let status = 401;
    for (let index = 0; index < 110 && status === 401; index += 1)
      status = (await world.call('GET', '/v1/account', { key: `dbk_test_${String(index).padStart(43, 'x')}` })).status;
    assert.equal(status, 429);
  });
});
