import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS } from './ways.ts';

const DAY_MS = 86_400_000;

type Status = {
  interfaces: { id: string; health: string; available_30_days: number; days: { away: number; called: boolean }[] }[];
};

describe('how banks answer, for anybody', () => {
  let here: World;
  before(async () => {
    here = await world();
  });
  after(() => here.close());

  const asJson = async (query: string): Promise<{ data: (Status & { id: string })[] }> => {
    const reply = await fetch(`${here.url}/status?${query}`, { headers: { accept: 'application/json' } });
    assert.equal(reply.status, 200);
    return (await reply.json()) as { data: (Status & { id: string })[] };
  };
  const ofBank = (id: string): Promise<Status> => here.app.get(`/v1/providers/${id}/status`);

  test('a page without a key, with country, kinds of account and the ways of proving who one is', async () => {
    const anybody = await here.person('plain HTTP');
    await anybody.opens(`${here.url}/status?q=Nordwind`);
    await anybody.sees('How banks answer');
    await anybody.sees(/Nordwind Bank[\s\S]*Germany/);
    await anybody.sees(/Current accounts and Savings accounts · on the bank’s page/);
    await anybody.sees(/Credit cards · with a code typed here/);
    await anybody.sees('Not called in 30 days');
    const german = await asJson('country=DE&account_type=credit_card');
    assert.ok(german.data.some(({ id }) => id === 'de-nordwind'));
    assert.ok(german.data.every(({ id }) => id.startsWith('de-')));
    await anybody.opens(`${here.url}/status?q=%3Cscript%3Ealert(1)%3C/script%3E&country=%22&cursor=x&account_type=no`);
    await anybody.sees('No bank like this.');
  });

  test('an outage shows while it lasts and for thirty days, at its interface and nowhere else', async () => {
    const asked = await here.asksForConsent({ provider: 'de-nordwind' });
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, WAYS.redirected, here.bank);
    await comesHome(person);
    await here.app.hears('sync.completed');
    await here.eventually(async () => {
      const [giro, cards] = (await ofBank('de-nordwind')).interfaces;
      assert.deepEqual(
        [giro!.days.at(-1)!.called, giro!.days.at(-2)!.called, cards!.days.at(-1)!.called],
        [true, false, false],
      );
    });
    const anybody = await here.person('plain HTTP');
    await anybody.opens(`${here.url}/status?q=Nordwind`);
    await anybody.sees(/on the bank’s page[\s\S]*Answers[\s\S]*with a code typed here[\s\S]*Not called in 30 days/);
    await here.bank.misbehaves('de-nordwind', { kind: 'outage', times: 500 });
    const account = (await here.app.get(`/v1/bank_accounts?consent=${asked.consent}`)).data[0].id;
    await here.eventually(async () => {
      await here.app.call('POST', `/v1/bank_accounts/${account}/sync`, { psu: { ip_address: '198.51.100.7' } });
      await here.clock.advance(61_000);
      await here.server.platform.jobs.idle();
      const [giro, cards] = (await ofBank('de-nordwind')).interfaces;
      assert.equal(giro!.health, 'down');
      assert.ok(giro!.days.at(-1)!.away > 0);
      assert.deepEqual([cards!.health, cards!.available_30_days], ['good', 1]);
    });
    assert.equal((await asJson('q=Nordwind')).data[0]!.interfaces[0]!.health, 'down');

    await here.bank.behavesAgain('de-nordwind');
    await here.eventually(async () => {
      await here.clock.advance(3_600_000);
      await here.app.call('POST', `/v1/bank_accounts/${account}/sync`, { psu: { ip_address: '198.51.100.7' } });
      await here.server.platform.jobs.idle();
      const [giro] = (await ofBank('de-nordwind')).interfaces;
      assert.equal(giro!.health, 'good');
      assert.ok(giro!.available_30_days < 1);
    });
    const { available_30_days: once } = (await ofBank('de-nordwind')).interfaces[0]!;
    await here.clock.advance(2 * DAY_MS);
    const [later] = (await ofBank('de-nordwind')).interfaces;
    assert.ok(Math.abs(later!.available_30_days - once) < 0.01, 'it has ended');
    await here.clock.advance(30 * DAY_MS);
    assert.equal((await ofBank('de-nordwind')).interfaces[0]!.available_30_days, 1);
  });
});
