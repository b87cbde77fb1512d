import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Transaction } from '../account.ts';
import { sameAmount, sumAmounts } from '../money.ts';
import { decodeText } from './charset.ts';
import { readMt940 } from './mt940.ts';
import type { StatementPart } from './statement.ts';

const read = (text: string, status: 'booked' | 'pending' = 'booked') => [
  ...readMt940(text.replaceAll(/\r?\n/g, '\r\n'), { status, currency: 'EUR' }),
];
const entriesOf = (parts: StatementPart[]) => parts.flatMap((part) => (part.kind === 'entry' ? [part.entry] : []));

/** One entry between two balances, in the style of some bank. */
const around = (entry: string, opening = 'C261101EUR100,00', closing = 'C261102EUR87,66') =>
  `:20:STARTUMS\n:25:12345678/0001234567\n:28C:00011/001\n:60F:${opening}\n${entry}\n:62F:${closing}\n-\n`;

const STYLES: Record<string, [entry: string, expected: Partial<Transaction>]> = {
  'subfields cut after 27 characters, tags glued to words': [
    ':61:2611021102DR12,34NDDTKREF+//POS 1\n:86:105?00FOLGELASTSCHRIFT?109248?20EREF+RG-2026-00000000012345?216 MREF+M-17 CRED+DE98ZZZ?2200000012345 SVWZ+Strom Novem?23ber 2026 Vielen Dank?30TESTDEFFXXX?31DE02120300000000202051?32STADTWERKE MUSTERSTADT GMBH?33 UND CO?34992',
    {
      amount: '-12.34',
      description: 'Strom November 2026 Vielen Dank',
      endToEndId: 'RG-2026-000000000123456',
      counterparty: { name: 'STADTWERKE MUSTERSTADT GMBH UND CO', iban: 'DE02120300000000202051' },
      bankCode: '105',
    },
  ],
  'a full subfield goes on in the next without a space': [
    ':61:2611021102D12,34N177NONREF\n:86:177?00ONLINE?20SVWZ+Miete November Wohnung?21 3?22abcdefghijklmnopqrstuvwxyz1?23234',
    { description: 'Miete November Wohnung 3 abcdefghijklmnopqrstuvwxyz1234', bankCode: '177' },
  ],
  'another separator, an account without IBAN': [
    ':61:2611021102D12,34NMSCNONREF\n:86:166/00GUTSCHRIFT/20Danke/3012345678/31987654/32Erika Muster',
    { description: 'Danke', counterparty: { name: 'Erika Muster', bban: '123456780000987654' } },
  ],
  'lines wrapped after 65 characters within a subfield': [
    ':61:2611021102D12,34NTRFNONREF\n:86:020?00UEBERWEISUNG?20SVWZ+Rechnung 4711?32Handwerkermeisterbetr\nieb Sonntag',
    { description: 'Rechnung 4711', counterparty: { name: 'Handwerkermeisterbetrieb Sonntag' } },
  ],
  'no subfields, plain words': [
    ':61:2611021102D12,34NMSCNONREF//2611020001\n:86:Kartenzahlung Baeckerei Sonntag\nBerlin 02.11. 08:15',
    { description: 'Kartenzahlung Baeckerei Sonntag Berlin 02.11. 08:15', reference: '2611020001' },
  ],
  'SWIFT slash codes': [
    ':61:2611021102D12,34NTRFNONREF\n:86:/EREF/INV-77//BENM//NAME/Example Energy Ltd/IBAN/DE02120300000000202051/REMI/USTD//November bill/',
    {
      description: 'November bill',
      endToEndId: 'INV-77',
      counterparty: { name: 'Example Energy Ltd', iban: 'DE02120300000000202051' },
    },
  ],
  'tags with colons': [
    ':61:2611021102D12,34NTRFNONREF\n:86:177 EREF: E-1 SVWZ: Beitrag 2026 IBAN: DE02120300000000202051',
    {
      description: 'Beitrag 2026',
      endToEndId: 'E-1',
      counterparty: { iban: 'DE02120300000000202051' },
      bankCode: '177',
    },
  ],
  'no details at all': [
    ':61:2611021102D12,34NMSCHAUSVERWALTUNG',
    { description: 'HAUSVERWALTUNG', reference: 'HAUSVERWALTUNG' },
  ],
  'a reversed credit is money out': [
    ':61:2611021102RC12,34NRTINONREF\n:86:109?00RUECKGABE?20SVWZ+Konto erloschen',
    { amount: '-12.34' },
  ],
  'no booking day, a comma at the end': [
    ':61:261102D12,34NMSCNONREF\n:86:Gebuehr',
    { bookedOn: '2026-11-02', valueOn: '2026-11-02', description: 'Gebuehr' },
  ],
  'question marks in the words': [
    ':61:2611021102D12,34NMSCNONREF\n:86:177?00X?20SVWZ+Wer? Wo? 5?7 Was?99 ok?32Name',
    { description: 'Wer? Wo? 5?7 Was?99 ok', counterparty: { name: 'Name' } },
  ],
  'another currency beside': [
    ':61:2611021102D12,34NMSCNONREF//X\n/OCMT/USD13,50/EXCH/1,0940/\n:86:177?00KARTE?20SVWZ+Hotel',
    { original: { amount: '13.50', currency: 'USD', rate: '1.0940' } },
  ],
};

