import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refusalOf } from './errors.ts';
import type { Reply } from './wire.ts';

const NOW = new Date('2026-11-20T10:00:00Z');

function reply(status: number, json: Reply['json'] = {}, headers: Record<string, string> = {}): Reply {
  return { status, headers, json, raw: new Uint8Array(), url: 'https://bank.example/v1/consents', purpose: 'consent' };
}

const TABLE: [number, string | undefined, string][] = [
  [400, 'FORMAT_ERROR', 'unexpected'],
  [400, 'PARAMETER_NOT_SUPPORTED', 'unsupported'],
  [400, 'SERVICE_INVALID', 'unsupported'],
  [400, 'PERIOD_INVALID', 'unsupported'],
  [400, 'SCA_METHOD_UNKNOWN', 'unsupported'],
  [400, 'SCA_INVALID', 'wrong_code'],
  [400, 'CONSENT_UNKNOWN', 'consent_gone'],
  [400, 'RESOURCE_BLOCKED', 'blocked'],
  [400, 'RESOURCE_EXPIRED', 'timed_out'],
  [401, 'CERTIFICATE_INVALID', 'misconfigured'],
  [401, 'CERTIFICATE_REVOKE', 'misconfigured'],
  [401, 'CERTIFICATE_REVOKED', 'misconfigured'],
  [401, 'SIGNATURE_MISSING', 'misconfigured'],
  [401, 'ROLE_INVALID', 'misconfigured'],
  [401, 'PSU_CREDENTIALS_INVALID', 'wrong_credentials'],
  [401, 'CONSENT_INVALID', 'consent_gone'],
  [401, 'CONSENT_EXPIRED', 'consent_gone'],
  [401, 'TOKEN_EXPIRED', 'consent_gone'],
  [403, 'CONSENT_UNKNOWN', 'consent_gone'],
  [403, 'SERVICE_BLOCKED', 'blocked'],
  [404, 'RESOURCE_UNKNOWN', 'unsupported'],
  [405, 'SERVICE_INVALID', 'unsupported'],
  [406, 'REQUESTED_FORMATS_INVALID', 'unsupported'],
  [409, 'STATUS_INVALID', 'unexpected'],
  [429, 'ACCESS_EXCEEDED', 'rate_limited'],
  [401, undefined, 'unexpected'],
  [403, undefined, 'unexpected'],
  [404, undefined, 'unexpected'],
  [405, undefined, 'unsupported'],
  [408, undefined, 'unavailable'],
  [429, undefined, 'rate_limited'],
  [500, undefined, 'unavailable'],
  [503, 'SERVICE_UNAVAILABLE', 'unavailable'],
  [500, 'CONSENT_EXPIRED', 'unavailable'],
  [302, undefined, 'unexpected'],
  [418, 'SOMETHING_ELSE', 'unexpected'],
];

describe('the no of a Berlin Group bank', () => {
  for (const [status, code, kind] of TABLE) {
    test(`${status} ${code ?? 'without a code'} is ${kind}, in both forms`, () => {
      const text = 'Sorry, no.';
      const forms = code
        ? [
            { tppMessages: [{ category: 'ERROR', code, text }] },
            { type: 'about:blank', code, detail: text },
            { tppMessages: { category: 'ERROR', code, text } },
          ]
        : [{}];
      for (const form of forms) {
        const error = refusalOf(reply(status, form), NOW);
        assert.equal(error.kind, kind);
        assert.deepEqual(error.facts, code ? { status, code, quote: text } : { status });
        assert.equal(error.message.includes(text), false, 'the bank’s text stays out of what operators read');
      }
    });
  }

  test('a warning is no reason, a further error of a problem is one', () => {
    const warned = [
      { category: 'WARNING', code: 'CONSENT_EXPIRED' },
      { category: 'ERROR', code: 'SERVICE_BLOCKED' },
    ];
    assert.equal(refusalOf(reply(403, { tppMessages: warned }), NOW).kind, 'blocked');
    const problem = { type: 'x', code: 'OWN_CODE', additionalErrors: [{ code: 'CONSENT_EXPIRED' }] };
    assert.equal(refusalOf(reply(401, problem), NOW).kind, 'consent_gone');
  });

  for (const [header, waitMs] of [
    ['120', 120_000],
    ['Fri, 20 Nov 2026 10:01:00 GMT', 60_000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['99999999', 172_800_000],
    ['soon', undefined],
  ] as const) {
    test(`Retry-After: ${header}`, () => {
      assert.equal(refusalOf(reply(429, {}, { 'retry-after': header }), NOW).facts.retryAfterMs, waitMs);
    });
  }

  test('nothing strange in an answer can break us', () => {
    for (const strange of [
      null,
      7,
      'x',
      [],
      [[]],
      [null],
      { code: { a: 1 } },
      [{ code: 7, text: {} }],
      'CONSENT_EXPIRED',
    ]) {
      const json = { tppMessages: strange, code: strange, additionalErrors: strange } as Reply['json'];
      assert.equal(refusalOf(reply(400, json), NOW).kind === 'unavailable', false);
    }
    assert.equal(
      refusalOf(reply(400, { tppMessages: [{ category: 'ERROR', code: '__proto__' }] }), NOW).kind,
      'unexpected',
    );
    assert.equal(refusalOf(reply(400, { code: 'toString' }), NOW).kind, 'unexpected');
  });
});
