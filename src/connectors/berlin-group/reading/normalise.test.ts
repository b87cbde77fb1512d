import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { facts as schema } from '../facts.ts';
import { normaliseAccount } from './accounts.ts';
import { normaliseBalances } from './balances.ts';
import { normaliseEntries } from './normalise.ts';

const FACTS = schema.parse({});

/** One entry read, with what of it was rejected. */
function read(item: object, facts: object = {}, status: 'booked' | 'pending' = 'booked') {
  const { entries, rejected } = normaliseEntries([item], status, schema.parse(facts), 'EUR');
  return { entry: entries[0], rejected };
}

const money = (amount: unknown, currency: unknown = 'EUR') => ({ transactionAmount: { amount, currency } });

describe('an entry of a Berlin Group bank', () => {
  test('in full', () => {
    const { entry, rejected } = read({
      transactionId: 't1',
      entryReference: 'e1',
      endToEndId: 'NOTPROVIDED',
      bookingDate: '2026-11-02',
      valueDate: '2026-11-03',
      ...money('-12.50'),
      creditorName: 'Corner Bakery',
      creditorAccount: { iban: 'DE89 3704 0044 0532 0130 00' },
      debtorName: 'The Holder',
      remittanceInformationUnstructured: 'Bread\nand rolls',
      remittanceInformationStructured: { reference: 'RF18', referenceType: 'SCOR' },
      bankTransactionCode: 'PMNT-CCRD-POSD',
      balanceAfterTransaction: { balanceType: 'interimBooked', balanceAmount: { amount: '100', currency: 'EUR' } },
      currencyExchange: { sourceCurrency: 'USD', exchangeRate: '1.08', unitCurrency: 'EUR', targetCurrency: 'EUR' },
    });
    assert.deepEqual(rejected, []);
    assert.deepEqual(entry, {
      status: 'booked',
      amount: '-12.50',
      currency: 'EUR',
      bookedOn: '2026-11-02',
      valueOn: '2026-11-03',
      description: 'Bread and rolls',
      reference: 'RF18',
      counterparty: { name: 'Corner Bakery', iban: 'DE89370400440532013000' },
      bankCode: 'PMNT-CCRD-POSD',
      balanceAfter: '100',
      original: { currency: 'USD', rate: '1.08' },
      bankId: 't1',
    });
  });

  for (const [written, amount] of [
    ['-12.30', '-12.30'],
    ['+12.30', '12.30'],
    ['012.30', '12.30'],
    [-5.5, '-5.50'],
    ['12,30', '12.30'],
    ['- 12.30', '-12.30'],
    ['-0.00', '0.00'],
    ['99999999999999999.99999', '99999999999999999.99999'],
    ['1.234,56', undefined],
    ['1e5', undefined],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
    [Number.NaN, undefined],
  ] as const) {
    test(`the amount ${JSON.stringify(written)} is ${amount ?? 'rejected'}`, () => {
      const { entry, rejected } = read(money(written));
      assert.equal(entry?.amount, amount);
      if (amount === undefined)
        assert.deepEqual(rejected, [{ place: 'booked[0].transactionAmount.amount', reason: 'not an amount' }]);
    });
  }

  test('a bank that signs the wrong way round', () => {
    assert.equal(read(money('12.30'), { amount_sign: 'inverted' }).entry?.amount, '-12.30');
  });

  test('the other side is the debtor of money in, the creditor of money out, never the holder', () => {
    const both = { creditorName: 'C', debtorName: 'D', debtorAccount: { bban: '123' } };
    assert.deepEqual(read({ ...money('1'), ...both }).entry?.counterparty, { name: 'D', bban: '123' });
    assert.deepEqual(read({ ...money('-1'), ...both }).entry?.counterparty, { name: 'C' });
    assert.equal(read({ ...money('-1'), debtorName: 'D' }).entry?.counterparty, undefined);
    assert.equal(read({ ...money('-1'), creditorName: 'NOTPROVIDED' }).entry?.counterparty, undefined);
  });

  test('text from wherever the bank writes it', () => {
    assert.equal(read({ ...money('1'), remittanceInformationUnstructuredArray: ['a', 'b'] }).entry?.description, 'a b');
    assert.equal(read({ ...money('1'), remittanceInformationUnstructuredArray: 'one' }).entry?.description, 'one');
    assert.equal(read({ ...money('1'), additionalInformation: 'card' }).entry?.description, 'card');
    assert.equal(read({ ...money('1'), remittanceInformationStructured: 'RF1' }).entry?.description, 'RF1');
    assert.equal(read(money('1')).entry?.description, '');
    const both = { ...money('1'), remittanceInformationUnstructured: 'u', additionalInformation: 'a' };
    assert.equal(read(both, { description_from: ['additional', 'unstructured'] }).entry?.description, 'a');
  });

  test('text that would hurt a database or a page is cleaned, not lost', () => {
    const { entry } = read({ ...money('1'), remittanceInformationUnstructured: 'a\u0000b\ud800 <b>c</b>' });
    assert.equal(entry?.description, 'a b\ufffd <b>c</b>');
    assert.equal(read({ ...money('1'), additionalInformation: 'é'.repeat(9000) }).entry?.description.length, 4000);
  });

  test('dates with a time keep the day as written; a bad one is reported and costs nothing else', () => {
    const { entry } = read({
      ...money('1'),
      bookingDate: '2026-11-02T23:30:00-05:00',
      valueDateTime: '2026-11-03T01:00Z',
    });
    assert.deepEqual([entry?.bookedOn, entry?.valueOn], ['2026-11-02', '2026-11-03']);
    const bad = read({ ...money('1'), bookingDate: '2026-02-30', valueDate: '2026-03-01' });
    assert.deepEqual([bad.entry?.bookedOn, bad.entry?.valueOn], [undefined, '2026-03-01']);
    assert.deepEqual(bad.rejected, [{ place: 'booked[0].bookingDate', reason: 'not a date' }]);
  });

  test('ids that name nothing are none, and an untrusted one is not handed on', () => {
    assert.equal(read({ ...money('1'), transactionId: 'NOTPROVIDED', entryReference: 'e' }).entry?.bankId, 'e');
    assert.equal(read({ ...money('1'), transactionId: '0' }).entry?.bankId, undefined);
    assert.equal(read({ ...money('1'), transactionId: 7 }).entry?.bankId, '7');
    assert.equal(read({ ...money('1'), transactionId: 't' }, { transaction_id: 'none' }).entry?.bankId, undefined);
  });

  test('a card payment abroad', () => {
    const { entry } = read({
      ...money('-9.20'),
      transactionDate: '2026-11-01',
      originalAmount: { amount: '-10.00', currency: 'USD' },
      merchantCategoryCode: '5812',
      cardAcceptorId: '1',
      transactionDetails: 'DINER',
    });
    assert.deepEqual(entry?.original, { amount: '-10.00', currency: 'USD' });
    assert.deepEqual(
      [entry?.bookedOn, entry?.merchantCategoryCode, entry?.description, entry?.counterparty?.name],
      ['2026-11-01', '5812', 'DINER', 'DINER'],
    );
  });

  test('a bad entry does not cost its neighbours', () => {
    const { entries, rejected } = normaliseEntries(
      [money('1'), null, 'x', 7, [], money('x'), money('2', 'EURO'), money('3', null)],
      'pending',
      FACTS,
      'XXX',
    );
    assert.deepEqual(
      entries.map((entry) => [entry.amount, entry.currency]),
      [
        ['1', 'EUR'],
        ['2', 'XXX'],
        ['3', 'XXX'],
      ],
    );
    assert.deepEqual(
      [...new Set(rejected.map(({ place }) => place.split('.')[0]))],
      ['pending[1]', 'pending[2]', 'pending[3]', 'pending[4]', 'pending[5]'],
    );
  });

  test('a single entry in place of a list is a list of one', () => {
    assert.equal(normaliseEntries(money('1'), 'booked', FACTS, 'EUR').entries.length, 1);
    assert.deepEqual(normaliseEntries(undefined, 'booked', FACTS, 'EUR'), { entries: [], rejected: [] });
  });
});

