import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { CustomerMessage, encode, type FinTSClient, HttpClient, type Message } from 'lib-fints';
import { codes, type FintsTrial, HAVELSTEIN, PROGRAM, startFintsTrial } from './fints-client.ts';

const DAY_MS = 86_400_000;
const METHOD = 901;
const CODE = '123456';
const BANK = { country: 280, bankId: HAVELSTEIN.code };

/** Messages put together by hand out of lib-fints' segments, for what its client does not do. */
class Hand {
  readonly http: HttpClient;
  readonly systemId: string;
  dialogId = '0';
  number = 0;

  constructor(url: string, systemId: string) {
    this.http = new HttpClient(url);
    this.systemId = systemId;
  }

  async says(segments: object[], code?: string): Promise<Message> {
    this.number += 1;
    const message = new CustomerMessage(this.dialogId, this.number);
    message.sign(280, HAVELSTEIN.code, 'nele', 'havelstein-1', this.systemId, METHOD, code);
    for (const segment of segments) message.addSegment(segment as never);
    const answer = await this.http.sendMessage(message);
    this.dialogId = (answer.findSegment('HNHBK') as unknown as { dialogId: string }).dialogId;
    return answer;
  }

  opens(): Promise<Message> {
    return this.says([
      {
        header: head('HKIDN', 2),
        bank: BANK,
        customerId: 'nele',
        systemId: this.systemId,
        systemIdRequired: 1,
      },
      {
        header: head('HKVVB', 3),
        bpdVersion: 17,
        updVersion: 4,
        dialogLanguage: 0,
        productId: PROGRAM,
        productVersion: '1.0',
      },
      tan({ tanProcess: '4', segId: 'HKIDN', tanMedia: 'Diensthandy' }),
    ]);
  }
}

const head = (segId: string, version: number) => ({ segId, segNr: 0, version });
const tan = (rest: object) => ({ header: head('HKTAN', 7), nextTan: false, ...rest });
const statements = (from: Date, continuationMark?: string) => ({
  header: head('HKKAZ', 6),
  account: { accountNumber: '1001', bank: BANK },
  allAccounts: false,
  from,
  ...(continuationMark ? { continuationMark } : {}),
});
const reference = (answer: Message) =>
  (answer.findSegment('HITAN') as unknown as { orderReference: string }).orderReference;
const mark = (answer: Message) => answer.getBankAnswers().find((one) => one.code === 3040)?.params?.[0];
const text = (answer: Message) =>
  (answer.findSegment('HIKAZ') as unknown as { bookedTransactions: string }).bookedTransactions;

