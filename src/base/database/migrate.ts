import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql, { raw } from 'sql-template-tag';
import type { Database, Tx } from '../database.ts';

/**
 * Applies the numbered `.sql` files of a folder, each once and in one transaction, and returns the names of those
 * applied now. Any number of servers may do this at the same moment. `schema` holds the list of what was applied.
 * Throws when an applied file was changed afterwards, or when the database is ahead of this folder.
 */
export async function migrate(database: Database, folder: string, schema = 'public'): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
  const applied: string[] = [];
  const ledger = raw(`"${schema}".migrations`);
  await database.transaction(async (tx) => {
    await lock(tx, schema);
    await tx.script(`create schema if not exists "${schema}"; create table if not exists "${schema}".migrations (
      name text primary key, hash text not null, applied_at timestamptz not null default now())`);
    const done = await tx.rows<{ name: string }>(sql`select name from ${ledger} order by name`);
    const ahead = done.find(({ name }) => !files.includes(name));
    if (ahead) throw new Error(`the database has ${ahead.name}, which this version does not know: it is too old`);
  });
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    await database.transaction(async (tx) => {
      await lock(tx, schema);
      const known = await tx.first<{ hash: string }>(sql`select hash from ${ledger} where name = ${name}`);
      if (known && known.hash !== hash)
        throw new Error(`${name} was changed after it was applied: add a new file instead`);
      if (known) return;
      await tx.script(text);
      await tx.run(sql`insert into ${ledger} (name, hash) values (${name}, ${hash})`);
      applied.push(name);
    });
  }
  return applied;
}

/** Held until the transaction ends, so of several servers that start together one migrates and the others look on. */
async function lock(tx: Tx, schema: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${`drawbridge migrations ${schema}`}))`);
}
