import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PERMISSION, type Scripted, scriptedBank } from '../../../test/scripted-bank.ts';
import { Visit } from '../../../test/visit.ts';
import type { Json } from '../../banking/step.ts';
import { secretOf } from './consent.ts';
import { berlinGroup } from './index.ts';

const REDIRECT = { 'aspsp-sca-approach': 'REDIRECT' };
const back = { kind: 'returned' as const, params: [] as [string, string][] };
const REFUSED: Scripted = {
  status: 400,
  json: { tppMessages: [{ category: 'ERROR', code: 'PARAMETER_NOT_SUPPORTED' }] },
};

function made(consentId: string): Scripted {
  const json = {
    consentStatus: 'received',
    consentId,
    _links: { scaRedirect: { href: 'https://login.bank.example/' } },
  };
  return { status: 201, headers: REDIRECT, json };
}

function bankWith(posts: Scripted[], facts?: Json) {
  const script: Record<string, Scripted | Scripted[]> = { 'POST /v1/consents': posts };
  for (const id of ['c1', 'c2']) {
    script[`GET /v1/consents/${id}/status`] = { json: { consentStatus: 'valid' } };
    script[`GET /v1/consents/${id}`] = { json: { validUntil: '2026-12-31', consentStatus: 'valid' } };
  }
  script['GET /v1/accounts'] = {
    json: {
      accounts: [
        { iban: 'DE89370400440532013000', currency: 'EUR' },
        { maskedPan: '5409 **** 1234', currency: 'EUR' },
      ],
    },
  };
  return scriptedBank(berlinGroup, script, { facts });
}

function accessOf(request: { body?: unknown } | undefined): unknown {
  return (request?.body as { access?: unknown } | undefined)?.access;
}

describe('what a consent at a Berlin Group bank asks for', () => {
  test('the ladder goes down only where the bank refuses the model', async () => {
    const bank = bankWith([REFUSED, made('c1')]);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.deepEqual(bank.sent.map(accessOf), [
      { allPsd2: 'allAccounts' },
      { accounts: [], balances: [], transactions: [] },
    ]);
    await visit.answers(back);
    assert.equal(visit.result.chosenAtBank, true);
  });

  test('a list of accounts first, then the consent that names them', async () => {
    const bank = bankWith([REFUSED, REFUSED, made('c1'), made('c2')]);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.deepEqual(accessOf(bank.sent[2]), { availableAccounts: 'allAccounts' });
    await visit.answers(back);
    const named = [{ iban: 'DE89370400440532013000' }, { maskedPan: '5409 **** 1234' }];
    assert.deepEqual(accessOf(bank.sent.at(-1)), { accounts: named, balances: named, transactions: named });
    assert.equal(bank.sent.at(-2)?.headers['consent-id'], 'c1');
    await visit.answers(back);
    assert.equal(visit.result.chosenAtBank, undefined);
    assert.equal(secretOf(visit.result).consentId, 'c2');
  });

  test('at the bottom the person is asked for an IBAN; one that cannot be is asked for again', async () => {
    const bank = bankWith([REFUSED, REFUSED, REFUSED, made('c1')]);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.equal(visit.step.kind === 'form' && visit.step.fields[0]?.kind, 'iban');
    await visit.answers({ kind: 'fields', values: { iban: 'DE00 1234' } });
    assert.equal(visit.step.kind === 'form' && visit.step.notice?.kind, 'wrong_credentials');
    await visit.answers({ kind: 'fields', values: { iban: 'de89 3704 0044 0532 0130 00' } });
    const named = [{ iban: 'DE89370400440532013000' }];
    assert.deepEqual(accessOf(bank.sent.at(-1)), { accounts: named, balances: named, transactions: named });
  });

  test('an outage, a refused certificate or too many calls do not move us down', async () => {
    for (const [status, code, kind] of [
      [503, 'SERVICE_UNAVAILABLE', 'unavailable'],
      [401, 'CERTIFICATE_INVALID', 'misconfigured'],
      [429, 'ACCESS_EXCEEDED', 'rate_limited'],
      [403, 'SERVICE_BLOCKED', 'blocked'],
    ] as const) {
      const bank = bankWith([{ status, json: { tppMessages: [{ category: 'ERROR', code }] } }]);
      await assert.rejects(Visit.begins(berlinGroup.authorise, bank.context, PERMISSION), { kind });
      assert.equal(bank.sent.length, 1);
    }
  });

  test('a bank that names the missing PSU-ID gets it', async () => {
    const missing = { category: 'ERROR', code: 'FORMAT_ERROR', path: 'PSU-ID', text: 'missing' };
    const bank = bankWith([{ status: 400, json: { tppMessages: [missing] } }, made('c1')]);
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    assert.equal(visit.step.kind === 'form' && visit.step.fields[0]?.kind, 'user_id');
    await visit.answers({ kind: 'fields', values: { user_id: 'anna' } });
    assert.equal(bank.sent.at(-1)?.headers['psu-id'], 'anna');
  });

  test('a person who allows less than everything is not asked for everything', async () => {
    const bank = bankWith([made('c1')]);
    await Visit.begins(berlinGroup.authorise, bank.context, { ...PERMISSION, scopes: ['accounts', 'balances'] });
    assert.deepEqual(accessOf(bank.sent[0]), { accounts: [], balances: [] });
  });

  test('one read is a one-off consent, except where the bank has none', async () => {
    const once = { ...PERMISSION, recurring: false };
    const bank = bankWith([made('c1')]);
    await Visit.begins(berlinGroup.authorise, bank.context, once);
    const plain = bank.sent[0]?.body as { recurringIndicator: boolean; frequencyPerDay: number };
    assert.deepEqual([plain.recurringIndicator, plain.frequencyPerDay], [false, 1]);
    const other = bankWith([made('c1')], { recurring_only: true, frequency_per_day: 1, valid_until: 'longest' });
    await Visit.begins(berlinGroup.authorise, other.context, once);
    const body = other.sent[0]?.body as { recurringIndicator: boolean; validUntil: string };
    assert.deepEqual([body.recurringIndicator, body.validUntil], [true, '9999-12-31']);
  });

  for (const [psuId, sent] of [
    ['empty', ''],
    ['forbidden', undefined],
    ['if_known', undefined],
  ] as const) {
    test(`PSU-ID ${psuId}`, async () => {
      const bank = bankWith([made('c1')], { psu_id: psuId, psu_id_type: 'X' });
      await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
      assert.equal(bank.sent[0]?.headers['psu-id'], sent);
      assert.equal(bank.sent[0]?.headers['psu-id-type'], undefined);
    });
  }

  test('a renewal begins with what worked before', async () => {
    const references = [{ iban: 'DE89370400440532013000' }];
    const bank = bankWith([made('c2')]);
    const renews = { secret: { consentId: 'c1', model: 'detailed', references } };
    await Visit.begins(berlinGroup.authorise, bank.context, { ...PERMISSION, renews });
    assert.deepEqual(accessOf(bank.sent[0]), { accounts: references, balances: references, transactions: references });
    assert.equal(
      bank.sent.some(({ method }) => method === 'DELETE'),
      false,
    );
  });

  test('a consent that cannot be read back is a grant all the same', async () => {
    const bank = bankWith([made('c1')]);
    bank.answers('GET /v1/consents/c1', { status: 500 });
    const visit = await Visit.begins(berlinGroup.authorise, bank.context, PERMISSION);
    await visit.answers(back);
    assert.equal(visit.result.validUntil, undefined);
  });
});
