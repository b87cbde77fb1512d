import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, describe, it } from 'node:test';
import { openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { findPostmaster } from '../../src/base/postgres/claim.ts';
import { type Postgres, PostgresInUse, startPostgres } from '../../src/base/postgres/start.ts';

const log = createLog('silent');
const isRoot = process.getuid?.() === 0;

/** A process that starts the server of a folder, says where, and keeps it until it is ended. */
const HOLDER = `
  import { startPostgres } from ${JSON.stringify(new URL('../../src/base/postgres/start.ts', import.meta.url).href)};
  import { createLog } from ${JSON.stringify(new URL('../../src/base/log.ts', import.meta.url).href)};
  const postgres = await startPostgres(process.argv[1], createLog('silent'));
  process.on('SIGTERM', () => postgres.stop().then(() => process.exit(0)));
  console.log(postgres.url);
  setInterval(() => {}, 60_000);
`;

describe('The embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  const children: ChildProcess[] = [];
  const opened: Postgres[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'embedded-'));
    chmodSync(folder, 0o755);
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const postgres of opened.splice(0)) await postgres.stop();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Stopped after the test at the latest. */
  const start: typeof startPostgres = async (...how) => {
    const postgres = await startPostgres(...how);
    opened.push(postgres);
    return postgres;
  };
  async function hold(place: string): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, place], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const died = once(child, 'exit').then(() => assert.fail('it ended before it had started'));
    const [url] = (await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), died])) as [string];
    died.catch(() => undefined);
    return { child, url };
  }
  async function ask(url: string, statement = sql`select count(*) as count from kept`): Promise<unknown> {
    const database = await openDatabase(url, { log, named: true, size: 1 });
    try {
      return (await database.rows(statement))[0];
    } finally {
      await database.close();
    }
  }
  const ends = async (child: ChildProcess) => void (child.exitCode ?? child.signalCode ?? (await once(child, 'exit')));

  it('is made on the first start and found again on the next', async () => {
    const first = await start(dataDir, log);
    await ask(first.url, sql`create table kept as select 1 as one`);
    await first.stop();
    assert.equal(findPostmaster(join(dataDir, 'postgres', 'data')), undefined);
    const second = await start(dataDir, log);
    assert.deepEqual(await ask(second.url), { count: 1 });
    assert.deepEqual(
      await ask(
        second.url,
        sql`select current_setting('fsync') as fsync, current_setting('listen_addresses') as tcp,
      datlocprovider as provider, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
      ),
      {
        fsync: 'on',
        tcp: '',
        provider: 'b',
        encoding: 'UTF8',
      },
    );
    await second.stop();
  });

  it('is closed to other users of the machine', async () => {
    const postgres = await start(dataDir, log);
    assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700);
    assert.equal(statSync(join(dataDir, 'postgres', 'socket')).mode & 0o777, 0o700);
    if (isRoot) assert.notEqual(statSync(join(dataDir, 'postgres', 'data')).uid, 0);
    await postgres.stop();
  });

  it('refuses a second process on the same folder and names the first, or shares it', async () => {
    const { child } = await hold(dataDir);
    await assert.rejects(
      start(dataDir, log),
      (error: Error) => error instanceof PostgresInUse && error.message.includes(`process ${child.pid}`),
    );
    const shared = await start(dataDir, log, { shared: true });
    assert.deepEqual(await ask(shared.url), { count: 1 });
    await shared.stop();
    assert.deepEqual(await ask(shared.url), { count: 1 }, 'the one who shares does not stop it');
    child.kill('SIGTERM');
    await ends(child);
    const alone = await start(dataDir, log, { shared: true });
    assert.deepEqual(await ask(alone.url), { count: 1 });
    await alone.stop();
  });

  it('ends when its process is killed, and the next start heals what is left and has lost nothing', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const { child, url } = await hold(dataDir);
      await ask(url, sql`insert into kept values (${round})`);
      child.kill('SIGKILL');
      await ends(child);
      const postgres = await start(dataDir, log);
      assert.deepEqual(await ask(postgres.url), { count: 1 + round });
      await postgres.stop();
    }
  });

  it('is started again when it is killed itself', async () => {
    const postgres = await start(dataDir, log);
    const database = await openDatabase(postgres.url, { log, named: true });
    const found = findPostmaster(join(dataDir, 'postgres', 'data'));
    await database.run(sql`insert into kept values (99)`);
    process.kill(found!.pid, 'SIGKILL');
    let count: unknown;
    while (count === undefined) {
      count = await database.first(sql`select count(*) as count from kept where one = 99`).catch(() => undefined);
    }
    assert.deepEqual(count, { count: 1 });
    await database.close();
    await postgres.stop();
  });

  it('is not misled by a process number that somebody else has now', async () => {
    const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1\n5432\n\n\n  1 1\nready\n`);
    writeFileSync(join(dataDir, 'postgres.owner'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    const postgres = await start(dataDir, log);
    assert.deepEqual(await ask(postgres.url, sql`select 1 as one`), { one: 1 });
    await postgres.stop();
    assert.equal(existsSync(pidFile), false);
  });

  it('takes no half-made database for a whole one', async () => {
    const place = join(folder, 'interrupted');
    mkdirSync(join(place, 'postgres', 'new-1', 'base'), { recursive: true });
    writeFileSync(join(place, 'postgres', 'new-1', 'PG_VERSION'), '18\n');
    const postgres = await start(place, log);
    assert.deepEqual(await ask(postgres.url, sql`select 1 as one`), { one: 1 });
    await postgres.stop();
    assert.equal(existsSync(join(place, 'postgres', 'new-1')), false);
  });

  it('runs where the path is too long for a socket, or holds spaces, commas and quotes', async () => {
    for (const name of ['long-'.repeat(30), `it's a "folder", with % and ä`]) {
      const postgres = await start(join(folder, name), log);
      assert.deepEqual(await ask(postgres.url, sql`select 1 as one`), { one: 1 });
      await postgres.stop();
    }
  });

  it('runs for root in a folder that only root can enter', { skip: isRoot ? false : 'needs root' }, async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    for (let round = 1; round <= 2; round += 1) {
      const postgres = await start(join(closed, 'data'), log);
      assert.deepEqual(await ask(postgres.url, sql`select 1 as one`), { one: 1 });
      await postgres.stop();
    }
    chmodSync(closed, 0o755);
    const opened = await start(join(closed, 'data'), log);
    assert.deepEqual(await ask(opened.url, sql`select 1 as one`), { one: 1 });
    await opened.stop();
  });

  it('runs for another user than root', { skip: isRoot ? false : 'needs root to become another user' }, () => {
    // Somebody who is neither root nor the one PostgreSQL runs as for root, and who owns the folder.
    const place = join(folder, 'theirs');
    mkdirSync(place);
    execFileSync('chown', ['1234:1234', place]);
    const script = HOLDER.replace('setInterval(() => {}, 60_000);', 'await postgres.stop();');
    const run = () =>
      execFileSync('setpriv', [
        '--reuid=1234',
        '--regid=1234',
        '--clear-groups',
        process.execPath,
        '--input-type=module',
        '-e',
        script,
        join(place, 'data'),
      ]);
    // Where the project itself lies in a folder of root's, another user cannot read it.
    assert.match(String(run()), /^postgresql:/);
    assert.equal(statSync(join(place, 'data', 'postgres', 'data')).uid, 1234);
  });

  it('writes no value of a failed statement into any log', async () => {
    const said: string[] = [];
    const loud = createLog('debug', { write: (line: string) => void said.push(line) });
    const postgres = await start(dataDir, loud);
    const database = await openDatabase(postgres.url, { log: loud, named: true, size: 1 });
    await assert.rejects(database.run(sql`select ${'canary'}::int`));
    await assert.rejects(database.script(`select 'canary'::int`));
    await database.close();
    await postgres.stop();
    assert.ok(!said.join().includes('canary'));
    assert.ok(readFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), 'utf8').startsWith('18'));
  });
});
