import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { renderFlicker } from '../../banking/formats/flicker.ts';
import { readImage } from '../../banking/formats/image.ts';
import { readChallenge } from './challenge.ts';
import type { Method } from './parameters.ts';

const METHOD: Method = {
  id: '972',
  name: 'chipTAN optisch',
  version: 6,
  kind: 'HHDOPT1',
  isDecoupled: false,
  digitsOnly: true,
  structured: true,
  needsMedium: false,
  polls: true,
};
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function matrix(type: string, image: Uint8Array): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type.length);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(image.length);
  return Buffer.concat([head, Buffer.from(type), size, image]);
}

describe('a challenge', () => {
  test('photo-TAN: the picture is shown as what it is', () => {
    const { image } = readChallenge(METHOD, 'Bitte scannen', matrix('image/png', PNG), '');
    assert.deepEqual(image, { mediaType: 'image/png', base64: PNG.toString('base64') });
    assert.equal(readImage(matrix('image/jpeg', PNG))?.mediaType, 'image/png', 'its own bytes decide');
    assert.equal(readImage(matrix('image/svg+xml', Buffer.from('<svg onload=alert(1)>'))), undefined);
    assert.equal(readImage(PNG)?.mediaType, 'image/png', 'some banks send the picture alone');
  });

  test('flicker in a field of its own or within the text', () => {
    const code = '0248A0120452019980812345678';
    const shown = readChallenge(METHOD, 'Karte einlegen<br>Code zeigen', Buffer.from(code), 'Karte 1');
    assert.equal(shown.flicker, renderFlicker(code));
    assert.equal(shown.text, 'Karte einlegen\nCode zeigen');
    assert.equal(shown.method, 'chipTAN optisch (Karte 1)');
    const inText = readChallenge(METHOD, `CHLGUC 0027${code}CHLGTEXT0012Karte <b>einlegen</b>`, undefined, '');
    assert.deepEqual([inText.flicker, inText.text], [renderFlicker(code), 'Karte einlegen']);
  });

  test('a flicker code begins with its own length and ends with checks that hold', () => {
    const shown = renderFlicker('0248A0120452019980812345678')!;
    // Length, start code of five bytes with a control byte, its data, four bytes of data, both checks.
    assert.match(shown, /^0D85012045201998(04)12345678[0-9A-F]{2}$/);
    assert.equal(Number.parseInt(shown.slice(0, 2), 16), shown.length / 2 - 1);
    const xor = [...shown.slice(0, -2)].reduce((sum, digit) => sum ^ Number.parseInt(digit, 16), 0);
    assert.equal(shown.at(-1), xor.toString(16).toUpperCase());
    assert.equal(renderFlicker('0248A012045201998081234567'), undefined, 'a length that is not true');
  });

  test('HHD 1.3 has no control byte and a length of two digits', () => {
    assert.match(renderFlicker('230487110812345678' + '0512,50')!, /^0F028711041234567815(31322C3530)[0-9A-F]{2}$/);
  });

  test('no input throws or is shown as what it is not', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }), (text, bytes) => {
        const shown = readChallenge(METHOD, text, bytes, '');
        assert.ok(!/<[a-z/]/i.test(shown.text?.replace(/<(?![^<>]*>)/g, '') ?? ''));
        assert.ok(shown.flicker === undefined || /^[0-9A-F]+$/.test(shown.flicker));
      }),
    );
  });
});
