import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { raw } from '../../src/base/database.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { agrees, approvesAtBank, begins, comesHome, connects, goesToBank, logsInAtBank, WAYS } from './ways.ts';

const HOUR_MS = 3_600_000;
const NORDWIND = WAYS.redirected;

describe('people who share a bank', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  /** Frida asks; her account is shared with Karl. */
  async function fridaApproves(): Promise<{ consent: string; person: Visitor }> {
    const asked = await here.asksForConsent({ provider: 'de-nordwind' });
    const person = await here.person('plain HTTP');
    await begins(person, asked.url, NORDWIND);
    await agrees(person);
    await goesToBank(person, 'Nordwind Bank');
    await logsInAtBank(person, 'frida', 'nordwind-3');
    await approvesAtBank(person);
    await person.sees('wants somebody else to approve as well');
    return { consent: asked.consent, person };
  }

  const standing = async (consent: string) => {
    const { status, waiting_for } = await here.app.get(`/v1/consents/${consent}`);
    return [status, waiting_for];
  };

  test('a consent that somebody else must approve too waits for them, and goes on while nobody is there', async () => {
    const { consent, person } = await fridaApproves();
    assert.deepEqual(await standing(consent), ['pending', 'signers']);
    await person.sees('Somebody else has to approve too');
    assert.equal(await person.canPress(/approved/), false, 'there is nothing to approve here');
    await person.doesNotSee('minutes');
    await here.bank.forgetsCalls('de-nordwind');
    await here.clock.advance(26 * HOUR_MS);
    await here.server.platform.jobs.idle();
    assert.deepEqual(await standing(consent), ['pending', 'signers'], 'a day without anybody ends nothing');
    assert.ok((await here.bank.calls('de-nordwind')).every(({ person_present }) => !person_present));
    await here.bank.approvesOnPhone('de-nordwind', 'karl');
    await here.eventually(async () => {
      await here.clock.advance(HOUR_MS);
      assert.deepEqual(await standing(consent), ['authorized', null]);
    });
    await here.app.hears('consent.authorized', { id: consent });
    await here.eventually(async () => {
      assert.equal((await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data.length, 1);
    });
    const said = (await here.app.get(`/v1/consents/${consent}/timeline`)).data.map(
      ({ what }: { what: string }) => what,
    );
    assert.equal(said.filter((what: string) => what === 'waiting_for_signers').length, 1);
    await person.reloads();
    await comesHome(person);
  });

  test('a bank that tells of a change makes us look, whatever it says', async () => {
    const { consent } = await fridaApproves();
    const session = (await here.app.get('/v1/sessions')).data.find(
      (one: { consent: string }) => one.consent === consent,
    );
    const told = (path: string, body = 'anything at all') =>
      fetch(`${here.url}/told/${path}`, { method: 'POST', body, headers: { 'content-type': 'x/y' } });
    const { tenant } = (await here.server.platform.database.first<{ tenant: number }>(
      raw(`select tenant from sessions where id = '${session.id}'`),
    ))!;
    assert.equal((await told(`${tenant}/${session.id}`)).status, 204);
    await here.server.platform.jobs.idle();
    assert.deepEqual(await standing(consent), ['pending', 'signers'], 'nobody has approved, and nobody is believed');
    await here.bank.approvesOnPhone('de-nordwind', 'karl');
    assert.equal((await told(`${tenant}/${session.id}`)).status, 204);
    await here.eventually(async () => assert.deepEqual(await standing(consent), ['authorized', null]));
    // Later it is the connection's consent that is looked at.
    const { connection } = await here.app.get(`/v1/consents/${consent}`);
    const [mine] = await here.bank.consents('de-nordwind', 'frida');
    await here.bank.order(`/banks/de-nordwind/consents/${mine?.id}/revoke`, {});
    assert.equal((await told(`${tenant}/${session.id}`)).status, 204);
    await here.app.hears('connection.action_required', { id: connection });
    for (const path of ['0/ses_0000000000000000000000', `${tenant}/x`, 'x/y'])
      assert.equal((await told(path)).status, 204, path);
  });

  test('after seven days nobody is waited for any more', async () => {
    const { consent, person } = await fridaApproves();
    await here.eventually(async () => {
      await here.clock.advance(20 * HOUR_MS);
      assert.deepEqual(await standing(consent), ['canceled', null]);
    });
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).ended_reason, 'unfinished');
    await person.reloads();
    await person.doesNotSee('wants somebody else');
  });

  test('where a bank keeps one consent for each person, a new one ends the others, and their connections say so', async () => {
    const links: string[] = [];
    for (const reference of ['first', 'second']) {
      const customer = (await here.app.post('/v1/customers', { reference: `shared-${reference}` })).id;
      const asked = await here.asksForConsent({ provider: 'de-nordwind', customer });
      const person = await here.person('plain HTTP');
      await begins(person, asked.url, NORDWIND);
      await person.sees('keeps only one permission per person');
      await agrees(person);
      await NORDWIND.signIn(person);
      await person.ticksAll();
      await person.presses('Share and finish');
      await comesHome(person);
      const { connection } = await here.app.get(`/v1/consents/${asked.consent}`);
      await here.app.hears('sync.completed', { connection });
      links.push(connection);
    }
    const [former = ''] = links;
    await here.app.hears('connection.action_required', { id: former });
    const { status, needs } = await here.app.get(`/v1/connections/${former}`);
    assert.deepEqual(
      [status, needs.who, needs.what, needs.code],
      ['action_required', 'person', 'renew', 'superseded_at_bank'],
    );
    assert.equal((await here.app.get(`/v1/connections/${links[1]}`)).status, 'active');
  });

  test('where it keeps several, none is ended', async () => {
    const links: string[] = [];
    for (const reference of ['third', 'fourth']) {
      const customer = (await here.app.post('/v1/customers', { reference: `several-${reference}` })).id;
      const asked = await here.asksForConsent({ provider: 'de-sonnborn', customer });
      const person = await here.person('plain HTTP');
      await connects(person, asked.url, WAYS.turned, here.bank);
      await comesHome(person);
      const { connection } = await here.app.get(`/v1/consents/${asked.consent}`);
      await here.app.hears('sync.completed', { connection });
      links.push(connection);
    }
    await here.server.platform.jobs.idle();
    for (const link of links) assert.equal((await here.app.get(`/v1/connections/${link}`)).status, 'active');
  });
});