describe('MT940', () => {
  for (const [style, [entry, expected]] of Object.entries(STYLES)) {
    test(style, () => {
      const parts = read(around(entry));
      const [found] = entriesOf(parts);
      assert.ok(found, JSON.stringify(parts));
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof Transaction]])),
        expected,
      );
      assert.ok(adds(parts));
    });
  }

  test('the year of a booking turns with the year', () => {
    const day = (line: string) => entriesOf(read(around(line)))[0]?.bookedOn;
    assert.equal(day(':61:2601021231D1,NMSC1'), '2025-12-31');
    assert.equal(day(':61:2512310102D1,NMSC1'), '2026-01-02');
    assert.equal(day(':61:2402290229D1,NMSC1'), '2024-02-29');
    assert.equal(day(':61:2502300230D1,NMSC1'), undefined);
    assert.equal(day(':61:2502290229D1,NMSC1'), '2025-02-28');
    assert.equal(day(':61:000000D1,NMSC1'), undefined);
  });

  test('MT942: what is pending, in the currency of its floor', () => {
    const parts = read(
      ':20:X\n:25:1\n:34F:CHFD0,\n:13D:2611020800+0100\n:61:2611021102D5,NMSC1\n:86:x\n:61:261102ED7,NMSC1\n:86:y\n:90D:2CHF12,\n-',
      'pending',
    );
    assert.deepEqual(
      entriesOf(parts).map(({ amount, currency, status }) => [amount, currency, status]),
      [
        ['-5', 'CHF', 'pending'],
        ['-7', 'CHF', 'pending'],
      ],
    );
  });

  test('several statements, intermediate balances, tape separators, no end mark', () => {
    const one = around(':61:2611021102D12,34NMSC1\n:86:eins');
    const two = around(':61:2611031103C2,34NMSC2\n:86:zwei', 'C261102EUR87,66', 'C261103EUR90,')
      .replace(/:60F:/, ':60M:')
      .replace(/:62F:/, ':62M:');
    for (const text of [one + two, (one + two).replaceAll('\n', '@@'), (one + two).replace(/-\n/g, '')])
      assert.deepEqual(
        entriesOf(read(text)).map(({ description }) => description),
        ['eins', 'zwei'],
      );
    assert.ok(adds(read(one + two)));
  });

  test('a line that cannot be read is told, without its content, and the rest is read', () => {
    const parts = read(`${around(':61:geheim\n:86:x')}${around(':61:2611021102D12,34NMSC1\n:86:ok')}`);
    assert.deepEqual(
      parts.filter(({ kind }) => kind === 'rejected'),
      [{ kind: 'rejected', rejected: { place: 'entry 1', reason: 'the line :61: cannot be read' } }],
    );
    assert.equal(entriesOf(parts).length, 1);
  });

  test('umlauts in every set that banks use', () => {
    const word = 'Bäckerei Grüß Öfen Übung Ärzte';
    const latin = Buffer.from(word, 'latin1');
    const map = (pairs: Record<string, number>) =>
      Uint8Array.from([...word].map((letter) => pairs[letter] ?? letter.charCodeAt(0)));
    const cp850 = map({ ä: 0x84, ü: 0x81, ß: 0xe1, Ö: 0x99, Ü: 0x9a, Ä: 0x8e });
    const tape = map({ ä: 0x7b, ü: 0x7d, ß: 0x7e, Ö: 0x5c, Ü: 0x5d, Ä: 0x5b });
    const twice = Buffer.from(Buffer.from(word, 'utf8').toString('latin1'), 'utf8');
    for (const bytes of [latin, Buffer.from(word, 'utf8'), cp850, twice, Buffer.from(`\ufeff${word}`, 'utf8')])
      assert.equal(decodeText(bytes), word);
    assert.equal(decodeText(tape, 'din-66003'), word);
    assert.equal(decodeText(cp850, 'cp850'), word);
  });

  test('whatever is written into a statement, entries add up to the closing balance', () => {
    const cents = fc.integer({ min: -10_000_000, max: 10_000_000 });
    const words = fc.string({ maxLength: 60, unit: fc.constantFrom(...'aB 1?+:/-,üß.'.split('')) });
    fc.assert(
      fc.property(cents, fc.array(fc.tuple(cents, words), { maxLength: 12 }), (start, rows) => {
        const end = rows.reduce((sum, [amount]) => sum + amount, start);
        const lines = rows.map(
          ([amount, text]) =>
            `:61:2611021102${amount < 0 ? 'D' : 'C'}${comma(amount)}NMSC1\n:86:177?00X?20SVWZ+${text}`,
        );
        const parts = read(around(lines.join('\n'), balance(start), balance(end)));
        assert.equal(entriesOf(parts).length, rows.length);
        assert.ok(adds(parts));
      }),
    );
  });

  test('no input throws, hangs or makes the parser greedy', () => {
    const piece = fc.constantFrom(
      ':61:',
      ':86:',
      ':60F:',
      '\n',
      '\r',
      '-',
      '?20',
      '@@:',
      '2611021102',
      'D',
      '1,2',
      'EREF+',
      '/EREF/',
      '{1:',
      'ä',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 12 }))), (pieces) => void read(pieces.join(''))),
    );
    const started = performance.now();
    read(`:86:${'?'.repeat(1_000_000)}`);
    read(`:61:2611021102D1,NMSC1\n:86:${'EREF+'.repeat(200_000)}`);
    read(':61:\n'.repeat(200_000));
    read(`${':'.repeat(500_000)}\n`.repeat(2));
    assert.ok(performance.now() - started < 5000);
  });
});

function adds(parts: StatementPart[]): boolean {
  const opening = parts.find(({ kind }) => kind === 'opening');
  const closing = parts.findLast(({ kind }) => kind === 'closing');
  assert.ok(opening?.kind === 'opening' && closing?.kind === 'closing');
  return sameAmount(sumAmounts([opening.amount, ...entriesOf(parts).map(({ amount }) => amount)]), closing.amount);
}

function comma(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}

function balance(cents: number): string {
  return `${cents < 0 ? 'D' : 'C'}261101EUR${comma(cents)}`;
}
