import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Database, DatabaseAway, openDatabase, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { findPostmaster } from '../../src/base/postgres/claim.ts';
import { type Postgres, startPostgres } from '../../src/base/postgres/start.ts';

const log = createLog('silent');
const KILLS = process.env.LONG ? 50 : 3;

describe('What was acknowledged', () => {
  let folder: string;
  let postgres: Postgres;
  let database: Database;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'durable-'));
    postgres = await startPostgres(folder, log);
    database = await openDatabase(postgres.url, { log, named: true });
    await database.script('create table written (id int primary key)');
  });
  after(async () => {
    await database.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`is there after ${KILLS} kill -9 of the database under load, each once`, async () => {
    const acknowledged: number[] = [];
    const refused: number[] = [];
    let next = 0;
    let writing = true;
    const write = async (id: number) => {
      const statement = sql`insert into written values (${id})`;
      // Each of the three ways to write takes its turn.
      if (id % 3 === 0) await database.together(statement);
      else if (id % 3 === 1) await database.transaction((tx) => tx.run(statement));
      else await database.run(statement);
    };
    const writers = Array.from({ length: 12 }, async () => {
      while (writing) {
        const id = next++;
        try {
          await write(id);
          acknowledged.push(id);
        } catch (error) {
          // Nothing but its absence may come of it, and what it is sure of must be so.
          assert.ok(error instanceof DatabaseAway, String(error));
          if (!error.unknown) refused.push(id);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const goal = acknowledged.length + 300;
      while (acknowledged.length < goal) await new Promise((resolve) => setImmediate(resolve));
      process.kill(findPostmaster(join(folder, 'postgres', 'data'))!.pid, 'SIGKILL');
    }
    const goal = acknowledged.length + 300;
    while (acknowledged.length < goal) await new Promise((resolve) => setImmediate(resolve));
    writing = false;
    await Promise.all(writers);

    const found = new Set((await database.rows<{ id: number }>(sql`select id from written`)).map(({ id }) => id));
    assert.deepEqual(
      acknowledged.filter((id) => !found.has(id)),
      [],
    );
    assert.deepEqual(
      refused.filter((id) => found.has(id)),
      [],
    );
  });
});
