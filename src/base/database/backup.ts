import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import sql, { empty, raw } from 'sql-template-tag';
import type { Database, Tx } from '../database.ts';

/** How much a backup held. */
export type BackupSize = { tables: number; rows: number };

/** What a backup begins with: one line. */
type Head = { drawbridge: 1; migrations: string[] };

/** Ours, and the jobs that wait. The pretend banks are not saved. */
const SCHEMAS = ['public', 'jobs'];
/** Lists of what was applied belong to the database, not to its content. */
const LEFT_OUT = ['public.migrations', 'jobs.version'];
/** What opens the rest is kept apart: of these only the newest file may be kept, or erasing would not reach backups. */
const KEYS = ['public.data_keys'];
const BATCH = 500;

/**
 * Writes one moment of the whole database as compressed lines of JSON, while others go on writing to it: the keys of the
 * people into a file of their own, everything else into the other. Any PostgreSQL from 15 on can take it back, embedded or not.
 */
export async function writeBackup(database: Database, file: Writable, keys: Writable): Promise<BackupSize> {
  const size: BackupSize = { tables: 0, rows: 0 };
  await database.transaction(async (tx) => {
    await tx.script('set transaction isolation level repeatable read, read only; set local statement_timeout = 0');
    const tables = await listTables(tx);
    const isKeys = ({ name }: Table) => KEYS.includes(name);
    for (const [to, some] of [
      [file, tables.filter((table) => !isKeys(table))],
      [keys, tables.filter(isKeys)],
    ] as const) {
      const part: BackupSize = { tables: 0, rows: 0 };
      await pipeline(Readable.from(lines(tx, some, part)), createGzip({ level: 6 }), to);
      size.tables += part.tables;
      size.rows += part.rows;
    }
  });
  return size;
}

async function* lines(tx: Tx, tables: readonly Table[], size: BackupSize): AsyncGenerator<string> {
  yield `${JSON.stringify({ drawbridge: 1, migrations: await listMigrations(tx) } satisfies Head)}\n`;
  for (const { name, columns } of tables) {
    size.tables += 1;
    yield `${JSON.stringify({ table: name, columns })}\n`;
    await tx.script(`declare backup cursor for select to_json(t)::text as row from ${name} t`);
    for (;;) {
      const rows = await tx.rows<{ row: string }>(sql`fetch ${raw(String(BATCH))} from backup`);
      if (rows.length === 0) break;
      size.rows += rows.length;
      yield `${rows.map(({ row }) => row.replaceAll('\n', ' ')).join('\n')}\n`;
    }
    await tx.script('close backup');
  }
  yield `${JSON.stringify({ end: size.rows })}\n`;
}

/**
 * Brings a backup back into an empty database whose tables have been made by the same migrations, all or nothing. Throws
 * when there is something in it already, when it belongs to another version, or when a file ends too early. The keys may
 * be of a later moment: what was sealed for people erased in between stays closed.
 */
