import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClock } from '../../src/base/clock.ts';
import { openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { createApp } from '../../src/platform/apps/apps.ts';
import { freePorts, type ServerProcess, startProcess } from '../faults/child.ts';
import { type DebianPostgres, findDebianPostgres, startDebianPostgres, startSwitch } from './debian-postgres.ts';

const PROGRAMS = findDebianPostgres();
const SERVERS = 4;
const EACH_MS = process.env.LONG ? 30_000 : 2000;
const LONGEST_AWAY_MS = 10_000;

type Write = { key: string; reference: string; id: string };

describe('four servers on one PostgreSQL', {
  skip: PROGRAMS ? false : 'no PostgreSQL of Debian on this machine',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-four-'));
  const log = createLog('silent');
  const settings = { SANDBOX: 'false', VAULT_KEY: randomBytes(32).toString('base64') };
  const servers: ServerProcess[] = [];
  const ports: number[] = [];
  let primary: DebianPostgres;
  let standby: DebianPostgres | undefined;
  let way: Awaited<ReturnType<typeof startSwitch>>;
  let url: string;
  let key: string;
  before(async () => {
    const first = await freePorts();
    primary = await startDebianPostgres(PROGRAMS!, join(folder, 'primary'), first);
    way = await startSwitch(first + 1, primary.port);
    url = primary.url.replace(`:${first}/`, `:${first + 1}/`);
    for (let number = 0; number < SERVERS; number += 1) ports.push(await freePorts());
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    way?.close();
    await standby?.stop();
    await primary?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (number: number) =>
    startProcess(join(folder, `server-${number}`), ports[number]!, { ...settings, DATABASE_URL: url });

  test('started at one moment on an empty database: the tables are made once, and all get ready', async () => {
    servers.push(...(await Promise.all(ports.map((_, number) => start(number)))));
    const database = await openDatabase(url, { log, named: true, size: 1 });
    const made = await createApp({ database, clock: createClock() }, { name: 'Leafbook' });
    key = made.keys[0]!.key;
    const version = await database.first<{ version: string }>(
      sql`select current_setting('server_version_num') as version`,
    );
    assert.ok(Number(version!.version) >= 150_000);
    await database.close();
  });

  test('one idempotency key at all four at once is one object (R3)', async () => {
    for (let round = 0; round < 5; round += 1) {
      const write = { key: randomUUID(), reference: randomUUID() };
      const answers = await Promise.all(servers.map((server) => post(server.url, write)));
      const made = new Set(answers.filter(({ status }) => status === 201).map(({ id }) => id));
      assert.equal(made.size, 1, JSON.stringify(answers));
      assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    }
  });

  test('one is told to stop under load: it ends what it began and exits well; nothing is lost', async () => {
    const writing = writesOn();
    await wait(EACH_MS / 2);
    const [stopped] = servers;
    stopped!.process.kill('SIGTERM');
    const [code] = await once(stopped!.process, 'exit');
    assert.equal(code, 0);
    servers[0] = await start(0);
    await checkWritten(await writing.end());
  });

  test('failing over to a standby: 503 with Retry-After for at most ten seconds, and nothing acknowledged is lost', async () => {
    standby = await startDebianPostgres(PROGRAMS!, join(folder, 'standby'), primary.port + 2, primary);
    const admin = await openDatabase(primary.url, { log, named: true, size: 1 });
    await admin.script("alter system set synchronous_standby_names = '*'");
    await admin.script('select pg_reload_conf()');
    await admin.close();
    const writing = writesOn();
    await wait(EACH_MS);
    await primary.kill();
    const gone = performance.now();
    await wait(300);
    standby.promote();
    way.turn(standby.port);
    const since = writing.count();
    while (writing.count() < since + 40) {
      assert.ok(
        performance.now() - gone < LONGEST_AWAY_MS,
        `still away after ${Math.round(performance.now() - gone)} ms`,
      );
      await wait(20);
    }
    const { writes, refusals } = await writing.end();
    assert.ok(refusals.length > 0, 'nobody noticed');
    for (const { status, retryAfter } of refusals) {
      assert.ok(status === 503 || status === 409, `${status}`);
      if (status === 503) assert.ok(retryAfter > 0 && retryAfter <= 10, `Retry-After ${retryAfter}`);
    }
    await checkWritten({ writes });
    // All four serve again, not only the lucky one.
    for (const server of servers)
      assert.equal((await post(server.url, { key: randomUUID(), reference: randomUUID() })).status, 201);
  });

  type Refusal = { status: number; retryAfter: number };

  /** Eight careful clients that write at any of the servers, until told to end. */
  function writesOn() {
    const writes: Write[] = [];
    const refusals: Refusal[] = [];
    let over = false;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let turn = client; !over; turn += 1) {
        const write = { key: randomUUID(), reference: randomUUID() };
        for (; !over; turn += 1) {
          const answer = await post(servers[turn % SERVERS]!.url, write);
          if (answer.status === 201) {
            writes.push({ ...write, id: answer.id! });
            break;
          }
          if (answer.status !== 0) refusals.push({ status: answer.status, retryAfter: answer.retryAfter });
          await wait(20);
        }
      }
    });
    return {
      count: () => writes.length,
      async end() {
        over = true;
        await Promise.all(clients);
        return { writes, refusals };
      },
    };
  }

  async function checkWritten({ writes }: { writes: Write[] }): Promise<void> {
    assert.ok(writes.length > 40, `${writes.length} writes`);
    const database = await openDatabase(url, { log, named: true, size: 1 });
    const rows = await database.rows<{ id: string; reference: string }>(sql`select id, reference from customers
      where reference = any(${writes.map(({ reference }) => reference)}::text[])`);
    await database.close();
    const kept = new Map(rows.map(({ id, reference }) => [reference, id]));
    assert.equal(rows.length, kept.size, 'doubled');
    assert.deepEqual(
      writes.filter(({ id, reference }) => kept.get(reference) !== id),
      [],
      'acknowledged and lost',
    );
  }

  async function post(base: string, { key: idempotencyKey, reference }: Pick<Write, 'key' | 'reference'>) {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    };
    try {
      const reply = await fetch(`${base}/v1/customers`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ reference }),
      });
      const { id } = (await reply.json()) as { id?: string };
      return { status: reply.status, id, retryAfter: Number(reply.headers.get('retry-after')) };
    } catch {
      return { status: 0, retryAfter: 0 };
    }
  }
});
