import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import {
  answersEverything,
  FINE,
  OTTO,
  PASSWORD,
  type Person,
  RUBEN,
  shares,
  typesCode,
  typesLogin,
  WANDA,
} from './own-login.ts';
import { agrees, comesHome } from './ways.ts';

describe('a person connects with nothing but their own login', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here?.close());

  for (const [name, who] of Object.entries({
    'without any code': OTTO,
    'with a picture': FINE,
    'in the app': RUBEN,
    'with a code for every statement': WANDA,
  })) {
    test(`${name}: everything is read before they leave, and nothing they typed is kept`, async () => {
      const { consent, codes } = await connects(who);
      const found = await here.app.get(`/v1/consents/${consent}`);
      assert.equal(found.status, 'authorized');
      await here.app.hears('sync.completed', { connection: found.connection });
      const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.ok(accounts.length > 0);
      for (const account of accounts) {
        const { data: balances } = await here.app.get(`/v1/bank_accounts/${account.id}/balances`);
        assert.ok(balances.length > 0, account.name);
        const { data: entries } = await here.app.get(`/v1/bank_accounts/${account.id}/transactions`);
        assert.ok(entries.length > 0, account.name);
      }
      if (who === WANDA) assert.ok(codes > accounts.length, `${codes} codes`);
      const connection = await here.app.get(`/v1/connections/${found.connection}`);
      assert.equal(connection.status, 'active');
      assert.equal(connection.next_synchronization ?? null, null, JSON.stringify(connection));
      assert.equal((await here.everythingKept()).includes(who.password), false);
    });
  }

  test('a wrong PIN is sent once and stops everything', async () => {
    const before = await counted(OTTO);
    const person = await begins(OTTO);
    await typesLogin(person, { ...OTTO, password: 'not-it' });
    await person.sees('The sign-in was refused', 30_000);
    await here.clock.advance(3_600_000);
    assert.equal((await counted(OTTO)).wrong_pins, before.wrong_pins + 1);
  });

  test('a login that is kept reads in the background, until it is revoked; then nothing of it is left', async () => {
    const person = await begins(OTTO, { keeps: true });
    await answersEverything(person, OTTO);
    await comesHome(person);
    const { data: consents } = await here.app.get('/v1/consents?limit=1');
    const consent = consents[0];
    assert.equal(consent.store_secrets, true);
    const first = await here.app.hears('sync.completed', { connection: consent.connection });
    await here.clock.advance(26 * 3_600_000);
    await here.eventually(async () => {
      const { data } = await here.app.get('/v1/events?type=sync.completed&limit=100');
      const mine = data.filter(
        (event: { data: { object: { connection: string } } }) => event.data.object.connection === consent.connection,
      );
      assert.ok(
        mine.some((event: { id: string }) => event.id !== first.id),
        'no reading in the background',
      );
    });
    await here.app.post(`/v1/consents/${consent.id}/revoke`);
    const { dialogs } = await counted(OTTO);
    await here.clock.advance(26 * 3_600_000);
    assert.equal((await counted(OTTO)).dialogs, dialogs);
    assert.equal((await here.everythingKept()).includes(OTTO.password), false);
  });

  test('a code that nobody types: what was typed is forgotten after ten minutes, and the app is told that the person is needed', async () => {
    const person = await begins(WANDA);
    await typesLogin(person, WANDA);
    await typesCode(person, WANDA);
    await shares(person);
    await person.sees('Enter the code', 30_000);
    const { data: consents } = await here.app.get('/v1/consents?limit=1');
    await here.clock.advance(11 * 60_000);
    await here.eventually(async () => {
      await person.reloads();
      await person.doesNotSee('Enter the code');
    });
    await here.clock.advance(10 * 60_000);
    await here.app.hears('sync.failed', { connection: consents[0].connection });
    await here.eventually(async () => {
      const connection = await here.app.get(`/v1/connections/${consents[0].connection}`);
      assert.equal(connection.status, 'action_required');
    });
  });

  test('a login that is not kept is asked for again in a synchronization session, and reads there', async () => {
    const { consent } = await connects(OTTO);
    const { connection } = await here.app.get(`/v1/consents/${consent}`);
    await here.clock.advance(3_600_000);
    const before = (await here.app.get(`/v1/connections/${connection}`)).last_synchronization;
    const { url } = await here.app.post('/v1/synchronization_sessions', { connection });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    if (await person.canPress('Continue')) await person.presses('Continue');
    await person.sees('Sign in to', 30_000);
    await person.fills(PASSWORD, OTTO.password);
    await person.presses(/^Sign in$/);
    await comesHome(person);
    const after = (await here.app.get(`/v1/connections/${connection}`)).last_synchronization;
    assert.ok(after > before, `${before} and ${after}`);
  });

  // Last: a clock moved after it would still move the servers that were stopped.
  test('a server that is started again while a code is waited for costs the person nothing, in signing in and in reading', async () => {
    const before = await counted(WANDA);
    const person = await begins(WANDA);
    await typesLogin(person, WANDA);
    await person.sees('Enter the code', 30_000);
    await here.restart();
    await person.reloads();
    await typesCode(person, WANDA);
    await shares(person);
    await person.sees('Enter the code', 30_000);
    await here.restart();
    await person.reloads();
    await answersEverything(person, WANDA);
    await comesHome(person);
    const after = await counted(WANDA);
    assert.deepEqual([after.wrong_pins, after.wrong_codes], [0, 0]);
    // For the system id, for the media, and the one in which everything was proved and read.
    assert.equal(after.dialogs - before.dialogs, 3);
  });

  // biome-ignore lint/suspicious/noExplicitAny: whatever control tells
  async function counted(who: Person): Promise<any> {
    const { logins } = await here.bank.order(`/banks/${who.bank}/fints`);
    return logins.find(({ login }: { login: string }) => login === who.login);
  }

  async function begins(who: Person, { keeps = false } = {}): Promise<Visitor> {
    const person = await here.person('plain HTTP');
    const { url } = await here.asksForConsent({ provider: who.bank, history_days: 365 });
    await person.opens(url);
    if (await person.canPress('Continue')) await person.presses('Continue');
    if (keeps) await person.ticksAll();
    await agrees(person);
    return person;
  }

  async function connects(who: Person): Promise<{ consent: string; codes: number }> {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: who.bank, history_days: 365 });
    await person.opens(url);
    if (await person.canPress('Continue')) await person.presses('Continue');
    await agrees(person);
    const over = here.bank.approvesEverything(who.bank, who.login);
    const codes = await answersEverything(person, who).finally(over);
    await comesHome(person);
    return { consent, codes };
  }
});
