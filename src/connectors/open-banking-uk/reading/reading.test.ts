import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Scripted, type UkBank, ukBank } from '../../../../test/uk-script.ts';
import type { Account } from '../../../banking/account.ts';
import type { Grant } from '../../../banking/connector.ts';
import { openBankingUk } from '../index.ts';

const AT = Date.parse('2026-11-20T10:00:00Z');
const ACCOUNT: Account = {
  reference: '22289',
  type: 'checking',
  usage: 'personal',
  currency: 'GBP',
  identification: {},
  status: 'enabled',
};

function grantOf(bank: UkBank, more: { expiresAt?: number; refreshToken?: string; party?: boolean } = {}): Grant {
  const { party = false, ...tokens } = more;
  const grant: Grant = { secret: { consentId: 'consent-1', party, tokens: { accessToken: 'a1', ...tokens } } };
  bank.hold(grant);
  return grant;
}

/** An answer with the frame that every resource has. */
function framed(bank: '3.1' | '4.0', data: object, next?: string): Scripted {
  const base = `https://bank.example/open-banking/v${bank}/aisp`;
  return { json: { Data: data, Links: { Self: `${base}/x`, ...(next && { Next: `${base}${next}` }) }, Meta: {} } };
}

async function done<Result>(turn: Promise<{ kind: string; result?: Result }>): Promise<Result> {
  const { kind, result } = await turn;
  assert.equal(kind, 'done');
  return result as Result;
}

const money = (amount: string) => ({ Amount: amount, Currency: 'GBP' });

