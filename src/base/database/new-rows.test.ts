import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql from 'sql-template-tag';
import { addRows, areRows, rowsOf } from './new-rows.ts';

const thing = rowsOf('things', { tenant: 'int', id: 'int', name: 'text' });
const part = rowsOf('parts', { tenant: 'int', of: 'int', hash: 'bytea' });
const insert = (id: number) => thing({ tenant: 1, id, name: `n${id}` });
const attach = (of: number) => part({ tenant: 1, of, hash: Buffer.from([1, 255]) });

test('rows of several tables are one statement, with one parameter a table', () => {
  const { text, values } = addRows([attach(5), insert(5), insert(6)]);
  assert.match(text, /insert into parts \(tenant, of, hash\)[\s\S]+insert into things \(tenant, id, name\)/);
  assert.deepEqual(
    values.map((value) => JSON.parse(value as string)),
    [
      [{ tenant: 1, of: 5, hash: '\\x01ff' }],
      [
        { tenant: 1, id: 5, name: 'n5' },
        { tenant: 1, id: 6, name: 'n6' },
      ],
    ],
  );
});

test('the text is the same for any number of rows, in whatever order their tables come', () => {
  const one = addRows([insert(1), attach(1)]).text;
  assert.equal(addRows([attach(1), attach(2), insert(1), insert(2), insert(3)]).text, one);
  assert.notEqual(addRows([insert(1)]).text, one);
});

test('a row by itself is a statement', () => {
  assert.equal(insert(1).text, addRows([insert(1)]).text);
  assert.deepEqual(insert(1).values, addRows([insert(1)]).values);
});

test('a statement that does more than add a row is left alone', () => {
  assert.equal(areRows([insert(1), attach(1)]), true);
  assert.equal(areRows([insert(1), sql`update things set name = ${'x'}`]), false);
});
