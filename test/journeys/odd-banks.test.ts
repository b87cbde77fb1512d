import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Body } from '../app.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { type World, world } from '../world.ts';
import { approvesAtBank, comesHome, logsInAtBank } from './ways.ts';

/** Someone at a bank that differs from the plain standard, and what should be seen of their accounts. */
type Someone = {
  does: string;
  bank: string;
  login: string;
  password: string;
  /** What is asked for besides, by its label. */
  second?: string;
  method?: RegExp;
  code?: string;
  /** Account types and currencies. */
  accounts: string[];
};

const PEOPLE: Someone[] = [
  {
    does: 'returns with a confirmation code to accounts of several currencies and a card of its own list',
    bank: 'be-kanaal',
    login: 'noor',
    password: 'kanaal-1',
    accounts: ['checking CHF', 'checking EUR', 'checking USD', 'credit_card EUR', 'savings EUR'],
  },
  {
    does: 'approves at a bank that wants every call signed and reports in camt.052',
    bank: 'de-eichwald',
    login: 'anton',
    password: 'eichwald-1',
    accounts: ['checking EUR', 'savings EUR'],
  },
  {
    does: 'gives two passwords to a bank in the style of 1.1',
    bank: 'de-altmark',
    login: 'britta',
    password: 'altmark-1',
    second: '4711',
    method: /SMS/,
    code: '123456',
    accounts: ['checking EUR'],
  },
  {
    does: 'gives a password that is encrypted, and reads a picture',
    bank: 'de-rotfels',
    login: 'henrik',
    password: 'rotfels-1',
    method: /Photo-TAN/,
    code: '314159',
    accounts: ['checking EUR', 'savings EUR'],
  },
  {
    does: 'gives a password that is encrypted, and approves in the app',
    bank: 'de-rotfels',
    login: 'henrik',
    password: 'rotfels-1',
    method: /^Approve in the app/,
    accounts: ['checking EUR', 'savings EUR'],
  },
  {
    does: 'signs in by OAuth before approving in the app',
    bank: 'nl-zilverveen',
    login: 'jelle',
    password: 'zilver-1',
    accounts: ['checking EUR', 'savings EUR'],
  },
  {
    does: 'gives the password before there is a consent',
    bank: 'de-kiesel',
    login: 'meike',
    password: 'kiesel-1',
    method: /SMS/,
    code: '123456',
    accounts: ['checking EUR'],
  },
  {
    does: 'gives the password before there is a consent, and nothing else',
    bank: 'de-kiesel',
    login: 'sven',
    password: 'kiesel-2',
    accounts: ['checking EUR'],
  },
];

describe('a person connects a bank that differs from the plain standard', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  for (const someone of PEOPLE) {
    test(`${someone.login} at ${someone.bank} ${someone.does}`, async () => {
      const person = await here.person('plain HTTP');
      const { consent, url } = await here.asksForConsent({ provider: someone.bank });
      await person.opens(url);
      const over = here.bank.approvesEverything(someone.bank, someone.login);
      try {
        await answers(person, someone);
      } finally {
        await over();
      }
      await comesHome(person);
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
      await here.app.hears('sync.completed', {
        connection: (await here.app.get(`/v1/consents/${consent}`)).connection,
      });
      const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      const seen = accounts.map((one: Record<string, string>) => `${one.account_type} ${one.currency}`).sort();
      assert.deepEqual(seen, someone.accounts);
      for (const account of accounts) await addsUp(here, someone.bank, account);
      await person.close();
    });
  }
});

/** Answers whatever the pages ask, ours and the bank's, until there is nothing more to answer. */
async function answers(person: Visitor, { login, password, second, method, code }: Someone): Promise<void> {
  let secret = password;
  for (let turns = 0; turns < 40; turns++) {
    if (await person.canPress('Log in')) await logsInAtBank(person, login, password);
    else if (await person.canPress('Approve')) await approvesAtBank(person);
    else if (await person.canPress('Continue')) await person.presses('Continue');
    else if (await person.canPress(/^Agree/)) await person.presses(/^Agree/);
    else if (await person.canFollow(/^(Go to (?!the content)|Continue on this device)/))
      await person.follows(/^(Go to (?!the content)|Continue on this device)/);
    else if (await person.canPress('Share and finish')) {
      await person.ticksAll();
      await person.presses('Share and finish');
    } else if (method && (await person.canPress(method))) await person.presses(method);
    else if (await person.canPress('Sign in')) {
      if (await person.canFill(USER)) await person.fills(USER, login);
      if (await person.canFill(PASSWORD)) {
        await person.fills(PASSWORD, secret);
        secret = second ?? password;
      }
      await person.presses('Sign in');
    } else if (code && (await person.canFill(/^Code/))) {
      await person.fills(/^Code/, code);
      await person.presses('Confirm');
    } else if (/Welcome back|Back to Leafbook/.test(await person.text())) return;
    // The phone approves by itself meanwhile.
    else await person.sees(DONE, 30_000);
  }
  assert.fail(`no end: ${await person.text()}`);
}

const USER = /^(User ?name)/i;
const PASSWORD = /password/i;
const DONE = /accounts (may|will) be shared|Welcome back|Back to Leafbook/;

type Line = { booking_date: string; cents: number; pending: boolean };

/** From the oldest entry we have, we have every booked one that the bank has, to the cent. */
async function addsUp(here: World, bank: string, account: Body): Promise<void> {
  const ours: { amount: string; status: string; booked_on: string }[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const query: string = `limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const page = await here.app.get(`/v1/bank_accounts/${account.id}/transactions?${query}`);
    ours.push(...page.data.filter(({ status }: { status: string }) => status === 'booked'));
    cursor = page.next_cursor ?? undefined;
  }
  assert.ok(ours.length > 0, `${bank}: no transactions of ${account.name}`);
  const since = ours.map((one) => one.booked_on).sort()[0]!;
  const number = account.identification.iban ?? account.identification.masked_pan;
  const ledger = account.currency === 'EUR' ? number : `${number}-${account.currency}`;
  const { transactions } = await here.bank.order(`/banks/${bank}/accounts/${encodeURIComponent(ledger)}/transactions`);
  const theirs = (transactions as Line[]).filter((line) => !line.pending && line.booking_date >= since);
  const cents = ours.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  assert.deepEqual(
    [ours.length, cents],
    [theirs.length, theirs.reduce((sum, line) => sum + line.cents, 0)],
    `${bank} ${account.account_type} ${account.currency}`,
  );
}
