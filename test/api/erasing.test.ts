import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { raw, sql } from '../../src/base/database.ts';
import { eraseDueCustomers } from '../../src/platform/customers/customers.ts';
import { endEverything } from '../../src/platform/consents/ending.ts';
import { linkedCustomer } from './linked.ts';
import { type ApiWorld, apiWorld } from './world.ts';

describe('erasing a customer', () => {
  let world: ApiWorld;
  before(async () => {
    world = await apiWorld();
  });
  after(() => world.close());

  /** Every table that holds any of these texts in any column. */
  async function tablesWith(texts: string[]): Promise<string[]> {
    const { database } = world.platform;
    const tables = await database.rows<{ name: string }>(
      sql`select table_schema || '.' || table_name as name from information_schema.tables
        where table_schema in ('public', 'jobs') and table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const hit = await database.first(
        sql`select 1 from ${raw(name)} t where t::text like any(${texts.map((text) => `%${text}%`)}) limit 1`,
      );
      if (hit) found.push(name);
    }
    return found.sort();
  }

  test('destroys every row of the person; of the consent only evidence without a name stays', async () => {
    const linked = await linkedCustomer(world, world.app, 'canary-reference', 20);
    const person = { name: 'Canary Person', email: 'canary@example.com', metadata: { note: 'canary-note' } };
    await world.call('POST', `/v1/customers/${linked.customer}`, { json: person });
    const kept = await world.call('POST', '/v1/connect_user_sessions', {
      json: { user: 'canary-reference', purpose: 'canary-purpose' },
      headers: { 'idempotency-key': 'canary-key' },
    });
    const other = await linkedCustomer(world, world.app, 'neighbour', 5);
    const canaries = ['canary-reference', 'Canary Person', 'canary@example.com', 'canary-note', 'canary-purpose'];
    assert.ok((await tablesWith(canaries)).length >= 2);

    const erased = await world.call('DELETE', `/v1/customers/${linked.customer}`);
    assert.deepEqual([erased.status, erased.json], [200, { id: linked.customer, object: 'customer', deleted: true }]);
    assert.deepEqual(await tablesWith(canaries), []);
    // What is left of its ids: the audit, the evidence, the event that tells of the erasing, and who made which request.
    const left = await tablesWith([
      linked.customer,
      linked.consent,
      linked.bankAccount,
      linked.connection,
      linked.session,
      kept.json.id,
    ]);
    assert.deepEqual(left, ['public.audit', 'public.consent_evidence', 'public.events', 'public.idempotency_keys']);
    const evidence = await world.platform.database.first<{ status: string; ended_reason: string }>(
      sql`select status, ended_reason from consent_evidence where tenant = ${world.app.tenant} and consent = ${linked.consent}`,
    );
    assert.equal(evidence?.status, 'canceled');

    for (const path of [
      `customers/${linked.customer}`,
      `consents/${linked.consent}`,
      `bank_accounts/${linked.bankAccount}`,
      `sessions/${linked.session}`,
    ])
      assert.equal((await world.call('GET', `/v1/${path}`)).status, 404, path);
    const again = await world.call('POST', '/v1/connect_user_sessions', {
      json: { user: 'canary-reference', purpose: 'canary-purpose' },
      headers: { 'idempotency-key': 'canary-key' },
    });
    assert.equal(again.status, 404);
    assert.equal((await world.call('DELETE', `/v1/customers/${linked.customer}`)).status, 404);
    const [newest] = (await world.call('GET', '/v1/events?type=customer.erased')).json.data;
    assert.deepEqual(newest.data.object, { id: linked.customer, object: 'customer', status: 'erased' });

    const page = await world.call('GET', `/v1/bank_accounts/${other.bankAccount}/transactions`);
    assert.equal(page.json.data.length, 5);
  });

  test('happens by itself when their time is over', async () => {
    const made = await world.call('POST', '/v1/customers', { json: { expires_in: 3600 } });
    await eraseDueCustomers(world.platform, endEverything);
    assert.equal((await world.call('GET', `/v1/customers/${made.json.id}`)).status, 200);
    await world.platform.clock.advance(3_601_000);
    await eraseDueCustomers(world.platform, endEverything);
    assert.equal((await world.call('GET', `/v1/customers/${made.json.id}`)).status, 404);
  });

  test('goes on where a crash left it', async () => {
    const made = await world.call('POST', '/v1/customers', { json: { name: 'Half erased' } });
    const crash = () => Promise.reject(new Error('killed'));
    const { eraseCustomer } = await import('../../src/platform/customers/customers.ts');
    await assert.rejects(
      eraseCustomer(world.platform, world.app.tenant, made.json.id, { endEverything: crash, requestId: null }),
    );
    const shown = await world.call('GET', `/v1/customers/${made.json.id}`);
    assert.notEqual(shown.json.erasing_since, null);
    assert.equal((await world.call('POST', `/v1/consents`, { json: { customer: made.json.id } })).status, 404);
    await world.platform.clock.advance(61_000);
    await eraseDueCustomers(world.platform, endEverything);
    assert.equal((await world.call('GET', `/v1/customers/${made.json.id}`)).status, 404);
  });
});
