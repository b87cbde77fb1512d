import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readMessage, writeMessage } from './message.ts';
import * as forms from './segments.ts';
import { decodeSegments, type Element, encodeSegments, type Segment, type Value, WireError } from './syntax.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
const latin = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const binary = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const element = fc.array(fc.oneof({ weight: 4, arbitrary: latin }, binary), { maxLength: 6 });
const segment: fc.Arbitrary<Segment> = fc
  .record({
    name: fc.array(fc.constantFrom(...letters), { minLength: 5, maxLength: 6 }).map((list) => list.join('')),
    number: fc.integer({ min: 0, max: 999_999 }),
    version: fc.integer({ min: 0, max: 999 }),
    reference: fc.option(fc.integer({ min: 0, max: 999 }), { nil: undefined }),
    elements: fc.array(element, { maxLength: 8 }),
  })
  .map(({ reference, ...rest }) => ({ ...rest, ...(reference === undefined ? {} : { reference }) }));

describe('the wire of FinTS', () => {
  test('any segments come back as they were written; what is empty at an end is nothing', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        assert.deepEqual(decodeSegments(encodeSegments(segments)).map(canonical), segments.map(canonical));
      }),
    );
  });

  for (const form of Object.values(forms)) {
    if (!('write' in form) || !('version' in form)) continue;
    test(`${form.name} version ${form.version} comes back as it was written`, () => {
      const empty = form.read({ name: form.name, number: 1, version: form.version, elements: [] });
      fc.assert(
        fc.property(filled(empty), (value) => {
          const written = form.write(3, value as never);
          const [back] = decodeSegments(encodeSegments([written]));
          const again = form.write(3, form.read(back!) as never);
          assert.deepEqual(canonical(again), canonical(written));
        }),
        { numRuns: 30 },
      );
    });
  }

  test('a message with any PIN and code says both, in a size that is true', () => {
    fc.assert(
      fc.property(latin, latin, (pin, code) => {
        const text = writeMessage({
          dialog: '0',
          message: 1,
          orders: [(number) => forms.HKSYN.write(number, { mode: '0' })],
          signature: { bankCode: '12345678', userId: 'u', systemId: '0', method: '912', pin, code, at: new Date(0) },
        });
        assert.equal(Number(text.slice(10, 22)), text.length);
        const found = readMessage(text).segments.find(({ name }) => name === 'HNSHA');
        assert.deepEqual(forms.HNSHA.read(found!).secret, { pin, code });
      }),
    );
  });

  test('a character that ISO-8859-1 does not know is said, not sent', () => {
    assert.throws(() => encodeSegments([{ name: 'HKIDN', number: 1, version: 1, elements: [['€']] }]), WireError);
  });

  test('no input throws anything but its own error', () => {
    const piece = fc.constantFrom(
      "'",
      '+',
      ':',
      '?',
      '@',
      '@3@',
      '@999999999@',
      '@1',
      'HNHBK:1:3+',
      'HIRMG:2:2+0010',
      'HNVSD:999:1+@9@',
      '\0',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, latin)), (pieces) => {
        for (const read of [decodeSegments, readMessage] as ((text: string) => unknown)[]) {
          try {
            read(pieces.join(''));
          } catch (error) {
            assert.ok(error instanceof WireError, String(error));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function canonical(one: Segment): Segment {
  const elements = one.elements.map((values): Element => dropEnd(values.map(asValue), (value) => value.length === 0));
  return { ...one, elements: dropEnd(elements, (values) => values.length === 0) };
}

function asValue(value: Value): Value {
  return typeof value === 'string' ? value : value.length === 0 ? '' : Buffer.from(value);
}

function dropEnd<T>(list: readonly T[], isEmpty: (one: T) => boolean): T[] {
  const kept = [...list];
  while (kept.length > 0 && isEmpty(kept.at(-1)!)) kept.pop();
  return kept;
}

/** Values in the places of a form: what is read from nothing shows what belongs where. */
function filled(empty: unknown): fc.Arbitrary<unknown> {
  if (typeof empty === 'string') return latin;
  if (typeof empty === 'boolean') return fc.boolean();
  if (Array.isArray(empty) || empty === undefined || empty === null) return fc.constant(empty);
  return fc.record(Object.fromEntries(Object.entries(empty).map(([name, value]) => [name, filled(value)])));
}
