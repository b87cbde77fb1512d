import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Scripted, scriptedBank } from '../../../test/scripted-bank.ts';
import { berlinGroup } from './index.ts';

const grant = { secret: { consentId: 'c/1', model: 'global' } };
const DELETE = 'DELETE /v1/consents/c%2F1';
const STATUS = 'GET /v1/consents/c%2F1/status';

function refused(status: number, code?: string): Scripted {
  return { status, ...(code && { json: { tppMessages: [{ category: 'ERROR', code }] } }) };
}

describe('ending a consent at a Berlin Group bank', () => {
  for (const answer of [
    { status: 204 },
    { status: 200, json: {} },
    refused(404),
    refused(403, 'CONSENT_UNKNOWN'),
    refused(401, 'CONSENT_EXPIRED'),
  ]) {
    test(`${answer.status} ${JSON.stringify(answer.json ?? '')} is done`, async () => {
      await berlinGroup.revoke(scriptedBank(berlinGroup, { [DELETE]: answer }).context, grant);
    });
  }

  test('a no because it is over already is done, found out by asking', async () => {
    const status = { json: { consentStatus: 'terminatedByTpp' } };
    await berlinGroup.revoke(
      scriptedBank(berlinGroup, { [DELETE]: refused(409, 'STATUS_INVALID'), [STATUS]: status }).context,
      grant,
    );
  });

  test('any other no is not', async () => {
    const valid = { json: { consentStatus: 'valid' } };
    for (const [answer, kind] of [
      [refused(409, 'STATUS_INVALID'), 'unexpected'],
      [refused(503), 'unavailable'],
      [refused(429, 'ACCESS_EXCEEDED'), 'rate_limited'],
      [refused(401, 'CERTIFICATE_EXPIRED'), 'misconfigured'],
    ] as const) {
      const { context } = scriptedBank(berlinGroup, { [DELETE]: answer, [STATUS]: valid });
      await assert.rejects(berlinGroup.revoke(context, grant), { kind });
    }
  });
});

describe('asking whether a consent still lives', () => {
  for (const [answer, is] of [
    [{ json: { consentStatus: 'valid' } }, 'valid'],
    [{ json: { consentStatus: 'partiallyAuthorised' } }, 'waiting_for_signers'],
    [{ json: { consentStatus: 'received' } }, 'waiting_for_signers'],
    [{ json: { consentStatus: 'revokedByPsu' } }, 'gone'],
    [{ json: { consentStatus: 'expired' } }, 'gone'],
    [refused(403, 'CONSENT_UNKNOWN'), 'gone'],
    [refused(404), 'gone'],
  ] as const) {
    test(`${JSON.stringify(answer)} is ${is}`, async () => {
      const { context } = scriptedBank(berlinGroup, { [STATUS]: answer }, { person: false });
      assert.equal(await berlinGroup.check?.(context, grant), is);
    });
  }

  test('an outage says nothing about it', async () => {
    for (const answer of [refused(500, 'CONSENT_EXPIRED'), { status: 500, text: '<html>' }])
      await assert.rejects(
        async () => berlinGroup.check?.(scriptedBank(berlinGroup, { [STATUS]: answer }).context, grant),
        { kind: 'unavailable' },
      );
  });
});
