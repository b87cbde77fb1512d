import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseBic, sameBank } from './bic.ts';
import { bankOfIban, formatIban, looksLikeIban, maskIban, parseIban } from './iban.ts';
import { formatSortCode, parseSortCode } from './sort-code.ts';

describe('bank formats', () => {
  test('an IBAN is read as people write it', () => {
    for (const text of ['DE89370400440532013000', 'de89 3704 0044 0532 0130 00', 'DE89-3704-0044-0532-0130-00'])
      assert.equal(parseIban(text), 'DE89370400440532013000');
    for (const text of ['', 'DE00370400440532013000', 'DE8937040044053201300', 'XX12', 'x'.repeat(500)])
      assert.equal(parseIban(text), undefined);
  });

  test('an IBAN is shown in fours, and masked', () => {
    assert.equal(formatIban('DE89370400440532013000'), 'DE89 3704 0044 0532 0130 00');
    assert.equal(maskIban('DE89370400440532013000'), 'DE•• •••• 3000');
  });

  test('an IBAN says which bank it belongs to', () => {
    assert.deepEqual(bankOfIban('DE89370400440532013000'), { country: 'DE', bankCode: '37040044' });
    assert.equal(bankOfIban('NL91ABNA0417164300')?.bankCode, 'ABNA');
    assert.deepEqual(bankOfIban('GB29NWBK60161331926819'), { country: 'GB', bankCode: 'NWBK', branchCode: '601613' });
    assert.equal(bankOfIban('DE00'), undefined);
  });

  test('the outward form of an IBAN is known without its check', () => {
    assert.equal(looksLikeIban('DE00370400440532013000'), true);
    assert.equal(looksLikeIban('5409****1234'), false);
  });

  test('a BIC in its parts', () => {
    assert.deepEqual(parseBic('nordde22xxx'), { bic: 'NORDDE22XXX', institution: 'NORD', country: 'DE' });
    assert.equal(parseBic('NORDDE22ABC')?.branch, 'ABC');
    for (const text of ['NORDDE2', 'NORDDE22AB', 'NORD1222', '']) assert.equal(parseBic(text), undefined);
    assert.ok(sameBank(parseBic('NORDDE22')!, parseBic('NORDDE22XXX')!));
  });

  test('a sort code with or without dashes', () => {
    for (const text of ['12-34-56', '12 34 56', '123456', ' 12–34–56 ']) assert.equal(parseSortCode(text), '123456');
    for (const text of ['12-34-5', '1234567', 'ab-cd-ef']) assert.equal(parseSortCode(text), undefined);
    assert.equal(formatSortCode('123456'), '12-34-56');
  });
});
