import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { type Account, chooseAccount, runSync } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { claim, findClaimant, findPostmaster, unclaim } from './claim.ts';
import { makePlace, type Place } from './place.ts';
import { runServer, type Server } from './server.ts';

/** A running embedded PostgreSQL. */
export type Postgres = {
  /** Opens database `drawbridge` on it, for pg and libpq alike. */
  url: string;
  /** Shuts it down; does nothing where it is another process's server. */
  stop(): Promise<void>;
};

/** Another process runs the server on this folder, and two must not. */
export class PostgresInUse extends Error {
  constructor(dataDir: string, pid: number) {
    super(`${dataDir} is in use by process ${pid}. Stop that one first, or choose another DATA_DIR and PORT.`);
    this.name = 'PostgresInUse';
  }
}

const LONGEST_WAIT_MS = 60_000;
const LOOK_AGAIN_MS = 25;

/**
 * Starts the embedded PostgreSQL of `dataDir`, making it first where there is none; it ends with this process and is
 * started again when it dies. Where another process runs it already: `shared` uses that one, otherwise throws
 * `PostgresInUse`. What a crash left behind is healed.
 */
export async function startPostgres(dataDir: string, log: Log, options: { shared?: boolean } = {}): Promise<Postgres> {
  const place = makePlace(dataDir);
  const holder = claim(place.claim);
  if (holder && !options.shared) throw new PostgresInUse(dataDir, holder.pid);
  if (holder) return (await attach(place)) ?? startPostgres(dataDir, log, options);
  try {
    const server = await startOwn(place, log);
    const stop = async () => {
      await server.stop();
      unclaim(place.claim);
    };
    return { url: urlOf(place.socket, 'drawbridge'), stop };
  } catch (error) {
    unclaim(place.claim);
    throw error;
  }
}

/** The server another process runs, as soon as it is ready; undefined when that process ended meanwhile. */
async function attach(place: Place): Promise<Postgres | undefined> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    if (!findClaimant(place.claim)) return undefined;
    const url = urlOf(place.socket, 'drawbridge');
    if (findPostmaster(place.data)?.ready && (await answers(url))) return { url, stop: async () => undefined };
    await wait(LOOK_AGAIN_MS);
  }
  throw new Error(`the PostgreSQL in ${place.home} does not get ready`);
}

async function startOwn(place: Place, log: Log): Promise<Server> {
  const binaries = findBinaries();
  const account = chooseAccount(binaries.postgres, [...new Set([place.home, place.socket])], existsSync(place.data));
  await outlast(place);
  if (!existsSync(place.data)) initialise(place, binaries, account);
  // Only a file whose process is gone is left here; PostgreSQL would be misled by a stranger with that number.
  if (!findPostmaster(place.data)) rmSync(join(place.data, 'postmaster.pid'), { force: true });
  const server = await runServer(place, binaries, account, log);
  await createDatabase(urlOf(place.socket, 'postgres'));
  return server;
}

/** A server whose process was killed is still shutting down: waits until it has. */
async function outlast({ data, home }: Place): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    const left = findPostmaster(data);
    if (!left) return;
    // Where the system does not tell it that we died, we do.
    if (waitedMs === 0) process.kill(left.pid, 'SIGINT');
    await wait(LOOK_AGAIN_MS);
  }
  throw new Error(`the PostgreSQL that was left in ${home} does not end`);
}

/** Made beside and then renamed, so that a half-made one is never taken for a whole one. */
function initialise(place: Place, { initdb }: Binaries, account: Account): void {
  for (const name of readdirSync(place.home))
    if (name.startsWith('new-')) rmSync(join(place.home, name), { recursive: true });
  const fresh = join(place.home, `new-${process.pid}`);
  const result = runSync(account, initdb, [
    ...['-D', fresh, '-U', 'app', '--auth=trust', '-E', 'UTF8', '--no-instructions'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ]);
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr.trim()}`);
  renameSync(fresh, place.data);
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = 'drawbridge'");
    if (found.rowCount === 0) await client.query('create database drawbridge');
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function urlOf(socket: string, database: string): string {
  return `postgresql:///${database}?host=${encodeURIComponent(socket)}&user=app`;
}
