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
import type { Grant } from '../../banking/connector.ts';
import { Secret } from '../../banking/secret.ts';
import type { Answer } from '../../banking/step.ts';
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
      ['HKIDN HKVVB', 'HKEND', 'HKIDN HKVVB HKTAN-4 HKSYN', 'HKTAB', 'HKEND', 'HKIDN HKVVB HKTAN-4'],
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
});
