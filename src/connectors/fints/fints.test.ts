import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Asked,
  FINTS_PERMISSION,
  type Said,
  type ScriptedFints,
  scriptedFints,
} from '../../../test/fints-script.ts';
import { Visit } from '../../../test/visit.ts';
import type { Account } from '../../banking/account.ts';
import { BankError } from '../../banking/bank-error.ts';
import type { Grant } from '../../banking/connector.ts';
import { Secret } from '../../banking/secret.ts';
import type { Answer, Json } from '../../banking/step.ts';
import { fints } from './index.ts';

const METHODS6 = '912:2:MTAN2:mobileTAN::mobileTAN:6:1:SMS:3:J:1:N:0:2:N:J:00:2:N:5';
const METHODS7 = '940:2:PUSH:DecoupledPush::App:::Approve:2048:N:1:N:0:2:N:J:00:0:N:1:3:2:1:N:J';
const BANK = [
  'HIBPA:3:3+7+280:12345678+Nordbank+1+1+300',
  'HIKAZS:4:7:3+1+1+0+90:J:N',
  'HISALS:5:7:3+1+1+0',
  'HISALS:6:5:3+1+1+0',
  'HITABS:7:4:3+1+1+0',
  `HITANS:8:6:3+1+1+0+N:N:0:${METHODS6}`,
  `HITANS:9:7:3+1+1+0+N:N:0:${METHODS7}`,
  'HIPINS:10:1:3+1+1+0+5:20:6:Anmeldename::HKSAL:N:HKKAZ:J',
];
const USER = [
  'HIUPA:11:4+anna+3+0',
  'HIUPD:12:6+1234567890::280:12345678+DE02120300000000202051+anna+1+EUR+Anna Muster++Girokonto++HKSAL:1+HKKAZ:1',
];
const OK = 'HIRMG:3:2+0010::Nachricht entgegengenommen';
const MT940 =
  ':20:X\r\n:25:12345678/1\r\n:28C:1\r\n:60F:C261101EUR100,\r\n:61:2611021102D12,34NMSC//1\r\n:86:177?00SEPA?20EREF+E1?21SVWZ+Kaffee?32Laden\r\n:62F:C261102EUR87,66\r\n-\r\n';

const login = { kind: 'fields', values: { user_id: 'anna', password: new Secret('12345') } } as const;

/** The usual bank: what a message asks for, and its answer; a test says where it differs. */
function usual(asked: Asked, differs: (asked: Asked) => string[] | undefined = () => undefined): Said {
  const own = differs(asked);
  if (own) return { segments: own };
  const has = (name: string) => asked.names.includes(name);
  if (asked.pin === '') return { segments: [OK, ...BANK] };
  if (asked.pin !== '12345')
    return {
      dialog: '0',
      segments: ['HIRMG:3:2+9050::Fehler+9800::Dialog abgebrochen', 'HIRMS:4:2:3+9942::PIN falsch'],
    };
  if (has('HKSYN')) return { segments: [OK, 'HIRMS:4:2:4+3920::Zugelassen:912', 'HISYN:5:4+SYS1', ...USER] };
  if (has('HKTAB')) return { segments: [OK, 'HITAB:4:4+0+M:1:::::::::::Handy von Anna:*******89'] };
  if (has('HKVVB')) return { segments: [OK, 'HIRMS:4:2:5+3076::Keine starke Authentifizierung', ...USER] };
  if (has('HKSAL'))
    return {
      segments: [
        OK,
        'HISAL:5:7:3+DE02120300000000202051::1234567890::280:12345678+Giro+EUR+C:87,66:EUR:20261102+D:1,:EUR:20261102+500,:EUR+587,66:EUR',
      ],
    };
  if (has('HKKAZ')) return { segments: [OK, `HIKAZ:5:7:3+@${MT940.length}@${MT940}`] };
  return { segments: [OK] };
}

async function signIn(bank: ScriptedFints, answers: Answer[] = [], permission = FINTS_PERMISSION): Promise<Grant> {
  const visit = await Visit.begins(fints.authorise, bank.context, permission);
  await visit.answers(login);
  for (const answer of answers) await visit.answers(answer);
  bank.holds(visit.result);
  return visit.result;
}

