import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Account } from '../../banking/account.ts';
import { type Comparable, whyMaybeSame } from './suggesting.ts';

const account: Account = {
  reference: 'r',
  name: 'Girokonto',
  holderName: 'Ada Beispiel',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE75512108001245126199' },
  status: 'enabled',
};
const known = (more: Partial<Account>, isRead = true): Comparable => {
  const { name, holderName, type, currency, identification } = { ...account, ...more };
  const [called, held] = [name ?? null, holderName ?? null];
  return { id: 'acc_1', name: called, holderName: held, accountType: type, currency, identification, isRead };
};
const card = { maskedPan: '4111********6199' };

describe('may two accounts be one?', () => {
  for (const [what, one, reason] of [
    ['the same IBAN, headed by no currency', known({ currency: 'XXX' }), 'same_number'],
    ['another currency under the same IBAN', known({ currency: 'USD' }), undefined],
    ['the same last digits, the one masked', known({ identification: card }), 'same_ending'],
    ['the same last digits, another holder', known({ identification: card, holderName: 'Bo' }), undefined],
    [
      'the same last digits of two full numbers',
      known({ identification: { iban: 'DE02100100100006826199' } }),
      undefined,
    ],
    ['another number, the old one still listed', known({ identification: { iban: 'DE1' } }), undefined],
    ['another number, the old one not listed any more', known({ identification: { iban: 'DE1' } }, false), 'same_name'],
    ['the same, spelt otherwise', known({ name: 'GIRO-KONTO', holderName: 'ADA BEISPIEL' }, false), 'same_number'],
    ['not listed any more, of another kind', known({ identification: {}, type: 'savings' }, false), undefined],
    ['not listed any more, another name', known({ identification: {}, name: 'Tagesgeld' }, false), undefined],
  ] as const) {
    test(`${what}: ${reason ?? 'two'}`, () => assert.equal(whyMaybeSame(one, account), reason));
  }
});
