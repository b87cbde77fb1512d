import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { isValidBIC, isValidIBAN } from 'ibantools';
import jsQR from 'jsqr';
import { BANKS } from './banks.ts';
import { centsOf, chanceOf, decimal, entriesUntil } from './data.ts';
import { ledgerOf } from './holdings.ts';
import { photoChallenge } from './photo.ts';
import { businessDayFrom, dayOf, momentOf, parseDuration } from './time.ts';

const NOW = new Date('2026-11-20T11:00:00Z');

describe('the world of the pretend banks', () => {
  test('every IBAN and BIC is valid, every login and number is there once', () => {
    const holdings = BANKS.flatMap((bank) => bank.people.flatMap((person) => person.holdings));
    for (const { iban } of holdings) if (iban) assert.ok(isValidIBAN(iban), iban);
    for (const bank of BANKS) assert.ok(isValidBIC(bank.bic), bank.bic);
    const numbers = holdings.map(ledgerOf);
    assert.equal(new Set(numbers).size, numbers.length);
    for (const bank of BANKS) assert.equal(new Set(bank.people.map((person) => person.login)).size, bank.people.length);
  });

  test('every bank’s colour can be read against white', () => {
    for (const bank of BANKS) assert.ok(contrastWithWhite(bank.colour) >= 4.5, `${bank.slug} ${bank.colour}`);
  });

  test('the past never changes: what was there yesterday is there today', () => {
    const [bank] = BANKS;
    const holding = bank!.people[0]!.holdings[0]!;
    const earlier = entriesUntil(bank!, holding, NOW);
    const later = entriesUntil(bank!, holding, new Date(NOW.getTime() + 40 * 86_400_000));
    assert.deepEqual(later.slice(0, earlier.length), earlier);
    assert.ok(later.length > earlier.length + 15);
    assert.equal(new Set(later.map((entry) => entry.id)).size, later.length);
    assert.ok(later.every((entry) => entry.id !== entry.pendingId));
  });

  test('amounts go to decimals and back', () => {
    for (const [cents, text] of [
      [0, '0.00'],
      [-5, '-0.05'],
      [123_456, '1234.56'],
    ] as const) {
      assert.equal(decimal(cents), text);
      assert.equal(centsOf(text), cents === 0 ? 0 : cents);
    }
    assert.equal(centsOf('-12.3'), -1230);
    for (const wrong of ['a lot', '1.234', '', undefined]) assert.equal(centsOf(wrong), undefined);
    assert.equal(chanceOf('x'), chanceOf('x'));
  });

  test('days and moments follow the time zone, over the change to winter time too', () => {
    assert.equal(dayOf(new Date('2026-11-20T23:30:00Z'), 'Europe/Berlin'), '2026-11-21');
    assert.equal(momentOf('2026-07-01', '06:00', 'Europe/Berlin').toISOString(), '2026-07-01T04:00:00.000Z');
    assert.equal(momentOf('2026-10-25', '06:00', 'Europe/Berlin').toISOString(), '2026-10-25T05:00:00.000Z');
    assert.equal(momentOf('2026-03-29', '06:00', 'Europe/London').toISOString(), '2026-03-29T05:00:00.000Z');
    assert.equal(businessDayFrom('2026-11-21'), '2026-11-23');
    assert.equal(parseDuration('91d'), 91 * 86_400_000);
    assert.equal(parseDuration('soon'), undefined);
  });

  test('the photo challenge is a picture that a reader reads', () => {
    const { text, size, bytes } = read(photoChallenge('Nordwind Bank: TAN 314159'));
    assert.equal(text, 'Nordwind Bank: TAN 314159');
    assert.ok(size >= 150 && bytes < 5000, `${size} ${bytes}`);
  });
});

/** What a QR reader sees in a PNG of one bit a pixel. */
function read(image: Buffer): { text: string | undefined; size: number; bytes: number } {
  assert.equal(image.subarray(1, 4).toString(), 'PNG');
  const size = image.readUInt32BE(16);
  const at = image.indexOf('IDAT');
  const rows = inflateSync(image.subarray(at + 4, at + 4 + image.readUInt32BE(at - 4)));
  const length = Math.ceil(size / 8) + 1;
  assert.equal(rows.length, size * length);
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const white = (rows[y * length + 1 + (x >> 3)]! >> (7 - (x & 7))) & 1;
      pixels.fill(white * 255, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return { text: jsQR.default(pixels, size, size)?.data, size, bytes: image.length };
}

/** WCAG 2.2 contrast ratio of a colour such as `#0b5c8a` with white. */
function contrastWithWhite(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05);
}
