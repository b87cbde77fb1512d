import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { berlinGroup } from './index.ts';

const CONSENT = { consentStatus: 'received', consentId: 'c1' };
const SELF = { self: { href: '/v1/consents/c1' }, status: { href: '/v1/consents/c1/status' } };
const SCA = { scaStatus: { href: '/psd2/v1/consents/c1/authorisations/a1' } };
const REDIRECT = { 'aspsp-sca-approach': 'REDIRECT' };
const AT_BANK = { scaRedirect: { href: 'https://login.bank.example/?c=c1' } };
const GRANTED = {
  access: { accounts: [{ iban: 'DE89370400440532013000' }] },
  recurringIndicator: true,
  validUntil: '2026-12-31',
  frequencyPerDay: 4,
  lastActionDate: '2026-11-20',
  consentStatus: 'valid',
};
const IMPLICIT = {
  'POST /v1/consents': {
    status: 201,
    headers: REDIRECT,
    json: { ...CONSENT, _links: { ...SELF, ...SCA, ...AT_BANK } },
  },
  'GET /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'finalised' } },
  'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
  'GET /v1/consents/c1': { json: GRANTED },
};
const back = { kind: 'returned' as const, params: [] as [string, string][] };

describe('redirect to a Berlin Group bank', () => {
  test('implicit start: the person goes to the bank, comes back, and the consent is read back as granted', async () => {
    const bank = scriptedBank(berlinGroup, IMPLICIT);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.deepEqual(visit.step, { kind: 'redirect', url: 'https://login.bank.example/?c=c1' });
    await visit.answers(back);
    assert.equal(visit.result.validUntil?.toISOString(), '2026-12-31T23:59:59.999Z');
    const [post] = bank.sent;
    assert.equal(post?.headers['tpp-redirect-uri'], 'https://tpp.example/back/bank?state=abc');
    assert.equal(post?.headers['psu-ip-address'], '192.0.2.7');
    assert.deepEqual(post?.body, {
      access: { allPsd2: 'allAccounts' },
      recurringIndicator: true,
      validUntil: '2027-02-18',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    });
    assert.equal(new Set(bank.sent.map(({ headers }) => headers['x-request-id'])).size, bank.sent.length);
  });

  test('explicit start: the authorisation is started where the bank says', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'POST /v1/consents': {
        status: 201,
        json: { ...CONSENT, _links: { ...SELF, startAuthorisation: { href: 'v1/consents/c1/authorisations' } } },
      },
      'POST /v1/consents/c1/authorisations': {
        status: 201,
        headers: REDIRECT,
        json: { scaStatus: 'received', authorisationId: 'a1', _links: { ...SCA, ...AT_BANK } },
      },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.equal(visit.step.kind, 'redirect');
    assert.deepEqual(bank.sent[1]?.body, {});
    await visit.answers(back);
    assert.ok(visit.result);
  });

  test('a poll or a reload does not stand in for coming back', async () => {
    const bank = scriptedBank(berlinGroup, IMPLICIT);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers({ kind: 'polled' });
    assert.equal(visit.step.kind, 'redirect');
    assert.equal(bank.sent.length, 1);
  });

  test('a status that follows the person late is waited for, not believed', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'GET /v1/consents/c1/authorisations/a1': [
        { json: { scaStatus: 'started' } },
        { json: { scaStatus: 'finalised' } },
      ],
      'GET /v1/consents/c1/status': [{ json: { consentStatus: 'received' } }, { json: { consentStatus: 'valid' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(back);
    assert.equal(visit.step.kind, 'wait');
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });

  test('a status that never follows ends the waiting', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'GET /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'started' } },
      'GET /v1/consents/c1/status': { json: { consentStatus: 'received' } },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(back);
    bank.passes(60_000);
    await assert.rejects(visit.answers({ kind: 'polled' }), { kind: 'timed_out' });
  });

  test('an outage right after the return is waited out', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'GET /v1/consents/c1/authorisations/a1': [{ status: 503, text: '<html>' }, { json: { scaStatus: 'finalised' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(back);
    assert.equal(visit.step.kind, 'wait');
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });

  for (const [sca, consent, kind] of [
    ['failed', 'rejected', 'declined'],
    ['failed', 'received', 'declined'],
    ['finalised', 'revokedByPsu', 'declined'],
    ['received', 'expired', 'timed_out'],
  ] as const) {
    test(`the bank says ${sca} and ${consent}: ${kind}, whichever address the browser came back to`, async () => {
      const bank = scriptedBank(berlinGroup, {
        ...IMPLICIT,
        'GET /v1/consents/c1/authorisations/a1': { json: { scaStatus: sca } },
        'GET /v1/consents/c1/status': { json: { consentStatus: consent } },
      });
      const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      await assert.rejects(visit.answers(back), { kind });
    });
  }

  test('a second signer is waited for by the platform, not by the person', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'GET /v1/consents/c1/status': { json: { consentStatus: 'partiallyAuthorised' } },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(back);
    assert.deepEqual(visit.step.kind === 'wait' && visit.step.notice, { kind: 'signers' });
  });

  test('an unconfirmed authorisation is confirmed with the code that came back', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...IMPLICIT,
      'POST /v1/consents': {
        status: 201,
        headers: REDIRECT,
        json: { ...CONSENT, _links: { ...SELF, ...SCA, ...AT_BANK, confirmation: SCA.scaStatus } },
      },
      'GET /v1/consents/c1/authorisations/a1': [
        { json: { scaStatus: 'unconfirmed' } },
        { json: { scaStatus: 'finalised' } },
      ],
      'PUT /v1/consents/c1/authorisations/a1': { json: { scaStatus: 'finalised' } },
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers({ kind: 'returned', params: [['confirmationCode', '4711']] });
    assert.ok(visit.result);
    assert.deepEqual(bank.sent.find(({ method }) => method === 'PUT')?.body, { confirmationCode: '4711' });
  });
});
