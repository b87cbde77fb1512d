import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CustomerMessage,
  type FinTSClient,
  FinTSConfig,
  FinTSClient as LibFints,
  HttpClient,
  Message,
} from 'lib-fints';
import { codes, type FintsTrial, HAVELSTEIN, PROGRAM, startFintsTrial } from './fints-client.ts';

const DAY_MS = 86_400_000;

describe('a pretend FinTS bank', () => {
  let fints: FintsTrial;
  before(async () => {
    fints = await startFintsTrial();
  });
  after(() => fints?.close());
  const restore = (client: FinTSClient, login: string, pin: string, method: number) =>
    new LibFints(
      FinTSConfig.fromBankingInformation(
        PROGRAM,
        '1.0',
        structuredClone(client.config.bankingInformation),
        login,
        pin,
        method,
      ),
    );

  test('counts wrong PINs, blocks at the third, and lets the person in again when control says so', async () => {
    const wrong = () => fints.newClient('otto', 'wrong-pin').synchronize();
    assert.ok(codes(await wrong()).includes(9942));
    assert.ok(codes(await wrong()).includes(9942));
    assert.equal((await fints.counted('otto')).wrong_pins, 2);
    assert.ok(codes(await wrong()).includes(9931));
    const right = await fints.newClient('otto', 'havelstein-5').synchronize();
    assert.deepEqual([right.success, codes(right).includes(9931)], [false, true]);
    await fints.order('/banks/de-havelstein/logins/otto', { blocked: false });
    assert.equal((await fints.newClient('otto', 'havelstein-5').synchronize()).success, true);
    assert.deepEqual([(await fints.counted('otto')).wrong_pins, (await fints.counted('otto')).dialogs], [0, 1]);
  });

  test('does not know a program that is not registered, and counts no attempt for it', async () => {
    const before = (await fints.counted('otto')).messages;
    const unknown = await fints.newClient('otto', 'wrong-pin', HAVELSTEIN, 'UNKNOWN').synchronize();
    assert.deepEqual([unknown.success, codes(unknown).includes(9078)], [false, true]);
    await fints.order('/banks/de-havelstein/fints', { products: ['ANOTHER'] });
    assert.ok(codes(await fints.newClient('otto', 'wrong-pin').synchronize()).includes(9078));
    await fints.order('/banks/de-havelstein/fints', { products: null });
    assert.deepEqual([(await fints.counted('otto')).messages, (await fints.counted('otto')).wrong_pins], [before, 0]);
  });

  test('remembers a system for 90 days after a code, and asks an unknown one every time', async () => {
    const client = await fints.proved('nele', 'havelstein-1', 901, '123456');
    const known = await restore(client, 'nele', 'havelstein-1', 901).synchronize();
    assert.deepEqual([known.success, known.requiresTan, codes(known).includes(3076)], [true, false, true]);
    const stranger = await (await fints.chosen('nele', 'havelstein-1', 901)).synchronize();
    assert.equal(stranger.requiresTan, true);
    const forged = restore(client, 'nele', 'havelstein-1', 901);
    forged.config.bankingInformation.systemId = 'never-given-out';
    assert.ok(codes(await forged.synchronize()).includes(9910));
    await fints.trial.clock.advance(91 * DAY_MS);
    assert.equal((await restore(client, 'nele', 'havelstein-1', 901).synchronize()).requiresTan, true);
  });

  test('wants a code where control says so, once or always', async () => {
    const client = await fints.proved('fine', "h+2:1=?'", 903, '314159');
    const ask = () => client.getAccountStatements('3001', new Date(fints.trial.clock.now().getTime() - 20 * DAY_MS));
    await fints.order('/banks/de-havelstein/fints', { demands: { transactions: 'once' } });
    const asked = await ask();
    assert.equal(asked.requiresTan, true);
    const done = await client.getAccountStatementsWithTan(asked.tanReference!, '314159');
    assert.deepEqual([done.requiresTan, done.statements!.length > 0], [false, true]);
    assert.equal((await ask()).requiresTan, false);
    await fints.order('/banks/de-havelstein/fints', { demands: { balances: 'once' } });
    const balance = await client.getAccountBalance('3001');
    assert.deepEqual([balance.requiresTan, balance.balance], [true, undefined]);
    const told = await client.getAccountBalanceWithTan(balance.tanReference!, '314159');
    assert.equal(told.balance!.currency, 'EUR');
    await assert.rejects(fints.order('/banks/de-havelstein/fints', { demands: { coffee: 'always' } }), /demands are/);
  });

  test('sends its parameters again when they have another version, and only then', async () => {
    const client = fints.newClient('otto', 'havelstein-5');
    await client.synchronize();
    assert.ok(!codes(await client.synchronize()).includes(3050));
    await fints.order('/banks/de-havelstein/fints', { versions: { bank: 18, user: 5 } });
    const renewed = await client.synchronize();
    assert.equal(codes(renewed).filter((code) => code === 3050).length, 2);
    assert.deepEqual([renewed.bankingInformation!.bpd!.version, renewed.bankingInformation!.upd!.version], [18, 5]);
    assert.ok(!codes(await client.synchronize()).includes(3050));
    await assert.rejects(fints.order('/banks/de-havelstein/fints', { versions: { bank: 'x' } }), /versions are/);
  });

  test('goes on after a restart in the middle of a code', async () => {
    const client = await fints.chosen('till', 'havelstein-4', 902);
    const asked = await client.synchronize();
    await fints.trial.restart();
    // The port is another one; the dialog is the same.
    const open = client as unknown as { currentDialog: { httpClient: HttpClient } };
    open.currentDialog.httpClient = new HttpClient(fints.url(HAVELSTEIN.slug));
    assert.equal((await client.synchronizeWithTan(asked.tanReference!, '654321')).success, true);
  });

  test('refuses what is no message, wrong lengths, unknown dialogs and numbers out of turn', async () => {
    const post = async (body: string) => {
      const reply = await fetch(fints.url(HAVELSTEIN.slug), { method: 'POST', body });
      assert.equal(reply.status, 200);
      return Message.decode(Buffer.from(await reply.text(), 'base64').toString('latin1'));
    };
    const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
    const hostile = [
      '',
      '<html>',
      base64(''),
      base64('HNHBK'),
      base64("HNHBK:1:3+000000000029+300+0+1'"),
      base64('@9@a'),
    ];
    for (const body of hostile) assert.ok((await post(body)).hasReturnCode(9110), body);
    const short = "HNHBK:1:3+000000000010+300+0+1'HKIDN:2:2+280:99960600+9999999999+0+0'HNHBS:3:1+1'";
    assert.ok((await post(base64(short))).hasReturnCode(9110));
    const unsigned = short.replace('000000000010', String(short.length).padStart(12, '0'));
    assert.ok((await post(base64(unsigned))).hasReturnCode(9110));

    const client = fints.newClient('otto', 'havelstein-5');
    await client.synchronize();
    const http = new HttpClient(fints.url(HAVELSTEIN.slug));
    const send = (dialogId: string, number: number, segId = 'HKEND') => {
      const message = new CustomerMessage(dialogId, number);
      message.sign(280, HAVELSTEIN.code, 'otto', 'havelstein-5', client.config.bankingInformation.systemId);
      message.addSegment({ header: { segId, segNr: 0, version: 1 }, dialogId } as never);
      return http.sendMessage(message);
    };
    assert.ok((await send('nobody-knows', 2)).hasReturnCode(9800));
    const opened = await openDialog(client, http);
    assert.ok((await send(opened, 5)).hasReturnCode(9800));
    assert.ok((await send(opened, 2)).hasReturnCode(9800), 'the dialog is over');
    const second = await openDialog(client, http);
    assert.ok((await send(second, 2)).hasReturnCode(100));
  });

  async function openDialog(client: FinTSClient, http: HttpClient): Promise<string> {
    const message = new CustomerMessage();
    const { systemId } = client.config.bankingInformation;
    message.sign(280, HAVELSTEIN.code, 'otto', 'havelstein-5', systemId);
    const bank = { country: 280, bankId: HAVELSTEIN.code };
    const greeting = { segNr: 0 };
    message.addSegment({
      header: { ...greeting, segId: 'HKIDN', version: 2 },
      bank,
      customerId: 'otto',
      systemId,
      systemIdRequired: 1,
    } as never);
    message.addSegment({
      header: { ...greeting, segId: 'HKVVB', version: 3 },
      bpdVersion: 0,
      updVersion: 0,
      dialogLanguage: 0,
      productId: PROGRAM,
      productVersion: '1.0',
    } as never);
    const answer = await http.sendMessage(message);
    assert.ok(answer.hasReturnCode(20));
    return (answer.findSegment('HNHBK') as unknown as { dialogId: string }).dialogId;
  }

  test('keeps a log of messages with nothing secret in it', async () => {
    const { calls } = await fints.order('/banks/de-havelstein/calls');
    assert.ok(calls.some((call: { operation: string; login: string }) => call.operation === 'dialog' && call.login));
    const text = JSON.stringify([calls, await fints.order('/banks/de-havelstein/fints')]);
    for (const secret of ['havelstein-1', 'havelstein-4', 'havelstein-5', '123456', '654321', "h+2:1=?'"]) {
      assert.ok(!text.includes(secret), secret);
    }
  });
});
