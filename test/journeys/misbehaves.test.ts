import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { agrees, begins, comesHome, connects, grants, WAYS, type Way } from './ways.ts';

const KOBOLD: Way = {
  name: 'a bank that misbehaves',
  bank: 'de-kobold',
  bankName: 'Kobold Bank',
  login: 'kuno',
  password: 'kobold-1',
  signIn: async (person) => {
    await person.sees('Now to Kobold Bank');
    await person.follows(/^Go to Kobold Bank/);
    await person.fills('Username', 'kuno');
    await person.fills('Password', 'kobold-1');
    await person.presses('Log in');
    await person.presses('Approve');
  },
  grants: true,
};

describe('the bank misbehaves', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const kind of ['outage', 'html_500', 'html_503', 'reset', 'malformed_json', 'rate_limited', 'deep']) {
    test(`${kind}: the person is told, tries again, and connects`, async () => {
      const person = await here.person('plain HTTP');
      const { consent, url } = await here.asksForConsent({ provider: 'de-kobold' });
      await here.bank.misbehaves('de-kobold', { operation: 'create_consent', kind, times: 'until_cleared' });
      await begins(person, url, KOBOLD);
      await agrees(person);
      assert.ok(await person.canPress('Try again'), await person.text());
      // A bank that is away never ends a consent.
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
      await here.bank.behavesAgain('de-kobold');
      await person.presses('Try again');
      await KOBOLD.signIn(person, here.bank);
      await grants(person);
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    });
  }

  test('a link to another host is not followed, and carries nothing there (T5)', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: 'de-kobold' });
    await here.bank.misbehaves('de-kobold', {
      operation: 'transactions',
      kind: 'next_other_host',
      times: 'until_cleared',
    });
    await connects(person, url, KOBOLD, here.bank);
    await comesHome(person);
    await here.server.platform.jobs.idle();
    const { data } = await here.app.get('/v1/bank_calls?limit=100');
    assert.ok(
      data.some(({ outcome }: { outcome: string }) => outcome === 'address_refused'),
      'the address was not refused',
    );
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    await here.bank.behavesAgain('de-kobold');
  });

  test('its texts are text, in a real browser too (T15)', async () => {
    const person = await here.person('Chromium');
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await here.bank.misbehaves('de-lindental', { operation: 'accounts', kind: 'hostile_text', times: 'until_cleared' });
    await here.bank.misbehaves('de-lindental', {
      operation: 'transactions',
      kind: 'hostile_text',
      times: 'until_cleared',
    });
    await connects(person, url, WAYS.many, here.bank);
    await comesHome(person);
    await here.bank.behavesAgain('de-lindental');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    await person.close();
  });

  test('refused by the bank although the person approved: canceled', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: 'de-kobold' });
    await here.bank.order('/banks/de-kobold/refuse-next', {});
    await begins(person, url, KOBOLD);
    await agrees(person);
    await KOBOLD.signIn(person, here.bank);
    await comesHome(person);
    assert.equal(new URL(person.url()).searchParams.get('error_code'), 'refused_at_bank');
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'canceled');
  });

  test('one bank hangs, and another one is connected meanwhile', async () => {
    const [stuck, other] = [await here.person('plain HTTP'), await here.person('plain HTTP')];
    const hanging = await here.asksForConsent({ provider: 'de-kobold' });
    await here.bank.misbehaves('de-kobold', { operation: 'create_consent', kind: 'slow', delay_ms: 4000, times: 1 });
    await begins(stuck, hanging.url, KOBOLD);
    const waiting = agrees(stuck);
    const { url } = await here.asksForConsent({ provider: WAYS.none.bank });
    const began = performance.now();
    await connects(other, url, WAYS.none, here.bank);
    await comesHome(other);
    assert.ok(performance.now() - began < 15_000);
    await waiting;
    await KOBOLD.signIn(stuck, here.bank);
    await grants(stuck);
    await comesHome(stuck);
  });
});
