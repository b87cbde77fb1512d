import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../../../test/sources.ts';
import { facts } from './facts.ts';

describe('facts of Berlin Group banks', () => {
  test('every fact stands in the reference with its default, and nothing else does', () => {
    const text = readFileSync(join(root, 'docs/reference/berlin-group-facts.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` \| (?:–|`(.+?)`) \| .{20,} \|$/gm)];
    const documented = rows.map(([, name, fallback]) => [name, fallback === undefined ? undefined : fallback]);
    const usual: Record<string, unknown> = facts.parse({});
    const actual = Object.keys(facts.shape).map((name) => [name, usual[name]]);
    const read = (value: string | undefined) => (value?.includes('{consent_id}') ? value : value && parse(value));
    assert.deepEqual(
      documented.map(([name, fallback]) => [name, read(fallback)]),
      actual,
    );
  });

  test('a plain bank needs none, and a slip of the pen is refused', () => {
    assert.ok(facts.safeParse({}).success);
    for (const wrong of [
      { consent_model: 'global' },
      { consent_models: [] },
      { psu_id: 'maybe' },
      { poll_after_ms: 1 },
    ])
      assert.equal(facts.safeParse(wrong).success, false, JSON.stringify(wrong));
  });
});
