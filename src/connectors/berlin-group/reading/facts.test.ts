import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Scripted, scriptedBank } from '../../../../test/scripted-bank.ts';
import type { Account } from '../../../banking/account.ts';
import type { Json } from '../../../banking/step.ts';
import { facts as schema } from '../facts.ts';
import { berlinGroup } from '../index.ts';
import { normaliseBalances } from './balances.ts';
import { normaliseEntries } from './normalise.ts';

/** One entry read at a bank with these facts. */
function read(item: object, facts: object, status: 'booked' | 'pending' = 'booked') {
  const money = { transactionAmount: { amount: '12.30', currency: 'EUR' } };
  const { entries, rejected } = normaliseEntries([{ ...money, ...item }], status, schema.parse(facts), 'EUR');
  assert.deepEqual(rejected, []);
  return entries[0]!;
}

const amounts = (amount: string, currency = 'EUR') => ({ transactionAmount: { amount, currency } });

describe('facts of reading at Berlin Group banks, each beside the usual bank', () => {
  test('amount_sign: unsigned takes the direction from the indicator, else from the party that is named', () => {
    const unsigned = { amount_sign: 'unsigned' };
    assert.equal(read({ creditDebitIndicator: 'DBIT' }, unsigned).amount, '-12.30');
    assert.equal(read({ creditDebitIndicator: 'CRDT', creditorName: 'C' }, unsigned).amount, '12.30');
    assert.equal(read({ creditorName: 'C' }, unsigned).amount, '-12.30');
    assert.equal(read({ creditorAccount: { iban: 'DE02120300000000202051' } }, unsigned).amount, '-12.30');
    assert.equal(read({ debtorName: 'D' }, unsigned).amount, '12.30');
    assert.equal(read({ debtorName: 'D', creditorName: 'C' }, unsigned).amount, '12.30');
    assert.equal(read({ ...amounts('-12.30'), debtorName: 'D' }, unsigned).amount, '-12.30');
    assert.equal(read({ creditorName: 'C' }, {}).amount, '12.30', 'the usual bank signs');
  });

  test('pending_sign: debit is about pending entries only', () => {
    assert.equal(read({}, { pending_sign: 'debit' }, 'pending').amount, '-12.30');
    assert.equal(read({}, { pending_sign: 'debit' }, 'booked').amount, '12.30');
    assert.equal(read({ ...amounts('-1') }, { pending_sign: 'debit' }, 'pending').amount, '-1');
  });

  test('payee_from and payee_between find a name in the text', () => {
    const card = { ...amounts('-5'), remittanceInformationUnstructured: 'Purchase at CORNER BAKERY, Husum 02.11.' };
    assert.equal(read(card, {}).counterparty, undefined);
    const between = { after: 'Purchase at ', until: ',' };
    const facts = { payee_from: ['party', 'text'], payee_between: between };
    assert.equal(read(card, facts).counterparty?.name, 'CORNER BAKERY');
    assert.equal(read({ ...card, creditorName: 'Bakery Ltd' }, facts).counterparty?.name, 'Bakery Ltd');
    assert.equal(read({ ...card, remittanceInformationUnstructured: 'Fee' }, facts).counterparty, undefined);
    const lines = { ...amounts('-5'), remittanceInformationUnstructuredArray: ['Corner Bakery', 'Invoice 7'] };
    assert.equal(read(lines, { payee_from: ['text'] }).counterparty?.name, 'Corner Bakery');
    const aside = { ...amounts('-5'), additionalInformation: 'Corner Bakery' };
    assert.equal(read(aside, { payee_from: ['additional'] }).counterparty?.name, 'Corner Bakery');
  });

  test('text_cut_at joins pieces that were cut within a word', () => {
    const item = { remittanceInformationUnstructuredArray: ['Strom fuer Novem', 'ber', 'Kunde 7'] };
    assert.equal(read(item, {}).description, 'Strom fuer Novem ber Kunde 7');
    const wide = { remittanceInformationUnstructuredArray: ['Strom fuer den Monat Novem', 'ber', 'Kunde 7'] };
    assert.equal(read(wide, { text_cut_at: 26 }).description, 'Strom fuer den Monat November Kunde 7');
  });

  test('text_tags takes German purpose tags apart', () => {
    const item = { remittanceInformationUnstructured: 'EREF+RG-7 MREF+M-1 SVWZ+Strom November' };
    const entry = read(item, { text_tags: true });
    assert.deepEqual([entry.description, entry.endToEndId], ['Strom November', 'RG-7']);
    assert.equal(read(item, {}).description, 'EREF+RG-7 MREF+M-1 SVWZ+Strom November');
  });

  test('letters that were written out are letters, at every bank', () => {
    assert.equal(read({ remittanceInformationUnstructured: 'Caf\\u00e9 \\U0001F950' }, {}).description, 'Café 🥐');
    assert.equal(read({ remittanceInformationUnstructured: 'C:\\users \\u0000' }, {}).description, 'C:\\users \\u0000');
  });

  test('booked_on_from and value_date', () => {
    const item = { bookingDate: '2026-11-02', valueDate: '2026-11-04' };
    assert.equal(read(item, { booked_on_from: ['valueDate', 'bookingDate'] }).bookedOn, '2026-11-04');
    const entry = read(item, { value_date: 'ignored' });
    assert.deepEqual([entry.bookedOn, entry.valueOn], ['2026-11-02', undefined]);
    const moments = read({ bookingDateTime: '2026-11-02T23:30:00+01:00' }, {});
    assert.equal(moments.bookedOn, '2026-11-02');
  });

  test('home_amount_after: the amount is foreign, and what it cost stands in the text', () => {
    const item = { ...amounts('-12.30', 'USD'), additionalInformation: 'CARD billingAmount: 11,05 EUR' };
    const entry = read(item, { home_amount_after: 'billingAmount:' });
    assert.deepEqual(
      [entry.amount, entry.currency, entry.original],
      ['-11.05', 'EUR', { amount: '-12.30', currency: 'USD' }],
    );
    assert.equal(
      read({ ...item, additionalInformation: 'CARD' }, { home_amount_after: 'billingAmount:' }).currency,
      'USD',
    );
  });

  test('balance_types: ignored ones are none', () => {
    const list = [
      { balanceType: 'interimAvailable', balanceAmount: { amount: '5000', currency: 'EUR' } },
      { balanceType: 'expected', balanceAmount: { amount: '10', currency: 'EUR' } },
    ];
    const facts = schema.parse({ balance_types: { interimAvailable: 'ignored', expected: 'booked' } });
    assert.deepEqual(
      normaliseBalances(list, facts, 'EUR').map(({ type, amount }) => [type, amount]),
      [['booked', '10']],
    );
  });
});

