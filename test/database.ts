import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '../src/base/database.ts';
import { createLog } from '../src/base/log.ts';
import { type Postgres, startPostgres } from '../src/base/postgres/start.ts';
import { root } from './sources.ts';

/** A database of one's own on the server all tests of this process share. */
export type FreshDatabase = { url: string; drop(): Promise<void> };

type Shared = { folder: string; postgres: Postgres; admin: Database };

const log = createLog('silent');
/** The server stays for as long as somebody uses it, and a moment longer: the next `describe` is about to begin. */
const LINGER_MS = 1500;
let shared: Promise<Shared> | undefined;
let users = 0;
let count = 0;
let ending: NodeJS.Timeout | undefined;

/** Makes an empty database with all our tables in it, from a template: some 30 ms. Drop it when done. */
export async function freshDatabase(): Promise<FreshDatabase> {
  clearTimeout(ending);
  users += 1;
  shared ??= start();
  const { postgres, admin } = await shared;
  const name = `test_${process.pid}_${++count}`;
  await admin.script(`create database ${name} template prepared`);
  return {
    url: databaseUrl(postgres, name),
    async drop() {
      await admin.script(`drop database if exists ${name} with (force)`);
      users -= 1;
      if (users === 0) ending = setTimeout(() => void stop(), LINGER_MS);
    },
  };
}

async function start(): Promise<Shared> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-tests-'));
  const postgres = await startPostgres(folder, log);
  const admin = await openDatabase(postgres.url, { log, named: true, size: 1 });
  await admin.script('create database prepared');
  const prepared = await openDatabase(databaseUrl(postgres, 'prepared'), { log, named: true, size: 1 });
  await migrate(prepared, join(root, 'migrations'));
  await prepared.close();
  return { folder, postgres, admin };
}

async function stop(): Promise<void> {
  const running = shared;
  shared = undefined;
  if (!running) return;
  const { folder, postgres, admin } = await running;
  await admin.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function databaseUrl(postgres: Postgres, name: string): string {
  return postgres.url.replace('/drawbridge?', `/${name}?`);
}