export async function readBackup(database: Database, file: Readable, keys: Readable): Promise<BackupSize> {
  const size: BackupSize = { tables: 0, rows: 0 };
  await database.transaction(async (tx) => {
    await tx.script('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    if (await tx.first(sql`select 1 from tenants limit 1`)) throw new Error('this database is not empty');
    const known = new Map((await listTables(tx)).map((table) => [table.name, table]));
    // Tables point at each other, so what they point at is checked once everything is there.
    const links = await listLinks(tx);
    for (const { table, name } of links) await tx.script(`alter table ${table} drop constraint ${name}`);
    // What triggers wrote beside a row, the audit above all, is in the backup itself.
    const ours = [...known.keys()].filter((name) => name.startsWith('public.'));
    for (const name of ours) await tx.script(`alter table ${name} disable trigger user`);
    for (const from of [file, keys]) {
      const part: BackupSize = { tables: 0, rows: 0 };
      await fill(tx, from, known, part);
      size.tables += part.tables;
      size.rows += part.rows;
    }
    for (const name of ours) await tx.script(`alter table ${name} enable trigger user`);
    for (const { table, name, definition } of links)
      await tx.script(`alter table ${table} add constraint ${name} ${definition}`);
    await raiseCounters(tx);
  });
  return size;
}

async function fill(tx: Tx, file: Readable, known: Map<string, Table>, size: BackupSize): Promise<void> {
  let table: Table | undefined;
  let ended = false;
  let first = true;
  let waiting: string[] = [];
  const flush = async () => {
    if (table && waiting.length > 0) size.rows += await insert(tx, table, waiting);
    waiting = [];
  };
  for await (const line of linesOf(file)) {
    if (first) {
      checkHead(line, await listMigrations(tx));
      first = false;
    } else if (line.startsWith('{"table":')) {
      await flush();
      const { table: name } = JSON.parse(line) as { table: string };
      table = known.get(name);
      if (!table) throw new Error(`the backup holds ${name}, which this database does not have`);
      size.tables += 1;
    } else if (line.startsWith('{"end":')) {
      await flush();
      ended = (JSON.parse(line) as { end: number }).end === size.rows;
    } else if (waiting.push(line) >= BATCH) await flush();
  }
  if (!ended) throw new Error('the backup is not complete: nothing was restored');
}

/** Ends with the error where the file is cut or cannot be unpacked; `readline` would wait for ever. */
async function* linesOf(file: Readable): AsyncGenerator<string> {
  const input = createGunzip().setEncoding('utf8');
  file.once('error', (error) => input.destroy(error));
  let rest = '';
  for await (const chunk of file.pipe(input) as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== '') yield rest;
}

function checkHead(line: string, migrations: string[]): void {
  const head = JSON.parse(line) as Partial<Head>;
  if (head.drawbridge !== 1) throw new Error('this is no backup of ours');
  if (JSON.stringify(head.migrations) !== JSON.stringify(migrations))
    throw new Error(
      `the backup was made by another version, up to ${head.migrations?.at(-1)}: restore it with that one`,
    );
}

async function insert(tx: Tx, { name, columns }: Table, rows: string[]): Promise<number> {
  const list = raw(columns.map((column) => `"${column}"`).join(', '));
  // The queue's own rows may have been made anew already.
  const meets = name.startsWith('jobs.') ? sql`on conflict do nothing` : empty;
  await tx.run(sql`insert into ${raw(name)} (${list}) overriding system value
    select ${list} from json_populate_recordset(null::${raw(name)}, ${`[${rows.join(',')}]`}::json) ${meets}`);
  return rows.length;
}

type Table = { name: string; columns: string[] };

async function listTables(tx: Tx): Promise<Table[]> {
  const tables = await tx.rows<Table>(sql`select n.nspname || '.' || c.relname as name,
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p') and not c.relispartition
    group by n.nspname, c.relname, c.oid order by c.oid`);
  return tables.filter(({ name }) => !LEFT_OUT.includes(name));
}

function listLinks(tx: Tx): Promise<{ table: string; name: string; definition: string }[]> {
  return tx.rows(sql`select conrelid::regclass::text as "table", quote_ident(conname) as name,
      pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace order by oid`);
}

async function listMigrations(tx: Tx): Promise<string[]> {
  return (await tx.rows<{ name: string }>(sql`select name from public.migrations order by name`)).map(
    ({ name }) => name,
  );
}

/** Numbers given from now on are above those restored. */
async function raiseCounters(tx: Tx): Promise<void> {
  const counters = await tx.rows<{
    table: string;
    column: string;
  }>(sql`select format('%I.%I', n.nspname, c.relname) as "table",
      a.attname as column
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attidentity <> '' and n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p') and not c.relispartition`);
  for (const { table, column } of counters)
    await tx.run(sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      (select coalesce(max(${raw(`"${column}"`)}), 0) + 1 from ${raw(table)}), false)`);
}