describe('a FinTS bank', () => {
  test('sign-in: parameters, system id, medium; then accounts, balances and MT940 in the same dialog', async () => {
    const bank = scriptedFints(usual);
    const grant = await signIn(bank);
    assert.deepEqual(
      bank.asked.map(({ names }) => names.join(' ')),
      [
        'HKIDN HKVVB',
        'HKEND',
        'HKIDN HKVVB HKTAN-4 HKSYN',
        'HKEND',
        'HKIDN HKVVB HKTAN-4',
        'HKTAB',
        'HKEND',
        'HKIDN HKVVB HKTAN-4',
      ],
    );
    const { kind, result: [account] = [] } = (await fints.accounts(bank.context, { grant })) as {
      kind: string;
      result: never[];
    };
    assert.equal(kind, 'done');
    const held = { grant, account: account! };
    const balances = await fints.balances(bank.context, held);
    assert.ok(balances.kind === 'done');
    assert.deepEqual(
      balances.result.map(({ type, amount }) => [type, amount]),
      [
        ['booked', '87.66'],
        ['expected', '86.66'],
        ['available', '587.66'],
      ],
    );
    const page = await fints.transactions(bank.context, { ...held, grant: bank.grant()!, since: '2026-10-01' });
    assert.ok(page.kind === 'done');
    assert.deepEqual(page.result.booked, [
      {
        status: 'booked',
        amount: '-12.34',
        currency: 'EUR',
        bookedOn: '2026-11-02',
        valueOn: '2026-11-02',
        description: 'Kaffee',
        reference: '1',
        counterparty: { name: 'Laden' },
        bankCode: '177',
        endToEndId: 'E1',
      },
    ]);
    assert.equal(bank.asked.filter(({ names, pin }) => names.includes('HKVVB') && pin !== '').length, 3);
  });

  test('a bank that does not know our product is a matter for the operator, before anybody types anything', async () => {
    const bank = scriptedFints(() => ({
      segments: ['HIRMG:3:2+9050::Fehler', 'HIRMS:4:2:3+9078::Produkt nicht registriert'],
    }));
    await assert.rejects(Visit.begins(fints.authorise, bank.context, FINTS_PERMISSION), { kind: 'misconfigured' });
    const { productId: _, ...nobody } = bank.context.requester;
    const context = { ...bank.context, requester: nobody };
    await assert.rejects(Visit.begins(fints.authorise, context, FINTS_PERMISSION), /fints\.org/);
  });

  test('a refused PIN and a blocked login are told apart, and sent once', async () => {
    for (const [said, kind] of [
      ['9942::PIN falsch', 'wrong_credentials'],
      ['9931::Zugang gesperrt+9942::PIN falsch', 'blocked'],
      ['3938::Ihr Zugang ist gesperrt', 'blocked'],
      ['9010::Ihr Zugang ist gesperrt', 'blocked'],
      ['9210::Irgendetwas', 'unexpected'],
      ['9999::', 'unexpected'],
    ]) {
      const bank = scriptedFints((asked) =>
        usual(asked, ({ names }) =>
          names.includes('HKSYN') ? ['HIRMG:3:2+9050::Fehler', `HIRMS:4:2:3+${said}`] : undefined,
        ),
      );
      await assert.rejects(signIn(bank), { kind });
      assert.equal(bank.asked.filter(({ pin }) => pin !== '').length, 1, said);
    }
  });

  test('an answer that never comes after a login was sent is not to be repeated', async () => {
    const bank = scriptedFints(usual);
    const { http } = bank.context;
    bank.context.http = async (request) => {
      const reply = await http(request);
      if (bank.asked.at(-1)?.names.includes('HKSYN')) throw new BankError('unavailable', 'timeout');
      return reply;
    };
    await assert.rejects(signIn(bank), (error) => error instanceof BankError && error.facts.mayHaveCounted === true);
  });

  for (const [what, said, kind] of [
    ['a web page', { bytes: '<html><body>Wartung</body></html>' }, 'unexpected'],
    ['nothing', { bytes: '' }, 'unexpected'],
    ['noise', { bytes: '\0\x01\xff!!!' }, 'unexpected'],
    [
      'half a message',
      { bytes: Buffer.from("HNHBK:1:3+000000009999+300+D+1'HIRMG:2:2+00").toString('base64') },
      'unexpected',
    ],
    ['no segments', { segments: [] }, 'unexpected'],
    ['an error of its server', { bytes: 'oops', status: 503 }, 'unavailable'],
    ['too many requests', { bytes: '', status: 429 }, 'rate_limited'],
  ] as [string, Said, string][]) {
    test(`${what} instead of an answer`, async () => {
      const bank = scriptedFints((asked) => (asked.names.includes('HKSAL') ? said : usual(asked)));
      const grant = await signIn(bank);
      const account = await firstAccount(bank, grant);
      await assert.rejects(fints.balances(bank.context, { grant, account }), { kind });
    });
  }

  test('a wrong code is asked for again where the bank asks again, and else ends it', async () => {
    for (const asksAgain of [true, false]) {
      const bank = scriptedFints((asked) =>
        usual(asked, ({ names, code }) => {
          if (names.includes('HKVVB') && names.includes('HKTAN-4') && !names.includes('HKSYN') && isLogin(asked))
            return [OK, ...ASKS('R1')];
          if (names.includes('HKTAN-2') && code !== '111111')
            return ['HIRMG:3:2+9050::Fehler', 'HIRMS:4:2:3+9941::TAN falsch', ...(asksAgain ? ASKS('R2') : [])];
          return undefined;
        }),
      );
      const visit = await Visit.begins(fints.authorise, bank.context, FINTS_PERMISSION);
      await visit.answers(login);
      assert.ok(visit.step.kind === 'form');
      assert.deepEqual(visit.step.fields[0], {
        name: 'code',
        kind: 'code',
        secret: true,
        maxLength: 6,
        digitsOnly: true,
      });
      assert.deepEqual(visit.step.challenge, { method: 'mobileTAN (Handy von Anna)', text: 'Bitte\nTAN eingeben' });
      if (asksAgain) {
        await visit.answers(code('000000'));
        assert.ok(visit.step.kind === 'form' && visit.step.notice?.kind === 'wrong_code');
        await visit.answers(code('111 111'));
        assert.ok(visit.isDone);
      } else await assert.rejects(visit.answers(code('000000')), { kind: 'wrong_code' });
    }
  });

  test('a login lies in no memory longer than ten minutes', async () => {
    const bank = scriptedFints((asked) => usual(asked, () => (isLogin(asked) ? [OK, ...ASKS('R1')] : undefined)));
    const visit = await Visit.begins(fints.authorise, bank.context, FINTS_PERMISSION);
    await visit.answers(login);
    bank.passes(10 * 60_000);
    const sent = bank.asked.length;
    await assert.rejects(visit.answers(code('111111')), { kind: 'timed_out' });
    assert.equal(bank.asked.length, sent);
  });

  test('a code on a continuation page: nothing is lost or doubled, and the answer may come from another server', async () => {
    const bank = scriptedFints((asked) =>
      usual(asked, ({ names, orders, code: typed }) => {
        const order = orders.find(({ name }) => name === 'HKKAZ');
        const mark = order ? String(order.elements[5]?.[0] ?? '') : undefined;
        if (mark === '') return [OK, 'HIRMS:4:2:3+3040::Mehr:M1', `HIKAZ:5:7:3+@60@${MT940.slice(0, 60)}`];
        if (mark === 'M1') return [OK, ...ASKS('R9')];
        if (names.includes('HKTAN-2') && typed === '111111')
          return [OK, `HIKAZ:5:7:3+@${MT940.length - 60}@${MT940.slice(60)}`];
        return undefined;
      }),
    );
    const grant = await signIn(bank);
    const account = await firstAccount(bank, grant);
    const turn = await fints.transactions(bank.context, { grant, account, since: '2026-10-01' });
    assert.ok(turn.kind === 'ask' && turn.forgetAt);
    const memory = JSON.parse(JSON.stringify(turn.memory)) as Json;
    const resumed = await fints.transactions(
      bank.context,
      { grant, account, since: '2026-10-01' },
      { memory, answer: code('111111') },
    );
    assert.ok(resumed.kind === 'done');
    assert.deepEqual(
      resumed.result.booked.map(({ amount }) => amount),
      ['-12.34'],
    );
  });

  test('an approval is looked for at the pace the bank says, so often and no more, and never asked for again', async () => {
    const bank = scriptedFints((asked) =>
      usual(asked, ({ names }) => {
        if (names.includes('HKSYN')) return [OK, 'HIRMS:4:2:4+3920::Zugelassen:940', 'HISYN:5:4+SYS1', ...USER];
        if (isLogin(asked)) return [OK, 'HIRMS:4:2:5+3955::Bitte bestätigen', 'HITAN:5:7:5+4++R5+Bitte bestätigen'];
        if (names.includes('HKTAN-S')) return [OK, 'HIRMS:4:2:3+3956::Noch nicht'];
        return undefined;
      }),
    );
    const visit = await Visit.begins(fints.authorise, bank.context, FINTS_PERMISSION);
    await visit.answers(login);
    assert.ok(visit.step.kind === 'wait' && visit.step.pollAfterMs === 1000);
    const looks = () => bank.asked.filter(({ names }) => names.includes('HKTAN-S')).length;
    await visit.answers({ kind: 'polled' });
    await visit.answers({ kind: 'again' });
    assert.equal(looks(), 0, 'before the time the bank says');
    for (let look = 1; look <= 3; look++) {
      bank.passes(2000);
      await visit.answers({ kind: 'polled' });
      assert.equal(looks(), look);
    }
    bank.passes(2000);
    await assert.rejects(visit.answers({ kind: 'polled' }), { kind: 'timed_out' });
    assert.equal(looks(), 3);
    assert.equal(bank.asked.filter(isLogin).length, 1);
  });

  test('a dialog the bank has ended meanwhile is begun once more; a system id is kept', async () => {
    let gone = true;
    const bank = scriptedFints((asked) =>
      usual(asked, ({ names }) => {
        if (!names.includes('HKSAL') || !gone) return undefined;
        gone = false;
        return ['HIRMG:3:2+9800::Dialog abgebrochen'];
      }),
    );
    const grant = await signIn(bank);
    const turn = await fints.balances(bank.context, { grant, account: await firstAccount(bank, grant) });
    assert.equal(turn.kind, 'done');
    assert.ok(bank.asked.at(-1)!.names.includes('HKSAL') && bank.asked.at(-2)!.names.includes('HKVVB'));
  });

  test('nothing of an answer reaches an error, and nothing typed', async () => {
    const bank = scriptedFints((asked) =>
      asked.names.includes('HKSAL') ? { bytes: 'SE5IQks=DE02120300000000202051' } : usual(asked),
    );
    const grant = await signIn(bank);
    const account = await firstAccount(bank, grant);
    await assert.rejects(fints.balances(bank.context, { grant, account }), (error: Error) => {
      assert.equal(/DE02|12345\b/.test(`${error.message}${JSON.stringify(error)}`), false);
      return true;
    });
  });
});

const ASKS = (reference: string) => [
  'HIRMS:6:2:5+0030::TAN nötig',
  `HITAN:7:6:5+4++${reference}+Bitte<br>TAN eingeben+++Handy von Anna`,
];

const code = (typed: string): Answer => ({ kind: 'fields', values: { code: new Secret(typed) } });

/** The dialog everything is read in: with the method, and for no medium. */
function isLogin({ names, orders }: Asked): boolean {
  const announced = orders.find(({ name }) => name === 'HKTAN')?.elements[1]?.[0];
  return names.includes('HKVVB') && !names.includes('HKSYN') && announced === 'HKIDN';
}

async function firstAccount(bank: ScriptedFints, grant: Grant): Promise<Account> {
  const accounts = await fints.accounts(bank.context, { grant });
  assert.ok(accounts.kind === 'done' && accounts.result[0]);
  return accounts.result[0];
}
