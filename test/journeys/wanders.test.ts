import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PlainVisitor } from '../visitor/plain.ts';
import { MOST_HOWS, type Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import {
  comesHome,
  agrees,
  approvesAtBank,
  begins,
  connects,
  goesToBank,
  grants,
  logsInAtBank,
  signsIn,
  WAYS,
} from './ways.ts';

describe('a person wanders', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const authorized = async (person: Visitor, consent: string) => {
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
    await person.close();
  };

  for (const how of MOST_HOWS) {
    test(`with the back button at every screen, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-nordwind' });
      await person.opens(url);
      await person.presses('Continue');
      await person.presses(/Credit cards/);
      await person.goesBack();
      // The page shown is an old one: pressing on it shows where the visit really stands, or takes the other choice.
      await person.reloads();
      await person.sees(/Nordwind Bank/);
      await person.presses('Back');
      await person.presses(/Current accounts/);
      await agrees(person);
      await goesToBank(person, 'Nordwind Bank');
      await person.goesBack();
      await person.reloads();
      await goesToBank(person, 'Nordwind Bank');
      await logsInAtBank(person, 'mara', 'nordwind-1');
      await approvesAtBank(person);
      await grants(person);
      await authorized(person, consent);
    });

    test(`with a stale page: an old button shows the present screen, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      await agrees(person);
      await person.sees('Sign in to Lindental Bank');
      await person.goesBack();
      if (await person.canPress(/^Agree/)) await agrees(person);
      await person.sees('Sign in to Lindental Bank');
      await WAYS.none.signIn(person);
      await grants(person);
      await authorized(person, consent);
    });

    test(`reloading every screen, with ${how}`, async () => {
      const person = reloading(await here.person(how), here.url);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await connects(person, url, WAYS.many, here.bank);
      await authorized(person, consent);
    });

    test(`in a second tab, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      const second = await person.opensSecondTab();
      await agrees(second);
      await WAYS.none.signIn(second);
      await person.reloads();
      await person.sees('Which accounts may be shared?');
      await grants(person);
      await second.close();
      await authorized(person, consent);
    });

    test(`and opens the link again, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      await agrees(person);
      await person.opens(url);
      if (await person.canPress('Continue')) await person.presses('Continue');
      await person.sees('Sign in to Lindental Bank');
      await WAYS.none.signIn(person);
      await grants(person);
      await authorized(person, consent);
    });

    test(`closes the browser before signing in and opens the link again, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      await person.restartsBrowser();
      await connects(person, url, WAYS.none, here.bank);
      await authorized(person, consent);
    });
  }

  for (const how of MOST_HOWS) {
    test(`closes the browser while a code is asked for, and goes on there, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.one);
      await agrees(person);
      await signsIn(person, 'emil', 'lindental-2');
      await person.sees('Enter the code');
      await person.restartsBrowser();
      await person.opens(url);
      await person.sees('Enter the code');
      await WAYS.one.signIn(person);
      await grants(person);
      await authorized(person, consent);
    });
  }

  for (const how of ['Chromium', 'Chromium without scripts'] as const) {
    test(`and presses a button twice, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      const { page } = person as unknown as { page: import('playwright-core').Page };
      await page.getByRole('button', { name: /^Agree/ }).dblclick();
      await person.sees('Sign in to Lindental Bank');
      await here.bank.forgetsCalls('de-lindental');
      await person.fills(/User name|Username/i, 'ida');
      await person.fills(/Password/i, 'lindental-3');
      await page.getByRole('button', { name: 'Sign in' }).dblclick();
      await person.sees(/asks for this twice|accounts may be shared/);
      assert.equal(await loginsAt(here, 'de-lindental'), 1);
      await WAYS.none.signIn(person);
      await grants(person);
      await authorized(person, consent);
    });
  }

  test('and a form arrives five times at once: the bank is asked once', async () => {
    const person = (await here.person('plain HTTP')) as PlainVisitor;
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.none);
    await agrees(person);
    await here.bank.forgetsCalls('de-lindental');
    await person.fills(/User name|Username/i, 'ida');
    await person.fills(/Password/i, 'lindental-3');
    const statuses = await person.pressesAtOnce('Sign in', 5);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.equal(await loginsAt(here, 'de-lindental'), 1);
    await person.reloads();
    await WAYS.none.signIn(person);
    await grants(person);
    await authorized(person, consent);
  });

  test('to another browser before signing in: that one takes over, and the first is told', async () => {
    const [first, second] = [await here.person('plain HTTP'), await here.person('plain HTTP')];
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(first, url, WAYS.none);
    await begins(second, url, WAYS.none);
    await first.reloads();
    await first.sees(/another browser|other browser/i);
    await agrees(second);
    await WAYS.none.signIn(second);
    await grants(second);
    await authorized(second, consent);
  });

  test('but no other browser may take over once signing in has begun', async () => {
    const [first, second] = [await here.person('plain HTTP'), await here.person('plain HTTP')];
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(first, url, WAYS.none);
    await agrees(first);
    await first.sees('Sign in to Lindental Bank');
    await second.opens(url);
    if (await second.canPress('Continue')) await second.presses('Continue');
    await second.sees(/another browser|other browser/i);
    await WAYS.none.signIn(first);
    await grants(first);
    await authorized(first, consent);
  });

  test('opening a link takes and changes nothing: previews and mail scanners are harmless', async () => {
    const { consent, url, session } = await here.asksForConsent({ provider: 'de-lindental' });
    const before = await here.app.get(`/v1/consents/${consent}`);
    for (let scanner = 0; scanner < 3; scanner++) await (await here.person('plain HTTP')).opens(url);
    assert.deepEqual(await here.app.get(`/v1/consents/${consent}`), before);
    assert.equal(session, undefined);
    const person = await here.person('plain HTTP');
    await connects(person, url, WAYS.none, here.bank);
    await authorized(person, consent);
  });

  test('and leaves the page for half an hour: the consent stays pending and its link works again', async () => {
    const person = await here.person('plain HTTP');
    const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
    await begins(person, url, WAYS.none);
    await agrees(person);
    await here.clock.advance(31 * 60_000);
    await here.app.hears('session.abandoned', { consent });
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'pending');
    await person.reloads();
    await person.doesNotSee('Sign in to Lindental Bank');
    const again = await here.person('plain HTTP');
    await connects(again, url, WAYS.none, here.bank);
    await authorized(again, consent);
  });
});

/** Loads every page of ours a second time before going on. */
function reloading(person: Visitor, ours: string): Visitor {
  const again = async () => {
    if (person.url().startsWith(ours)) await person.reloads();
  };
  return {
    ...person,
    presses: async (name) => {
      await person.presses(name);
      await again();
    },
  };
}

/** How often the bank was sent a password since its log was emptied. */
async function loginsAt(here: World, bank: string): Promise<number> {
  const sent = (await here.bank.calls(bank)).filter(({ operation }) =>
    /^(start|update)_authorisation$/.test(operation),
  );
  return sent.length;
}
