import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Exchange } from '../src/sandbox/index.ts';
import type { ExchangeJudge } from './berlin-group-file.ts';
import { startTrial, type Trial } from './caller.ts';
import { caller, enrol, type UkAnswer, type UkClient, type UkWay, USUAL_PERMISSIONS, ukClient } from './uk-caller.ts';
import { ukJudge } from './uk-file.ts';

const ALL = [
  ...USUAL_PERMISSIONS,
  'ReadBeneficiariesDetail',
  'ReadDirectDebits',
  'ReadProducts',
  'ReadScheduledPaymentsDetail',
  'ReadStandingOrdersDetail',
];
const BASIC = ['ReadAccountsBasic', 'ReadTransactionsBasic', 'ReadTransactionsDebits', 'ReadBeneficiariesBasic'];
const OF_ACCOUNT = [
  'balances',
  'transactions',
  'party',
  'parties',
  'product',
  'beneficiaries',
  'direct-debits',
  'standing-orders',
  'scheduled-payments',
];
const OF_ALL = ['balances', 'transactions', 'party', 'products', 'beneficiaries', 'direct-debits', 'standing-orders'];

type Case = {
  bank: string;
  version: '3.1' | '4.0';
  rich: string;
  way: UkWay;
  code(modern: string, old: string): string;
};
const CASES: Case[] = [
  {
    bank: 'gb-thornfield',
    version: '3.1',
    rich: 'edith',
    way: { response: 'hybrid', auth: 'private_key_jwt', algorithm: 'ES256' },
    code: (_modern, old) => `UK.OBIE.${old}`,
  },
  {
    bank: 'gb-calderwye',
    version: '4.0',
    rich: 'maud',
    way: { response: 'jarm', auth: 'private_key_jwt', algorithm: 'ES256' },
    code: (modern) => modern,
  },
];

/** What of the exchanges with a bank its official file forbids. Requests that were meant to be refused are not judged. */
function wrongAt(bank: string, judge: ExchangeJudge, exchanges: readonly Exchange[]): string[] {
  const good = { authorization: 'Bearer x', 'content-type': 'application/json' };
  const body = { Data: { Permissions: ['ReadAccountsBasic'] }, Risk: {} };
  return exchanges
    .filter((one) => one.bank === bank && !one.misbehaviour && ![404, 405].includes(one.status))
    .flatMap((one) => {
      const refused = one.status >= 400;
      const query = new URLSearchParams(one.query).toString();
      const request = {
        method: one.method,
        path: query && !refused ? `${one.path}?${query}` : one.path,
        headers: refused ? good : one.requestHeaders,
        body: refused ? body : one.requestBody,
      };
      const reply = { status: one.status, headers: one.responseHeaders, body: one.responseBody };
      const type = one.responseHeaders['content-type'] ?? '';
      const odd = [
        ...(one.responseBody !== undefined && type !== 'application/json; charset=utf-8'
          ? [`content type ${type}`]
          : []),
        ...(one.responseHeaders['x-fapi-interaction-id'] ? [] : ['no x-fapi-interaction-id']),
      ];
      return [...odd.map((line) => `${one.path}: ${line}`), ...judge(request, reply)];
    });
}

