import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { agrees, begins, comesHome, connects, grants, WAYS } from './ways.ts';

const way = WAYS.redirected;

describe('a bank that is linked already', () => {
  let here: World;
  let first: { consent: string; customer: string; connection: string; accounts: string[] };
  before(async () => {
    here = await world();
    const asked = await here.asksForConsent({ provider: way.bank });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, way, here.bank);
    await comesHome(person);
    const { connection } = await here.app.get(`/v1/consents/${asked.consent}`);
    await here.app.hears('sync.completed', { connection });
    first = { ...asked, connection, accounts: await accountsOf(asked.consent) };
  });
  after(() => here.close());

  const accountsOf = async (consent: string): Promise<string[]> =>
    (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data.map(({ id }: { id: string }) => id).sort();
  const connections = async () => (await here.app.get(`/v1/connections?customer=${first.customer}`)).data;

  test('is said before the person agrees, and can be renewed instead', async () => {
    const asked = await here.asksForConsent({ provider: way.bank, customer: first.customer });
    const person = await here.person('plain HTTP');
    await begins(person, asked.url, way);
    await person.sees(/You have linked Nordwind Bank already: ••••/);
    await person.presses('Renew that link');
    assert.ok(!(await person.canPress('Renew that link')));
    await agrees(person);
    await way.signIn(person);
    if (way.grants) await grants(person);
    await comesHome(person);
    const renewed = await here.app.get(`/v1/consents/${asked.consent}`);
    assert.deepEqual([renewed.status, renewed.connection], ['authorized', first.connection]);
    const former = await here.app.get(`/v1/consents/${first.consent}`);
    assert.deepEqual([former.status, former.replaced_by], ['expired', asked.consent]);
    assert.deepEqual(await accountsOf(asked.consent), first.accounts);
    assert.equal((await connections()).length, 1);
    first.consent = asked.consent;
  });

  test('whoever goes on with the same login is told so before sharing, and nothing is doubled', async () => {
    const asked = await here.asksForConsent({ provider: way.bank, customer: first.customer });
    const person = await here.person('plain HTTP');
    await begins(person, asked.url, way);
    await person.sees(/You have linked Nordwind Bank already/);
    await agrees(person);
    await way.signIn(person);
    assert.equal(
      (await here.app.get(`/v1/consents/${first.consent}`)).status,
      'authorized',
      'not disturbed until then',
    );
    await person.sees('You have linked this sign-in already');
    await grants(person);
    await comesHome(person);
    assert.equal((await connections()).length, 1);
    assert.deepEqual(await accountsOf(asked.consent), first.accounts);
  });

  test('another customer of the same app is not told of it', async () => {
    const asked = await here.asksForConsent({ provider: way.bank });
    const person = await here.person('plain HTTP');
    await begins(person, asked.url, way);
    assert.ok(!(await person.canPress('Renew that link')));
  });
});
