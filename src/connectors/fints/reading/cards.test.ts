import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSegments } from '../wire/syntax.ts';
import { readCardTurnovers } from './cards.ts';

const EMPTY_LINES = ':'.repeat(7);

test('turnovers of a card: bought one day, booked another, abroad, at an older bank, and one that cannot be read', () => {
  const rows = [
    `4000:20261030:20261102::20,:EUR:D:1,:20,:EUR:D:KIOSK AM MARKT:KIEL 4000****01${EMPTY_LINES}:J:R-1:5411:20261201`,
    `4000:20261028:20261031::50,:USD:D:0,9:45,:EUR:D:SHOP ABROAD:EXAMPLE${EMPTY_LINES}:J:R-2:5734:::inkl. 1,5% 0,68-`,
    '4000:20261001:20261001::1.000,5:EUR:C:1,:1.000,5:EUR:C:Ausgleich der Rechnung:J:R-3',
    '4000:20261001:20261001::1,:EUR:C:1,:viel:EUR:C:Unlesbar:J:R-4',
  ];
  const [segment] = decodeSegments(`DIKKU:5:2:3+4000++D:10,:EUR:20261103+++${rows.join('+')}'`);
  const { entries, rejected } = readCardTurnovers([segment!]);
  assert.deepEqual(entries, [
    {
      status: 'booked',
      amount: '-20',
      currency: 'EUR',
      bookedOn: '2026-11-02',
      valueOn: '2026-10-30',
      description: 'KIOSK AM MARKT KIEL 4000****01',
      counterparty: { name: 'KIOSK AM MARKT' },
      merchantCategoryCode: '5411',
      bankId: 'R-1',
    },
    {
      status: 'booked',
      amount: '-45',
      currency: 'EUR',
      bookedOn: '2026-10-31',
      valueOn: '2026-10-28',
      description: 'SHOP ABROAD EXAMPLE inkl. 1,5% 0,68-',
      counterparty: { name: 'SHOP ABROAD' },
      merchantCategoryCode: '5734',
      bankId: 'R-2',
      original: { amount: '50', currency: 'USD', rate: '0.9' },
    },
    {
      status: 'booked',
      amount: '1000.5',
      currency: 'EUR',
      bookedOn: '2026-10-01',
      valueOn: '2026-10-01',
      description: 'Ausgleich der Rechnung',
      bankId: 'R-3',
    },
  ]);
  assert.deepEqual(
    rejected.map(({ place }) => place),
    ['turnover 4'],
  );
});
