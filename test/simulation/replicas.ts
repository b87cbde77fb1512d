import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { type Database, openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { type Server, startServer } from '../../src/main.ts';
import type { Connector } from '../../src/banking/connector.ts';
import { createProviders } from '../../src/platform/providers/providers.ts';
import { readSettings } from '../../src/settings.ts';
import { freshDatabase } from '../database.ts';

/** One server of several. While it is not `up` the database does not know it: nothing it does can be acknowledged. */
export type Replica = { name: string; server: Server; up: boolean };

/** Servers of one database, in one process, under one clock that only moves when it is told to. */
export type Replicas = {
  readonly all: readonly Replica[];
  /** Those that are up. */
  readonly living: readonly Replica[];
  readonly database: Database;
  /** Ids of the messages that reached the app's webhook, in their order. */
  readonly told: string[];
  now(): number;
  /** Lets time pass, and one of the living do what it does by itself; then until nobody has anything to do. */
  passes(ms: number): Promise<void>;
  /** Until no job that is due waits or runs. */
  rests(): Promise<void>;
  /** Takes the database from it in whatever it is doing, as if it had been killed; leases and heartbeats run out. */
  kills(replica: Replica): Promise<void>;
  /** It is there again: another process with the same name, or the old one if it was only cut off. */
  returns(replica: Replica, how: 'new' | 'old'): Promise<void>;
  close(): Promise<void>;
};

const BANK = `name: Simulated Bank
country: DE
environment: sandbox
interfaces:
  - id: main
    standard: simulated
    account_types: [checking]
    sca: [embedded]
    base_url: "{sandbox}/bank"
`;

type Moved = (byMs: number) => void | Promise<void>;

/** Starts `count` servers that speak to banks through connectors made for each. */
export async function startReplicas(count: number, connectorFor: (replica: string) => Connector): Promise<Replicas> {
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-replicas-'));
  const log = createLog('silent');
  writeFileSync(join(folder, 'de-simulated.yaml'), BANK);
  const database = await openDatabase(fresh.url, { log, named: true, size: 2 });
  const base = Date.now();
  let ahead = 0;
  const moved = new Map<string, Moved[]>();

  // Time stands still between two moves: what a seed leads to must not depend on how fast the machine is.
  const clockOf = (name: string): Clock => {
    moved.set(name, []);
    return {
      now: () => new Date(base + ahead),
      get aheadMs() {
        return ahead - (Date.now() - base);
      },
      advance: async () => undefined,
      onAdvance: (listener) => void moved.get(name)!.push(listener),
    };
  };
  async function start(name: string): Promise<Server> {
    const url = fresh.url.replace('user=app', `user=${name}`);
    const settings = readSettings({
      DATABASE_URL: url,
      DATA_DIR: folder,
      SANDBOX: 'false',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const server = await startServer(
      { ...settings, port: 0, germanDirectory: false, providersDir: join(folder, 'none'), requestsPerSecond: 1e6 },
      { log, clock: clockOf(name) },
    );
    const { platform } = server;
    platform.providers.close();
    platform.providers = await createProviders({
      folders: [{ path: folder, owner: 'ours' }],
      factSchemas: { simulated: connectorFor(name).facts },
      sandbox: { baseUrl: 'https://127.0.0.1:1', hosts: ['127.0.0.1:1'] },
      log,
    });
    platform.connectors = { simulated: connectorFor(name) };
    platform.sandboxIdentity = { certificate: '', privateKey: '', organizationId: 'X', name: 'Ledger' };
    platform.egress = {
      request: async ({ url: asked }) => ({ status: 200, headers: {}, body: new Uint8Array(), url: asked }),
      refusal: () => undefined,
      close: async () => undefined,
    };
    // Whoever sends has it already.
    Object.assign(platform.webhookEgress!, {
      refusal: () => undefined,
      request: async ({ url: asked, headers = {} }: { url: string; headers?: Record<string, string> }) => {
        told.push(String(headers['webhook-id']));
        return { status: 200, headers: {}, body: new Uint8Array(), url: asked };
      },
    });
    return server;
  }

  const all: Replica[] = [];
  const told: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const name = `replica_${process.pid}_${number}`;
    await database.script(`create role ${name} login in role app; alter role ${name} set role = app`);
    all.push({ name, server: await start(name), up: true });
  }
  const living = () => all.filter(({ up }) => up);
  const rests = async () => {
    for (const replica of living()) {
      await replica.server.platform.jobs.idle().catch((error: unknown) => {
        // It died meanwhile; the others are asked.
        if (replica.up) throw error;
      });
    }
  };
  /** What the machine's time would have ended by now. */
  const runsOut = async () => {
    await database.script(`update syncs set lease_until = lease_until - interval '5 minutes' where status = 'running';
      update connections set grant_lease_until = null where grant_lease_until is not null;
      update webhook_endpoints set leased_until = null;
      update jobs.job set state = 'retry', start_after = now() where state = 'active'`);
  };
  const closing: Promise<void>[] = [];
  return {
    all,
    database,
    told,
    get living() {
      return living();
    },
    now: () => base + ahead,
    rests,
    async passes(ms) {
      ahead += ms;
      const [one] = living();
      for (const listener of moved.get(one!.name)!)
        await Promise.resolve(listener(ms)).catch((error: unknown) => {
          if (one!.up) throw error;
        });
      await rests();
    },
    async kills(replica) {
      replica.up = false;
      await database.script(`alter role ${replica.name} connection limit 0`);
      await database.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${replica.name}`);
      await runsOut();
    },
    async returns(replica, how) {
      if (how === 'new') {
        closing.push(replica.server.close().catch(() => undefined));
        await database.script(`alter role ${replica.name} connection limit -1`);
        replica.server = await start(replica.name);
      } else await database.script(`alter role ${replica.name} connection limit -1`);
      replica.up = true;
    },
    async close() {
      for (const { server } of all) closing.push(server.close().catch(() => undefined));
      await Promise.all(closing);
      await database.close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
