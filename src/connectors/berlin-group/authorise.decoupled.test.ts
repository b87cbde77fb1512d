import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import { Secret } from '../../banking/secret.ts';
import { berlinGroup } from './index.ts';

const A1 = '/psd2/v1/consents/c1/authorisations/a1';
const DECOUPLED = { 'aspsp-sca-approach': 'DECOUPLED' };
const CONSENT = { consentStatus: 'received', consentId: 'c1' };
const END = {
  'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
  'GET /v1/consents/c1': { json: { consentStatus: 'valid', validUntil: '2026-12-31' } },
};
const FROM_START = {
  ...END,
  'POST /v1/consents': {
    status: 201,
    headers: DECOUPLED,
    json: { ...CONSENT, psuMessage: 'Please approve in your app', _links: { scaStatus: { href: A1 } } },
  },
};
const GET_AUTH = 'GET /v1/consents/c1/authorisations/a1';
const anna = { kind: 'fields' as const, values: { user_id: 'anna' } };

describe('approving in the app of a Berlin Group bank', () => {
  test('from the start: who the person is, then waiting at our pace until the bank says yes', async () => {
    const bank = scriptedBank(
      berlinGroup,
      { ...FROM_START, [GET_AUTH]: [{ json: { scaStatus: 'started' } }, { json: { scaStatus: 'finalised' } }] },
      { facts: { psu_id: 'required', prefers: 'decoupled' } },
    );
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(anna);
    assert.equal(bank.sent[0]?.headers['psu-id'], 'anna');
    assert.equal(bank.sent[0]?.headers['tpp-decoupled-preferred'], 'true');
    assert.deepEqual(visit.step, {
      kind: 'wait',
      challenge: { text: 'Please approve in your app' },
      pollAfterMs: 3000,
      giveUpAt: new Date('2026-11-20T10:05:00Z'),
    });
    await visit.answers({ kind: 'polled' });
    assert.equal(visit.step.kind, 'wait');
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });

  test('the person refuses in the app', async () => {
    const bank = scriptedBank(berlinGroup, { ...FROM_START, [GET_AUTH]: { json: { scaStatus: 'failed' } } });
    bank.answers('GET /v1/consents/c1/status', { json: { consentStatus: 'rejected' } });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await assert.rejects(visit.answers({ kind: 'polled' }), { kind: 'declined' });
  });

  test('nobody approves in time', async () => {
    const bank = scriptedBank(berlinGroup, { ...FROM_START, [GET_AUTH]: { json: { scaStatus: 'started' } } });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    bank.passes(299_000);
    await visit.answers({ kind: 'polled' });
    assert.equal(visit.step.kind, 'wait');
    bank.passes(2000);
    await assert.rejects(visit.answers({ kind: 'polled' }), { kind: 'timed_out' });
  });

  test('an approval in the last moment still counts', async () => {
    const bank = scriptedBank(berlinGroup, { ...FROM_START, [GET_AUTH]: { json: { scaStatus: 'finalised' } } });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    bank.passes(600_000);
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });

  test('a bank that is away or slows us down while we wait is waited for', async () => {
    const bank = scriptedBank(berlinGroup, {
      ...FROM_START,
      [GET_AUTH]: [{ status: 500 }, { status: 429 }, { json: { scaStatus: 'finalised' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers({ kind: 'polled' });
    await visit.answers({ kind: 'polled' });
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });

  test('a poll without a person sends no presence headers', async () => {
    const bank = scriptedBank(berlinGroup, { ...FROM_START, [GET_AUTH]: { json: { scaStatus: 'started' } } });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    delete bank.context.person;
    await visit.answers({ kind: 'polled' });
    assert.equal(
      Object.keys(bank.sent.at(-1)?.headers ?? {}).some((name) => name.startsWith('psu-')),
      false,
    );
  });

  test('from the middle: choosing the push method turns a sign-in into an approval, which can be sent again', async () => {
    const methods = [
      { authenticationType: 'SMS_OTP', authenticationMethodId: 'sms', name: 'SMS' },
      { authenticationType: 'PUSH_OTP', authenticationMethodId: 'push', name: 'Bank app' },
    ];
    const pushed = {
      headers: DECOUPLED,
      json: {
        scaStatus: 'scaMethodSelected',
        chosenScaMethod: methods[1],
        psuMessage: 'Approve',
        _links: { scaStatus: { href: A1 }, selectAuthenticationMethod: { href: A1 } },
      },
    };
    const bank = scriptedBank(berlinGroup, {
      ...END,
      'POST /v1/consents': {
        status: 201,
        headers: { 'aspsp-sca-approach': 'EMBEDDED' },
        json: {
          ...CONSENT,
          _links: { startAuthorisationWithPsuAuthentication: { href: '/psd2/v1/consents/c1/authorisations' } },
        },
      },
      'POST /v1/consents/c1/authorisations': {
        json: {
          scaStatus: 'psuAuthenticated',
          scaMethods: methods,
          _links: { selectAuthenticationMethod: { href: A1 } },
        },
      },
      'PUT /v1/consents/c1/authorisations/a1': pushed,
      [GET_AUTH]: [{ json: { scaStatus: 'started' } }, { json: { scaStatus: 'finalised' } }],
    });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers({ kind: 'fields', values: { user_id: 'anna', password: new Secret('pw') } });
    await visit.answers({ kind: 'chosen', ids: ['push'] });
    assert.deepEqual(visit.step.kind === 'wait' && visit.step.challenge, { method: 'Bank app', text: 'Approve' });
    await visit.answers({ kind: 'polled' });
    assert.equal(bank.sent.filter(({ method }) => method === 'PUT').length, 1);
    await visit.answers({ kind: 'again' });
    assert.equal(bank.sent.filter(({ method }) => method === 'PUT').length, 2);
    await visit.answers({ kind: 'polled' });
    assert.ok(visit.result);
  });
});
