import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawFlicker } from './flicker.ts';

describe('a flicker code', () => {
  test('is the start signal and the code, lower halves first, a clock beside them', () => {
    const svg = drawFlicker('12', 50);
    const bars = [...svg.matchAll(/values="([^"]+)"/g)].map(([, values]) =>
      values!.split(';').map((one) => (one === '#fff' ? 1 : 0)),
    );
    const read = bars[0]!.map((_, at) => bars.slice(1).reduce((sum, bar, bit) => sum + (bar[at]! << bit), 0));
    assert.deepEqual(bars[0], [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    assert.deepEqual(
      read.filter((_, at) => at % 2 === 0).map((nibble) => nibble.toString(16)),
      ['f', '0', 'f', 'f', '2', '1'],
    );
    assert.match(svg, /dur="600ms"/);
  });

  test('holds nothing but a code', () => {
    const svg = drawFlicker('"><script>', 50);
    assert.equal(svg.includes('script'), false);
  });
});
