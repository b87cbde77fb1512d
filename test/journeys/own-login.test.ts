import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Database, sql } from '../../src/base/database.ts';
import { openGrant } from '../../src/platform/connections/grants.ts';
import { tellBank } from '../../src/platform/consents/ending.ts';
import { keysOf } from '../../src/platform/keys/data-keys.ts';
import { findRing } from '../../src/platform/keys/store.ts';
import type { Tenant } from '../../src/platform/platform.ts';
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

type Row = { tenant: Tenant; customer: string; grant_sealed: Buffer };

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

  test('a kept login that the bank refuses once is never sent again', async () => {
    const person = await begins(OTTO, { keeps: true });
    await answersEverything(person, OTTO);
    await comesHome(person);
    const { data: consents } = await here.app.get('/v1/consents?limit=1');
    const { connection } = consents[0];
    await here.app.hears('sync.completed', { connection });
    await here.bank.order(`/banks/${OTTO.bank}/logins/${OTTO.login}`, { blocked: true });
    await here.clock.advance(26 * 3_600_000);
    await here.app.hears('sync.failed', { connection });
    assert.equal((await here.app.get(`/v1/connections/${connection}`)).status, 'action_required');
    await here.bank.order(`/banks/${OTTO.bank}/logins/${OTTO.login}`, { blocked: false });
    const { dialogs } = await counted(OTTO);
    await here.clock.advance(26 * 3_600_000);
    assert.equal((await counted(OTTO)).dialogs, dialogs);
    const {
      grant_sealed: sealed,
      tenant,
      customer,
    } = (await here.server.platform.database.first<Row>(
      sql`select tenant, customer, grant_sealed from connections where id = ${connection}`,
    ))!;
    const kept = await opened(here.server.platform.database, tenant, customer, connection, sealed);
    assert.equal(kept.attendedOnly, true);
    assert.equal(JSON.stringify(kept).includes(OTTO.password), false);
  });

  test('what is kept to tell the bank of an end holds no login', async () => {
    const { platform } = here.server;
    const { data: consents } = await here.app.get('/v1/consents?limit=1');
    const [{ id: consent, connection }] = consents;
    const { tenant } = (await platform.database.first<Row>(
      sql`select tenant from connections where id = ${connection}`,
    ))!;
    const where = { tenant, consent, connection, provider: OTTO.bank, interface: 'main' };
    const told = platform.database.transaction(async (tx) => {
      await tellBank(platform, tx, { ...where, grant: { secret: { pin: OTTO.password } } });
      const row = await tx.first<Row>(
        sql`select grant_sealed from bank_revocations where tenant = ${tenant} and consent = ${consent}`,
      );
      const holder = `revocation:${consent}`;
      assert.deepEqual((await opened(tx, tenant, holder, holder, row!.grant_sealed)).secret, {});
      throw new Error('leave everything as it was');
    });
    await assert.rejects(told, /as it was/);
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

  async function opened(at: Pick<Database, 'first'>, tenant: Tenant, holder: string, name: string, sealed: Buffer) {
    const { ring } = (await at.first<{ ring: Buffer }>(findRing(tenant, holder)))!;
    return openGrant(keysOf(here.server.platform, { tenant, holder, ring }), tenant, name, sealed);
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
