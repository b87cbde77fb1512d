import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { berlinGroupJudge } from './berlin-group-file.ts';

const judge = berlinGroupJudge();
const skip = judge
  ? false
  : 'BANK_SPECS is not set: requests to Berlin Group banks are not held against the official file';

describe('the official Berlin Group file as a judge', { skip }, () => {
  const headers = { 'x-request-id': randomUUID(), 'psu-ip-address': '192.0.2.1', 'content-type': 'application/json' };
  const body = {
    access: { allPsd2: 'allAccounts' },
    recurringIndicator: true,
    validUntil: '2026-12-31',
    frequencyPerDay: 4,
    combinedServiceIndicator: false,
  };

  test('a proper consent passes', () => {
    assert.deepEqual(judge?.({ method: 'POST', path: '/v1/consents', headers, body }), []);
  });

  test('what is missing or wrong is named', () => {
    const { frequencyPerDay: _, ...less } = body;
    const without = { 'x-request-id': 'no-uuid', 'content-type': 'application/json' };
    const found = judge?.({ method: 'POST', path: '/v1/consents', headers: without, body: less })?.join('\n') ?? '';
    for (const word of ['psu-ip-address', 'x-request-id', 'frequencyPerDay']) assert.match(found, new RegExp(word));
  });

  test('a path and a query that the file does not know are refused', () => {
    assert.notDeepEqual(judge?.({ method: 'GET', path: '/v1/consents/a/b/c/d', headers }), []);
    const path = '/v1/accounts/a/transactions?bookingStatus=none';
    assert.notDeepEqual(judge?.({ method: 'GET', path, headers: { ...headers, 'consent-id': 'c' } }), []);
  });
});
