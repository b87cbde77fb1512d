import { join } from 'node:path';
import { type Clock, createClock } from '../base/clock.ts';
import { type Database, migrate, openDatabase } from '../base/database.ts';
import { createLog, type Log } from '../base/log.ts';
import { startPostgres } from '../base/postgres/start.ts';
import { createVault, keepVaultKey, type Vault } from '../base/vault.ts';
import { readSettings, type Settings } from '../settings.ts';

/** What a command stands on: the same database and keys as the server, which may be running. */
export type Ground = {
  settings: Settings;
  database: Database;
  url: string;
  vault: Vault;
  clock: Clock;
  log: Log;
  close(): Promise<void>;
};

const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname;

/**
 * Opens the database of the settings. Without `DATABASE_URL` that is the embedded one of `DATA_DIR`: the running server's
 * where there is one, else it is started for as long as the command takes.
 */
export async function openGround(): Promise<Ground> {
  const settings = readSettings();
  const log = createLog('silent');
  const embedded =
    settings.databaseUrl === undefined
      ? await startPostgres(join(settings.dataDir, 'postgres'), log, { shared: true })
      : undefined;
  const url = settings.databaseUrl ?? embedded!.url;
  const database = await openDatabase(url, { log, named: settings.databaseNamedStatements, size: 2 });
  await migrate(database, MIGRATIONS);
  const keys = settings.vaultKeys ?? [keepVaultKey(join(settings.dataDir, 'vault.key'))];
  return {
    settings,
    database,
    url,
    vault: createVault(keys),
    clock: createClock(),
    log,
    async close() {
      await database.close();
      await embedded?.stop();
    },
  };
}
