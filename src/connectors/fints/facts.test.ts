import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../../test/sources.ts';
import { facts } from './facts.ts';

describe('facts of FinTS banks', () => {
  test('every fact stands in the reference with its default, and nothing else does', () => {
    const text = readFileSync(join(root, 'docs/reference/fints-facts.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` \| (?:–|`(.+?)`) \| .{20,} \|$/gm)];
    const usual: Record<string, unknown> = facts.parse({ bank_code: '12345678' });
    const said = rows.map(([, name, fallback]) => [name, fallback]);
    const meant = Object.keys(facts.shape).map((name) => [
      name,
      name === 'bank_code' || usual[name] === undefined ? undefined : String(usual[name]),
    ]);
    assert.deepEqual(said, meant);
  });

  test('the bank code is needed, and a slip of the pen is refused', () => {
    for (const wrong of [{}, { bank_code: '1234567' }, { bank_code: '12345678', statement: 'camt' }])
      assert.equal(facts.safeParse(wrong).success, false, JSON.stringify(wrong));
  });
});
