import { type Database, raw, sql } from '../src/base/database.ts';

/** Every row of every table of ours, of the pretend banks and of the jobs, as text: to look for what must not be there. */
export async function dumpDatabase(database: Database, schemas = ['public', 'jobs']): Promise<string> {
  const tables = await database.rows<{ schema: string; name: string }>(sql`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = any(${schemas})`);
  let text = '';
  for (const { schema, name } of tables) {
    const rows = await database.rows<{ row: string }>(
      sql`select t::text as row from ${raw(`"${schema}"."${name}"`)} t`,
    );
    text += rows.map(({ row }) => `${name}: ${row}\n`).join('');
  }
  return text;
}
