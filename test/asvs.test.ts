import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PLAYS } from './sec/plays/index.ts';
import { root } from './sources.ts';

const rows = readFileSync(join(root, 'docs/reference/asvs.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id, , here, shown]) => ({ id: id!, here: here!, shown: shown! }));

describe('the table of ASVS 5.0', () => {
  test('has each requirement of levels 1 and 2 once: 253 of them', () => {
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    assert.equal(rows.length, 253);
  });

  test('says met only where a play or a place shows it', () => {
    const plays = PLAYS.map(({ id }) => id);
    const wrong = rows.flatMap(({ id, here, shown }) => {
      const places = [...shown.matchAll(/`((?:src|test|docs|deploy|migrations)\/[^` ]+|[A-Z]+\.md)`/g)].map(
        ([, path]) => path!,
      );
      const played = [...shown.matchAll(/\bT\d+\b/g)].map(([name]) => name);
      const gone = [
        ...places.filter((path) => !existsSync(join(root, path))),
        ...played.filter((one) => !plays.includes(one)),
      ];
      const commands = /`npm run |`VAULT_KEY|`DATABASE_URL|`\/v1\//.test(shown);
      if (here === 'met' && places.length + played.length === 0 && !commands)
        return [`${id}: nothing shows it: ${shown}`];
      return gone.map((one) => `${id}: ${one} is not there`);
    });
    assert.deepEqual(wrong, []);
  });

  test('counts what it says', () => {
    const text = readFileSync(join(root, 'docs/reference/asvs.md'), 'utf8');
    const of = (word: string) => rows.filter(({ here }) => here.replaceAll('*', '') === word).length;
    const said = /Of (\d+): (\d+) met, (\d+) partly, (\d+) not met, (\d+) the operator’s, (\d+) do not apply/.exec(
      text,
    );
    const counted = [rows.length, of('met'), of('partly'), of('not met'), of('the operator’s'), of('does not apply')];
    assert.deepEqual(said?.slice(1).map(Number), counted);
  });
});
