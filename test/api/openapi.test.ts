import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { problemsOf } from '../../src/api/docs/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { PROBLEMS } from '../../src/platform/problems.ts';
import { anotherAccount, type Linked, linkedCustomer, MAYBE_EVERYDAY } from './linked.ts';
import { idFor } from './operations.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('the OpenAPI document', () => {
  let world: ApiWorld;
  let mine: Linked;
  // biome-ignore lint/suspicious/noExplicitAny: the document as a client takes it
  let document: any;
  before(async () => {
    world = await apiWorld();
    mine = await linkedCustomer(world, world.app, 'mine');
    document = (await world.call('GET', '/v1/openapi.json', { key: null })).json;
  });
  after(() => world.close());

  test('is OpenAPI 3.1, reached without a key, and every reference in it leads somewhere', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.equal(document.servers[0].url, world.url);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(references.length > 30);
    for (const reference of new Set(references)) {
      const [, , , name] = reference.split('/');
      assert.ok(reference.startsWith('#/components/schemas/') && document.components.schemas[name!], reference);
    }
    assert.equal(JSON.stringify(document).includes('$defs'), false);
  });

  test('names both ways to send a key, and every problem that each operation can answer with', () => {
    assert.deepEqual(Object.keys(document.components.securitySchemes), ['bearer', 'basic']);
    assert.deepEqual(document.components.schemas.Problem.properties.code.enum, Object.keys(PROBLEMS));
    for (const route of ROUTES) {
      const { responses } = document.paths[route.path][route.method.toLowerCase()];
      for (const code of problemsOf(route))
        assert.ok(responses[PROBLEMS[code].status].description.includes(`\`${code}\``), `${route.operation} ${code}`);
    }
  });

  test('has an example for every body, and each is valid', () => {
    for (const route of ROUTES.filter(({ body }) => body)) {
      assert.ok(route.example, route.operation);
      const result = route.body!.safeParse(route.example);
      assert.ok(result.success, `${route.operation}: ${result.error?.message}`);
    }
  });

  test('is kept by every answer: no field is missing, none is undocumented', async () => {
    await world.call('POST', `/v1/consents`, { json: { customer: mine.customer, metadata: { a: '1' } } });
    const { id: second } = await anotherAccount(world, mine, MAYBE_EVERYDAY);
    const bodies: Record<string, object> = {
      merge_bank_accounts: { bank_account: second },
      split_bank_accounts: { bank_account: second },
      create_connect_user_session: { user: 'mine' },
      create_management_session: { customer: mine.customer },
      create_synchronization_session: { connection: mine.connection },
      list_bank_accounts_by_form: { customer: mine.customer },
      claim_consent: { code: 'x' },
      create_webhook_endpoint: { url: 'https://app.example.com/webhooks' },
      resend_events: { from: world.platform.clock.now().toISOString() },
      create_template: { name: 'Plain' },
      start_sync: { psu: { ip_address: '203.0.113.7' } },
    };
    // What ends things comes last.
    const order = [
      'delete_template',
      'delete_webhook_endpoint',
      'start_sync',
      'revoke_consent',
      'delete_connection',
      'delete_customer',
    ];
    const routes = [...ROUTES].sort((a, b) => order.indexOf(a.operation) - order.indexOf(b.operation));
    for (const route of routes) {
      const path = route.path.replace('{id}', route.id ? idFor(route.id, mine) : '');
      const query = route.operation === 'read_changes' ? `?customer=${mine.customer}` : '';
      const answer = await world.call(
        route.method,
        path + query,
        route.method === 'GET' ? {} : { json: bodies[route.operation] ?? {} },
      );
      if (route.operation === 'claim_consent') {
        assert.equal(answer.json.code, 'claim_refused');
        continue;
      }
      if (route.operation === 'get_receipt') {
        assert.equal(answer.json.code, 'consent_not_active');
        continue;
      }
      // A German bank's consent asks for none.
      if (route.operation === 'reconfirm_consent') {
        assert.equal(answer.json.code, 'invalid_request');
        continue;
      }
      if (route.files) {
        assert.equal(answer.status, 200, route.operation);
        continue;
      }
      assert.equal(answer.status, route.status ?? 200, `${route.operation}: ${answer.text.slice(0, 300)}`);
      const result = route.answer.safeParse(answer.json);
      assert.ok(result.success, `${route.operation}: ${result.error?.message}`);
    }
  });

  test('every object says what it is and when it was made', () => {
    for (const [name, schema] of Object.entries(document.components.schemas) as [
      string,
      { properties?: object; description?: string },
    ][]) {
      assert.ok(schema.description || name === 'ErasedCustomer', name);
      const { properties = {} } = schema;
      if ('id' in properties && name !== 'ProviderInterface' && name !== 'ErasedCustomer')
        assert.ok('object' in properties, name);
    }
  });
});

describe('the documentation', () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
  });
  after(() => world.close());

  test('is readable pages that run nothing and load nothing', async () => {
    for (const path of ['/docs', '/docs/problems', '/docs/events', '/docs/settings', '/docs/return-url']) {
      const page = await world.call('GET', path, { key: null });
      assert.equal(page.status, 200, path);
      const policy = page.headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(page.text, /<script|<img|<link(?! rel="icon" href="data:,")|<iframe| on\w+=| style=/i);
    }
  });

  test('explains every route, and every problem at the address its answers give', async () => {
    const front = (await world.call('GET', '/docs', { key: null })).text;
    for (const { operation, path } of ROUTES)
      assert.ok(front.includes(`id="${operation}"`) && front.includes(path.replace('{id}', '{id}')), operation);
    const problems = (await world.call('GET', '/docs/problems', { key: null })).text;
    for (const code of Object.keys(PROBLEMS)) assert.ok(problems.includes(`id="${code}"`), code);
  });

  test('leads nowhere that does not exist', async () => {
    const seen = new Set<string>(['/docs']);
    for (const path of seen) {
      const [address, anchor] = path.split('#');
      const page = await world.call('GET', address!, { key: null });
      assert.equal(page.status, 200, path);
      if (anchor) assert.ok(page.text.includes(`id="${anchor}"`), path);
      if (anchor || !address!.startsWith('/docs')) continue;
      for (const [, link] of page.text.matchAll(/<a [^>]*href="([^"]+)"/g))
        if (!link!.startsWith('http')) seen.add(link!.startsWith('#') ? `${address}${link}` : link!);
    }
    assert.ok(seen.size > 50);
  });
});
