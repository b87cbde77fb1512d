import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { visit } from '../../test/bank-page.ts';
import { type Answer, type Caller, createCaller, startTrial, type Trial, wrongInExchanges } from '../../test/caller.ts';
import { openAuthority } from './authority.ts';

const RETURN = { 'tpp-redirect-uri': 'http://127.0.0.1:1/back' };
const GLOBAL = { allPsd2: 'allAccounts' };
const OFFERED = { accounts: [], balances: [], transactions: [] };
const MARAS = 'DE80999101000000001001';

type Line = {
  transactionId: string;
  bookingDate?: string;
  creditorName?: string;
  transactionAmount: { amount: string };
};

describe('reading at the pretend banks', () => {
  let trial: Trial;
  let caller: Caller;
  before(async () => {
    trial = await startTrial();
    caller = await trial.caller();
  });
  after(() => trial?.close());

  const machine = (bank: string, path = '') => trial.sandbox.machineUrl(bank) + path;
  const giro = () => machine('de-nordwind', '/giro');
  const today = (days = 0) => new Date(trial.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const create = (base: string, access: object, more: object = {}) =>
    caller.call(base, 'POST', '/v1/consents', { headers: RETURN, body: { ...ASKED, access, ...more } });

  /** A consent that the person has approved. */
  async function approved(
    base: string,
    login: string,
    password: string,
    access: object,
    more: object = {},
  ): Promise<string> {
    const created = await create(base, access, more);
    assert.equal(created.status, 201, created.text);
    const { consentId, _links } = created.body;
    const started = _links.scaRedirect
      ? created
      : await caller.call(base, 'POST', `/v1/consents/${consentId}/authorisations`, { body: {} });
    const page = await visit(started.body._links.scaRedirect.href);
    await page.logIn(login, password);
    const numbers = [...page.text.matchAll(/value="([A-Z]{2}\d\d[A-Z0-9]+)"/g)].map((match) => match[1]!);
    assert.equal(await page.press('approve', numbers), RETURN['tpp-redirect-uri']);
    return consentId;
  }
  const mara = (access: object = GLOBAL, more: object = {}) => approved(giro(), 'mara', 'nordwind-1', access, more);
  const read = (base: string, consentId: string, path: string, unattended?: true): Promise<Answer> =>
    caller.call(base, 'GET', path, { headers: { 'consent-id': consentId }, ...(unattended ? { unattended } : {}) });
  const firstAccount = async (base: string, consentId: string) =>
    (await read(base, consentId, '/v1/accounts')).body.accounts[0];

  test('the balance is the opening balance and everything booked, over all pages', async () => {
    const consentId = await mara();
    const account = await firstAccount(giro(), consentId);
    const lines: Line[] = [];
    let href: string | undefined = `${account._links.transactions.href}?bookingStatus=both&dateFrom=2024-01-01`;
    let pages = 0;
    while (href) {
      const page: Answer = await read('', consentId, href);
      lines.push(...page.body.transactions.booked);
      href = page.body.transactions._links.next?.href;
      pages += 1;
    }
    assert.ok(pages >= 3, `${pages} pages`);
    assert.ok(lines.length > 600, `${lines.length} lines`);
    assert.equal(new Set(lines.map((line) => line.transactionId)).size, lines.length);
    const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.transactionAmount.amount) * 100), 184_230);
    const { balances } = (await read('', consentId, account._links.balances.href)).body;
    const booked = balances.find((balance: { balanceType: string }) => balance.balanceType === 'interimBooked');
    assert.equal(Math.round(Number(booked.balanceAmount.amount) * 100), cents);
    const withBalance = await read(giro(), consentId, '/v1/accounts?withBalance=true');
    assert.deepEqual(withBalance.body.accounts[0].balances[0].balanceAmount, booked.balanceAmount);
    const one = await read(
      giro(),
      consentId,
      `/v1/accounts/${account.resourceId}/transactions/${lines[0]!.transactionId}`,
    );
    assert.equal(one.body.transactionsDetails.transactionId, lines[0]!.transactionId);
  });

  test('two equal coffees on one day stay two', async () => {
    const consentId = await mara();
    const account = await firstAccount(giro(), consentId);
    const { booked } = (
      await read('', consentId, `${account._links.transactions.href}?bookingStatus=booked&dateFrom=${today(-89)}`)
    ).body.transactions;
    const coffees = booked.filter((line: Line) => line.creditorName === 'Café Möwe') as Line[];
    const day = coffees[0]!.bookingDate;
    const pair = coffees.filter((line) => line.bookingDate === day);
    assert.equal(pair.length, 2);
    assert.equal(pair[0]!.transactionAmount.amount, pair[1]!.transactionAmount.amount);
    assert.notEqual(pair[0]!.transactionId, pair[1]!.transactionId);
  });

  test('a pending transaction is booked under another id as the clock moves', async () => {
    const consentId = await mara();
    const account = await firstAccount(giro(), consentId);
    const report = async () =>
      (await read('', consentId, `${account._links.transactions.href}?bookingStatus=both&dateFrom=${today(-30)}`)).body
        .transactions;
    let pending: Line[] = [];
    for (let days = 0; days < 14 && pending.length === 0; days++) {
      pending = (await report()).pending;
      if (pending.length === 0) await trial.sandbox.control('/clock', { advance: '1d' });
    }
    const [line] = pending;
    assert.ok(line, 'nothing was pending for two weeks');
    assert.equal(line.bookingDate, undefined);
    await trial.sandbox.control('/clock', { advance: '6d' });
    const { booked } = await report();
    const same = booked.filter(
      (one: Line) =>
        one.creditorName === line.creditorName && one.transactionAmount.amount === line.transactionAmount.amount,
    );
    assert.ok(same.length >= 1);
    assert.ok(!booked.some((one: Line) => one.transactionId === line.transactionId));
  });

  test('without the person four reads a day and resource, and midnight of the bank begins anew', async () => {
    const consentId = await mara();
    const path = '/v1/accounts';
    for (let count = 0; count < 4; count++) assert.equal((await read(giro(), consentId, path, true)).status, 200);
    const fifth = await read(giro(), consentId, path, true);
    assert.deepEqual([fifth.status, fifth.body.tppMessages[0].code], [429, 'ACCESS_EXCEEDED']);
    assert.equal((await read(giro(), consentId, path)).status, 200);
    const { resourceId } = await firstAccount(giro(), consentId);
    assert.equal((await read(giro(), consentId, `/v1/accounts/${resourceId}/balances`, true)).status, 200);
    await trial.sandbox.control('/clock', { advance: '1d' });
    assert.equal((await read(giro(), consentId, path, true)).status, 200);
  });

  test('some time after the approval only 90 days are open', async () => {
    const consentId = await mara();
    const account = await firstAccount(giro(), consentId);
    await trial.sandbox.control('/clock', { advance: '61m' });
    const { booked } = (
      await read(
        '',
        consentId,
        `${account._links.transactions.href}?bookingStatus=booked&dateFrom=2025-01-01&itemsPerPage=500`,
      )
    ).body.transactions;
    assert.ok(booked.length > 20);
    assert.ok(booked.every((line: Line) => line.bookingDate! >= today(-91)));
  });

  test('consent models: only those the bank supports, each with its own rights', async () => {
    const refusals: [base: string, access: object, code: string][] = [
      [machine('at-enzian'), GLOBAL, 'FORMAT_ERROR'],
      [machine('at-alpenhof'), GLOBAL, 'SERVICE_INVALID'],
      [machine('de-sonnborn'), { availableAccounts: 'allAccounts' }, 'PARAMETER_NOT_SUPPORTED'],
      [machine('de-lindental'), OFFERED, 'SERVICE_INVALID'],
      [giro(), { accounts: [{ iban: 'DE00000000000000000000' }] }, 'RESOURCE_UNKNOWN'],
      [giro(), {}, 'FORMAT_ERROR'],
    ];
    for (const [base, access, code] of refusals) {
      const refused = await create(base, access);
      assert.deepEqual([refused.status, refused.body.tppMessages[0].code], [400, code]);
    }
    const listing = await mara({ availableAccounts: 'allAccounts' }, { recurringIndicator: false, frequencyPerDay: 1 });
    const [listed] = (await read(giro(), listing, '/v1/accounts')).body.accounts;
    assert.deepEqual(listed._links, {});
    assert.equal(
      (await read(giro(), listing, `/v1/accounts/${listed.resourceId}/balances`)).body.tppMessages[0].code,
      'CONSENT_INVALID',
    );
    const detailed = await mara({ accounts: [{ iban: MARAS }], transactions: [{ iban: MARAS }] });
    const [only] = (await read(giro(), detailed, '/v1/accounts')).body.accounts;
    assert.equal(only.iban, MARAS);
    assert.deepEqual(Object.keys(only._links), ['transactions']);
    const vera = await approved(machine('at-enzian'), 'vera', 'enzian-1', {
      accounts: [{ iban: 'AT589997000000008001' }],
    });
    assert.equal((await read(machine('at-enzian'), vera, '/v1/accounts')).body.accounts.length, 1);
  });

  test('a new recurring consent ends the former; a one-off one does not, and ends by itself', async () => {
    const first = await mara();
    const oneOff = await mara(GLOBAL, { recurringIndicator: false, frequencyPerDay: 1 });
    assert.equal((await read(giro(), first, '/v1/accounts')).status, 200);
    const second = await mara();
    assert.equal((await read(giro(), first, '/v1/accounts')).body.tppMessages[0].code, 'CONSENT_EXPIRED');
    assert.equal((await read(giro(), second, '/v1/accounts')).status, 200);
    await trial.sandbox.control('/clock', { advance: '31m' });
    assert.equal((await read(giro(), oneOff, '/v1/accounts')).body.tppMessages[0].code, 'CONSENT_EXPIRED');
  });

  test('a consent ends: shortened date, expiry, revoked by the person, ended by the caller', async () => {
    const alpenhof = await create(machine('at-alpenhof'), OFFERED);
    const told = await caller.call(machine('at-alpenhof'), 'GET', `/v1/consents/${alpenhof.body.consentId}`);
    assert.ok(told.body.validUntil <= today(91) && told.body.validUntil >= today(89));
    const late = await mara();
    await trial.sandbox.control(`/banks/de-nordwind/consents/${late}/expire`, {});
    assert.equal((await read(giro(), late, '/v1/accounts')).body.tppMessages[0].code, 'CONSENT_EXPIRED');

    const revoked = await mara();
    const page = await visit(`${trial.sandbox.peopleUrl('de-nordwind')}/consents`);
    await page.logIn('mara', 'nordwind-1');
    await page.sees(`consent-${revoked}`);
    await page.post(`${revoked}/revoke`, {});
    await page.sees('revoked by you');
    const status = await caller.call(giro(), 'GET', `/v1/consents/${revoked}/status`);
    assert.equal(status.body.consentStatus, 'revokedByPsu');
    assert.equal((await read(giro(), revoked, '/v1/accounts')).body.tppMessages[0].code, 'CONSENT_INVALID');

    const deleted = await mara();
    assert.equal((await caller.call(giro(), 'DELETE', `/v1/consents/${deleted}`)).status, 204);
    const ended = await caller.call(giro(), 'GET', `/v1/consents/${deleted}/status`);
    assert.equal(ended.body.consentStatus, 'terminatedByTpp');
    const old = await mara();
    await trial.sandbox.control('/clock', { advance: '181d' });
    const over = await caller.call(giro(), 'GET', `/v1/consents/${old}/status`);
    assert.equal(over.body.consentStatus, 'expired');
  });

  test('one bank answers errors as problem+json and gives booked and pending only separately', async () => {
    const base = machine('gb-harrowby');
    const consentId = await approved(base, 'alice', 'harrowby-1', OFFERED);
    const account = await firstAccount(base, consentId);
    assert.equal(account.currency, 'GBP');
    const both = await read(
      '',
      consentId,
      `${account._links.transactions.href}?bookingStatus=both&dateFrom=${today(-30)}`,
    );
    assert.deepEqual(
      [both.status, both.headers['content-type'], both.body.code],
      [400, 'application/problem+json', 'PARAMETER_NOT_SUPPORTED'],
    );
    const pending = await read('', consentId, `${account._links.transactions.href}?bookingStatus=pending`);
    assert.equal(pending.body.transactions.booked, undefined);
  });

  test('certificates: missing, of another authority, without the role', async () => {
    const missing = await createCaller(trial.sandbox, 'PSDDE-BAFIN-1', null);
    const subject = { organization: 'Trial GmbH', organizationId: 'PSDDE-BAFIN-1', commonName: 'trial.example' };
    const payer = await createCaller(
      trial.sandbox,
      'PSDDE-BAFIN-1',
      await trial.sandbox.issueCertificate(subject, ['PSP_PI']),
    );
    const folder = mkdtempSync(join(tmpdir(), 'other-authority-'));
    const other = await openAuthority(folder, trial.clock.now());
    const foreigner = await createCaller(trial.sandbox, 'PSDDE-BAFIN-1', await other.issue(subject));
    rmSync(folder, { recursive: true });
    const codes = [];
    for (const one of [missing, foreigner, payer]) {
      codes.push((await one.call(giro(), 'GET', '/v1/accounts')).body.tppMessages[0].code);
      await one.close();
    }
    assert.deepEqual(codes, ['CERTIFICATE_MISSING', 'CERTIFICATE_INVALID', 'ROLE_INVALID']);
    const stranger = await trial.caller();
    const consentId = await mara();
    const foreign = await stranger.call(giro(), 'GET', '/v1/accounts', { headers: { 'consent-id': consentId } });
    assert.deepEqual([foreign.status, foreign.body.tppMessages[0].code], [403, 'CONSENT_UNKNOWN']);
  });

  test('control adds, changes and removes a transaction, and the balance follows', async () => {
    const consentId = await mara();
    const account = await firstAccount(giro(), consentId);
    const balance = async () => {
      const { balances } = (await read('', consentId, account._links.balances.href)).body;
      return Math.round(Number(balances[0].balanceAmount.amount) * 100);
    };
    const before = await balance();
    const path = `/banks/de-nordwind/accounts/${MARAS}/transactions`;
    const { id } = (await trial.sandbox.control(path, {
      amount: '-12.30',
      name: 'Kornblume Markt',
      text: 'Nachtrag',
    })) as { id: string };
    assert.equal(await balance(), before - 1230);
    await trial.sandbox.control(path, { id, amount: '-12.31', text: 'Nachtrag, berichtigt' });
    assert.equal(await balance(), before - 1231);
    await trial.sandbox.control(path, { id, removed: true });
    assert.equal(await balance(), before);
  });

  test('what is wrong with a request is said', async () => {
    const consentId = await mara();
    const { resourceId } = await firstAccount(giro(), consentId);
    const path = `/v1/accounts/${resourceId}/transactions`;
    const asked: [path: string, status: number, code: string][] = [
      [`${path}?dateFrom=${today()}`, 400, 'FORMAT_ERROR'],
      [`${path}?bookingStatus=booked`, 400, 'FORMAT_ERROR'],
      [`${path}?bookingStatus=booked&dateFrom=yesterday`, 400, 'FORMAT_ERROR'],
      [`${path}?bookingStatus=booked&dateFrom=${today()}&dateTo=2020-01-01`, 400, 'PERIOD_INVALID'],
      [`${path}?bookingStatus=booked&dateFrom=${today()}&deltaList=true`, 400, 'PARAMETER_NOT_SUPPORTED'],
      ['/v1/accounts/unknown/balances', 404, 'RESOURCE_UNKNOWN'],
      ['/v1/nothing', 404, 'RESOURCE_UNKNOWN'],
    ];
    for (const [wrong, status, code] of asked) {
      const answer = await read(giro(), consentId, wrong);
      assert.deepEqual([answer.status, answer.body.tppMessages[0].code], [status, code], wrong);
    }
    const noIp = await caller.call(giro(), 'POST', '/v1/consents', {
      unattended: true,
      headers: RETURN,
      body: { ...ASKED, access: GLOBAL },
    });
    assert.equal(noIp.body.tppMessages[0].code, 'FORMAT_ERROR');
    const xml = await caller.call(giro(), 'GET', `${path}?bookingStatus=booked&dateFrom=${today()}`, {
      headers: { 'consent-id': consentId, accept: 'application/xml' },
    });
    assert.deepEqual([xml.status, xml.body.tppMessages[0].code], [406, 'REQUESTED_FORMATS_INVALID']);
  });

  test('every good exchange was as the official file says', (context) => {
    // Here the caller makes mistakes on purpose, so only what was answered well is judged whole.
    const wrong = wrongInExchanges(trial.exchanges.filter((exchange) => exchange.status < 300));
    const answers = wrongInExchanges(trial.exchanges)?.filter((text) => / answers \d{3}:/.test(text));
    if (wrong) assert.deepEqual([...wrong, ...(answers ?? [])], []);
    else context.skip('BANK_SPECS is not set');
  });
});

const ASKED = {
  recurringIndicator: true,
  validUntil: '9999-12-31',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};
