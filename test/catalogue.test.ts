import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../src/base/database.ts';
import { OPERATOR_TABLES } from './operator-tables.ts';
import { openStoredData } from './stored-data.ts';

/** Found by something unguessable before the tenant is known: the tenant is a column, not part of the key. */
const FOUND_BY_HASH = ['api_keys', 'links'];
/** And the table of what was migrated, which nobody made. */
const WITHOUT_TENANT = [...OPERATOR_TABLES, 'migrations'];

type Key = { name: string; kind: 'p' | 'f'; columns: string[]; target: string | null; definition: string };

describe('the catalogue of a migrated database', () => {
  let data: Awaited<ReturnType<typeof openStoredData>>;
  let keys: Key[];
  before(async () => {
    data = await openStoredData();
    keys = await data.database.rows<Key>(sql`
      select c.conrelid::regclass::text as name, c.contype as kind, c.confrelid::regclass::text as target,
        pg_get_constraintdef(c.oid) as definition,
        array(select attname::text from unnest(c.conkey) with ordinality k(number, place)
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by place) as columns
      from pg_constraint c join pg_namespace n on n.oid = c.connamespace
      where n.nspname = 'public' and c.contype in ('p', 'f')`);
  });
  after(() => data.close());

  test('every table has a primary key that begins with the tenant', () => {
    const primary = keys.filter(({ kind }) => kind === 'p');
    assert.ok(primary.length > 15, `only ${primary.length} tables`);
    const wrong = primary
      .filter(({ name }) => ![...WITHOUT_TENANT, ...FOUND_BY_HASH].includes(name))
      .filter(({ columns }) => columns[0] !== 'tenant')
      .map(({ name, definition }) => `${name}: ${definition}`);
    assert.deepEqual(wrong, []);
  });

  test('every table has a primary key', async () => {
    const without = await data.database.rows(sql`
      select t.relname from pg_class t join pg_namespace n on n.oid = t.relnamespace
      where n.nspname = 'public' and t.relkind = 'r'
        and not exists (select 1 from pg_constraint c where c.conrelid = t.oid and c.contype = 'p')`);
    assert.deepEqual(without, []);
  });

  test('every reference between tables of tenants carries the tenant', () => {
    const wrong = keys
      .filter(({ kind, target }) => kind === 'f' && !WITHOUT_TENANT.includes(target ?? ''))
      .filter(({ columns }) => columns[0] !== 'tenant')
      .map(({ name, definition }) => `${name}: ${definition}`);
    assert.deepEqual(wrong, []);
  });

  test('every unique key of a table of tenants begins with the tenant, unless it is unguessable', async () => {
    const unique = await data.database.rows<{ definition: string; name: string }>(sql`
      select i.indrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
      from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
      where n.nspname = 'public' and i.indisunique and not i.indisprimary`);
    const wrong = unique
      .filter(({ name }) => !WITHOUT_TENANT.includes(name))
      .filter(({ definition }) => !/\((tenant|hash|way_back)\b/.test(definition))
      .map(({ definition }) => definition);
    assert.deepEqual(wrong, []);
  });

  test('no amount is a float and no moment lacks its time zone', async () => {
    const wrong = await data.database.rows(sql`
      select table_name, column_name, data_type from information_schema.columns
      where table_schema = 'public' and data_type in ('real', 'double precision', 'money', 'timestamp without time zone')`);
    assert.deepEqual(wrong, []);
  });
});
