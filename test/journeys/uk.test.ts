import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type How, HOWS } from '../visitor/visitor.ts';
import type { World } from '../world.ts';
import { goesToUkBank, UK_WAYS, ukWorld } from './uk-ways.ts';
import { agrees, begins, comesHome, connects, logsInAtBank, type Way } from './ways.ts';

const DAY_MS = 86_400_000;

/** The other person at that bank, with one account. */
const SILAS: Way = {
  ...UK_WAYS.jarm,
  login: 'silas',
  password: 'calderwye-2',
  async signIn(person) {
    await goesToUkBank(person, UK_WAYS.jarm.bankName);
    await logsInAtBank(person, 'silas', 'calderwye-2');
    await person.presses('Approve');
  },
};

describe('a person of the United Kingdom', () => {
  let here: World;
  before(async () => {
    here = await ukWorld();
  });
  after(() => here?.close());

  const connected = async (way: Way, how: How = 'plain HTTP', more: object = {}) => {
    const asked = await here.asksForConsent({ provider: way.bank, ...more });
    const person = await here.person(how);
    await connects(person, asked.url, way, here.bank);
    await comesHome(person);
    const consent = await here.app.get(`/v1/consents/${asked.consent}`);
    assert.equal(consent.status, 'authorized');
    await here.app.hears('sync.completed', { connection: consent.connection });
    return { ...asked, person, connection: consent.connection as string };
  };

  for (const [way, how] of [
    [UK_WAYS.jarm, 'plain HTTP'],
    [UK_WAYS.jarm, 'Chromium'],
    [UK_WAYS.jarm, 'Chromium without scripts'],
    [UK_WAYS.hybrid, 'Chromium'],
  ] as [Way, How][]) {
    test(`connects by ${way.name} with ${how}: accounts, balances and transactions are in the API`, async () => {
      const { consent, person } = await connected(way, how);
      const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
      assert.ok(accounts.length >= 3, JSON.stringify(accounts));
      for (const account of accounts) {
        const { data: balances } = await here.app.get(`/v1/bank_accounts/${account.id}/balances`);
        assert.ok(balances.length > 0, account.name);
        const { data: entries } = await here.app.get(`/v1/bank_accounts/${account.id}/transactions`);
        assert.ok(entries.length > 0, account.name);
      }
      const kinds = new Set(accounts.map((one: { account_type: string }) => one.account_type));
      for (const kind of ['checking', 'savings', 'credit_card']) assert.ok(kinds.has(kind), kind);
      assert.ok(accounts.some((one: { identification: { sort_code?: string } }) => one.identification.sort_code));
      await person.close();
    });
  }

  for (const how of HOWS.filter((one) => one !== 'Chromium'))
    test(`comes back by the hybrid flow with ${how}: the page says that it takes a script`, async () => {
      const person = await here.person(how);
      const { url } = await here.asksForConsent({ provider: UK_WAYS.hybrid.bank });
      await begins(person, url, UK_WAYS.hybrid);
      await agrees(person);
      await UK_WAYS.hybrid.signIn(person);
      await person.sees(/scripts are switched off in your browser/);
      await person.close();
    });

  for (const [where, press, login] of [
    ['at the bank’s login', /^Cancel and go back$/, false],
    ['at the bank’s approval', /^Refuse$/, true],
  ] as const)
    for (const [way, how] of [
      [UK_WAYS.jarm, 'plain HTTP'],
      [UK_WAYS.hybrid, 'Chromium'],
    ] as [Way, How][])
      test(`refuses ${where}, by ${way.name}: nothing is shared and the app is told`, async () => {
        const person = await here.person(how);
        const { consent, url } = await here.asksForConsent({ provider: way.bank });
        await begins(person, url, way);
        await agrees(person);
        await goesToUkBank(person, way.bankName);
        if (login) await logsInAtBank(person, way.login, way.password);
        await person.presses(press);
        await comesHome(person);
        const { searchParams } = new URL(person.url());
        assert.deepEqual(
          [searchParams.get('error'), searchParams.get('error_code')],
          ['access_denied', 'refused_at_bank'],
        );
        assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'canceled');
        await person.close();
      });

  test('connects a second person’s accounts apart from the first’s, after a wrong password', async () => {
    const first = await connected(UK_WAYS.jarm);
    const second = await connected({
      ...SILAS,
      async signIn(person) {
        await goesToUkBank(person, SILAS.bankName);
        await logsInAtBank(person, 'nobody', 'wrong');
        await person.sees(/wrong/);
        await logsInAtBank(person, SILAS.login, SILAS.password);
        await person.presses('Approve');
      },
    });
    const of = async (consent: string) => (await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data;
    assert.equal((await of(second.consent)).length, 1);
    assert.notEqual((await of(second.consent))[0].fingerprint, (await of(first.consent))[0].fingerprint);
  });

  test('connects in a browser that has approved at this bank before', async () => {
    const { person } = await connected(UK_WAYS.jarm);
    const { url, consent } = await here.asksForConsent({ provider: UK_WAYS.jarm.bank });
    await connects(person, url, UK_WAYS.jarm, here.bank);
    await comesHome(person);
    assert.equal((await here.app.get(`/v1/consents/${consent}`)).status, 'authorized');
  });

  test('renews before the end: the same accounts under the same ids, the old consent replaced', async () => {
    const first = await connected(UK_WAYS.jarm);
    const before = (await here.app.get(`/v1/bank_accounts?consent=${first.consent}`)).data;
    const { url } = await here.app.post('/v1/management_sessions', { customer: first.customer });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    await person.presses(/^Renew/);
    await agrees(person);
    await UK_WAYS.jarm.signIn(person);
    await person.sees('Your bank connections');
    const old = await here.app.get(`/v1/consents/${first.consent}`);
    assert.deepEqual([old.status, old.ended_reason], ['expired', 'replaced']);
    const after = (await here.app.get(`/v1/bank_accounts?consent=${old.replaced_by}`)).data;
    const ids = (accounts: { id: string }[]) => accounts.map(({ id }) => id).sort();
    assert.deepEqual(ids(after), ids(before));
    assert.equal((await here.app.get(`/v1/connections/${first.connection}`)).status, 'active');
  });

  test('is revoked by the app: ended at once here and at the bank', async () => {
    const { consent, connection } = await connected(UK_WAYS.jarm);
    await here.app.post(`/v1/consents/${consent}/revoke`);
    await here.eventually(async () => {
      assert.equal((await here.app.get(`/v1/consents/${consent}`)).bank_revocation, 'done');
    });
    assert.equal((await here.app.get(`/v1/connections/${connection}`)).status, 'disconnected');
  });

  for (const [how, title] of [
    ['revoke', 'withdraws the consent at the bank'],
    ['expire', 'has a consent that ends at the bank'],
  ] as const)
    for (const [way, browser] of [
      [UK_WAYS.jarm, 'plain HTTP'],
      [UK_WAYS.hybrid, 'Chromium'],
    ] as [Way, How][])
      test(`${title}, ${way.name}: the connection says that it needs them, what was read stays`, async () => {
        const { consent, connection, person } = await connected(way, browser);
        const [atBank] = await here.bank.consents(way.bank, way.login);
        await here.bank.order(`/banks/${way.bank}/consents/${atBank!.id}/${how}`, {});
        const { data: accounts } = await here.app.get(`/v1/bank_accounts?consent=${consent}`);
        await here.app.call('POST', `/v1/bank_accounts/${accounts[0].id}/sync`, {
          psu: { ip_address: '198.51.100.7', user_agent: 'test' },
        });
        await here.app.hears('connection.action_required', { id: connection });
        const { needs } = await here.app.get(`/v1/connections/${connection}`);
        assert.equal(needs.who, 'person');
        assert.ok((await here.app.get(`/v1/bank_accounts?consent=${consent}`)).data[0].id);
        await person.close();
      });

  test('is asked by us after 90 days: nobody reads until they confirm, one link or all, and the bank hears nothing of it', async () => {
    const { customer, connection } = await connected(UK_WAYS.jarm, 'plain HTTP', { valid_days: 180 });
    const other = await connected(SILAS, 'plain HTTP', { valid_days: 180, customer });
    await here.clock.advance(91 * DAY_MS);
    for (const id of [connection, other.connection]) await here.app.hears('connection.action_required', { id });
    await here.server.platform.jobs.idle();
    await here.bank.forgetsCalls(UK_WAYS.jarm.bank);
    await here.clock.advance(2 * DAY_MS);
    await here.server.platform.jobs.idle();
    const { url } = await here.app.post('/v1/management_sessions', { customer });
    const person = await here.person('plain HTTP');
    await person.opens(url);
    await person.presses('Continue');
    const states = async () => {
      const { data } = await here.app.get(`/v1/connections?customer=${customer}`);
      return data.map(({ status }: { status: string }) => status).sort();
    };
    assert.deepEqual(await states(), ['action_required', 'action_required']);
    await person.presses(/^Confirm: /);
    assert.deepEqual(await states(), ['action_required', 'active']);
    await person.presses('Confirm all');
    assert.deepEqual(await states(), ['active', 'active']);
    assert.deepEqual(await here.bank.calls(UK_WAYS.jarm.bank), []);
    await here.clock.advance(DAY_MS);
    await here.eventually(async () => {
      const calls = await here.bank.calls(UK_WAYS.jarm.bank);
      assert.ok(calls.some(({ operation, status }) => operation === 'balances' && status === 200));
      assert.ok(calls.every(({ person_present }) => !person_present));
    });
  });

  test('at the consent’s end: expired here, and the bank is asked for nothing more', async () => {
    const { consent, connection } = await connected(UK_WAYS.jarm, 'plain HTTP', { valid_days: 3 });
    await here.clock.advance(5 * DAY_MS);
    await here.app.hears('consent.expired', { id: consent });
    assert.notEqual((await here.app.get(`/v1/connections/${connection}`)).status, 'active');
  });
});