for (const { bank, version, rich, way, code } of CASES) {
  describe(`what ${bank} says, in version ${version}`, () => {
    let trial: Trial;
    let client: UkClient;
    let base: string;
    let token: string;
    let accounts: Record<string, { SchemeName: string; Identification: string; SecondaryIdentification?: string }[]>;
    let ids: string[];
    before(async () => {
      trial = await startTrial();
      client = await ukClient(trial.sandbox, bank, way);
      base = trial.sandbox.banks.find(({ slug }) => slug === bank)!.openBanking!.url;
      token = (await client.approved(rich, ALL)).accessToken;
      const listed = (await client.call('GET', `${base}/accounts`, { token })).body.Data.Account;
      ids = listed.map(({ AccountId }: { AccountId: string }) => AccountId);
      accounts = Object.fromEntries(
        listed.map((one: { Nickname: string; Account: [] }) => [one.Nickname.replace(/ \d+$/, ''), one.Account]),
      );
    });
    after(async () => {
      await client?.close();
      const judge = ukJudge(version);
      const wrong = judge && trial ? wrongAt(bank, judge, trial.exchanges) : [];
      await trial?.close();
      assert.deepEqual([...new Set(wrong)], []);
    });
    const read = (path: string, more: Parameters<UkClient['call']>[2] = {}): Promise<UkAnswer> =>
      client.call('GET', `${base}${path}`, { token, ...more });
    const errorOf = ({ status, body }: UkAnswer) => [status, body?.Errors?.[0]?.ErrorCode];

    test('every resource, of one account and of all, as the official file says', async () => {
      for (const id of ids) {
        for (const name of OF_ACCOUNT) {
          const answer = await read(`/accounts/${id}/${name}`);
          assert.equal(answer.status, 200, `${name}: ${answer.text}`);
          assert.ok(answer.body.Links.Self.startsWith(`${base}/accounts/${id}/${name}`));
        }
        assert.equal((await read(`/accounts/${id}`)).body.Data.Account[0].AccountId, id);
      }
      for (const name of OF_ALL) assert.equal((await read(`/${name}`)).status, 200, name);
      const [first] = ids;
      const filled = ['beneficiaries', 'direct-debits', 'standing-orders', 'scheduled-payments'];
      for (const name of filled) {
        const [list] = Object.values((await read(`/accounts/${first}/${name}`)).body.Data) as unknown[][];
        assert.ok(list!.length > 0, `no ${name}`);
      }
    });

    test('accounts are known by sort code and number, IBAN, roll number or masked card number', () => {
      const [sortCode, iban] = accounts['Everyday Account']!;
      assert.deepEqual([sortCode!.SchemeName, iban!.SchemeName], ['UK.OBIE.SortCodeAccountNumber', 'UK.OBIE.IBAN']);
      assert.match(sortCode!.Identification, /^000[89][12]0\d{8}$/);
      assert.ok(iban!.Identification.endsWith(sortCode!.Identification));
      const [{ SchemeName, Identification } = { SchemeName: '', Identification: '' }] = accounts['Rewards Card']!;
      assert.deepEqual([SchemeName, /^\d{6}\*{6}\d{4}$/.test(Identification)], ['UK.OBIE.PAN', true]);
      const roll = accounts['Easy Saver']![0]!.SecondaryIdentification;
      assert.equal(roll, version === '4.0' ? 'CWY/773-0021' : undefined);
      assert.equal('Personal Loan' in accounts, version === '3.1');
    });

    test('pages are followed to the end, and nothing is there twice', async () => {
      const [first] = ids;
      const seen: string[] = [];
      let next: string | undefined = `${base}/accounts/${first}/transactions`;
      let pages = 0;
      for (; next; pages++) {
        const { body }: UkAnswer = await client.call('GET', next, { token });
        seen.push(...body.Data.Transaction.map((one: { TransactionId: string }) => one.TransactionId));
        assert.equal(body.Links.Prev !== undefined, pages > 0);
        if (!body.Links.Next) assert.equal(body.Meta.TotalPages, pages + 1);
        next = body.Links.Next;
      }
      assert.ok(pages > 2, `${pages} pages`);
      assert.equal(new Set(seen).size, seen.length);
    });

    test('days that are asked for are the bank’s own, and a zone is ignored', async () => {
      const [first] = ids;
      const at = `/accounts/${first}/transactions?fromBookingDateTime=2026-06-01T00:00:00&toBookingDateTime=2026-06-30T23:59:59`;
      const plain = await read(at);
      const zoned = await read(at.replaceAll('00:00:00&', '00:00:00%2B09:00&'));
      const days = plain.body.Data.Transaction.map((one: { BookingDateTime: string }) =>
        one.BookingDateTime.slice(0, 7),
      );
      assert.deepEqual([...new Set(days)], ['2026-06']);
      assert.deepEqual(zoned.body.Data, plain.body.Data);
      assert.deepEqual(errorOf(await read(`/accounts/${first}/transactions?fromBookingDateTime=soon`)), [
        400,
        code('U003', 'Field.InvalidDate'),
      ]);
    });

    test('a zero or a credit is Credit, amounts are never signed, and balances fit the entries', async () => {
      const { body } = await read('/balances');
      for (const { Amount, CreditDebitIndicator } of body.Data.Balance) {
        assert.match(Amount.Amount, /^\d+\.\d\d$/);
        assert.ok(['Credit', 'Debit'].includes(CreditDebitIndicator));
      }
      const owed = body.Data.Balance.find((one: { AccountId: string }) => one.AccountId === ids.at(-1));
      assert.equal(owed.CreditDebitIndicator, 'Debit', 'what is owed on a card or loan');
    });

    test('basic shows less, and what was not allowed is not shown', async () => {
      const { accessToken } = await client.approved(rich, BASIC);
      const little = (path: string) => read(path, { token: accessToken });
      const [account] = (await little('/accounts')).body.Data.Account;
      assert.deepEqual([account.Account, account.Servicer], [undefined, undefined]);
      const entries = (await little(`/accounts/${account.AccountId}/transactions`)).body.Data.Transaction;
      for (const entry of entries) {
        assert.equal(entry.CreditDebitIndicator, 'Debit');
        for (const name of ['TransactionInformation', 'MerchantDetails', 'CreditorAccount', 'CreditorAgent'])
          assert.equal(entry[name], undefined);
      }
      const [payee] = (await little(`/accounts/${account.AccountId}/beneficiaries`)).body.Data.Beneficiary;
      assert.equal(payee.CreditorAccount, undefined);
      const forbidden = ['balances', 'party', 'direct-debits', 'standing-orders', 'product', 'scheduled-payments'];
      for (const name of forbidden)
        assert.equal((await little(`/accounts/${account.AccountId}/${name}`)).status, 403, name);
      assert.equal((await little('/party')).status, 403);
    });

    test('older days than 90 want a fresh approval, some minutes after it', async () => {
      const [first] = ids;
      const since = (days: number) => {
        const from = new Date(trial.clock.now().getTime() - days * 86_400_000).toISOString().slice(0, 19);
        return `/accounts/${first}/transactions?fromBookingDateTime=${from}`;
      };
      assert.equal((await read(since(300))).status, 200);
      await trial.clock.advance(6 * 60_000);
      assert.deepEqual(errorOf(await read(since(300))), [403, code('U028', 'Reauthenticate')]);
      assert.equal((await read(since(80))).status, 200);
      const earliest = (await read(`/accounts/${first}/transactions`)).body.Meta.FirstAvailableDateTime;
      assert.ok(Date.parse(earliest) > trial.clock.now().getTime() - 92 * 86_400_000, earliest);
    });

    test('consents that break a rule are refused whole', async () => {
      const own = await client.ownToken();
      const asks = async (data: object, more: object = {}) =>
        errorOf(
          await client.call('POST', `${base}/account-access-consents`, {
            token: own,
            body: { Data: data, Risk: {}, ...more },
          }),
        );
      const P = (...Permissions: string[]) => ({ Permissions });
      const [missing, invalid, date, unexpected] = [
        [400, code('U004', 'Field.Missing')],
        [400, code('U002', 'Field.Invalid')],
        [400, code('U003', 'Field.InvalidDate')],
        [400, code('U005', 'Field.Unexpected')],
      ];
      assert.deepEqual(await asks({}), missing);
      assert.deepEqual(await asks(P()), missing);
      assert.deepEqual(await asks(P('ReadBalances')), invalid);
      assert.deepEqual(await asks(P('ReadAccountsBasic', 'ReadEverything')), invalid);
      assert.deepEqual(await asks(P('ReadAccountsBasic', 'ReadOffers')), invalid);
      assert.deepEqual(await asks(P('ReadAccountsBasic', 'ReadTransactionsBasic')), invalid);
      assert.deepEqual(await asks(P('ReadAccountsBasic', 'ReadTransactionsCredits')), invalid);
      assert.deepEqual(
        await asks({ ...P('ReadAccountsBasic'), ExpirationDateTime: '2020-01-01T00:00:00+00:00' }),
        date,
      );
      assert.deepEqual(await asks({ ...P('ReadAccountsBasic'), ExpirationDateTime: 'some day' }), date);
      const turned = {
        TransactionFromDateTime: '2026-02-01T00:00:00+00:00',
        TransactionToDateTime: '2026-01-01T00:00:00+00:00',
      };
      assert.deepEqual(await asks({ ...P('ReadAccountsBasic'), ...turned }), date);
      assert.deepEqual(await asks({ ...P('ReadAccountsBasic'), Wish: 'more' }), unexpected);
      assert.deepEqual(await asks(P('ReadAccountsBasic'), { Risk: undefined }), missing);
      const whole = await asks(P('ReadAccountsDetail', 'ReadPAN'));
      assert.deepEqual(whole, version === '4.0' ? [201, undefined] : invalid);
    });

    test('statuses of what does not work', async () => {
      const [first] = ids;
      const own = await client.ownToken();
      const notFound = [400, code('U011', 'Resource.NotFound')];
      assert.deepEqual(errorOf(await read('/accounts/of-somebody-else/balances')), notFound);
      assert.deepEqual(errorOf(await read('/account-access-consents/aac-none', { token: own })), notFound);
      assert.equal((await read('/offers')).status, 404);
      assert.equal((await read(`/accounts/${first}/statements`)).status, 404);
      assert.equal((await client.call('DELETE', `${base}/accounts`, { token })).status, 405);
      assert.equal((await read('/accounts', { token: 'made-up' })).status, 401);
      assert.equal((await client.call('GET', `${base}/accounts`)).status, 401);
      assert.equal((await read('/accounts', { token: own })).status, 403);
      assert.equal((await read('/account-access-consents/aac-none')).status, 403);
      assert.equal((await read('/accounts', { headers: { accept: 'application/xml' } })).status, 406);
      const form = { token: own, body: 'a=b', type: 'application/x-www-form-urlencoded' };
      assert.equal((await client.call('POST', `${base}/account-access-consents`, form)).status, 415);
      const broken = await client.call('POST', `${base}/account-access-consents`, { token: own, body: '{' });
      assert.deepEqual(errorOf(broken), [400, code('U010', 'Resource.InvalidFormat')]);
      const badDate = { 'x-fapi-auth-date': '2026-01-01' };
      assert.deepEqual(errorOf(await read('/accounts', { headers: badDate })), [400, code('U006', 'Header.Invalid')]);
    });

    test('a token is good with its own certificate only, and another client sees no consent of ours', async () => {
      const other = await enrol(trial.sandbox, { algorithm: 'ES256' });
      const thief = caller(trial.sandbox, bank, other);
      assert.equal((await thief('GET', `${base}/accounts`, { token })).status, 401);
      const nobody = caller(trial.sandbox, bank, null);
      assert.equal((await nobody('GET', `${base}/accounts`, { token })).status, 401);
      const consentId = await client.consent(BASIC);
      const second = await ukClient(trial.sandbox, bank, way);
      const own = await second.ownToken();
      const seen = await second.call('GET', `${base}/account-access-consents/${consentId}`, { token: own });
      assert.deepEqual(errorOf(seen), [400, code('U011', 'Resource.NotFound')]);
      await second.close();
    });

    test('an interaction keeps its id, and the customer’s address is in the bank’s log', async () => {
      const id = randomUUID();
      const headers = { 'x-fapi-interaction-id': id, 'x-fapi-customer-ip-address': '203.0.113.9' };
      assert.equal((await read('/accounts', { headers })).headers['x-fapi-interaction-id'], id);
      const made = (await read('/accounts')).headers['x-fapi-interaction-id']!;
      assert.match(made, /^[\da-f-]{36}$/);
      const wrong = await read('/accounts', { headers: { 'x-fapi-interaction-id': 'mine' } });
      assert.deepEqual(errorOf(wrong), [400, code('U006', 'Header.Invalid')]);
      const { calls } = (await trial.sandbox.control(`/banks/${bank}/calls`)) as {
        calls: {
          interaction_id?: string;
          customer_ip?: string;
          person_present: boolean;
          client?: string;
          consent_id?: string;
        }[];
      };
      const [attended, unattended] = [id, made].map(
        (one) => calls.find(({ interaction_id }) => interaction_id === one)!,
      );
      assert.deepEqual([attended!.customer_ip, attended!.person_present], ['203.0.113.9', true]);
      assert.deepEqual([unattended!.customer_ip, unattended!.person_present], [undefined, false]);
      assert.equal(attended!.client, client.clientId);
      assert.match(attended!.consent_id!, /^aac-/);
    });
  });
}
