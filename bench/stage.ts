import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClock } from '../src/base/clock.ts';
import { type Database, openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { makePlace } from '../src/base/postgres/place.ts';
import { startPostgres } from '../src/base/postgres/start.ts';
import { createApp, createKey } from '../src/platform/apps/apps.ts';
import type { Platform, Tenant } from '../src/platform/platform.ts';
import { freePorts, type Running, root, startScript, untilReady } from './tools.ts';

/** A server under load: one process of ours, as it is, on a PostgreSQL whose processor time can be told apart. */
export type Stage = {
  url: string;
  databaseUrl: string;
  database: Database;
  clock: Clock;
  app: string;
  tenant: Tenant;
  /** So many that the rate of each stays below its limit. */
  keys: string[];
  serverPid: number;
  postmasterPid: number;
  /** A folder for scripts; goes with the stage. */
  folder: string;
  close(): Promise<void>;
};

/** Starts a server without pretend banks, and an app with `keys` keys. `more` makes further settings, once the database runs. */
export async function openStage(
  keys = 400,
  more: (databaseUrl: string, folder: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  const log = createLog('silent');
  const data = join(folder, 'database');
  const postgres = await startPostgres(data, log);
  const port = await freePorts(1);
  const env = {
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: postgres.url,
    SANDBOX: 'false',
    ...(await more(postgres.url, folder)),
  };
  const server: Running = startScript(join(root, 'src/main.ts'), { ...env, LOG_LEVEL: 'error' });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/ready`, server);
  const database = await openDatabase(postgres.url, { log, named: true, size: 4 });
  const clock = createClock();
  const made = await makeKeys({ database, clock }, keys);
  return {
    url,
    databaseUrl: postgres.url,
    database,
    clock,
    ...made,
    serverPid: server.pid,
    postmasterPid: Number(readFileSync(join(makePlace(data).data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    folder,
    async close() {
      await server.stop();
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeKeys(
  platform: Pick<Platform, 'database' | 'clock'>,
  count: number,
): Promise<Pick<Stage, 'app' | 'tenant' | 'keys'>> {
  const app = await createApp(platform, { name: 'Bench', returnUrls: ['http://localhost:3000/back'] });
  const tenant = app.tenants.test;
  const more = await Promise.all([...Array(count)].map((_, index) => createKey(platform, tenant, `key ${index}`)));
  return { app: app.app, tenant, keys: more.map(({ key }) => key) };
}
