import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openMessage } from './envelope.ts';
import { amount, binary, component, parseSegments, WireError, writeSegment } from './wire.ts';

const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const element = fc.array(latin1, { minLength: 1, maxLength: 4 });

describe('FinTS on the wire, as the pretend banks read and write it', () => {
  test('what is written is read again, whatever signs are in it', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 5 }), latin1, (data, content) => {
        const text = writeSegment({ id: 'HKTST', version: 3, about: 2, data: [...data, binary(content), 'end'] }, 7);
        const [segment, ...rest] = parseSegments(text);
        assert.deepEqual(
          [rest, segment!.id, segment!.number, segment!.version, segment!.about],
          [[], 'HKTST', 7, 3, 2],
        );
        for (const [at, components] of data.entries()) {
          for (const [place, one] of components.entries()) assert.equal(component(segment!, at + 1, place + 1), one);
        }
        assert.equal(component(segment!, data.length + 1), content);
        assert.equal(component(segment!, data.length + 2), 'end');
        assert.equal(segment!.raw, text);
      }),
    );
  });

  test('nothing that is sent makes it throw anything but its own error', () => {
    const signs = fc.string({ unit: fc.constantFrom("'", '+', ':', '?', '@', '1', '9', 'A', 'HNHBK', 'HNVSD') });
    fc.assert(
      fc.property(fc.oneof(signs, latin1), (text) => {
        for (const read of [parseSegments, openMessage]) {
          try {
            read(text);
          } catch (error) {
            assert.ok(error instanceof WireError, String(error));
          }
        }
      }),
    );
  });

  test('amounts have a comma and no zeros behind it that say nothing', () => {
    assert.deepEqual([0, 5, 10, 100, 123_456, -250].map(amount), ['0,', '0,05', '0,1', '1,', '1234,56', '2,5']);
  });
});