describe('a pretend FinTS bank asks, refuses and goes wrong', () => {
  let fints: FintsTrial;
  let client: FinTSClient;
  before(async () => {
    fints = await startFintsTrial();
    client = await fints.proved('nele', 'havelstein-1', METHOD, CODE);
  });
  after(() => fints?.close());

  const byHand = async () => {
    const hand = new Hand(fints.url(HAVELSTEIN.slug), client.config.bankingInformation.systemId);
    assert.ok((await hand.opens()).hasReturnCode(3076));
    return hand;
  };
  const from = () => new Date(fints.trial.clock.now().getTime() - 85 * DAY_MS);
  const behaves = (behaviour: object) => fints.order('/banks/de-havelstein/behaviour', behaviour);

  test('wants a code for the second page, and the page comes after it', async () => {
    await fints.order('/banks/de-havelstein/fints', { demands: { next_page: 'once' } });
    const hand = await byHand();
    const order = (next?: string) => [
      statements(from(), next),
      tan({ tanProcess: '4', segId: 'HKKAZ', tanMedia: 'Diensthandy' }),
    ];
    const first = await hand.says(order());
    assert.ok(mark(first) && first.hasReturnCode(3076));
    const asked = await hand.says(order(mark(first)));
    assert.ok(asked.hasReturnCode(30) && !asked.findSegment('HIKAZ'));
    const answer = tan({ tanProcess: '2', orderRef: reference(asked), tanMedia: 'Diensthandy' });
    const second = await hand.says([answer], CODE);
    assert.ok(text(second).length > 100);
    const closing = /:62F:C\d{6}(.*)/.exec(text(first).slice(text(first).lastIndexOf(':62F:')))![1];
    assert.equal(/:60F:C\d{6}(.*)/.exec(text(second))![1], closing);
    const spent = await hand.says([answer], CODE);
    assert.ok(spent.hasReturnCode(9370), 'a reference is good once');
  });

  test('takes the order with its code after its hash (process 1)', async () => {
    const hand = await byHand();
    const order = statements(from());
    order.header.segNr = 3;
    const hash = createHash('sha1')
      .update(encode(order as never), 'latin1')
      .digest()
      .toString('latin1');
    const asked = await hand.says([tan({ tanProcess: '1', segId: 'HKKAZ', orderHash: hash, tanMedia: 'Diensthandy' })]);
    assert.ok(asked.hasReturnCode(30));
    assert.ok(text(await hand.says([order], CODE)).length > 100);
    await hand.says([tan({ tanProcess: '1', segId: 'HKKAZ', orderHash: 'another', tanMedia: 'Diensthandy' })]);
    assert.ok((await hand.says([order], CODE)).hasReturnCode(9370));
  });

  test('forgets a challenge after five minutes, and a silent dialog after ten', async () => {
    await fints.order('/banks/de-havelstein/fints', { demands: { transactions: 'always' } });
    const hand = await byHand();
    const asked = await hand.says([
      statements(from()),
      tan({ tanProcess: '4', segId: 'HKKAZ', tanMedia: 'Diensthandy' }),
    ]);
    await fints.trial.clock.advance(6 * 60_000);
    const late = await hand.says([tan({ tanProcess: '2', orderRef: reference(asked) })], CODE);
    assert.ok(late.hasReturnCode(9210));
    await fints.trial.clock.advance(11 * 60_000);
    assert.ok((await hand.says([statements(from())])).hasReturnCode(9800));
    await fints.order('/banks/de-havelstein/fints', { demands: { transactions: 'never' } });
  });

  test('blocks the login at the third wrong code', async () => {
    const wrong = async () => {
      const till = await fints.chosen('till', 'havelstein-4', 902);
      const asked = await till.synchronize();
      return codes(await till.synchronizeWithTan(asked.tanReference!, '111111'));
    };
    assert.ok((await wrong()).includes(9941));
    assert.ok((await wrong()).includes(9941));
    assert.ok((await wrong()).includes(9931));
    assert.equal((await fints.newClient('till', 'havelstein-4').synchronize()).success, false);
    await fints.order('/banks/de-havelstein/logins/till', { blocked: false });
    assert.equal((await fints.newClient('till', 'havelstein-4').synchronize()).success, true);
  });

  test('refuses the next approval when control says so', async () => {
    await fints.order('POST /banks/de-havelstein/refuse-next');
    const fine = await fints.chosen('fine', "h+2:1=?'", 903);
    const asked = await fine.synchronize();
    assert.ok(codes(await fine.synchronizeWithTan(asked.tanReference!, '314159')).includes(9210));
  });

  test('refuses with any return code, answers pages instead of messages, and goes wrong in every way', async () => {
    const recent = () => client.getAccountStatements('1001', from(), undefined, false);
    await behaves({ kind: 'error', code: '9010', operation: 'transactions' });
    assert.ok(codes(await recent()).includes(9010));
    await behaves({ kind: 'off_standard', variant: 'unknown_code', operation: 'transactions' });
    assert.ok(codes(await recent()).includes(3999));
    await behaves({ kind: 'off_standard', variant: 'utf8', operation: 'transactions' });
    const names = (answer: Awaited<ReturnType<typeof recent>>) =>
      JSON.stringify(answer.statements!.flatMap((one) => one.transactions.map((entry) => entry.remoteName)));
    assert.match(names(await recent()), /Ã/);
    assert.doesNotMatch(names(await recent()), /Ã/);
    for (const kind of ['outage', 'html_500', 'rate_limited', 'reset', 'lost_answer']) {
      await behaves({ kind, operation: 'transactions' });
      await assert.rejects(recent(), kind);
    }
    await assert.rejects(behaves({ kind: 'off_standard', variant: 'date_times' }), /variant must be one of/);
    await assert.rejects(behaves({ kind: 'outage', operation: 'create_consent' }), /operation must be one of/);
  });

  test('writes lengths that are wrong, leaves out what is needed, and sends ten megabytes', async () => {
    const post = async (): Promise<string> => {
      const greeting = "HKIDN:2:2+280:99960600+9999999999+0+0'HKVVB:3:3+0+0+0+PROGRAM+1.0'HNHBS:4:1+1'";
      const length = String(greeting.length + 33).padStart(12, '0');
      const message = `HNHBK:1:3+${length}+300+0+1'${greeting}`.replace(
        length,
        String(`HNHBK:1:3+${length}+300+0+1'`.length + greeting.length).padStart(12, '0'),
      );
      const reply = await fetch(fints.url(HAVELSTEIN.slug), {
        method: 'POST',
        body: Buffer.from(message).toString('base64'),
      });
      return reply.text();
    };
    const plain = async () => Buffer.from(await post(), 'base64').toString('latin1');
    const good = await plain();
    assert.equal(Number(/^HNHBK:1:3\+(\d{12})/.exec(good)![1]), good.length);
    const once = (variant: string) => behaves({ kind: 'off_standard', variant, operation: 'bank_parameters' });
    await once('wrong_length');
    assert.match(await plain(), /^HNHBK:1:3\+000000000007/);
    await once('missing_end');
    assert.doesNotMatch(await plain(), /HNHBS/);
    await once('missing_segment');
    assert.doesNotMatch(await plain(), /HIBPA/);
    await once('unknown_segment');
    assert.match(await plain(), /HIXYZ/);
    await once('not_base64');
    assert.match(await post(), /^HNHBK:/);
    await behaves({ kind: 'off_standard', variant: 'huge', operation: 'transactions', bytes: 10_000_000 });
    const hand = await byHand();
    const page = await hand.says([statements(from())]);
    assert.ok(text(page).length > 10_000_000);
  });
});
