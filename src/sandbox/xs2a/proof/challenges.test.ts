import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHIP, FLICKER, SMS } from '../../world/bank.ts';
import { findBank } from '../../world/banks.ts';
import { challengeOf, presentMethod } from './challenges.ts';

const bank = findBank('de-rotfels')!;

/** HHD 1.4: three digits of length; the start code behind its length, with bit 7 for a control byte; elements behind theirs. */
function decoded(code: string): { startCode: string; elements: string[] } {
  assert.equal(Number(code.slice(0, 3)), code.length - 3);
  const length = Number.parseInt(code.slice(3, 5), 16);
  assert.ok(length & 0x80, 'no control byte');
  assert.equal(code.slice(5, 7), '01');
  const behind = 7 + (length & 0x3f);
  const elements: string[] = [];
  for (let at = behind; at < code.length; ) {
    const size = Number(code.slice(at, at + 2));
    elements.push(code.slice(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return { startCode: code.slice(7, behind), elements };
}

test('a flicker code holds the start code that the text says, so that it can be typed as well', () => {
  const { data, additionalInformation } = challengeOf(bank, FLICKER, 'an-id-of-an-authorisation');
  const { startCode, elements } = decoded((data as string[])[0]!);
  assert.match(startCode, /^\d{8}$/);
  assert.deepEqual(elements, ['0000000000']);
  assert.ok(String(additionalInformation).includes(startCode));
  assert.equal(presentMethod(FLICKER).authenticationVersion, 'HHD1.4');
});

test('a card reader without a lens is told a number, and an SMS nothing but where it went', () => {
  assert.match((challengeOf(bank, CHIP, 'an-id-of-an-authorisation').data as string[])[0]!, /^\d{8}$/);
  assert.equal(challengeOf(bank, SMS, 'an-id-of-an-authorisation').data, undefined);
});
