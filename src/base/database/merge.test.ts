import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql from 'sql-template-tag';
import { areRows, mergeRows, oneRow } from './merge.ts';

const insert = (id: number, name: string) => oneRow(sql`insert into things (id, name) values (${id}, ${name})`);
const part = (id: number, of: number) => oneRow(sql`insert into parts (id, thing) values (${id}, ${of})`);

test('rows of one kind are written in statements of a few sizes, their parameters numbered on', () => {
  const merged = mergeRows([[insert(1, 'a')], [insert(2, 'b')], [insert(3, 'c')]]);
  assert.deepEqual(
    merged.map(({ text, values }) => [text, values]),
    [
      ['insert into things (id, name) values ($1, $2), ($3, $4)', [1, 'a', 2, 'b']],
      ['insert into things (id, name) values ($1, $2)', [3, 'c']],
    ],
  );
});

test('what others point at is written before them, whoever came first', () => {
  const merged = mergeRows([[part(1, 9)], [insert(5, 'e'), part(2, 5)]]);
  assert.deepEqual(
    merged.map(({ text }) => text.split(' ')[2]),
    ['things', 'parts'],
  );
});

test('a statement that was not said to be one row is left alone', () => {
  assert.equal(areRows([insert(1, 'a')]), true);
  assert.equal(areRows([insert(1, 'a'), sql`update things set name = ${'x'}`]), false);
});