describe('accounts that are not one account each', () => {
  const IBAN = 'DE02120300000000202051';
  const list = async (script: Record<string, Scripted>, facts: Json) => {
    const grant = { secret: { consentId: 'c1', model: 'global' } };
    const bank = scriptedBank(berlinGroup, script, { facts });
    const read = await berlinGroup.accounts(bank.context, { grant });
    assert.ok(read.kind === 'done');
    return { bank, grant, accounts: read.result };
  };
  const accountsOf = (accounts: object[]) => ({ 'GET /v1/accounts': { json: { accounts } } });

  test('a head of several currencies is left out where its sub-accounts are in the list, and read where it is alone', async () => {
    const head = { resourceId: 'h', iban: IBAN, currency: 'XXX' };
    const both = await list(accountsOf([head, { resourceId: 'e', iban: IBAN, currency: 'EUR' }]), {});
    assert.deepEqual(
      both.accounts.map(({ reference }) => reference),
      ['e'],
    );
    const alone = await list(accountsOf([head]), {});
    assert.deepEqual(
      alone.accounts.map(({ currency }) => currency),
      ['XXX'],
    );
  });

  test('an account whose currency only its balances say', async () => {
    const balances = [{ balanceType: 'expected', balanceAmount: { amount: '1', currency: 'SEK' } }];
    const { accounts } = await list(accountsOf([{ resourceId: 'a', iban: IBAN, currency: 'XXX', balances }]), {});
    assert.equal(accounts[0]?.currency, 'SEK');
  });

  const CARD = { resourceId: '7', maskedPan: '525412******3241', currency: 'EUR' };

  test('card accounts are read where they are, once, and their data from there', async () => {
    const script = {
      ...accountsOf([{ resourceId: '7', iban: IBAN, currency: 'EUR' }]),
      'GET /v1/card-accounts': { json: { cardAccounts: [CARD] } },
      'GET /v1/card-accounts/7/balances': {
        json: { balances: [{ balanceType: 'interimBooked', balanceAmount: { amount: '-9.50', currency: 'EUR' } }] },
      },
      'GET /v1/card-accounts/7/transactions': {
        json: {
          cardTransactions: {
            booked: [
              {
                cardTransactionId: 'ct1',
                transactionDate: '2026-11-02',
                transactionAmount: { amount: '-9.50', currency: 'EUR' },
                originalAmount: { amount: '-10', currency: 'USD' },
                cardAcceptorId: 'Shop',
                transactionDetails: 'Museum shop',
              },
            ],
          },
        },
      },
    };
    const { bank, grant, accounts } = await list(script, { card_accounts: 'too' });
    assert.deepEqual(
      accounts.map(({ type }) => type),
      ['checking', 'credit_card'],
    );
    const account = accounts[1] as Account;
    assert.notEqual(account.reference, accounts[0]?.reference, 'the same handle, two accounts');
    const balances = await berlinGroup.balances(bank.context, { grant, account });
    assert.equal(balances.kind === 'done' && balances.result[0]?.amount, '-9.50');
    const page = await berlinGroup.transactions(bank.context, { grant, account, since: '2026-10-01' });
    assert.ok(page.kind === 'done');
    const [entry] = page.result.booked;
    assert.deepEqual(
      [entry?.bookedOn, entry?.counterparty?.name, entry?.original?.currency, entry?.bankId],
      ['2026-11-02', 'Museum shop', 'USD', 'ct1'],
    );
  });

  test('a person without cards has only accounts; where there are only cards, accounts are not asked for', async () => {
    const none = { 'GET /v1/card-accounts': { status: 404, json: {} } };
    const without = await list(
      { ...accountsOf([{ resourceId: 'a', iban: IBAN, currency: 'EUR' }]), ...none },
      { card_accounts: 'too' },
    );
    assert.equal(without.accounts.length, 1);
    const only = await list({ 'GET /v1/card-accounts': { json: { cardAccounts: [CARD] } } }, { card_accounts: 'only' });
    assert.deepEqual(
      only.bank.sent.map(({ path }) => path),
      ['/v1/card-accounts'],
    );
    const away = list(
      { ...accountsOf([]), 'GET /v1/card-accounts': { status: 503, json: {} } },
      { card_accounts: 'too' },
    );
    await assert.rejects(away, { kind: 'unavailable' });
  });
});
