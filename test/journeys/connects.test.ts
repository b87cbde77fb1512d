import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HOWS } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS, type Way } from './ways.ts';

describe('a person connects a bank', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const how of HOWS) {
    for (const way of Object.values(WAYS) as Way[]) {
      test(`${way.name}, with ${how}`, async () => {
        const person = await here.person(how);
        const { consent, url, state } = await here.asksForConsent({ provider: way.bank });
        await connects(person, url, way, here.bank);
        await comesHome(person);
        await connected(here, consent, new URL(person.url()), state);
        await person.close();
      });
    }
  }

  test('by searching for it, where the app names no bank', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url, state } = await here.asksForConsent({});
    await connects(person, url, WAYS.none, here.bank);
    await comesHome(person);
    await connected(here, consent, new URL(person.url()), state);
  });

  test('in German', async () => {
    const person = await here.person('Chromium', { language: 'de-DE' });
    const { url } = await here.asksForConsent({ provider: 'de-lindental' });
    await person.opens(url);
    await person.sees('möchte Ihre Bankkonten lesen');
    await person.close();
  });

  test('at both interfaces of one bank, one after the other, as two consents of one customer', async () => {
    const customer = await here.app.post('/v1/customers', { reference: 'both-interfaces' });
    const consents = [];
    for (const way of [WAYS.redirected, WAYS.cards]) {
      const person = await here.person('plain HTTP');
      const { consent, url } = await here.asksForConsent({ provider: way.bank, customer: customer.id });
      await connects(person, url, way, here.bank);
      await comesHome(person);
      consents.push(await here.app.get(`/v1/consents/${consent}`));
    }
    assert.deepEqual(
      consents.map(({ status }) => status),
      ['authorized', 'authorized'],
    );
    const { data: connections } = await here.app.get(`/v1/connections?customer=${customer.id}`);
    assert.equal(connections.length, 2);
    const { data: accounts } = await here.app.get(`/v1/bank_accounts?customer=${customer.id}`);
    const types = new Set(accounts.map((account: { account_type: string }) => account.account_type));
    assert.ok(types.has('credit_card') && types.has('checking'), [...types].join());
  });
});

/** What an app can rely on when a person came back after agreeing. */
async function connected(here: World, id: string, returned: URL, state: string): Promise<void> {
  const query = [...returned.searchParams];
  assert.deepEqual(query.slice(0, 2), [
    ['state', state],
    ['fx_session', query[1]?.[1]],
  ]);
  assert.deepEqual(query.slice(2), [['fx_consent', id]]);

  const consent = await here.app.get(`/v1/consents/${id}`);
  assert.equal(consent.status, 'authorized');
  const session = await here.app.get(`/v1/sessions/${returned.searchParams.get('fx_session')}`);
  assert.equal(session.status, 'finished');

  // Accounts and balances are there the moment the person is back; the history goes on.
  const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${id}`);
  assert.ok(accounts.length > 0, 'no accounts');
  for (const account of accounts) {
    const { data: balances } = await here.app.get(`/v1/bank_accounts/${account.id}/balances`);
    assert.ok(balances.length > 0, `no balance for ${account.name}`);
    for (const { amount } of balances) assert.match(amount, /^-?\d+(\.\d+)?$/);
  }
  await here.app.hears('consent.authorized', { id });
  await here.app.hears('sync.completed', { connection: consent.connection });
  const { data: transactions } = await here.app.get(`/v1/bank_accounts/${accounts[0].id}/transactions`);
  assert.ok(transactions.length > 0, 'no transactions');
}
