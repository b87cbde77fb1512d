import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { comesHome, connects, findsBank, WAYS } from './ways.ts';

const way = WAYS.oauth;

describe('whoever looks for a bank', () => {
  let here: World;
  let customer: string;
  before(async () => {
    here = await world();
    const asked = await here.asksForConsent({ provider: way.bank });
    customer = asked.customer;
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, way, here.bank);
    await comesHome(person);
  });
  after(() => here.close());

  const looks = async (request: { customer?: string }) => {
    const asked = await here.asksForConsent(request);
    const person = await here.person('plain HTTP');
    await person.opens(asked.url);
    await person.presses('Continue');
    return person;
  };
  const fails = () => {
    throw new Error('the search does not work');
  };

  test('is offered the bank of last time first, and goes on with it in one press', async () => {
    const person = await looks({ customer });
    await person.sees(/Alpenhof Bank.{0,20}Used last time/);
    await person.presses(/Alpenhof Bank/);
    assert.ok(await person.canPress(/^Agree/));
  });

  test('is not offered what another customer used', async () => {
    const person = await looks({});
    assert.ok(await person.canFill('Find your bank'));
    await person.doesNotSee('Used last time');
  });

  test('is told when the search does not work, may use the bank of last time, and searches again later', async () => {
    const { providers } = here.server.platform;
    const { search } = providers;
    const person = await looks({ customer });
    Object.assign(providers, { search: fails });
    try {
      await person.fills('Find your bank', 'nordwind');
      await person.presses('Search');
      await person.sees('Search is not answering right now');
      assert.ok(await person.canPress(/Alpenhof Bank/));
    } finally {
      Object.assign(providers, { search });
    }
    await findsBank(person, 'Nordwind Bank');
    assert.ok(await person.canPress(WAYS.redirected.accountType!));
  });
});
