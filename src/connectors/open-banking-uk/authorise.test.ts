import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION } from '../../../test/scripted-bank.ts';
import { consentAnswer, type UkBank, ukBank } from '../../../test/uk-script.ts';
import { Visit } from '../../../test/visit.ts';
import type { Permission } from '../../banking/connector.ts';
import { openBankingUk } from './index.ts';
import { secretOf } from './tokens.ts';

async function begins(bank: UkBank, permission: Permission = PERMISSION) {
  return Visit.begins(openBankingUk.authorise, bank.context, permission);
}

async function comesBack(bank: UkBank, visit: Awaited<ReturnType<typeof begins>>, front?: object) {
  const { step } = visit;
  assert.ok(step.kind === 'redirect');
  await visit.answers({ kind: 'returned', params: bank.fapi.approve(step.url, front) });
}

for (const version of ['3.1', '4.0'] as const) {
  const names = {
    '3.1': { waiting: 'AwaitingAuthorisation', rejected: 'Rejected', over: 'Revoked' },
    '4.0': { waiting: 'AWAU', rejected: 'RJCT', over: 'EXPD' },
  }[version];
  const consent = (status: string) =>
    consentAnswer(`https://bank.example/open-banking/v${version}/aisp`, status, ['ReadAccountsDetail']);

  describe(`a consent at a bank of version ${version}`, () => {
    test('is made, approved at the bank, redeemed and looked at', async () => {
      const bank = ukBank(version);
      const visit = await begins(bank);
      const asked = bank.sent[0]!;
      assert.deepEqual(asked.body, {
        Data: {
          Permissions: [
            'ReadAccountsDetail',
            'ReadParty',
            'ReadBalances',
            'ReadTransactionsDetail',
            'ReadTransactionsCredits',
            'ReadTransactionsDebits',
          ],
          ExpirationDateTime: '2027-02-18T23:59:59+00:00',
        },
        Risk: {},
      });
      assert.equal(asked.headers['x-fapi-customer-ip-address'], '192.0.2.7');
      assert.match(asked.headers['x-fapi-interaction-id'] ?? '', /^[0-9a-f-]{36}$/);
      await comesBack(bank, visit);
      const { claims } = bank.fapi.asked() as { claims: { id_token: Record<string, object>; userinfo: object } };
      assert.deepEqual(claims.id_token.openbanking_intent_id, { value: 'consent-1', essential: true });
      assert.deepEqual(claims.id_token.acr, {
        essential: true,
        values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'],
      });
      assert.equal(secretOf(visit.result).tokens.refreshToken, 'r1');
      assert.equal(visit.result.validUntil?.toISOString(), '2027-02-18T23:59:59.000Z');
      assert.equal(visit.result.chosenAtBank, true);
      // One token of our own for the consent and for the look at it.
      assert.deepEqual(
        bank.fapi.forms.map((form) => form.get('grant_type')),
        ['client_credentials', 'authorization_code'],
      );
    });

    test('that the person refused is declined, here or in the bank’s own books', async () => {
      const bank = ukBank(version);
      const visit = await begins(bank);
      const refused = (params: URLSearchParams) => {
        for (const key of [...params.keys()]) params.delete(key);
        params.set('error', 'access_denied');
      };
      await assert.rejects(comesBack(bank, visit, { params: refused }), { kind: 'declined' });
      const quiet = ukBank(version);
      quiet.answers('GET /account-access-consents/consent-1', consent(names.rejected));
      await assert.rejects(comesBack(quiet, await begins(quiet)), { kind: 'declined' });
    });

    test('that the bank’s books do not follow at once is waited for, and not for ever', async () => {
      const bank = ukBank(version);
      bank.answers('GET /account-access-consents/consent-1', consent(names.waiting));
      const visit = await begins(bank);
      await comesBack(bank, visit);
      assert.equal(visit.step.kind, 'wait');
      await visit.answers({ kind: 'polled' });
      bank.passes(21_000);
      await assert.rejects(visit.answers({ kind: 'polled' }), { kind: 'timed_out' });
    });

    test('that is ended is deleted; one that is over counts as ended', async () => {
      const bank = ukBank(version);
      const visit = await begins(bank);
      await comesBack(bank, visit);
      await openBankingUk.revoke(bank.context, visit.result);
      assert.equal(bank.sent.at(-1)?.method, 'DELETE');
      const gone = {
        status: 400,
        json: { Code: '400', Message: 'm', Errors: [{ ErrorCode: code(version), Message: 'm' }] },
      };
      bank.answers('DELETE /account-access-consents/consent-1', gone);
      bank.answers('GET /account-access-consents/consent-1', gone);
      await openBankingUk.revoke(bank.context, visit.result);
      assert.equal(await openBankingUk.check?.(bank.context, visit.result), 'gone');
      bank.answers('GET /account-access-consents/consent-1', consent(names.over));
      assert.equal(await openBankingUk.check?.(bank.context, visit.result), 'gone');
    });
  });
}

