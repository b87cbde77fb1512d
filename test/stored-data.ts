import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { startPostgres } from '../src/base/postgres/start.ts';

/** A real PostgreSQL of its own in a temporary folder, with all our tables in it. */
export async function openStoredData(): Promise<{ database: Database; url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-data-'));
  const log = createLog('silent');
  const postgres = await startPostgres(folder, log);
  const database = await openDatabase(postgres.url, { log, named: true, size: 6 });
  await migrate(database, join(import.meta.dirname, '../migrations'));
  return {
    database,
    url: postgres.url,
    async close() {
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
