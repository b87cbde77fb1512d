import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createApp } from '../../src/platform/apps/apps.ts';
import { type World, world } from '../world.ts';
import { comesHome, connects, WAYS } from './ways.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];

describe('a finished consent that waits to be claimed', () => {
  let here: World;
  before(async () => {
    here = await world();
    await here.app.post('/v1/account', { claim: 'required' });
  });
  after(() => here.close());

  async function finished(): Promise<{ consent: string; customer: string; code: string }> {
    const person = await here.person('plain HTTP');
    const { consent, customer, url } = await here.asksForConsent({ provider: WAYS.redirected.bank });
    await connects(person, url, WAYS.redirected, here.bank);
    await comesHome(person);
    const code = new URL(person.url()).searchParams.get('fx_claim') ?? '';
    assert.match(code, /^[A-Za-z0-9_-]{43}$/);
    return { consent, customer, code };
  }
  const claim = (consent: string, code: string, key?: string) =>
    here.app.call(
      'POST',
      `/v1/consents/${consent}/claim`,
      { code },
      key === undefined ? {} : { authorization: `Bearer ${key}` },
    );

  test('shows nothing to anybody before, and everything after, to the app alone, once', async () => {
    const { consent, customer, code } = await finished();
    const { connection, claim: stands } = await here.app.get(`/v1/consents/${consent}`);
    assert.equal(stands, 'needed');
    const created = await here.app.get(`/v1/events?type=bank_account.created&connection=${connection}`);
    const account = created.data[0].data.object.id;
    const closed = [
      `/v1/bank_accounts?consent=${consent}`,
      `/v1/bank_accounts?connection=${connection}`,
      `/v1/bank_accounts/${account}`,
      `/v1/bank_accounts/${account}?consent=${consent}`,
      `/v1/bank_accounts/${account}/balances`,
      `/v1/bank_accounts/${account}/transactions`,
      `/v1/bank_accounts/${account}/sync`,
      ...['consent', 'customer', 'connection', 'bank_account'].map(
        (name, index) => `/v1/transactions/sync?${name}=${[consent, customer, connection, account][index]}`,
      ),
    ];
    for (const path of closed) {
      const answer = await here.app.call('GET', path);
      assert.deepEqual([answer.status, answer.body.code], [409, 'claim_needed'], path);
    }
    const asked = await here.app.call('POST', `/v1/bank_accounts/${account}/sync`, {
      psu: { ip_address: '203.0.113.7' },
    });
    assert.deepEqual([asked.status, asked.body.code], [409, 'claim_needed']);
    assert.deepEqual((await here.app.get(`/v1/bank_accounts?customer=${customer}`)).data, []);

    const other = await createApp(here.server.platform, { name: 'Other' });
    const foreign = await claim(consent, code, other.keys[0]!.key);
    assert.deepEqual([foreign.status, foreign.body.code], [404, 'not_found']);
    for (const wrong of ['x'.repeat(43), `${code}x`, consent]) {
      const refused = await claim(consent, wrong);
      assert.deepEqual([refused.status, refused.body.code], [422, 'claim_refused'], wrong);
    }
    const redeemed = await claim(consent, code);
    assert.deepEqual([redeemed.status, redeemed.body.claim], [200, 'claimed']);
    for (const path of closed) assert.equal((await here.app.call('GET', path)).status, 200, path);
    assert.ok((await here.app.get(`/v1/bank_accounts?customer=${customer}`)).data.length > 0);
    assert.deepEqual((await claim(consent, code)).body.code, 'claim_refused');
    const { data } = await here.app.get(`/v1/consents/${consent}/timeline`);
    assert.equal(data.filter((entry: { what: string }) => entry.what === 'claimed').length, 1);
  });

  test('is announced after fifteen minutes, and revoked at the bank after a day', async () => {
    const [left, other] = [await finished(), await finished()];
    assert.equal((await claim(left.consent, other.code)).body.code, 'claim_refused');
    await here.clock.advance(16 * MINUTE);
    await here.app.hears('consent.unclaimed', { id: left.consent });
    await claim(other.consent, other.code);
    await here.clock.advance(24 * HOUR);
    await here.eventually(async () => {
      const gone = await here.app.get(`/v1/consents/${left.consent}`);
      assert.deepEqual([gone.status, gone.ended_reason, gone.bank_revocation], ['canceled', 'unclaimed', 'done']);
    });
    const deleted = (await here.bank.calls(WAYS.redirected.bank)).filter(({ method }) => method === 'DELETE');
    assert.equal(deleted.length, 1);
    assert.equal((await here.app.get(`/v1/consents/${other.consent}`)).status, 'authorized');
    assert.equal((await claim(left.consent, left.code)).body.code, 'consent_not_active');
    assert.equal((await here.app.call('GET', `/v1/bank_accounts?consent=${left.consent}`)).body.code, 'claim_needed');
  });

  test('is asked of new live apps, and only where a return can bring the code', async () => {
    const made = await createApp(here.server.platform, { name: 'Fresh', modes: ['test', 'live'] });
    const as = (index: number) => ({ authorization: `Bearer ${made.keys[index]!.key}` });
    const account = async (index: number) => (await here.app.call('GET', '/v1/account', undefined, as(index))).body;
    assert.deepEqual([(await account(0)).claim, (await account(1)).claim], ['off', 'required']);
    for (const [path, body] of [
      ['/v1/consents', {}],
      ['/v1/connect_user_sessions', { user: 'u-1' }],
    ] as const) {
      const refused = await here.app.call('POST', path, body, as(1));
      assert.deepEqual([refused.status, refused.body.code], [422, 'return_url_needed'], path);
      assert.equal((await here.app.call('POST', path, body, as(0))).status, 201, path);
    }
    const early = await here.app.call('POST', '/v1/account', { claim: 'required' }, as(0));
    assert.deepEqual([early.status, early.body.code], [422, 'return_url_needed']);
  });
});
