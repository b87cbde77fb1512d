import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { answersEverything, OTTO, typesLogin, WANDA } from './own-login.ts';
import { agrees, comesHome } from './ways.ts';

/** What a FinTS bank does wrong, in which operation, and what the person then reads; nothing where it does no harm. */
const ODD: [what: string, operation: string, behaviour: object, reads?: RegExp][] = [
  ['ten megabytes of statements', 'transactions', { kind: 'off_standard', variant: 'huge' }],
  ['an unknown return code', 'dialog', { kind: 'off_standard', variant: 'unknown_code' }],
  ['an unknown segment', 'dialog', { kind: 'off_standard', variant: 'unknown_segment' }],
  ['a length that is too small', 'dialog', { kind: 'off_standard', variant: 'wrong_length' }],
  ['an answer without its end', 'dialog', { kind: 'off_standard', variant: 'missing_end' }, /was not understood/],
  ['a length past the end', 'dialog', { kind: 'off_standard', variant: 'wrong_binary_length' }, /was not understood/],
  ['an answer cut in half', 'dialog', { kind: 'truncated' }, /was not understood/],
  ['a page instead of FinTS', 'dialog', { kind: 'html_500' }, /does not answer/],
];

describe('a FinTS bank that is off the standard', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here?.close());

  for (const [what, operation, behaviour, reads] of ODD) {
    test(`${what}: ${reads ? 'the person reads what it is' : 'everything is read'}, and no attempt is spent`, async () => {
      const who = operation === 'transactions' ? WANDA : OTTO;
      await here.bank.misbehaves(who.bank, { operation, times: 1, ...behaviour });
      const person = await here.person('plain HTTP');
      const { consent, url } = await here.asksForConsent({ provider: who.bank, history_days: 365 });
      await person.opens(url);
      if (await person.canPress('Continue')) await person.presses('Continue');
      await agrees(person);
      await typesLogin(person, who);
      if (reads) await person.sees(reads, 30_000);
      else {
        await answersEverything(person, who);
        await comesHome(person);
      }
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, reads ? 'pending' : 'authorized');
      const { logins } = await here.bank.order(`/banks/${who.bank}/fints`);
      const { wrong_pins = 0 } = logins.find(({ login }: { login: string }) => login === who.login) ?? {};
      assert.equal(wrong_pins, 0);
    });
  }
});
