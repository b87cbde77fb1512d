import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HOWS, type Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import {
  comesHome,
  agrees,
  begins,
  goesToBank,
  logsInAtBank,
  namesThemselves,
  signsIn,
  WAYS,
  type Way,
} from './ways.ts';

type Refusal = {
  where: string;
  way: Way;
  code: string;
  until(person: Visitor, url: string): Promise<void>;
  refuse: RegExp;
};

const REFUSALS: Refusal[] = [
  {
    where: 'at who asks',
    way: WAYS.redirected,
    code: 'refused_on_page',
    until: (person, url) => person.opens(url),
    refuse: /^No, cancel$/,
  },
  {
    where: 'at the choice of a bank',
    way: { ...WAYS.redirected, bank: '' },
    code: 'refused_on_page',
    until: async (person, url) => {
      await person.opens(url);
      await person.presses('Continue');
      await person.sees('Which bank is it?');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'at the kind of account',
    way: WAYS.redirected,
    code: 'refused_on_page',
    until: async (person, url) => {
      await person.opens(url);
      await person.presses('Continue');
      await person.sees('Which kind of account?');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'at agree',
    way: WAYS.redirected,
    code: 'refused_on_page',
    until: (person, url) => begins(person, url, WAYS.redirected),
    refuse: /^I do not agree$/,
  },
  {
    where: 'before going to the bank',
    way: WAYS.redirected,
    code: 'refused_on_page',
    until: async (person, url) => {
      await begins(person, url, WAYS.redirected);
      await agrees(person);
      await person.sees('Now to Nordwind Bank');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'at the bank’s login',
    way: WAYS.redirected,
    code: 'refused_at_bank',
    until: async (person, url) => {
      await begins(person, url, WAYS.redirected);
      await agrees(person);
      await goesToBank(person, 'Nordwind Bank');
    },
    refuse: /^Cancel and go back$/,
  },
  {
    where: 'at the bank’s approval',
    way: WAYS.redirected,
    code: 'refused_at_bank',
    until: async (person, url) => {
      await begins(person, url, WAYS.redirected);
      await agrees(person);
      await goesToBank(person, 'Nordwind Bank');
      await logsInAtBank(person, 'mara', 'nordwind-1');
    },
    refuse: /^Refuse$/,
  },
  {
    where: 'at the approval of an OAuth bank',
    way: WAYS.oauth,
    code: 'refused_at_bank',
    until: async (person, url) => {
      await begins(person, url, WAYS.oauth);
      await agrees(person);
      await goesToBank(person, 'Alpenhof Bank');
      await logsInAtBank(person, 'lena', 'alpenhof-1');
    },
    refuse: /^Refuse$/,
  },
  {
    where: 'at the sign-in on our page',
    way: WAYS.many,
    code: 'refused_on_page',
    until: async (person, url) => {
      await begins(person, url, WAYS.many);
      await agrees(person);
      await person.sees('Sign in to Lindental Bank');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'at the choice of a method',
    way: WAYS.many,
    code: 'refused_on_page',
    until: async (person, url) => {
      await begins(person, url, WAYS.many);
      await agrees(person);
      await signsIn(person, 'clara', 'lindental-1');
      await person.sees('How would you like to confirm?');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'at the code',
    way: WAYS.one,
    code: 'refused_on_page',
    until: async (person, url) => {
      await begins(person, url, WAYS.one);
      await agrees(person);
      await signsIn(person, 'emil', 'lindental-2');
      await person.sees('Enter the code');
    },
    refuse: /^Cancel/,
  },
  {
    where: 'while the phone waits',
    way: WAYS.decoupled,
    code: 'refused_on_page',
    until: async (person, url) => {
      await begins(person, url, WAYS.decoupled);
      await agrees(person);
      await namesThemselves(person, 'sanne');
      await person.sees('Approve it in the app of Polderbank');
    },
    refuse: /^Cancel/,
  },
];

describe('a person refuses', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const how of HOWS) {
    for (const [index, { where, way, code, until, refuse }] of REFUSALS.entries()) {
      // The browsers take turns; each plays all of it in `npm run long`.
      if (how === HOWS[1 + (index % 2)] && !process.env.LONG) continue;
      test(`${where}, with ${how}: nothing is shared and the app is told`, async () => {
        const person = await here.person(how);
        const { consent, url } = await here.asksForConsent(way.bank ? { provider: way.bank } : {});
        await until(person, url);
        await person.presses(refuse);
        await refused(here, person, consent, code);
        await person.close();
      });
    }

    test(`on the phone, with ${how}`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'nl-polderbank' });
      await begins(person, url, WAYS.decoupled);
      await agrees(person);
      await namesThemselves(person, 'sanne');
      await person.sees('Approve it in the app of Polderbank');
      await here.bank.refusesOnPhone('nl-polderbank', 'sanne');
      await refused(here, person, consent, 'refused_at_bank');
      await person.close();
    });

    test(`at grant, with ${how}: the bank then shows the consent ended`, async () => {
      const person = await here.person(how);
      const { consent, url } = await here.asksForConsent({ provider: 'de-lindental' });
      await begins(person, url, WAYS.none);
      await agrees(person);
      await WAYS.none.signIn(person);
      await person.sees('Which accounts may be shared?');
      await person.presses('Share nothing');
      await refused(here, person, consent, 'refused_at_grant');
      await here.eventually(async () => {
        const { bank_revocation } = await here.app.get(`/v1/consents/${consent}`);
        assert.equal(bank_revocation, 'done');
      });
      const lasting = (await here.bank.consents('de-lindental', 'ida')).filter(({ recurring }) => recurring);
      assert.equal(lasting[0]?.status, 'terminatedByTpp');
      assert.ok(lasting.every(({ status }) => status !== 'valid'));
      await person.close();
    });
  }
});

/** What an app can rely on when a person refused. */
async function refused(here: World, person: Visitor, id: string, code: string): Promise<void> {
  await comesHome(person);
  const { searchParams } = new URL(person.url());
  assert.equal(searchParams.get('error'), 'access_denied');
  assert.equal(searchParams.get('error_code'), code);
  assert.equal(searchParams.get('fx_consent'), id);
  const consent = await here.app.get(`/v1/consents/${id}`);
  assert.equal(consent.status, 'canceled');
  const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${id}`);
  assert.deepEqual(accounts, []);
  await here.app.hears('consent.canceled', { id });
}
