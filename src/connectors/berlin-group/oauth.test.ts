import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import type { BankTokens, Grant } from '../../banking/connector.ts';
import { secretOf } from './consent.ts';
import { berlinGroup } from './index.ts';

const META = 'https://bank.example/psd2/.well-known/oauth-authorization-server/c1';
const CONSENT = {
  'POST /v1/consents': {
    status: 201,
    headers: { 'aspsp-sca-approach': 'REDIRECT' },
    json: { consentStatus: 'received', consentId: 'c1', _links: { scaOAuth: { href: META } } },
  },
  'GET /v1/consents/c1/status': { json: { consentStatus: 'valid' } },
  'GET /v1/consents/c1': { json: { consentStatus: 'valid', validUntil: '2026-12-31' } },
};
const ACCOUNTS = { accounts: [{ resourceId: 'r', iban: 'DE89370400440532013000', currency: 'EUR' }] };
const AT = Date.parse('2026-11-20T10:00:00Z');

function grantWith(tokens: BankTokens): Grant {
  const oauth = { metadataUrl: META, clientId: 'PSDDE-BAFIN-123456' };
  return { secret: { consentId: 'c1', model: 'global', tokens, oauth } };
}

describe('OAuth as the way to a consent', () => {
  test('scope and client id are the standard’s, the token and the consent id go with every call after', async () => {
    const begun: object[] = [];
    const bank = scriptedBank(
      berlinGroup,
      { ...CONSENT, 'GET /v1/accounts': { json: ACCOUNTS } },
      {
        oauth: {
          begin: async (request) => {
            begun.push(request);
            return { url: 'https://login.bank.example/authorize', memory: { verifier: 'v' } };
          },
          finish: async (memory, params) => {
            assert.deepEqual([memory, params], [{ verifier: 'v' }, [['code', 'x']]]);
            return { accessToken: 'a1', refreshToken: 'r1', expiresAt: AT + 900_000 };
          },
        },
      },
    );
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.deepEqual(visit.step, { kind: 'redirect', url: 'https://login.bank.example/authorize' });
    assert.deepEqual(begun, [{ metadataUrl: META, clientId: 'PSDDE-BAFIN-123456', scope: 'AIS:c1' }]);
    await visit.answers({ kind: 'returned', params: [['code', 'x']] });
    assert.equal(secretOf(visit.result).tokens?.refreshToken, 'r1');
    assert.equal(bank.sent.at(-1)?.headers.authorization, 'Bearer a1');
    await berlinGroup.accounts(bank.context, { grant: visit.result });
    assert.equal(bank.sent.at(-1)?.headers.authorization, 'Bearer a1');
    assert.equal(bank.sent.at(-1)?.headers['consent-id'], 'c1');
  });

  for (const registered of [false, true]) {
    test(`a token in our own name, ${registered ? 'as registered there' : 'by the certificate'}, makes the consent and nothing else`, async () => {
      const asked: unknown[] = [];
      const gives = async (...request: unknown[]) => {
        asked.push(...request);
        return { accessToken: 'ours' };
      };
      const bank = scriptedBank(
        berlinGroup,
        {
          ...CONSENT,
          'POST /v1/consents': {
            status: 201,
            json: { consentStatus: 'received', consentId: 'c1', _links: { scaRedirect: { href: '/login' } } },
          },
        },
        {
          facts: { pre_step: { kind: 'client_credentials', metadata_url: META, scope: 'own', registered } },
          oauth: registered ? { registered: { ownToken: gives } as never } : { own: gives },
        },
      );
      const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      assert.equal(bank.sent[0]?.headers.authorization, 'Bearer ours');
      await visit.answers({ kind: 'returned', params: [] });
      assert.ok(bank.sent.slice(1).every(({ headers }) => headers.authorization === undefined));
      assert.equal(secretOf(visit.result).tokens, undefined);
      const server = { metadataUrl: META, clientId: 'PSDDE-BAFIN-123456', scope: 'own' };
      assert.deepEqual(asked, registered ? [{ metadataUrl: META, response: 'code', pushed: false }, 'own'] : [server]);
    });
  }

  test('without an organizationIdentifier it is the operator’s turn', async () => {
    const bank = scriptedBank(berlinGroup, CONSENT);
    bank.context.requester = { name: 'Example' };
    await assert.rejects(Visit.begins(berlinGroup.authorise, bank.context, PERMISSION), { kind: 'misconfigured' });
  });

  for (const [when, tokens, answers] of [
    ['ahead of its end', { accessToken: 'a1', refreshToken: 'r1', expiresAt: AT + 10_000 }, [{ json: ACCOUNTS }]],
    [
      'when the bank refuses it',
      { accessToken: 'a1', refreshToken: 'r1', expiresAt: AT + 900_000 },
      [{ status: 401, json: { tppMessages: [{ category: 'ERROR', code: 'TOKEN_EXPIRED' }] } }, { json: ACCOUNTS }],
    ],
  ] as const) {
    test(`a token is renewed ${when}, once, and stored before it is used`, async () => {
      const refreshed: string[] = [];
      const grant = grantWith(tokens);
      const bank = scriptedBank(
        berlinGroup,
        { 'GET /v1/accounts': [...answers] },
        {
          grant,
          oauth: {
            refresh: async ({ refreshToken }) => {
              refreshed.push(refreshToken);
              return { accessToken: 'a2' };
            },
          },
        },
      );
      const turn = await berlinGroup.accounts(bank.context, { grant });
      assert.equal(turn.kind, 'done');
      assert.deepEqual(refreshed, ['r1']);
      assert.equal(bank.sent.at(-1)?.headers.authorization, 'Bearer a2');
      const stored = await bank.context.refreshGrant(async (now) => now);
      assert.deepEqual(secretOf(stored).tokens, { accessToken: 'a2', refreshToken: 'r1' });
    });
  }

  test('whoever comes second takes the token that the first has fetched', async () => {
    const held = grantWith({ accessToken: 'a1', refreshToken: 'r1', expiresAt: AT });
    const stored = grantWith({ accessToken: 'a2', refreshToken: 'r2', expiresAt: AT + 900_000 });
    const bank = scriptedBank(berlinGroup, { 'GET /v1/accounts': { json: ACCOUNTS } }, { grant: stored });
    await berlinGroup.accounts(bank.context, { grant: held });
    assert.equal(bank.sent[0]?.headers.authorization, 'Bearer a2');
  });

  test('a token refused after renewal ends the grant', async () => {
    const grant = grantWith({ accessToken: 'a1', refreshToken: 'r1' });
    const refused = { status: 401, json: { tppMessages: [{ category: 'ERROR', code: 'TOKEN_INVALID' }] } };
    const refresh = async () => ({ accessToken: 'a2' });
    const bank = scriptedBank(berlinGroup, { 'GET /v1/accounts': refused }, { grant, oauth: { refresh } });
    await assert.rejects(berlinGroup.accounts(bank.context, { grant }), { kind: 'consent_gone' });
    assert.equal(bank.sent.length, 2);
  });

  for (const [reason, kind] of [
    ['denied', 'declined'],
    ['grant_gone', 'timed_out'],
    ['client_refused', 'misconfigured'],
    ['server_away', 'unavailable'],
    ['off_standard', 'unexpected'],
  ]) {
    test(`an authorization server that is ${reason} on the way back: ${kind}`, async () => {
      const oauth = {
        begin: async () => ({ url: 'https://login.bank.example/', memory: {} }),
        finish: async () => Promise.reject(Object.assign(new Error('no'), { reason, code: 'x' })),
      };
      const bank = scriptedBank(berlinGroup, CONSENT, { oauth });
      const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      await assert.rejects(visit.answers({ kind: 'returned', params: [] }), { kind });
    });
  }

  test('a refresh token that is gone ends the grant', async () => {
    const grant = grantWith({ accessToken: 'a1', refreshToken: 'r1', expiresAt: AT });
    const refresh = async () => Promise.reject(Object.assign(new Error('no'), { reason: 'grant_gone' }));
    const bank = scriptedBank(berlinGroup, {}, { grant, oauth: { refresh } });
    await assert.rejects(berlinGroup.accounts(bank.context, { grant }), { kind: 'consent_gone' });
  });
});