describe('balances of a Berlin Group bank', () => {
  const balance = (balanceType: string, amount: string, more: object = {}) => ({
    balanceType,
    balanceAmount: { amount, currency: 'EUR' },
    ...more,
  });
  const shown = (list: unknown[], facts: object = {}) =>
    normaliseBalances(list, schema.parse(facts), 'EUR').map(({ type, amount, bankType }) => [type, amount, bankType]);

  test('one of each of our types, the one that says most', () => {
    const list = [
      balance('openingBooked', '1'),
      balance('closingBooked', '2'),
      balance('interimBooked', '3'),
      balance('forwardAvailable', '4'),
      balance('interimAvailable', '5'),
      balance('expected', '6'),
    ];
    assert.deepEqual(shown(list), [
      ['booked', '3', 'interimBooked'],
      ['available', '5', 'interimAvailable'],
      ['expected', '6', 'expected'],
    ]);
  });

  test('where nothing is booked something stands in, but never with a credit limit in it', () => {
    assert.deepEqual(shown([balance('expected', '6')]), [
      ['booked', '6', 'expected'],
      ['expected', '6', 'expected'],
    ]);
    assert.deepEqual(shown([balance('interimAvailable', '5', { creditLimitIncluded: true })]), [
      ['available', '5', 'interimAvailable'],
    ]);
  });

  test('of several days the last counts', () => {
    const list = [
      balance('closingBooked', '1', { referenceDate: '2026-11-18' }),
      balance('closingBooked', '2', { referenceDate: '2026-11-19' }),
    ];
    assert.deepEqual(shown(list), [['booked', '2', 'closingBooked']]);
  });

  test('a bank with its own meaning of a type', () => {
    const list = [balance('expected', '6'), balance('interimBooked', '3')];
    assert.deepEqual(shown(list, { balance_types: { expected: 'booked' } }), [['booked', '6', 'expected']]);
  });

  test('several currencies, and entries that are none', () => {
    const usd = { balanceType: 'interimBooked', balanceAmount: { amount: 7, currency: 'usd' } };
    const read = normaliseBalances(
      [null, {}, balance('interimBooked', 'x'), usd, balance('interimBooked', '1')],
      FACTS,
      'EUR',
    );
    assert.deepEqual(
      read.map(({ currency, amount }) => [currency, amount]),
      [
        ['USD', '7.00'],
        ['EUR', '1'],
      ],
    );
  });
});

