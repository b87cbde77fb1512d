import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTrial, type Trial } from './caller.ts';
import { ukClient } from './uk-caller.ts';

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
      const { accessToken, consentId } = await client.approved(login);
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
      await client.close();
    });
  }
});