for (const version of ['3.1', '4.0'] as const) {
  const v3 = version === '3.1';
  describe(`reading at a bank of version ${version}`, () => {
    test('accounts: current, savings with a roll number, card, mortgage; the holder from the account or the party', async () => {
      const bank = ukBank(version);
      const account = (id: string, type: string, code: string, schemes: object[]) => ({
        AccountId: id,
        Status: 'Enabled',
        Currency: 'GBP',
        ...(v3
          ? { AccountType: 'Personal', AccountSubType: type }
          : { AccountCategory: 'Personal', AccountTypeCode: code }),
        Nickname: `my ${id}`,
        Account: schemes,
      });
      const sorted = {
        SchemeName: 'UK.OBIE.SortCodeAccountNumber',
        Identification: '08080021325698',
        Name: 'A Person',
      };
      bank.answers(
        'GET /accounts',
        framed(version, {
          Account: [
            account('1', 'CurrentAccount', 'CACC', [
              sorted,
              { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB33BUKB20201555555555' },
            ]),
            account('2', 'Savings', 'SVGS', [{ ...sorted, Name: 'A Person', SecondaryIdentification: '87562298675' }]),
            account('3', 'CreditCard', 'CARD', [{ SchemeName: 'UK.OBIE.PAN', Identification: 'xxxxxxxxxxxx1234' }]),
            account('4', 'Mortgage', 'MORT', [{ SchemeName: 'UK.OBIE.PAN', Identification: '5555555555551234' }]),
          ],
        }),
      );
      const party = { Party: { PartyId: 'P1', Name: 'Mx B Person' } };
      bank.answers('GET /accounts/3/party', framed(version, party));
      bank.answers('GET /accounts/4/party', { status: 404, unjudged: true });
      const accounts = await done(openBankingUk.accounts(bank.context, { grant: grantOf(bank, { party: true }) }));
      assert.deepEqual(
        accounts.map(({ type, usage, identification, holderName }) => ({ type, usage, identification, holderName })),
        [
          {
            type: 'checking',
            usage: 'personal',
            identification: { iban: 'GB33BUKB20201555555555', sortCode: '080800', accountNumber: '21325698' },
            holderName: 'A Person',
          },
          {
            type: 'savings',
            usage: 'personal',
            identification: { sortCode: '080800', accountNumber: '21325698', rollNumber: '87562298675' },
            holderName: 'A Person',
          },
          {
            type: 'credit_card',
            usage: 'personal',
            identification: { maskedPan: 'xxxxxxxxxxxx1234' },
            holderName: 'Mx B Person',
          },
          {
            type: 'loan',
            usage: 'personal',
            identification: { maskedPan: '555555******1234' },
            holderName: undefined,
          },
        ],
      );
    });

    test('balances: signed by their indicator, one of each kind, without the credit line where there is a choice', async () => {
      const bank = ukBank(version);
      const balance = (type: string, amount: string, indicator: string, more = {}) => ({
        AccountId: '22289',
        CreditDebitIndicator: indicator,
        Type: type,
        DateTime: '2026-11-20T08:00:00+00:00',
        Amount: money(amount),
        ...more,
      });
      const [booked, available, expected] = v3
        ? ['InterimBooked', 'InterimAvailable', 'Expected']
        : ['ITBD', 'ITAV', 'XPCD'];
      bank.answers(
        'GET /accounts/22289/balances',
        framed(version, {
          Balance: [
            balance(available!, '630.00', 'Credit', {
              CreditLine: [{ Included: true, Type: 'Pre-Agreed', Amount: money('500.00') }],
            }),
            balance(available!, '130.00', 'Credit'),
            balance(booked!, '12.30', 'Debit'),
            balance(expected!, '0.00', 'Credit'),
          ],
        }),
      );
      const balances = await done(openBankingUk.balances(bank.context, { grant: grantOf(bank), account: ACCOUNT }));
      assert.deepEqual(
        balances.map(({ type, amount, bankType }) => [type, amount, bankType]),
        [
          ['booked', '-12.30', booked],
          ['available', '130.00', available],
          ['expected', '0.00', expected],
        ],
      );
    });

    test('transactions: by status, signed, with counterparty, code and balance; pages by the bank’s links', async () => {
      const bank = ukBank(version);
      const entry = (id: string, status: string, more = {}) => ({
        AccountId: '22289',
        TransactionId: id,
        CreditDebitIndicator: 'Debit',
        Status: status,
        BookingDateTime: '2026-11-19T23:30:00-05:00',
        Amount: money('10.00'),
        TransactionInformation: 'Tea and cake',
        ...more,
      });
      const [booked, pending, refused] = v3 ? ['Booked', 'Pending', 'Rejected'] : ['BOOK', 'PDNG', 'FUTR'];
      const next = '/accounts/22289/transactions?fromBookingDateTime=2026-10-01T00:00:00&page=2';
      const creditor = { SchemeName: 'UK.OBIE.SortCodeAccountNumber', Identification: '08080021325677', Name: 'Shop' };
      bank.answers(
        'GET /accounts/22289/transactions?fromBookingDateTime=2026-10-01T00%3A00%3A00',
        framed(
          version,
          {
            Transaction: [
              entry('t1', booked!, {
                CreditorAccount: creditor,
                Balance: {
                  CreditDebitIndicator: 'Credit',
                  Type: v3 ? 'InterimBooked' : 'ITBD',
                  Amount: money('20.00'),
                },
                ProprietaryBankTransactionCode: { Code: 'POS' },
                MerchantDetails: { MerchantName: 'Shop Ltd', MerchantCategoryCode: '5814' },
              }),
              entry('t2', pending!),
              entry('t3', refused!),
            ],
          },
          next,
        ),
      );
      bank.answers(`GET ${next}`, framed(version, {}));
      const request = { grant: grantOf(bank), account: ACCOUNT, since: '2026-10-01' };
      const page = await done(openBankingUk.transactions(bank.context, request));
      assert.deepEqual(page.booked, [
        {
          status: 'booked',
          amount: '-10.00',
          currency: 'GBP',
          bookedOn: '2026-11-19',
          description: 'Tea and cake',
          counterparty: { name: 'Shop', sortCode: '080800', accountNumber: '21325677' },
          bankCode: 'POS',
          merchantCategoryCode: '5814',
          balanceAfter: '20.00',
          bankId: 't1',
        },
      ]);
      assert.deepEqual([page.pending.length, page.rejected], [1, []]);
      const last = await done(openBankingUk.transactions(bank.context, { ...request, cursor: page.next! }));
      assert.deepEqual([last.booked, last.next], [[], undefined]);
    });

    test('history that needs the person is asked for from 90 days on', async () => {
      const bank = ukBank(version);
      const again = { ErrorCode: v3 ? 'UK.OBIE.Reauthenticate' : 'U028', Message: 'm' };
      const no = { status: 403, json: { Code: '403', Message: 'm', Errors: [again] } };
      bank.answers('GET /accounts/22289/transactions', no, framed(version, { Transaction: [] }));
      const request = { grant: grantOf(bank), account: ACCOUNT, since: '2024-01-01' };
      await done(openBankingUk.transactions(bank.context, request));
      assert.match(bank.sent.at(-1)!.path, /2026-08-23T00/);
      bank.answers('GET /accounts/22289/transactions', no);
      await assert.rejects(openBankingUk.transactions(bank.context, { ...request, since: '2026-11-01' }), {
        kind: 'consent_gone',
      });
    });

    test('a 403 is what the consent itself says', async () => {
      const bank = ukBank(version);
      const no = {
        status: 403,
        json: {
          Code: '403',
          Message: 'm',
          Errors: [{ ErrorCode: v3 ? 'UK.OBIE.Field.Invalid' : 'U002', Message: 'm' }],
        },
      };
      bank.answers('GET /accounts/22289/balances', no);
      const request = { grant: grantOf(bank), account: ACCOUNT };
      await assert.rejects(openBankingUk.balances(bank.context, request), { kind: 'unsupported' });
      bank.answers('GET /account-access-consents/consent-1', {
        status: 400,
        json: { Code: '400', Message: 'm', Errors: no.json.Errors },
      });
      await assert.rejects(openBankingUk.balances(bank.context, request), { kind: 'consent_gone' });
    });
  });
}

describe('the right to read', () => {
  test('a token near its end is renewed first, and what the bank rotated is kept', async () => {
    const bank = ukBank('3.1');
    bank.answers('GET /accounts', framed('3.1', { Account: [] }));
    const grant = grantOf(bank, { expiresAt: AT + 10_000, refreshToken: 'r1' });
    await done(openBankingUk.accounts(bank.context, { grant }));
    assert.deepEqual(
      bank.fapi.forms.map((form) => form.get('refresh_token')),
      ['r1'],
    );
    assert.notEqual(bank.sent[0]?.headers.authorization, 'Bearer a1');
    // The next call finds what was stored, though it still holds the old grant.
    await done(openBankingUk.accounts(bank.context, { grant }));
    assert.equal(bank.fapi.forms.length, 1);
  });

  test('a refused token is renewed once; a refresh token that is dead ends the consent', async () => {
    const bank = ukBank('4.0');
    bank.answers('GET /accounts', { status: 401 }, framed('4.0', { Account: [] }));
    await done(openBankingUk.accounts(bank.context, { grant: grantOf(bank, { refreshToken: 'r1' }) }));
    bank.answers('GET /accounts', { status: 401 });
    bank.fapi.next.error = { status: 400, error: 'invalid_grant' };
    const grant = grantOf(bank, { refreshToken: 'r1' });
    await assert.rejects(openBankingUk.accounts(bank.context, { grant }), { kind: 'consent_gone' });
  });

  test('where nobody is, nobody’s address is sent', async () => {
    const bank = ukBank('3.1', { person: false });
    bank.answers('GET /accounts', framed('3.1', { Account: [] }));
    await done(openBankingUk.accounts(bank.context, { grant: grantOf(bank) }));
    const names = Object.keys(bank.sent[0]!.headers);
    assert.ok(!names.includes('x-fapi-customer-ip-address') && !names.includes('x-customer-user-agent'));
  });

  test('a bank that is away or busy ends nothing', async () => {
    const bank = ukBank('3.1');
    const grant = grantOf(bank);
    bank.answers('GET /accounts', { status: 503, unjudged: true });
    await assert.rejects(openBankingUk.accounts(bank.context, { grant }), { kind: 'unavailable' });
    bank.answers('GET /accounts', { status: 429, headers: { 'retry-after': '90' } });
    await assert.rejects(openBankingUk.accounts(bank.context, { grant }), (error: { kind: string; facts: object }) => {
      assert.equal(error.kind, 'rate_limited');
      assert.equal((error.facts as { retryAfterMs: number }).retryAfterMs, 90_000);
      return true;
    });
  });

  test('next links with a wrong host are read by their query where the facts say so', async () => {
    const bank = ukBank('3.1', { facts: { next_links: 'query' } });
    const json = {
      Data: {},
      Links: { Self: 'https://x.example/', Next: 'https://brand.example/accounts?page=2' },
      Meta: {},
    };
    bank.answers('GET /accounts/22289/transactions', { json });
    const request = { grant: grantOf(bank), account: ACCOUNT, since: '2026-11-01' };
    const page = await done(openBankingUk.transactions(bank.context, request));
    assert.equal(page.next, 'https://bank.example/open-banking/v3.1/aisp/accounts/22289/transactions?page=2');
  });

  test('an entry that cannot be read costs nobody else, and answers that are none are unexpected', async () => {
    const bank = ukBank('3.1');
    const entry = { AccountId: '22289', Status: 'Booked', BookingDateTime: 'yesterday', Amount: money('1.00') };
    const Transaction = [entry, { ...entry, CreditDebitIndicator: 'Credit' }, 7, null];
    bank.answers('GET /accounts/22289/transactions', { json: { Data: { Transaction } }, unjudged: true });
    const request = { grant: grantOf(bank), account: ACCOUNT, since: '2026-11-01' };
    const page = await done(openBankingUk.transactions(bank.context, request));
    assert.deepEqual([page.booked.length, page.rejected.length], [1, 4]);
    bank.answers('GET /accounts/22289/transactions', { json: [], unjudged: true });
    await assert.rejects(openBankingUk.transactions(bank.context, request), { kind: 'unexpected' });
  });
});