describe('an account of a Berlin Group bank', () => {
  test('in full', () => {
    assert.deepEqual(
      normaliseAccount(
        {
          resourceId: 'r-1',
          iban: 'DE89370400440532013000',
          currency: 'EUR',
          ownerName: 'A. Holder',
          product: 'Giro',
          name: 'Main account',
          cashAccountType: 'CACC',
          usage: 'PRIV',
          status: 'enabled',
          _links: { balances: { href: '/b' } },
        },
        FACTS,
      ),
      {
        reference: 'r-1',
        name: 'Main account',
        holderName: 'A. Holder',
        type: 'checking',
        usage: 'personal',
        currency: 'EUR',
        identification: { iban: 'DE89370400440532013000' },
        status: 'enabled',
        readable: { balances: true, transactions: false },
      },
    );
  });

  for (const [what, item, type] of [
    ['SVGS', { resourceId: 'r', cashAccountType: 'SVGS' }, 'savings'],
    ['a masked card number', { resourceId: 'r', maskedPan: '540912******1234' }, 'credit_card'],
    ['LOAN', { resourceId: 'r', cashAccountType: 'LOAN' }, 'loan'],
    ['no type', { iban: 'DE89370400440532013000' }, 'checking'],
  ] as const) {
    test(`${what} is ${type}`, () => assert.equal(normaliseAccount({ ...item }, FACTS)?.type, type));
  }

  test('a full card number is never kept', () => {
    const { identification } = normaliseAccount({ resourceId: 'r', pan: '5409123456781234' }, FACTS) ?? {};
    assert.deepEqual(identification, { maskedPan: '540912******1234' });
    const spaced = normaliseAccount({ resourceId: 'r', maskedPan: '5409 1234 5678 1234' }, FACTS);
    assert.equal(spaced?.identification.maskedPan, '5409 1*** **** 1234');
  });

  test('a masked card number in the place of the IBAN is a card', () => {
    const { identification } = normaliseAccount({ resourceId: 'r', iban: '3759*****1234' }, FACTS) ?? {};
    assert.deepEqual(identification, { maskedPan: '3759*****1234' });
  });

  test('an account without id and number cannot be asked for', () => {
    assert.equal(normaliseAccount({ currency: 'EUR', name: 'x' }, FACTS), undefined);
    assert.equal(normaliseAccount({ iban: 'DE89370400440532013000' }, FACTS)?.reference, 'DE89370400440532013000');
  });
});
