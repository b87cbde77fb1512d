import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mendCutMt940 } from './cut.ts';

describe('what came of a report that is cut off', () => {
  test('MT940: all before the last entry, which may itself be cut', () => {
    const text = ':20:A\r\n:60F:C261031EUR0,00\r\n:61:2611011101CR100,00NTRF\r\n:86:x\r\n:61:2611021102DR24,5';
    assert.equal(mendCutMt940(text), text.slice(0, text.lastIndexOf('\n:61:')));
    assert.equal(mendCutMt940(`${text}0NTRF\r\n:62F:C261102EUR75,50\r\n-`), undefined);
    assert.equal(mendCutMt940(':20:A\r\n:34F:EUR0,\r\n:61:2611021102DR24,5'), undefined);
    const second = `${text}0NTRF\r\n:62F:C261102EUR75,50\r\n-\r\n:20:B`;
    assert.equal(mendCutMt940(`${second}\r\n:60F:C261102EUR75,50`), second.concat('\r'));
  });
});
