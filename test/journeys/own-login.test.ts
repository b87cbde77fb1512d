import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { agrees, comesHome } from './ways.ts';

type Person = { bank: string; login: string; password: string; method?: RegExp; medium?: RegExp; code?: string };

const OTTO: Person = { bank: 'de-havelstein', login: 'otto', password: 'havelstein-5' };
const RUBEN: Person = { bank: 'de-havelstein', login: 'ruben', password: 'havelstein-2' };
const FINE: Person = { bank: 'de-havelstein', login: 'fine', password: "h+2:1=?'", code: '314159' };
const WANDA: Person = { bank: 'de-moorwerder', login: 'wanda', password: 'moorwerder-1', code: '123456' };

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

const SETTLED =
  /Sign in to|How would you like|Enter the code|Approve it in|accounts may be shared|accounts will be shared|Welcome back|Back to Leafbook|went wrong|did not/;
const USER = /^(User name|Username|.*Anmeldename)/i;
const PASSWORD = /^(Password|PIN)/i;

/** Answers whatever is asked, before and after the accounts are ticked; how many codes that took. */
async function answersEverything(person: Visitor, who: Person): Promise<number> {
  let codes = 0;
  for (let answers = 0; answers < 30; answers++) {
    await person.sees(SETTLED, 30_000);
    if (await person.canFill(PASSWORD)) {
      if (await person.canFill(USER)) await person.fills(USER, who.login);
      await person.fills(PASSWORD, who.password);
      await person.presses(/^Sign in$/);
    } else if (await person.canPress('Share and finish')) {
      await person.ticksAll();
      await person.presses('Share and finish');
    } else if (who.code && (await person.canFill(/^Code/))) {
      codes += 1;
      await person.fills(/^Code/, who.code);
      await person.presses('Confirm');
    } else if (who.method && (await person.canPress(who.method))) await person.presses(who.method);
    else if (await person.canFollow(/^Back to Leafbook/)) return codes;
    else {
      await person.sees(/accounts may be shared|accounts will be shared|Welcome back|Back to Leafbook/, 30_000);
      if (!(await person.canPress('Share and finish'))) return codes;
    }
  }
  return assert.fail('no end');
}
