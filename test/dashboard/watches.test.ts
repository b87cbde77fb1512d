import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { comesHome, connects, WAYS } from '../journeys/ways.ts';
import { startReceiver } from '../receiver.ts';
import type { PlainVisitor } from '../visitor/plain.ts';
import { type World, world } from '../world.ts';
import { becomesFirst, joinsAs, type Operator } from './operator.ts';

describe('is it us, them or the bank?', () => {
  let here: World;
  let ada: Operator;
  let base: string;
  let consent: string;
  let customer: string;
  let reference: string;
  before(async () => {
    here = await world();
    ada = await becomesFirst(here, await here.person('plain HTTP'));
    base = `${here.url}/dashboard/apps/${(await here.app.get('/v1/account')).id}/test`;
    const asked = await here.asksForConsent({ provider: WAYS.none.bank });
    ({ consent, customer } = asked);
    reference = asked.state;
    const person = await here.person('plain HTTP');
    await connects(person, asked.url, WAYS.none, here.bank);
    await comesHome(person);
    await here.eventually(async () => {
      const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.ok(data.length > 0 && data.every((one: { last_complete_at: string | null }) => one.last_complete_at));
    });
  });
  after(() => here.close());

  test('every page of an app that has something to show', async () => {
    const { visitor } = ada;
    for (const [path, words] of [
      ['', 'Latest consents'],
      ['/customers', reference],
      [`/customers/${customer}`, consent],
      ['/consents', consent],
      ['/consents?status=authorized', consent],
      [`/consents/${consent}`, 'Up to date'],
      [`/consents/${consent}`, 'first read'],
      ['/log', '/v1/consents'],
      ['/log/visits', 'finished'],
      ['/log/calls', 'GET accounts'],
      ['/pictures', 'de-lindental'],
      ['/keys', 'dbk_test_'],
      ['/webhooks', 'No endpoint yet'],
      ['/sandbox', 'nordwind-1'],
    ] as const) {
      await visitor.opens(`${base}${path}`);
      await here.eventually(async () => {
        await visitor.reloads();
        await visitor.sees(words, 100);
      });
      assert.equal(visitor.status(), 200, path);
    }
  });

  test('an empty app has a screen for everything', async () => {
    const { visitor } = ada;
    await visitor.opens(`${here.url}/dashboard`);
    await visitor.fills('Name, as people read it', 'Empty');
    await visitor.presses('Make the app');
    await visitor.follows('To the app');
    const empty = visitor.url();
    for (const mode of ['test', 'live'])
      for (const path of [
        '',
        '/customers',
        '/consents',
        '/log',
        '/log/visits',
        '/log/calls',
        '/pictures',
        '/webhooks',
        '/keys',
        '/settings',
      ]) {
        await visitor.opens(`${empty.replace(/test$/, mode)}${path}`);
        assert.equal(visitor.status(), 200, `${mode} ${path}`);
      }
    await visitor.opens(`${empty.replace(/test$/, 'live')}/sandbox`);
    assert.equal(visitor.status(), 404);
  });

  test('a request, a visit and the bank’s calls behind them lead to one another', async () => {
    const { visitor } = ada;
    await visitor.opens(`${base}/log/visits`);
    await visitor.follows(/connect at de-lindental/);
    await visitor.sees('Calls to banks behind it');
    await visitor.sees(/fine 20[01]/);
    const answer = await fetch(`${here.url}/v1/consents/cst_0000000000000000000000`, {
      headers: { authorization: `Bearer ${here.key}` },
    });
    const id = answer.headers.get('request-id')!;
    await here.eventually(async () => {
      await visitor.opens(`${here.url}/dashboard/find?q=${id}`);
      await visitor.sees('the app not found', 100);
    });
    await visitor.sees('None: whatever came of it did not come from a bank');
    await visitor.opens(`${base}/log?failed=yes`);
    await visitor.sees('not found');
    await visitor.doesNotSee('201');
  });

  test('a bank that is down is the bank’s', async () => {
    const { visitor } = ada;
    await here.bank.misbehaves('de-lindental', { kind: 'outage', times: 'until_cleared' });
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    await here.app.post(`/v1/bank_accounts/${data[0].id}/sync`, { psu: { ip_address: '203.0.113.7' } });
    await here.eventually(async () => {
      await visitor.opens(`${base}/log/calls?failed=yes`);
      await visitor.sees('the bank failed (503)', 100);
    });
    await visitor.opens(`${base}/log`);
    await here.eventually(async () => {
      await visitor.reloads();
      await visitor.sees(/the bank answered, but a call behind it failed/, 100);
    });
    await here.bank.behavesAgain('de-lindental');
  });

  test('any id, and a person’s reference, is found; what is not there says so', async () => {
    const { visitor } = ada;
    for (const [text, words] of [
      [consent, 'Timeline'],
      [customer, 'Consents'],
      [reference, 'Consents'],
      ['de-nordwind', 'Interfaces'],
      ['cst_0000000000000000000000', 'Nothing found'],
      ["' or 1=1 --", 'Nothing found'],
      ['', 'Write an id'],
    ] as const) {
      await visitor.opens(`${here.url}/dashboard`);
      await visitor.fills('Find by id or reference', text);
      await visitor.opens(`${here.url}/dashboard/find?q=${encodeURIComponent(text)}`);
      await visitor.sees(words);
    }
  });

  test('account data is not shown to a role that needs none', async () => {
    const { data } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
    const secrets = data.flatMap((one: Record<string, unknown>) => [
      one.name,
      (one.identification as { iban: string }).iban.slice(-4),
    ]);
    assert.ok(secrets.length >= 2);
    for (const role of ['support', 'developer', 'read_only'] as const) {
      const one = await joinsAs(here, await here.person('plain HTTP'), role);
      await one.visitor.opens(`${base}/consents/${consent}`);
      await one.visitor.sees('Timeline');
      const html = (one.visitor as PlainVisitor).page().html;
      for (const secret of secrets) assert.equal(html.includes(secret), role === 'support', `${role} ${secret}`);
      for (const { identification } of data) assert.ok(!html.includes(identification.iban));
      assert.equal(html.includes('Do the balances add up?'), role === 'support');
    }
  });

  test('webhooks: an endpoint is added, tried, told, paused and deleted', async () => {
    const receiver = await startReceiver();
    const { visitor } = ada;
    await visitor.opens(`${base}/webhooks`);
    await visitor.fills('Address', 'https://127.0.0.1.nip.invalid:1/x');
    await visitor.presses('Add it');
    await visitor.opens(`${base}/webhooks`);
    await visitor.fills('Address', receiver.url);
    await visitor.presses('Add it');
    await visitor.sees('Its secret: shown now and never again');
    await visitor.follows('I have kept it: go on');
    const page = visitor.url();
    await visitor.presses('Send a test event');
    await here.eventually(async () => {
      await visitor.opens(page);
      await visitor.sees('webhook.test', 100);
      await visitor.sees('delivered', 100);
    });
    await visitor.follows('webhook.test');
    await visitor.presses(/^Send it again/);
    await visitor.opens(`${base}/sandbox`);
    await visitor.chooses('consent.expiring');
    await visitor.presses('Send it');
    await visitor.sees('Ordered');
    await here.eventually(async () => {
      await visitor.opens(page);
      await visitor.sees('consent.expiring', 100);
    });
    await visitor.fills('From (UTC)', 'yesterday');
    await visitor.fills('To (UTC)', '2026-01-01 00:00');
    await visitor.presses(/^Send everything/);
    await visitor.sees('Write a moment such as');
    const hour = (offset: number) =>
      new Date(here.clock.now().getTime() + offset * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    await visitor.fills('From (UTC)', hour(-1));
    await visitor.fills('To (UTC)', hour(1));
    await visitor.presses(/^Send everything/);
    await visitor.sees('Sent again');
    await here.eventually(async () => {
      await visitor.opens(page);
      await visitor.sees('consent.authorized', 100);
    });
    await visitor.unticks(/^It is told/);
    await visitor.presses('Save');
    await visitor.sees('paused');
    await visitor.presses('Make a new secret');
    await visitor.sees('The new secret');
    await visitor.opens(page);
    await visitor.presses('Delete this endpoint');
    await visitor.sees('The endpoint is deleted');
    await receiver.close();
  });

  test('a provider is looked at and called', async () => {
    const { visitor } = ada;
    await visitor.opens(`${here.url}/dashboard/providers?q=nordw`);
    await visitor.follows('Nordwind Bank');
    await visitor.sees('nordwind-1');
    await visitor.sees('There in thirty days');
    await visitor.presses('Call it');
    await visitor.sees(/answers \(4\d\d\) in/);
  });

  test('the clock, faults and their end', async () => {
    const { visitor } = ada;
    await visitor.opens(`${base}/sandbox`);
    await visitor.chooses('Kobold Bank');
    await visitor.presses('Order it');
    await visitor.sees('outage');
    await visitor.presses('Clear');
    await visitor.sees('Every bank behaves');
    await visitor.fills('How often', 'x');
    await visitor.presses('Order it');
    await visitor.sees('times must be a number');
    await visitor.presses('Move it');
    await visitor.sees('24 hours ahead');
  });

  test('a consent is ended with a reason; a person is exported and erased', async () => {
    const { visitor } = ada;
    await visitor.opens(`${base}/consents/${consent}`);
    await visitor.presses('End it');
    await visitor.sees('Choose a reason');
    await visitor.chooses('the person asked for it');
    await visitor.fills('Your own number for it', 'T-4711');
    await visitor.presses('End it');
    await visitor.sees('The consent is ended');
    const ended = await here.app.get(`/v1/consents/${consent}`);
    assert.deepEqual([ended.status, ended.ended_by, ended.ended_reason], ['canceled', 'operator', 'asked_by_person']);
    await visitor.opens(`${base}/customers/${customer}`);
    await visitor.presses('Download what is kept');
    const kept = JSON.parse((visitor as PlainVisitor).page().html);
    assert.equal(kept.customer.reference, reference);
    assert.ok(kept.bank_accounts[0].transactions.length > 10 && kept.bank_calls.length > 3);
    await visitor.opens(`${base}/customers/${customer}`);
    await visitor.fills(/^To be sure/, 'somebody else');
    await visitor.presses('Erase this person');
    await visitor.sees('Nothing was erased');
    await visitor.fills(/^To be sure/, reference);
    await visitor.presses('Erase this person');
    await visitor.sees('The person is erased');
    await visitor.doesNotSee(reference);
    assert.equal((await here.app.call('GET', `/v1/customers/${customer}`)).status, 404);
    await visitor.opens(`${here.url}/dashboard/audit`);
    for (const act of ['consent.ended', 'customer.exported', 'customer.erased', 'webhook endpoint.made'])
      await visitor.sees(act);
  });
});
