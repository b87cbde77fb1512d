import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { renderFlicker } from '../../../banking/formats/flicker.ts';
import { drawFlicker } from './flicker.ts';

/** What a card reader has read: the start code, its control bytes and the data elements. */
type Read = { control: number[]; start: string; elements: string[] };

/**
 * A card reader as the public descriptions of HHD_UC have it, which knows nothing of how the bars came about: it samples five
 * brightnesses, takes half a byte at each edge of the clock (the first bar), lower half first, looks for the start signal, and
 * believes nothing whose length, Luhn digit or parity is not true.
 */
function reads(svg: string, startAtMs: number): Read {
  const duration = Number(/dur="(\d+)ms"/.exec(svg)![1]);
  const bars = [...svg.matchAll(/values="([^"]+)"/g)].map(([, values]) => values!.split(';'));
  assert.equal(bars.length, 5);
  const frames = bars[0]!.length;
  const brightAt = (bar: number, ms: number) =>
    bars[bar]![Math.floor(((ms % duration) / duration) * frames)] === '#fff' ? 1 : 0;
  // Twice through, sampled faster than anything changes, from wherever the reader was held to the screen.
  const halves: number[] = [];
  let clock = brightAt(0, startAtMs);
  for (let ms = startAtMs; ms < startAtMs + 2 * duration; ms += duration / frames / 3) {
    const now = brightAt(0, ms);
    if (now === 1 && clock === 0)
      halves.push([1, 2, 3, 4].reduce((sum, bar) => sum + (brightAt(bar, ms) << (bar - 1)), 0));
    clock = now;
  }
  const begin = halves.findIndex((_, at) => [0xf, 0, 0xf, 0xf].every((half, more) => halves[at + more] === half));
  assert.ok(begin >= 0, 'no start signal');
  const bytes: number[] = [];
  for (let at = begin + 4; at + 1 < halves.length; at += 2) bytes.push(halves[at]! + halves[at + 1]! * 16);
  const length = bytes[0]!;
  const message = bytes.slice(0, length + 1);
  assert.equal(message.length, length + 1, 'shorter than it says');
  const parity = message.flatMap((byte) => [byte >> 4, byte & 15]).slice(0, -2);
  assert.equal(
    parity.reduce((xor, half) => xor ^ half, 0),
    message.at(-1)! & 15,
    'the parity is wrong',
  );
  const counted: number[] = [];
  const rest = message.slice(1, -1);
  const take = (count: number): number[] => {
    const taken = rest.splice(0, count);
    assert.equal(taken.length, count, 'an element is cut off');
    return taken;
  };
  const head = take(1)[0]!;
  const control: number[] = [];
  for (let more = (head & 0x80) !== 0; more; more = (control.at(-1)! & 0x80) !== 0) control.push(...take(1));
  counted.push(...control);
  const element = (size: number): string => {
    const data = take(size & 0x3f);
    counted.push(...data);
    const isText = (size & 0x40) !== 0;
    return isText
      ? String.fromCharCode(...data)
      : data
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join('')
          .replace(/f$/, '');
  };
  const start = element(head & 0x7f);
  const elements: string[] = [];
  while (rest.length > 0) elements.push(element(take(1)[0]!));
  assert.equal((10 - (luhn(counted) % 10)) % 10, message.at(-1)! >> 4, 'the Luhn digit is wrong');
  return { control, start, elements };
}

/** Luhn over half bytes: the second of each pair counts twice, its digits added. */
function luhn(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => {
    const twice = (byte & 15) * 2;
    return sum + (byte >> 4) + Math.floor(twice / 10) + (twice % 10);
  }, 0);
}

describe('a card reader held to the bars', () => {
  test('reads the example of the standard, from wherever it begins to look', () => {
    const bars = drawFlicker(renderFlicker('0248A0120452019980812345678')!, 50);
    for (const startAt of [0, 70, 333, 1210])
      assert.deepEqual(reads(bars, startAt), { control: [1], start: '2045201998', elements: ['12345678'] });
  });

  test('reads any code a bank may send, at any pace', () => {
    const number = fc.stringMatching(/^\d{1,12}$/);
    const text = fc.stringMatching(/^\d{1,6},\d\d$/);
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{2,12}$/),
        fc.array(fc.oneof(number, text), { maxLength: 3 }),
        fc.constantFrom(25, 50, 100),
        (start, elements, stepMs) => {
          const two = (size: number) => String(size).padStart(2, '0');
          const data = elements.map((one) => two(one.length) + one).join('');
          const head = (0x80 + start.length).toString(16).toUpperCase();
          const body = `${head}01${start}${data}`;
          const bars = drawFlicker(renderFlicker(String(body.length).padStart(3, '0') + body)!, stepMs);
          assert.deepEqual(reads(bars, 17), { control: [1], start, elements });
        },
      ),
      { numRuns: 60 },
    );
  });
});
