import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, sql } from '../../src/base/database.ts';

/** Every file PostgreSQL keeps this database in, its write-ahead log included, after everything has been written out. */
export async function dataFiles(database: Database): Promise<string[]> {
  await database.script('checkpoint');
  const [found] = await database.rows<{ folder: string; oid: string }>(sql`
    select s.setting as folder, d.oid::text from pg_settings s, pg_database d
    where s.name = 'data_directory' and d.datname = current_database()`);
  const inside = (path: string) =>
    readdirSync(path)
      .map((name) => join(path, name))
      .filter((one) => statSync(one).isFile());
  return [...inside(join(found!.folder, 'base', found!.oid)), ...inside(join(found!.folder, 'pg_wal'))];
}
