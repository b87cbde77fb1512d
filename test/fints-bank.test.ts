import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FinTSClient, FinTSConfig, type Statement } from 'lib-fints';
import { flickerCode } from '../src/sandbox/fints/formats/challenge.ts';
import { codes, type FintsTrial, HAVELSTEIN, MOORWERDER, PROGRAM, startFintsTrial } from './fints-client.ts';

const DAY_MS = 86_400_000;

/** A client nobody here wrote, over TLS, at the pretend banks that speak FinTS. */
describe('lib-fints at the pretend FinTS banks', () => {
  let fints: FintsTrial;
  before(async () => {
    fints = await startFintsTrial();
  });
  after(() => fints?.close());
  const daysAgo = (days: number) => new Date(fints.trial.clock.now().getTime() - days * DAY_MS);

  const accountsOf = (client: FinTSClient) => client.config.bankingInformation.upd!.bankAccounts;
  const cents = (statements: Statement[]) =>
    statements.flatMap((one) => one.transactions).reduce((sum, one) => sum + Math.round(one.amount * 100), 0);

  test('without a login tells what the bank can do', async () => {
    const anybody = new FinTSClient(
      FinTSConfig.forFirstTimeUse(PROGRAM, '1.0', fints.url(HAVELSTEIN.slug), HAVELSTEIN.code),
    );
    const { success, bankingInformation } = await anybody.synchronize();
    assert.equal(success, true);
    const { bpd, upd, systemId } = bankingInformation!;
    assert.deepEqual(
      [bpd!.bankName, bpd!.bankId, bpd!.url],
      ['Havelstein Bank', '99960600', fints.url(HAVELSTEIN.slug)],
    );
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
    const client = fints.newClient('otto', 'havelstein-5');
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
    const client = fints.newClient('otto', 'havelstein-5');
    await client.synchronize();
    await fints.order('DELETE /banks/de-havelstein/calls');
    const mt940 = (await client.getAccountStatements('5001', undefined, undefined, false)).statements!;
    const camt = (await client.getAccountStatements('5001')).statements!;
    const { calls } = await fints.order('/banks/de-havelstein/calls');
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
    const client = await fints.proved('nele', 'havelstein-1', 901, '123456');
    assert.deepEqual(client.config.selectedTanMethod!.activeTanMedia, [
      'Handy privat',
      'Diensthandy',
      'Neues Handy',
      'Karte 4711',
    ]);
    client.selectTanMedia('Neues Handy');
    const refused = await client.getAccountStatements('1001', daysAgo(200), daysAgo(190));
    assert.ok(codes(refused).includes(9951), 'a device that is not active cannot be used');
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
    const from = daysAgo(60);
    const recent = await client.getAccountStatements('1001', from);
    assert.deepEqual([recent.requiresTan, recent.statements!.length > 10], [false, true]);
    assert.ok(codes(recent).includes(3076));

    const [since, until] = [200, 190].map(daysAgo);
    const older = await client.getAccountStatements('1001', since, until);
    assert.deepEqual([older.requiresTan, older.tanMediaName, codes(older).includes(30)], [true, 'Diensthandy', true]);
    const done = await client.getAccountStatementsWithTan(older.tanReference!, '123456');
    assert.ok(done.statements!.length > 2);
  });

  test('shows a photo, and a wrong code does not open the dialog', async () => {
    const client = await fints.chosen('fine', "h+2:1=?'", 903);
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
    assert.equal((await fints.counted('fine')).wrong_codes, 0);
  });

  test('shows a flicker code', async () => {
    const client = await fints.chosen('till', 'havelstein-4', 902);
    const asked = await client.synchronize();
    assert.match(asked.tanChallenge!, /TAN-Generator.*Startcode \d{7}/);
    assert.ok(asked.tanPhoto, 'the reader gets its data');
    assert.equal((await client.synchronizeWithTan(asked.tanReference!, '654321')).success, true);
  });

  test('waits for the app, as often as the bank allows', async () => {
    const client = await fints.chosen('ruben', 'havelstein-2', 904);
    const asked = await client.synchronize();
    assert.deepEqual([asked.requiresTan, codes(asked).includes(3955)], [true, true]);
    const waiting = await client.synchronizeWithTan(asked.tanReference!);
    assert.deepEqual([waiting.requiresTan, codes(waiting).includes(3956)], [true, true]);
    await fints.order('/banks/de-havelstein/phone/approve', { login: 'ruben' });
    const done = await client.synchronizeWithTan(asked.tanReference!);
    assert.deepEqual([done.success, done.requiresTan], [true, false]);
    assert.deepEqual(
      accountsOf(client).map((account) => account.accountNumber),
      ['2001'],
    );

    const some = await client.getAccountStatements('2001', daysAgo(200), daysAgo(190));
    assert.equal(some.requiresTan, true);
    await fints.order('/banks/de-havelstein/phone/approve', { login: 'ruben' });
    assert.ok((await client.getAccountStatementsWithTan(some.tanReference!)).statements!.length > 2);

    const old = () => client.getAccountStatements('2001', daysAgo(200));
    const second = await old();
    await fints.order('/banks/de-havelstein/phone/refuse', { login: 'ruben' });
    const refused = await client.getAccountStatementsWithTan(second.tanReference!);
    assert.deepEqual([refused.success, codes(refused).includes(9210)], [false, true]);

    const third = await old();
    for (let asks = 0; asks < 60; asks++) {
      const still = await client.getAccountStatementsWithTan(third.tanReference!);
      assert.equal(still.requiresTan, true, `at ${asks}`);
    }
    const over = await client.getAccountStatementsWithTan(third.tanReference!);
    assert.equal(over.success, false);
    await assert.rejects(fints.order('/banks/de-havelstein/phone/approve', { login: 'ruben' }), /Nothing waits/);
  });

  test('lists a depot, and reads the turnovers of a card', async () => {
    const client = await fints.proved('gesa', 'havelstein-6', 901, '123456');
    assert.deepEqual(
      accountsOf(client).map(({ accountNumber, accountType, iban }) => [accountNumber, accountType, !!iban]),
      [
        ['6001', 'CheckingAccount', true],
        ['4111220000006002', 'CreditCardAccount', false],
        ['7006001', 'SecuritiesAccount', false],
      ],
    );
    const card = accountsOf(client)[1]!;
    const read = await client.getCreditCardStatements(card.accountNumber, daysAgo(80));
    // The type says statements of an account; these are turnovers of a card.
    const turnovers = read.statements as unknown as { currency: string; purpose: string; amount: number }[];
    assert.ok(turnovers.length > 5);
    assert.ok(turnovers.every((one) => one.currency === 'EUR' && one.purpose && one.amount !== 0));
    assert.equal(client.canGetAccountBalance('7006001'), false);
  });

  test('joins pages that end within an entry, and names its only device', async () => {
    const client = await fints.proved('wanda', 'moorwerder-1', 901, '123456', MOORWERDER);
    assert.equal(client.config.selectedTanMethod!.version, 6);
    assert.deepEqual(client.config.selectedTanMethod!.activeTanMedia, ['Mein Handy']);
    const nameless = await client.getAccountStatements('6001', daysAgo(30));
    assert.deepEqual([nameless.success, codes(nameless).includes(9951)], [false, true]);
    client.selectTanMedia('Mein Handy');
    const { balance } = await client.getAccountBalance('6001');
    await fints.order('/banks/de-moorwerder/fints', {
      demands: { transactions: 'never', older_transactions: 'never' },
    });
    await fints.order('DELETE /banks/de-moorwerder/calls');
    const { statements } = await client.getAccountStatements('6001');
    const { calls } = await fints.order('/banks/de-moorwerder/calls');
    assert.ok(calls.filter((call: { operation: string }) => call.operation === 'transactions').length >= 6);
    assert.equal(statements!.at(-1)!.closingBalance.value, balance!.balance);
    const difference = Math.round(
      (statements!.at(-1)!.closingBalance.value - statements![0]!.openingBalance.value) * 100,
    );
    assert.equal(cents(statements!), difference);
  });

  test('a flicker code has lengths in front, after HHD 1.4', () => {
    assert.equal(
      flickerCode('1049063', ['9876543210', '12345678', '1,00']),
      '039870110490631098765432100812345678041,00',
    );
  });
});
