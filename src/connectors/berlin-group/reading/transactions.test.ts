import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Scripted, scriptedBank } from '../../../../test/scripted-bank.ts';
import type { Account, Page } from '../../../banking/account.ts';
import type { BankContext } from '../../../banking/connector.ts';
import type { Json } from '../../../banking/step.ts';
import { berlinGroup } from '../index.ts';

const grant = { secret: { consentId: 'c1', model: 'global' } };
const account: Account = {
  reference: 'r 1',
  type: 'checking',
  usage: 'personal',
  currency: 'EUR',
  identification: { iban: 'DE89370400440532013000' },
  status: 'enabled',
};
const PATH = '/v1/accounts/r%201/transactions';
const entry = (amount: string) => ({ transactionAmount: { amount, currency: 'EUR' }, bookingDate: '2026-11-01' });
const refused = (code: string, status = 400): Scripted => ({
  status,
  json: { tppMessages: [{ category: 'ERROR', code }] },
});

function bankWith(script: Record<string, Scripted | Scripted[]>, facts?: Json) {
  return scriptedBank(berlinGroup, script, { facts, person: false });
}

async function readAll(context: BankContext, since = '2026-10-01'): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const turn = await berlinGroup.transactions(context, { grant, account, since, ...(cursor && { cursor }) });
    assert.ok(turn.kind === 'done');
    pages.push(turn.result);
    cursor = turn.result.next;
  } while (cursor !== undefined && pages.length < 20);
  return pages;
}

const amounts = (pages: Page[]) =>
  pages.map(({ booked, pending }) => [booked, pending].map((list) => list.map((one) => one.amount)));

