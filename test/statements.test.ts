import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OPERATOR_TABLES } from './operator-tables.ts';
import { listSources, listStatements } from './sources.ts';

const migrations = listSources('migrations').filter(({ path }) => path.endsWith('.sql'));
const schema = migrations.map(({ text }) => text.replace(/--.*$/gm, '')).join('\n');
const tables = [...schema.matchAll(/create table (\w+) \(([\s\S]*?)\n\);/g)].map(([, name, body]) => ({
  name: name!,
  body: body!,
}));
const stores = listSources('src').filter(
  ({ path }) => /^src\/(platform|api)\//.test(path) && !path.endsWith('.test.ts'),
);

describe('statements', () => {
  test('migrations have a number each and only go forward', () => {
    const numbers = migrations.map(({ path }) => /^migrations\/(\d{4})-[a-z0-9-]+\.sql$/.exec(path)?.[1] ?? path);
    const wrong = numbers.filter((number, index) => numbers.indexOf(number) !== index || !/^\d{4}$/.test(number));
    assert.deepEqual(wrong, [], 'a free number, four digits, a dash, what it adds');
    const down = migrations
      .filter(({ text }) => /^\s*(drop table|truncate|delete from)\b/im.test(text))
      .map(({ path }) => path);
    assert.deepEqual(down, [], 'a migration adds; it takes nothing away');
  });

  test('every table belongs to a tenant or is named as the operator’s', () => {
    assert.ok(tables.length > 15, `only ${tables.length} tables found`);
    const free = tables.filter(({ name, body }) => !OPERATOR_TABLES.includes(name) && !/^\s*tenant int\b/m.test(body));
    assert.deepEqual(
      free.map(({ name }) => name),
      [],
    );
  });

  test('every statement over a table of tenants names the tenant', () => {
    const tenants = tables.map(({ name }) => name).filter((name) => !OPERATOR_TABLES.includes(name));
    const touches = new RegExp(`\\b(from|join|into|update|using)\\s+(${tenants.join('|')})\\b`, 'i');
    const wrong = stores.flatMap(({ path, text }) =>
      listStatements(text)
        .filter((statement) => touches.test(statement) && !/\btenant\b/.test(statement) && !looksOverAll(statement))
        .map((statement) => `${path}: ${statement.trim().replace(/\s+/g, ' ').slice(0, 110)}`),
    );
    assert.deepEqual(wrong, [], 'add the tenant to the condition, or select it where a job looks over all of them');
  });

  test('statements are handed the time and do not ask the database for it, but for leases', () => {
    const wrong = stores.flatMap(({ path, text }) =>
      listStatements(text)
        .filter((statement) => /\b(now\(\)|current_timestamp|current_date|clock_timestamp\(\))/i.test(statement))
        .filter((statement) => !/lease/.test(statement))
        .map((statement) => `${path}: ${statement.trim().replace(/\s+/g, ' ').slice(0, 110)}`),
    );
    assert.deepEqual(wrong, [], 'hand in clock.now()');
  });
});

/** A job's look over all tenants, or one by an unguessable hash: whole rows come back, and with them their tenant. */
function looksOverAll(statement: string): boolean {
  return /\$\{COLUMNS\}/.test(statement) && !/\bid\s*=/.test(statement);
}
