import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as openid from 'openid-client';
import { startTrial, type Trial } from './caller.ts';
import { USUAL_PERMISSIONS, ukClient, ukPerson } from './uk-caller.ts';

// openid-client is certified for FAPI 1.0 Advanced and FAPI 2.0; nobody here wrote it. Here it is the client.

describe('the pretend banks of the United Kingdom', () => {
  let trial: Trial;
  before(async () => {
    trial = await startTrial();
  });
  after(() => trial?.close());

  for (const [bank, login, way] of [
    ['gb-thornfield', 'edith', { response: 'hybrid', auth: 'private_key_jwt', algorithm: 'PS256' }],
    ['gb-thornfield', 'edith', { response: 'hybrid', auth: 'private_key_jwt', algorithm: 'ES256' }],
    ['gb-thornfield', 'rowan', { response: 'jarm', auth: 'tls_client_auth', algorithm: 'PS256' }],
    ['gb-calderwye', 'maud', { response: 'hybrid', auth: 'tls_client_auth', algorithm: 'PS256' }],
    ['gb-calderwye', 'maud', { response: 'jarm', auth: 'private_key_jwt', algorithm: 'PS256' }],
    ['gb-calderwye', 'silas', { response: 'jarm', auth: 'private_key_jwt', algorithm: 'ES256' }],
  ] as const) {
    test(`${bank}: ${way.response}, ${way.auth}, ${way.algorithm}: registration, consent, approval, reading, refresh`, async () => {
      const client = await ukClient(trial.sandbox, bank, way);
      const { accessToken, consentId, refreshToken } = await client.approved(login);
      const { url } = trial.sandbox.banks.find(({ slug }) => slug === bank)!.openBanking!;
      const accounts = await client.call('GET', `${url}/accounts`, { token: accessToken });
      assert.equal(accounts.status, 200, accounts.text);
      const [first] = accounts.body.Data.Account;
      const read = await client.call('GET', `${url}/accounts/${first.AccountId}/transactions`, { token: accessToken });
      assert.equal(read.status, 200, read.text);
      assert.ok(read.body.Data.Transaction.length > 20);
      const kept = await client.call('GET', `${url}/account-access-consents/${consentId}`, {
        token: await client.ownToken(),
      });
      assert.equal(kept.body.Data.Status, bank === 'gb-calderwye' ? 'AUTH' : 'Authorised');
      const renewed = await openid.refreshTokenGrant(client.config, refreshToken);
      const again = await client.call('GET', `${url}/balances`, { token: renewed.access_token });
      assert.equal(again.status, 200, again.text);
      await client.close();
    });
  }

  test('gb-calderwye asks in the app: pending, approved on the phone page, read; refused; nobody of that name', async () => {
    const way = { response: 'jarm', auth: 'private_key_jwt', algorithm: 'ES256', decoupled: true } as const;
    const client = await ukClient(trial.sandbox, 'gb-calderwye', way);
    const { url } = trial.sandbox.banks.find(({ slug }) => slug === 'gb-calderwye')!.openBanking!;
    const polls = (auth_req_id: string) =>
      openid.genericGrantRequest(client.config, 'urn:openid:params:grant-type:ciba', { auth_req_id });
    const consentId = await client.consent(USUAL_PERMISSIONS);
    const { auth_req_id, expires_in } = await client.asks(consentId, { login_hint: 'maud', binding_message: 'W7-K2' });
    assert.equal(expires_in, 300);
    await assert.rejects(polls(auth_req_id), { error: 'authorization_pending' });
    const phone = await ukPerson(`${trial.sandbox.peopleUrl('gb-calderwye')}/phone/maud`);
    assert.match(phone.text, /Trial Ltd \(W7-K2\) asked/);
    await trial.sandbox.control('/banks/gb-calderwye/phone/approve', { login: 'maud' });
    const tokens = await polls(auth_req_id);
    assert.equal(tokens.claims()!.openbanking_intent_id, consentId);
    const { body } = await client.call('GET', `${url}/accounts`, { token: tokens.access_token });
    assert.equal(body.Data.Account.length, 3);
    const again = await client.asks(await client.consent(USUAL_PERMISSIONS), { login_hint_token: 'silas' });
    await trial.sandbox.control('/banks/gb-calderwye/phone/refuse', {});
    await assert.rejects(polls(again.auth_req_id), { error: 'access_denied' });
    await assert.rejects(async () => trial.sandbox.control('/banks/gb-calderwye/phone/approve', {}), 'nothing waits');
    await assert.rejects(client.asks(consentId, { login_hint: 'nobody' }), { error: 'unknown_user_id' });
    await client.close();
  });
});
