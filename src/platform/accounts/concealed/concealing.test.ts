import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVault } from '../../../base/vault.ts';
import { concealIn, revealBytes, revealIn } from './concealing.ts';

const { keyring } = createVault([{ id: 1, key: Buffer.alloc(32, 3) }]);
const keys = keyring.open(keyring.make(['1', 'cus']), ['1', 'cus']);
const row = (name: string, iban: string) =>
  `"description":"Grüße – ☕ \\"sealed\\":\\"x\\"","counterparty":{"name":"${name}","iban":"${iban}"},"bank_code":"1"`;

test('bytes with something concealed are what the text would be, whatever is around it and in it', () => {
  const text = [row('Jürgen', 'DE75512108001245126199'), row('Żółć', 'ŁÓDŹ–1'), row('x', 'a\\"b')].join('},{');
  const concealed = concealIn(keys, text);
  assert.doesNotMatch(concealed, /DE7551|ŁÓDŹ|"iban"/);
  assert.equal(
    revealIn(() => keys, concealed),
    text,
  );
  assert.equal(String(revealBytes(() => keys, Buffer.from(concealed))), text);
  assert.equal(
    revealBytes(() => keys, concealed),
    text,
  );
});

test('bytes with nothing concealed are handed on as they are, and no keys are asked for', () => {
  const bytes = Buffer.from(row('Jürgen', 'DE1').replace('"counterparty"', '"other"'));
  const none = () => assert.fail('no keys are needed');
  assert.equal(revealBytes(none, bytes), bytes);
});
