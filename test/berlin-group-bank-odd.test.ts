import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ODDITIES } from '../src/sandbox/world/oddities.ts';
import type { Answer } from './caller.ts';
import { type PretendBank, pretendBank } from './pretend-bank.ts';

type Look = (bank: {
  asks: PretendBank['asks'];
  is: PretendBank['is'];
  read(path: string, query?: string): Promise<Answer>;
  follows: PretendBank['follows'];
}) => Promise<void>;

const REPORT = 'bookingStatus=both&dateFrom=2026-09-01&itemsPerPage=10';

/** What each oddity does to the answers, seen by a plain client. */
const LOOKS: Record<keyof typeof ODDITIES, Look> = {
  async loose_types({ asks, is, follows, read }) {
    const { body } = await read('/transactions', REPORT);
    assert.equal(typeof body.transactions.booked[0].transactionAmount.amount, 'number');
    assert.match(body.transactions.booked[0].bookingDate, /T00:00/);
    await is({ approach: 'embedded', loose_types: true });
    const created = await asks({ 'psu-id': 'kuno' });
    assert.ok(Array.isArray(created.body._links));
    created.body._links = created.body._links[0];
    const { challengeData } = (
      await follows(created, 'updatePsuAuthentication', 'PUT', { psuData: { password: 'kobold-1' } })
    ).body;
    assert.deepEqual([challengeData.optMaxLength, challengeData.optFormat], ['6', 'Integer']);
  },
  async relative_links({ asks }) {
    assert.match((await asks()).body._links.self.href, /^v1\/consents\//);
  },
  async doubled_scheme_links({ asks }) {
    assert.match((await asks()).body._links.self.href, /^https:\/\/https:\/\//);
  },
  async plain_string_links({ asks }) {
    assert.equal(typeof (await asks()).body._links.self, 'string');
  },
  async joined_next_link({ read }) {
    const { href } = (await read('/transactions', REPORT)).body.transactions._links.next;
    assert.match(href, /bookingStatus=bothdateFrom=/);
  },
  async unknown_links({ asks }) {
    assert.ok((await asks()).body._links['x-bank-help']);
  },
  async no_links({ read }) {
    const { accounts } = (await read('/v1/accounts')).body;
    assert.ok(accounts.length > 0 && accounts.every((account: object) => !('_links' in account)));
  },
  async odd_statuses({ read, asks, is, follows }) {
    assert.equal((await read('/v1/accounts')).status, 202);
    await is({ approach: 'embedded', odd_statuses: true });
    const created = await asks({ 'psu-id': 'kuno' });
    const put = await follows(created, 'updatePsuAuthentication', 'PUT', { psuData: { password: 'kobold-1' } });
    assert.equal(put.status, 201);
  },
  // Played from beginning to end beside the other approaches.
  approach_changes: async () => {},
  approach_redirects: async () => {},
  async structured_object({ read }) {
    const [first] = (await read('/transactions', REPORT)).body.transactions.booked;
    assert.deepEqual(Object.keys(first.remittanceInformationStructured), [
      'reference',
      'referenceType',
      'referenceIssuer',
    ]);
  },
  async structured_string({ read }) {
    const [first] = (await read('/transactions', REPORT)).body.transactions.booked;
    assert.equal(typeof first.remittanceInformationStructured, 'string');
  },
  async ids_changing({ read }) {
    const id = async () => (await read('/transactions', REPORT)).body.transactions.booked[0].transactionId;
    assert.notEqual(await id(), await id());
  },
  async ids_missing({ read }) {
    const { booked } = (await read('/transactions', REPORT)).body.transactions;
    assert.ok(booked.every((one: object) => !('transactionId' in one) && !('entryReference' in one)));
  },
  async ids_reused({ read }) {
    const { booked } = (await read('/transactions', REPORT)).body.transactions;
    assert.equal(booked[0].transactionId, booked[1].transactionId);
    assert.notEqual(booked[1].transactionId, booked[2].transactionId);
    assert.notDeepEqual({ ...booked[0], _links: 0 }, { ...booked[1], _links: 0 });
  },
  async ids_constant({ read }) {
    const { booked } = (await read('/transactions', REPORT)).body.transactions;
    assert.ok(booked.every((one: { transactionId: string }) => one.transactionId === 'NOTPROVIDED'));
  },
  async pending_without_date({ read }) {
    const { pending } = (await read('/transactions', REPORT)).body.transactions;
    assert.ok(pending.length > 0 && pending.every((one: object) => !('valueDate' in one) && !('bookingDate' in one)));
  },
  async pending_in_future({ read }) {
    const { pending, booked } = (await read('/transactions', REPORT)).body.transactions;
    assert.ok(pending.every((one: { valueDate: string }) => one.valueDate > booked[0].bookingDate));
  },
  // Looked at where there are cards, with the reports.
  masked_pan_as_iban: async () => {},
  async balance_information({ read }) {
    const { balances } = (await read('/balances')).body;
    assert.ok(balances.every((one: { balanceType: string }) => one.balanceType === 'information'));
  },
  async only_expected({ read }) {
    const { balances } = (await read('/balances')).body;
    assert.deepEqual(
      balances.map((one: { balanceType: string }) => one.balanceType),
      ['expected'],
    );
  },
  async balance_meanings({ read, is }) {
    const odd = (await read('/balances')).body.balances;
    await is({});
    const [booked] = (await read('/balances')).body.balances;
    assert.deepEqual([odd[0].balanceType, odd[0].balanceAmount], ['expected', booked.balanceAmount]);
    assert.deepEqual([odd[1].balanceType, odd[1].balanceAmount.amount], ['interimAvailable', '1000.00']);
  },
  async currency_xxx({ read }) {
    assert.equal((await read('/v1/accounts')).body.accounts[0].currency, 'XXX');
    const { account, balances } = (await read('/balances')).body;
    assert.deepEqual([account.currency, balances[0].balanceAmount.currency], ['XXX', 'EUR']);
  },
  async three_decimals({ read }) {
    assert.match((await read('/balances')).body.balances[0].balanceAmount.amount, /\.\d{3}$/);
  },
  async decimal_comma({ read }) {
    assert.match((await read('/balances')).body.balances[0].balanceAmount.amount, /^-?\d+,\d\d$/);
  },
  async pages_overlap({ read }) {
    const page = async (index: number) =>
      (await read('/transactions', `${REPORT}&pageIndex=${index}`)).body.transactions.booked;
    const [first, second] = [await page(0), await page(1)];
    assert.deepEqual(second[0], first.at(-1));
    assert.notDeepEqual(second[1], first.at(-1));
  },
  async next_foreign_host({ read }) {
    const { next } = (await read('/transactions', REPORT)).body.transactions._links;
    assert.equal(new URL(next.href).host, 'elsewhere.invalid');
  },
  async next_loop({ read }) {
    const { next } = (await read('/transactions', `${REPORT}&pageIndex=1`)).body.transactions._links;
    assert.match(next.href, /pageIndex=0/);
  },
  async links_list({ asks }) {
    assert.ok((await asks()).body._links[0].self.href);
  },
  async detail_unwrapped({ read }) {
    const [first] = (await read('/transactions', REPORT)).body.transactions.booked;
    assert.equal((await read(first._links.transactionDetails.href)).body.transactionId, first.transactionId);
  },
  async no_sub_resources({ read, asks, follows }) {
    assert.equal((await read('/balances')).status, 404);
    assert.equal((await follows(await asks(), 'scaStatus', 'GET')).status, 405);
  },
  async push_dec({ is, asks, follows }) {
    await is({ approach: 'embedded', approach_changes: true, push_dec: true });
    const put = await follows(await asks({ 'psu-id': 'kuno' }), 'updatePsuAuthentication', 'PUT', {
      psuData: { password: 'kobold-1' },
    });
    assert.equal(put.headers['aspsp-sca-approach'], 'DECOUPLED');
    assert.ok(!put.text.includes('PUSH_OTP'));
  },
  async unknown_method_type({ is, asks, follows }) {
    await is({ approach: 'embedded', unknown_method_type: true });
    const put = await follows(await asks({ 'psu-id': 'kuno' }), 'updatePsuAuthentication', 'PUT', {
      psuData: { password: 'kobold-1' },
    });
    assert.match(put.body.chosenScaMethod.authenticationType, /^X_.*_NEW$/);
  },
  async gzip({ read }) {
    const { headers, body } = await read('/v1/accounts');
    assert.deepEqual([headers['content-encoding'], body], ['gzip', undefined]);
  },
  async chunked({ read }) {
    const { headers, body } = await read('/transactions', REPORT);
    assert.equal(headers['transfer-encoding'], 'chunked');
    assert.ok(headers['content-length'] === undefined && body.transactions.booked.length > 0);
  },
  async location_json({ asks }) {
    assert.ok(JSON.parse((await asks()).headers.location!).href);
  },
  async charset_refused({ asks }) {
    assert.equal((await asks({ 'content-type': 'application/json; charset=utf-8' })).status, 415);
  },
  async problem_json({ read }) {
    const refused = await read('/transactions', 'bookingStatus=none');
    assert.deepEqual(
      [refused.headers['content-type'], refused.body.code],
      ['application/problem+json', 'FORMAT_ERROR'],
    );
  },
  async polls_limited({ asks, follows }) {
    const created = await asks();
    await follows(created, 'scaStatus', 'GET');
    assert.equal((await follows(created, 'scaStatus', 'GET')).status, 429);
  },
};

describe('a pretend bank that does what no standard says', () => {
  let bank: PretendBank;
  let consentId: string;
  let account: string;
  before(async () => {
    bank = await pretendBank('de-kobold', ['kuno', 'kobold-1']);
    consentId = await bank.approved();
    account = `/v1/accounts/${(await bank.reads(consentId, '/v1/accounts')).body.accounts[0].resourceId}`;
    const pending = { amount: '-7.10', name: 'Kornblume Markt', text: 'Kartenzahlung', pending: true };
    await bank.trial.sandbox.control(`/banks/de-kobold/accounts/${KUNOS}/transactions`, pending);
  });
  after(() => bank?.trial.close());

  for (const [name, look] of Object.entries(LOOKS)) {
    test(`${name}: ${ODDITIES[name as keyof typeof ODDITIES]}`, async () => {
      await bank.is({ [name]: true });
      await look({
        ...bank,
        read: (path, query = '') =>
          bank.reads(consentId, /^(https?:|\/v1)/.test(path) ? path : `${account}${path}?${query}`),
      });
    });
  }

  test('and as the official file has it once it is as usual again', async () => {
    await bank.is({});
    bank.trial.exchanges.length = 0;
    await bank.asks();
    for (const path of ['/v1/accounts', `${account}/balances`, `${account}/transactions?${REPORT}`]) {
      assert.equal((await bank.reads(consentId, path)).status, 200);
    }
    bank.keptToTheFile();
  });
});

const KUNOS = 'DE32999808000000009001';
