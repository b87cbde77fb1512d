import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createClock } from '../../src/base/clock.ts';
import { openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { createApp } from '../../src/platform/apps/apps.ts';
import { freePorts, type ServerProcess, startProcess } from '../faults/child.ts';
import { type DebianPostgres, findDebianPostgres, startDebianPostgres } from './debian-postgres.ts';

const PROGRAMS = findDebianPostgres();
const BOUNCER = '/usr/sbin/pgbouncer';
const absent = !PROGRAMS ? 'no PostgreSQL of Debian on this machine' : 'no PgBouncer on this machine';

describe('behind PgBouncer in transaction mode', { skip: PROGRAMS && existsSync(BOUNCER) ? false : absent }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bouncer-'));
  const log = createLog('silent');
  let postgres: DebianPostgres;
  let bouncer: ChildProcess;
  const servers: ServerProcess[] = [];
  let key: string;
  let pooled: string;
  // By another name, so that the database tells these connections from PgBouncer's.
  let direct: string;
  before(async () => {
    const first = await freePorts();
    postgres = await startDebianPostgres(PROGRAMS!, join(folder, 'postgres'), first);
    const lines = [
      '[databases]',
      `postgres = host=127.0.0.1 port=${first}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1\nlisten_port = ${first + 1}\nunix_socket_dir =`,
      'pool_mode = transaction\nauth_type = any\nmax_client_conn = 200\ndefault_pool_size = 8',
    ];
    const file = join(folder, 'pgbouncer.ini');
    writeFileSync(file, `${lines.join('\n')}\n`.replace('port=', 'user=app port='));
    chmodSync(file, 0o644);
    const isRoot = process.getuid?.() === 0;
    bouncer = spawn(BOUNCER, [...(isRoot ? ['-u', 'nobody'] : []), file], { stdio: 'ignore' });
    pooled = `postgresql://app@127.0.0.1:${first + 1}/postgres`;
    direct = `postgresql://listener@127.0.0.1:${first}/postgres`;
    const settings = {
      SANDBOX: 'false',
      VAULT_KEY: randomBytes(32).toString('base64'),
      DATABASE_URL: pooled,
      DATABASE_NAMED_STATEMENTS: 'false',
      DATABASE_LISTEN_URL: direct,
    };
    const database = await openDatabase(postgres.url, { log, named: true, size: 1 });
    await database.script('create role listener login');
    for (const number of [1, 2])
      servers.push(await startProcess(join(folder, `server-${number}`), await freePorts(), settings));
    key = (await createApp({ database, clock: createClock() }, { name: 'Leafbook' })).keys[0]!.key;
    await database.close();
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    if (bouncer?.exitCode === null) {
      bouncer.kill('SIGKILL');
      await once(bouncer, 'exit');
    }
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('two servers write and read side by side, and erase in the background', async () => {
    const call = async (server: ServerProcess, method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const reply = await fetch(server.url + path, {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: reply.status, body: (await reply.json()) as { id: string; status?: string } };
    };
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, number) => call(servers[number % 2]!, 'POST', '/v1/customers', {})),
    );
    assert.deepEqual(new Set(made.map(({ status }) => status)), new Set([201]));
    for (const [number, { body }] of made.entries()) {
      const other = servers[(number + 1) % 2]!;
      assert.equal((await call(other, 'GET', `/v1/customers/${body.id}`)).status, 200);
    }
    const [{ body: customer }] = made as [(typeof made)[number]];
    const consent = await call(servers[0]!, 'POST', '/v1/consents', { customer: customer.id });
    assert.equal(consent.body.status, 'pending');
    assert.equal((await call(servers[1]!, 'DELETE', `/v1/customers/${customer.id}`)).status, 200);
    assert.equal((await call(servers[0]!, 'GET', `/v1/consents/${consent.body.id}`)).status, 404);
  });

  test('hears at the direct address what is said through it', async () => {
    const database = await openDatabase(pooled, { log, named: false, size: 1, listenUrl: direct });
    try {
      const heard: string[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      await database.listen('test', (payload) => {
        if (heard.push(payload) === 3) resolve();
      });
      for (const payload of ['a', 'b', 'c']) await database.run(sql`select pg_notify('test', ${payload})`);
      await promise;
      assert.deepEqual(heard, ['a', 'b', 'c']);
      const listening = await database.rows<{ query: string }>(
        sql`select query from pg_stat_activity where usename = 'listener' and query like 'listen %'`,
      );
      assert.equal(listening.length, servers.length + 1, 'and so does each server');
    } finally {
      await database.close();
    }
  });
});
