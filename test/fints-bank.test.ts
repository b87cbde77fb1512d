import assert from 'node:assert/strict';
import tls from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { type BankAnswer, FinTSClient, FinTSConfig, type Statement } from 'lib-fints';
import { startTrial, type Trial } from './caller.ts';

const PROGRAM = '9FA6681DEC0CF3046BFC2F8A6';
const DAY_MS = 86_400_000;
const HAVELSTEIN = { slug: 'de-havelstein', code: '99960600' };

/** A client nobody here wrote, over TLS, at the pretend banks that speak FinTS. */
describe('lib-fints at the pretend FinTS banks', () => {
  let trial: Trial;
  const trusted = tls.getCACertificates('default');
  before(async () => {
    trial = await startTrial();
    tls.setDefaultCACertificates([...trusted, trial.sandbox.ca]);
  });
  after(async () => {
    tls.setDefaultCACertificates(trusted);
    await trial?.close();
  });

  const url = (slug: string) => `${trial.sandbox.machineUrl(slug)}/fints`;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers wherever they please
  const order = (path: string, body?: object) => trial.sandbox.control(path, body) as Promise<any>;
  const codes = (answer: { bankAnswers: BankAnswer[] }) => answer.bankAnswers.map((one) => one.code);
  const counted = async (login: string, slug = HAVELSTEIN.slug) =>
    (await order(`/banks/${slug}/fints`)).logins.find((one: { login: string }) => one.login === login);
  const newClient = (login: string, pin: string, bank = HAVELSTEIN, program = PROGRAM) =>
    new FinTSClient(FinTSConfig.forFirstTimeUse(program, '1.0', url(bank.slug), bank.code, login, pin));

  /** A client that knows the bank and has chosen a method; the opening of the next dialog wants a code. */
  async function chosen(login: string, pin: string, method: number, bank = HAVELSTEIN): Promise<FinTSClient> {
    const client = newClient(login, pin, bank);
    const first = await client.synchronize();
    assert.equal(first.success, true, JSON.stringify(first.bankAnswers));
    client.selectTanMethod(method);
    return client;
  }

  /** A client that has proved itself: it knows the accounts. */
  async function proved(login: string, pin: string, method: number, code: string, bank = HAVELSTEIN) {
    const client = await chosen(login, pin, method, bank);
    const asked = await client.synchronize();
    assert.equal(asked.requiresTan, true, JSON.stringify(asked.bankAnswers));
    const done = await client.synchronizeWithTan(asked.tanReference!, code);
    assert.deepEqual([done.success, done.requiresTan], [true, false], JSON.stringify(done.bankAnswers));
    return client;
  }

  const accountsOf = (client: FinTSClient) => client.config.bankingInformation.upd!.bankAccounts;
  const cents = (statements: Statement[]) =>
    statements.flatMap((one) => one.transactions).reduce((sum, one) => sum + Math.round(one.amount * 100), 0);

  test('without a login tells what the bank can do', async () => {
    const anybody = new FinTSClient(FinTSConfig.forFirstTimeUse(PROGRAM, '1.0', url(HAVELSTEIN.slug), HAVELSTEIN.code));
    const { success, bankingInformation } = await anybody.synchronize();
    assert.equal(success, true);
    const { bpd, upd, systemId } = bankingInformation!;
    assert.deepEqual([bpd!.bankName, bpd!.bankId, bpd!.url], ['Havelstein Bank', '99960600', url(HAVELSTEIN.slug)]);
    assert.deepEqual([upd, systemId], [undefined, '0']);
    assert.deepEqual(
      bpd!.supportedTanMethods.map((method) => [method.id, method.isDecoupled]),
      [
        [900, false],
        [901, false],
        [902, false],
        [903, false],
        [904, true],
      ],
    );
    assert.deepEqual(bpd!.supportedTanMethods.at(-1)!.decoupled, {
      maxStatusRequests: 60,
      waitingSecondsBeforeFirstStatusRequest: 5,
      waitingSecondsBetweenStatusRequests: 2,
      manualConfirmationAllowed: true,
      autoConfirmationAllowed: true,
    });
  });

  test('reads in one step where the person has no method', async () => {
    const client = newClient('otto', 'havelstein-5');
    await client.synchronize();
    const [account] = accountsOf(client);
    assert.deepEqual(
      [account!.accountNumber, account!.iban, account!.bic, account!.holder1, account!.isSepaAccount],
      ['5001', 'DE07999606000000005001', 'HVLSDE99XXX', 'Otto Kranich', true],
    );
    const { balance } = await client.getAccountBalance('5001');
    const mt940 = (await client.getAccountStatements('5001', undefined, undefined, false)).statements!;
    const camt = (await client.getAccountStatements('5001')).statements!;
    assert.equal(mt940.at(-1)!.closingBalance.value, balance!.balance);
    assert.equal(camt.at(-1)!.closingBalance.value, balance!.balance);
  });

  test('reads the same from MT940 and camt, over several pages, and sums are right', async () => {
    const client = newClient('otto', 'havelstein-5');
    await client.synchronize();
    await order('DELETE /banks/de-havelstein/calls');
    const mt940 = (await client.getAccountStatements('5001', undefined, undefined, false)).statements!;
    const camt = (await client.getAccountStatements('5001')).statements!;
    const { calls } = await order('/banks/de-havelstein/calls');
    assert.ok(calls.filter((call: { operation: string }) => call.operation === 'transactions').length >= 6);
    assert.ok(mt940.length > 60);
    assert.deepEqual(
      mt940.map((one) => [one.openingBalance.value, one.closingBalance.value, one.transactions.length]),
      camt.map((one) => [one.openingBalance.value, one.closingBalance.value, one.transactions.length]),
    );
    const difference = Math.round((mt940.at(-1)!.closingBalance.value - mt940[0]!.openingBalance.value) * 100);
    assert.deepEqual([cents(mt940), cents(camt)], [difference, difference]);
    for (const [index, one] of mt940.slice(1).entries()) {
      assert.equal(one.openingBalance.value, mt940[index]!.closingBalance.value);
    }
    const inBoth = (field: 'purpose' | 'remoteName' | 'remoteAccountNumber' | 'e2eReference') =>
      [mt940, camt].map((some) => some.flatMap((one) => one.transactions.map((entry) => entry[field] || undefined)));
    for (const field of ['purpose', 'remoteName', 'remoteAccountNumber', 'e2eReference'] as const) {
      const [a, b] = inBoth(field);
      assert.deepEqual(a, b, field);
    }
    assert.ok(inBoth('remoteName')[0]!.includes('Café Möwe'));
  });

  test('proves itself with a code, chooses a device, and is not asked again for 90 days', async () => {
    const client = await proved('nele', 'havelstein-1', 901, '123456');
    assert.deepEqual(client.config.selectedTanMethod!.activeTanMedia, ['Handy privat', 'Diensthandy', 'Karte 4711']);
    client.selectTanMedia('Diensthandy');
    assert.deepEqual(
      accountsOf(client).map(({ accountNumber, isSepaAccount }) => [accountNumber, isSepaAccount]),
      [
        ['1001', true],
        ['1002', true],
        ['5300120000006001', false],
      ],
    );
    const balance = await client.getAccountBalance('1001');
    assert.deepEqual([balance.requiresTan, balance.balance!.currency], [false, 'EUR']);
    const from = new Date(trial.clock.now().getTime() - 60 * DAY_MS);
    const recent = await client.getAccountStatements('1001', from);
    assert.deepEqual([recent.requiresTan, recent.statements!.length > 10], [false, true]);
    assert.ok(codes(recent).includes(3076));

    const [since, until] = [200, 190].map((days) => new Date(trial.clock.now().getTime() - days * DAY_MS));
    const older = await client.getAccountStatements('1001', since, until);
    assert.deepEqual([older.requiresTan, older.tanMediaName, codes(older).includes(30)], [true, 'Diensthandy', true]);
    const done = await client.getAccountStatementsWithTan(older.tanReference!, '123456');
    assert.ok(done.statements!.length > 2);
  });

  test('shows a photo, and a wrong code does not open the dialog', async () => {
    const client = await chosen('fine', "h+2:1=?'", 903);
    const asked = await client.synchronize();
    assert.equal(asked.tanPhoto!.mimeType, 'image/png');
    const png = Buffer.from(asked.tanPhoto!.image);
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    assert.equal(png.subarray(-8, -4).toString('latin1'), 'IEND');
    const wrong = await client.synchronizeWithTan(asked.tanReference!, '000000');
    assert.deepEqual([wrong.success, codes(wrong).includes(9941)], [false, true]);
    const again = await client.synchronize();
    const done = await client.synchronizeWithTan(again.tanReference!, '314159');
    assert.equal(done.success, true);
    assert.equal((await counted('fine')).wrong_codes, 0);
  });

  test('shows a flicker code', async () => {
    const client = await chosen('till', 'havelstein-4', 902);
    const asked = await client.synchronize();
    assert.match(asked.tanChallenge!, /TAN-Generator.*Startcode \d{7}/);
    assert.ok(asked.tanPhoto, 'the reader gets its data');
    assert.equal((await client.synchronizeWithTan(asked.tanReference!, '654321')).success, true);
  });

  test('waits for the app, as often as the bank allows', async () => {
    const client = await chosen('ruben', 'havelstein-2', 904);
    const asked = await client.synchronize();
    assert.deepEqual([asked.requiresTan, codes(asked).includes(3955)], [true, true]);
    const waiting = await client.synchronizeWithTan(asked.tanReference!);
    assert.deepEqual([waiting.requiresTan, codes(waiting).includes(3956)], [true, true]);
    await order('/banks/de-havelstein/phone/approve', { login: 'ruben' });
    const done = await client.synchronizeWithTan(asked.tanReference!);
    assert.deepEqual([done.success, done.requiresTan], [true, false]);
    assert.deepEqual(
      accountsOf(client).map((account) => account.accountNumber),
      ['2001'],
    );

    const old = () => client.getAccountStatements('2001', new Date(trial.clock.now().getTime() - 200 * DAY_MS));
    const second = await old();
    await order('/banks/de-havelstein/phone/refuse', { login: 'ruben' });
    const refused = await client.getAccountStatementsWithTan(second.tanReference!);
    assert.deepEqual([refused.success, codes(refused).includes(9210)], [false, true]);

    const third = await old();
    for (let asks = 0; asks < 60; asks++) {
      const still = await client.getAccountStatementsWithTan(third.tanReference!);
      assert.equal(still.requiresTan, true, `at ${asks}`);
    }
    const over = await client.getAccountStatementsWithTan(third.tanReference!);
    assert.equal(over.success, false);
    await assert.rejects(order('/banks/de-havelstein/phone/approve', { login: 'ruben' }), /Nothing waits/);
  });
});
