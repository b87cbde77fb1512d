import { type Database, openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { freshDatabase } from './database.ts';

/** An opened, empty database with all our tables in it. */
export async function openStoredData(): Promise<{ database: Database; url: string; close(): Promise<void> }> {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.url, { log: createLog('silent'), named: true, size: 6 });
  return {
    database,
    url: fresh.url,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}
