import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { berlinGroup } from './index.ts';

describe('the names of openFinance v2, behind the same conversation', () => {
  test('a consent, its return and a report', async () => {
    const script = {
      'POST /v2/consents/account-access': {
        status: 201,
        json: { consentId: 'c1', consentStatus: 'received', _links: { scaRedirect: { href: '/psd2/go' } } },
      },
      'GET /v2/consents/account-access/c1/status': { json: { consentStatus: 'valid' } },
      'GET /v2/consents/account-access/c1': { json: { consentStatus: 'valid', validTo: '2026-12-31' } },
      'GET /v2/accounts': {
        json: { accounts: [{ resourceId: 'r', iban: 'DE02120300000000202051', currency: 'EUR' }] },
      },
      'GET /v2/accounts/r/transactions': {
        json: {
          transactions: {
            booked: [
              {
                transactionAmount: { amount: '-1', currency: 'EUR' },
                creditor: { name: 'Corner Bakery' },
                references: { endToEndId: 'e2e' },
              },
            ],
          },
        },
      },
    };
    const bank = scriptedBank(berlinGroup, script, { facts: { version: 'v2', prefers: 'redirected' }, judged: false });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers({ kind: 'returned', params: [] });
    assert.equal(visit.result.validUntil?.toISOString().slice(0, 10), '2026-12-31');
    const [asked] = bank.sent;
    assert.ok(asked);
    assert.deepEqual(asked.body, {
      access: { allPsd2: 'allAccounts' },
      recurringIndicator: true,
      frequencyPerDay: 4,
      consentType: 'global',
      validTo: '2027-02-18',
    });
    assert.equal(asked.headers['client-redirect-uri'], bank.context.returnUrl);
    assert.equal(asked.headers['client-sca-approach-preference'], 'redirect');
    assert.ok(!Object.keys(asked.headers).some((name) => name.startsWith('tpp-')));
    const accounts = await berlinGroup.accounts(bank.context, { grant: visit.result });
    assert.ok(accounts.kind === 'done' && accounts.result[0]);
    const request = { grant: visit.result, account: accounts.result[0], since: '2026-10-01' };
    const page = await berlinGroup.transactions(bank.context, request);
    const [entry] = page.kind === 'done' ? page.result.booked : [];
    assert.deepEqual([entry?.counterparty?.name, entry?.endToEndId], ['Corner Bakery', 'e2e']);
  });

  test('its refusals are read', async () => {
    const no = {
      status: 403,
      json: { apiClientMessages: [{ category: 'ERROR', code: 'SERVICE_BLOCKED', text: 'No.' }] },
    };
    const bank = scriptedBank(
      berlinGroup,
      { 'POST /v2/consents/account-access': no },
      { facts: { version: 'v2' }, judged: false },
    );
    await assert.rejects(Visit.begins(berlinGroup.authorise, bank.context, PERMISSION), { kind: 'blocked' });
  });
});