describe('reading transactions at a Berlin Group bank', () => {
  test('pages are followed by the bank’s links, with the same headers and as unattended as they are', async () => {
    const bank = bankWith({
      [`GET ${PATH}?bookingStatus=both&dateFrom=2026-10-01`]: {
        json: {
          transactions: {
            booked: [entry('-1')],
            pending: [entry('-2')],
            _links: {
              account: { href: '/v1/accounts/r%201' },
              next: { href: `${PATH}?bookingStatus=both&pageIndex=1` },
            },
          },
        },
      },
      [`GET ${PATH}?bookingStatus=both&pageIndex=1`]: { json: { transactions: { booked: [entry('3')], _links: {} } } },
    });
    assert.deepEqual(amounts(await readAll(bank.context)), [
      [['-1'], ['-2']],
      [['3'], []],
    ]);
    assert.deepEqual(
      bank.sent.map(({ headers }) => headers['consent-id']),
      ['c1', 'c1'],
    );
    assert.equal(
      bank.sent.some(({ headers }) => 'psu-ip-address' in headers),
      false,
    );
  });

  test('the bank’s page is handed on byte for byte', async () => {
    const text = '{ "transactions" : {"booked":[],"_links":{}} }\n';
    const bank = bankWith({ [`GET ${PATH}`]: { text } });
    const [page] = await readAll(bank.context);
    assert.equal(Buffer.from(page?.raw ?? []).toString(), text);
  });

  for (const facts of [{}, { booking_status: 'separate' }] as { [key: string]: Json }[]) {
    test(`booked first and pending after, ${'booking_status' in facts ? 'known' : 'found out'}`, async () => {
      const bank = bankWith(
        {
          [`GET ${PATH}?bookingStatus=both&dateFrom=2026-10-01`]: refused('PARAMETER_NOT_SUPPORTED'),
          [`GET ${PATH}?bookingStatus=booked&dateFrom=2026-10-01`]: {
            json: {
              transactions: { booked: [entry('-1')], _links: { next: { href: '?bookingStatus=booked&pageIndex=1' } } },
            },
          },
          [`GET ${PATH}?bookingStatus=booked&pageIndex=1`]: {
            json: { transactions: { booked: [entry('-2')], _links: {} } },
          },
          [`GET ${PATH}?bookingStatus=pending&dateFrom=2026-10-01`]: {
            json: { transactions: { pending: [entry('-3')] } },
          },
        },
        facts,
      );
      assert.deepEqual(amounts(await readAll(bank.context)), [
        [['-1'], []],
        [['-2'], []],
        [[], ['-3']],
      ]);
    });
  }

  test('a bank without pending entries has none', async () => {
    const bank = bankWith({
      [`GET ${PATH}?bookingStatus=both&dateFrom=2026-10-01`]: refused('PARAMETER_NOT_SUPPORTED'),
      [`GET ${PATH}?bookingStatus=booked&dateFrom=2026-10-01`]: { json: { transactions: { booked: [entry('-1')] } } },
      [`GET ${PATH}?bookingStatus=pending&dateFrom=2026-10-01`]: refused('PARAMETER_NOT_SUPPORTED'),
    });
    assert.deepEqual(amounts(await readAll(bank.context)), [
      [['-1'], []],
      [[], []],
    ]);
  });

  for (const [code, status] of [
    ['PERIOD_INVALID', 400],
    ['CONSENT_INVALID', 401],
  ] as const) {
    test(`${code} for an old start: the last 90 days are asked for instead`, async () => {
      const bank = bankWith({
        [`GET ${PATH}?bookingStatus=both&dateFrom=2024-01-01`]: refused(code, status),
        [`GET ${PATH}?bookingStatus=both&dateFrom=2026-08-23`]: { json: { transactions: { booked: [entry('1')] } } },
      });
      assert.deepEqual(amounts(await readAll(bank.context, '2024-01-01')), [[['1'], []]]);
    });
  }

  test('CONSENT_INVALID for the last 90 days means what it says', async () => {
    const bank = bankWith({ [`GET ${PATH}`]: refused('CONSENT_INVALID', 401) });
    await assert.rejects(readAll(bank.context, '2024-01-01'), { kind: 'consent_gone' });
    assert.equal(bank.sent.length, 2);
  });

  test('a next page that is this page is not read for ever', async () => {
    const bank = bankWith({
      [`GET ${PATH}`]: {
        json: {
          transactions: { booked: [entry('1')], _links: { next: { href: '?bookingStatus=both&dateFrom=2026-10-01' } } },
        },
      },
    });
    assert.equal((await readAll(bank.context)).length, 1);
  });

  test('limits, outages and the end of a consent are what they are', async () => {
    for (const [answer, kind] of [
      [{ ...refused('ACCESS_EXCEEDED', 429), headers: { 'retry-after': '60' } }, 'rate_limited'],
      [{ status: 503, text: 'away' }, 'unavailable'],
      [refused('CONSENT_EXPIRED', 401), 'consent_gone'],
      [{ json: { account: {} } }, 'unexpected'],
      [{ text: '' }, 'unexpected'],
    ] as const) {
      const bank = bankWith({ [`GET ${PATH}`]: answer });
      await assert.rejects(readAll(bank.context), { kind });
    }
  });

  test('no content is no entries', async () => {
    const [page] = await readAll(bankWith({ [`GET ${PATH}`]: { status: 204, text: '' } }).context);
    assert.deepEqual([page?.booked, page?.pending, page?.next], [[], [], undefined]);
  });

  test('a cursor that is not ours is refused', async () => {
    const bank = bankWith({});
    for (const cursor of ['', 'x', 'both:/relative', 'all:https://bank.example/']) {
      const reading = berlinGroup.transactions(bank.context, { grant, account, since: '2026-10-01', cursor });
      await assert.rejects(reading, { kind: 'unexpected' });
    }
    assert.equal(bank.sent.length, 0);
  });
});

describe('reading accounts and balances at a Berlin Group bank', () => {
  test('the list the consent covers', async () => {
    const json = { accounts: [{ resourceId: 'r', currency: 'EUR' }, { nothing: 1 }] };
    const turn = await berlinGroup.accounts(bankWith({ 'GET /v1/accounts': { json } }).context, { grant });
    assert.deepEqual(turn.kind === 'done' && turn.result.map(({ reference }) => reference), ['r']);
  });

  test('balances name the account for the budget of calls', async () => {
    const list = [{ balanceType: 'interimBooked', balanceAmount: { amount: '1.00', currency: 'EUR' } }];
    const bank = bankWith({ 'GET /v1/accounts/r%201/balances': { json: { balances: list } } });
    const turn = await berlinGroup.balances(bank.context, { grant, account });
    assert.deepEqual(turn, {
      kind: 'done',
      result: [{ type: 'booked', amount: '1.00', currency: 'EUR', bankType: 'interimBooked' }],
    });
  });

  test('an answer without its list, or with nothing usable in it, is off the standard', async () => {
    for (const json of [{}, { accounts: [{ name: 'x' }] }])
      await assert.rejects(berlinGroup.accounts(bankWith({ 'GET /v1/accounts': { json } }).context, { grant }), {
        kind: 'unexpected',
      });
  });
});
