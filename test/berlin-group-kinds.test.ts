import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { facts } from '../src/connectors/berlin-group/facts.ts';
import { FACT_NAMES } from '../src/sandbox/world/facts.ts';
import { ODDITIES } from '../src/sandbox/world/oddities.ts';
import { root } from './sources.ts';

const reference = readFileSync(join(root, 'docs', 'reference', 'berlin-group-facts.md'), 'utf8');
const [, table = ''] = /## Kinds of deviation[^\n]*\n([\s\S]*?)\n## /.exec(reference) ?? [];
const rows = [...table.matchAll(/^\| (?!kind)([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, kind, named, switches]) => ({
    kind,
    facts: names(named),
    switches: names(switches),
  }),
);

/** Facts that are no deviation: what a bank calls things, which version it speaks, and what it may be asked for. */
const NO_DEVIATION = ['version', 'user_id_label', 'password_label', 'notifications', 'sign_in_tries'];

describe('kinds of deviation at Berlin Group banks', () => {
  test('each names facts that there are and switches that play it', () => {
    assert.ok(rows.length > 20);
    for (const { kind, facts: named, switches } of rows) {
      for (const name of named) assert.ok(name in facts.shape, `${kind}: there is no fact ${name}`);
      for (const name of switches) assert.ok(FACT_NAMES.has(name), `${kind}: there is no switch ${name}`);
      assert.ok(switches.length > 0, `${kind}: nothing plays it`);
    }
  });

  test('no fact and no oddity is of no kind', () => {
    const ofKinds = new Set(rows.flatMap((row) => [...row.facts, ...row.switches]));
    const lost = [...Object.keys(facts.shape), ...Object.keys(ODDITIES)].filter((name) => !ofKinds.has(name));
    assert.deepEqual(lost.sort(), NO_DEVIATION.toSorted());
  });
});

function names(cell = ''): string[] {
  return [...cell.matchAll(/`([a-z_0-9]+)`/g)].map(([, name = '']) => name);
}
