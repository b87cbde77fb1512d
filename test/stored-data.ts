import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClock } from '../src/base/clock.ts';
import { type Database, migrate, openDatabase, sql } from '../src/base/database.ts';
import { newId } from '../src/base/ids.ts';
import { createLog } from '../src/base/log.ts';
import { startPostgres } from '../src/base/postgres/start.ts';
import { createVault } from '../src/base/vault.ts';
import type { AccountLink } from '../src/platform/accounts/storing.ts';
import { makeKeys } from '../src/platform/keys/data-keys.ts';
import type { Caller, Platform } from '../src/platform/platform.ts';

/** A real PostgreSQL of its own in a temporary folder with our tables, and the part of the platform that stores data. */
export type StoredData = {
  database: Database;
  url: string;
  clock: Clock;
  platform: Platform;
  close(): Promise<void>;
};

/** Starts it. What a test needs beyond it (jobs, providers, connectors) it adds to `platform`. */
export async function openStoredData(): Promise<StoredData> {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-data-'));
  const log = createLog('silent');
  const postgres = await startPostgres(folder, log);
  const database = await openDatabase(postgres.url, { log, named: true, size: 6 });
  await migrate(database, join(import.meta.dirname, '../migrations'));
  const clock = createClock();
  const vault = createVault([{ id: 1, key: randomBytes(32) }]);
  return {
    database,
    url: postgres.url,
    clock,
    platform: { database, clock, vault, log } as Platform,
    async close() {
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh tenant with a customer, an authorized consent and its connection. */
export async function makeLink(
  data: StoredData,
  more: { recurring?: boolean; provider?: string } = {},
): Promise<{ caller: Caller; link: AccountLink }> {
  const at = data.clock.now();
  const [app, customer, consent, connection] = [newId('app'), newId('customer'), newId('consent'), newId('connection')];
  await data.database.run(sql`insert into apps (id, name, created_at) values (${app}, 'Ledger', ${at})`);
  const made = await data.database.first<{ tenant: number }>(
    sql`insert into tenants (app, mode, created_at) values (${app}, 'test', ${at}) returning tenant`,
  );
  const tenant = made!.tenant;
  const caller: Caller = { tenant, app, appName: 'Ledger', mode: 'test', requestId: newId('request') };
  await data.database.run(sql`insert into customers (tenant, id, created_at, updated_at)
    values (${tenant}, ${customer}, ${at}, ${at})`);
  await data.database.run(makeKeys(data.platform, tenant, customer));
  const link = { tenant, customer, consent, connection, provider: more.provider ?? 'de-bank', interface: 'main' };
  await addConsent(data, link, more);
  return { caller, link };
}

/** Another consent of the same customer, authorized, with a connection of its own unless that exists already. */
export async function addConsent(
  { database, clock }: StoredData,
  link: AccountLink,
  { recurring = true }: { recurring?: boolean } = {},
): Promise<void> {
  const { tenant, customer, consent, connection, provider } = link;
  const at = clock.now();
  const ends = new Date(at.getTime() + 180 * 86_400_000);
  await database.run(sql`insert into connections (tenant, id, customer, provider, interface, status, recurring, created_at, updated_at)
    values (${tenant}, ${connection}, ${customer}, ${provider}, ${link.interface}, 'active', ${recurring}, ${at}, ${at})
    on conflict do nothing`);
  await database.run(sql`insert into consents (tenant, id, status, customer, provider, interface, connection, scopes,
      history_days, valid_days, recurring, created_at, updated_at, authorized_at, expires_at)
    values (${tenant}, ${consent}, 'authorized', ${customer}, ${provider}, ${link.interface}, ${connection},
      '{accounts,balances,transactions}', 730, 180, ${recurring}, ${at}, ${at}, ${at}, ${ends})`);
  await database.run(sql`update connections set consent = ${consent} where tenant = ${tenant} and id = ${connection}`);
}