describe('what UK banks want otherwise', () => {
  test('permissions a bank does not know are not asked for, and transactions never without credits and debits', async () => {
    const bank = ukBank('3.1', { facts: { permissions_never: ['ReadParty', 'ReadTransactionsDetail'] } });
    await begins(bank, { ...PERMISSION, scopes: ['accounts', 'transactions'] });
    const { Data } = bank.sent[0]!.body as { Data: { Permissions: string[] } };
    assert.deepEqual(Data.Permissions, [
      'ReadAccountsDetail',
      'ReadTransactionsBasic',
      'ReadTransactionsCredits',
      'ReadTransactionsDebits',
    ]);
  });

  test('a bank that refuses the consent for the holder’s name is asked once more without', async () => {
    const bank = ukBank('4.0');
    bank.answers(
      'POST /account-access-consents',
      { status: 400, json: { Errors: [{ ErrorCode: 'U005', Message: 'ReadParty' }] } },
      { ...consentAnswer('https://bank.example', 'AWAU', ['ReadAccountsDetail']), status: 201 },
    );
    const visit = await begins(bank);
    assert.equal(visit.step.kind, 'redirect');
    assert.ok(!JSON.stringify(bank.sent[1]?.body).includes('ReadParty'));
  });

  test('an end that the bank refuses is left out', async () => {
    const bank = ukBank('3.1', { facts: { consent_ends: 'open' } });
    const visit = await begins(bank);
    assert.ok(!JSON.stringify(bank.sent[0]?.body).includes('Expiration'));
    await comesBack(bank, visit);
    assert.equal(visit.result.validUntil, undefined);
  });

  test('another consent’s intent id is refused before the code is spent', async () => {
    const bank = ukBank('3.1');
    const visit = await begins(bank);
    const before = bank.fapi.forms.length;
    const wrong = {
      claims: (claims: Record<string, unknown>) => Object.assign(claims, { openbanking_intent_id: 'c-2' }),
    };
    await assert.rejects(comesBack(bank, visit, wrong), { kind: 'unexpected' });
    assert.equal(bank.fapi.forms.length, before);
  });

  test('a way of proof that was not asked for is refused, a missing one only where it is required', async () => {
    const wrong = { claims: (claims: Record<string, unknown>) => Object.assign(claims, { acr: 'password' }) };
    const bank = ukBank('3.1');
    await assert.rejects(comesBack(bank, await begins(bank), wrong), { kind: 'unexpected' });
    const strict = ukBank('3.1', { facts: { acr: 'required' } });
    await assert.rejects(comesBack(strict, await begins(strict)), { kind: 'unexpected' });
    const lenient = ukBank('3.1', { facts: { acr: 'ignored' } });
    await comesBack(lenient, await begins(lenient), wrong);
  });

  test('approval in the bank’s app: asked for, waited for, refused or given', async () => {
    const bank = ukBank('4.0', { facts: { authentication: 'decoupled' } });
    const visit = await begins(bank);
    assert.ok(visit.step.kind === 'form' && visit.step.fields.length === 1);
    await visit.answers({ kind: 'fields', values: { user_id: ' ' } });
    bank.fapi.next.error = { status: 400, error: 'unknown_user_id' };
    await visit.answers(NAMED);
    assert.ok(visit.step.kind === 'form' && visit.step.notice?.kind === 'wrong_credentials');
    await visit.answers(NAMED);
    const pace = () => (visit.step.kind === 'wait' ? visit.step.pollAfterMs : undefined);
    assert.equal(pace(), 2000);
    const asked = bank.fapi.asked();
    assert.deepEqual([asked['openbanking-intent-id'], asked.scope], ['consent-1', 'openid accounts']);
    const [head, body] = String(asked.login_hint_token).split('.', 2).map(decoded);
    assert.deepEqual([head, body], [{ alg: 'none' }, { sub: 'scott' }]);
    bank.fapi.next.error = { status: 400, error: 'authorization_pending' };
    await visit.answers({ kind: 'polled' });
    bank.fapi.next.error = { status: 400, error: 'slow_down' };
    await visit.answers({ kind: 'polled' });
    assert.equal(pace(), 7000);
    await visit.answers({ kind: 'polled' });
    assert.equal(secretOf(visit.result).tokens.refreshToken, 'r1');
    for (const [error, kind] of [
      ['access_denied', 'declined'],
      ['expired_token', 'timed_out'],
    ] as const) {
      const other = ukBank('3.1', { facts: { authentication: 'decoupled' } });
      const waits = await begins(other);
      await waits.answers(NAMED);
      other.fapi.next.error = { status: 400, error };
      await assert.rejects(waits.answers({ kind: 'polled' }), { kind });
    }
  });

  test('pushed requests with a signed answer', async () => {
    const fapi = { response: 'jarm', pushed: true } as const;
    const bank = ukBank('4.0', { facts: fapi, fapi });
    const visit = await begins(bank);
    assert.ok(visit.step.kind === 'redirect' && visit.step.url.includes('request_uri='));
    await comesBack(bank, visit);
    assert.ok(visit.isDone);
  });
});

const NAMED = { kind: 'fields', values: { user_id: 'scott' } } as const;
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

function code(version: '3.1' | '4.0'): string {
  return version === '3.1' ? 'UK.OBIE.Resource.NotFound' : 'U011';
}
