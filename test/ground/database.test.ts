import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Database, DatabaseAway, join as list, migrate, openDatabase, raw, sql } from '../../src/base/database.ts';
import { createLog } from '../../src/base/log.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';

const log = createLog('silent');

/** A connection that is cut while nobody uses it may tell only the next one who does. */
async function untilBack<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DatabaseAway) || tries === 10) throw error;
    }
  }
}

for (const named of [true, false]) {
  describe(`The database, ${named ? 'with' : 'without'} named statements`, () => {
    let fresh: FreshDatabase;
    let database: Database;
    before(async () => {
      fresh = await freshDatabase();
      database = await openDatabase(fresh.url, { log, named, size: 4 });
      await database.script(
        'create table things (id int primary key, note text); create table others (id int primary key);',
      );
    });
    after(async () => {
      await database.close();
      await fresh.drop();
    });

    it('hands values over as the rest of the code has them', async () => {
      const row =
        await database.first(sql`select 9007199254740991::int8 as exact, 9007199254740993::int8 as beyond, 1.50::numeric as amount,
        date '2026-03-29' as day, timestamptz '2026-03-29 00:00+01' as moment, '{"a":[1]}'::jsonb as json, array[1,2]::int8[] as numbers,
        array[date '2026-01-01', null] as days, ${Buffer.from('ä')}::bytea as bytes, ${['a', 'b']}::text[] as texts, null::text as nothing`);
      assert.deepEqual(row, {
        exact: 9007199254740991,
        beyond: '9007199254740993',
        amount: '1.50',
        day: '2026-03-29',
        moment: new Date('2026-03-28T23:00:00Z'),
        json: { a: [1] },
        numbers: [1, 2],
        days: ['2026-01-01', null],
        bytes: Buffer.from('ä'),
        texts: ['a', 'b'],
        nothing: null,
      });
    });

    it('gives rows, the first row, none, and how many were touched', async () => {
      assert.equal(await database.run(sql`insert into things select n, 'x' from generate_series(1, 3) n`), 3);
      assert.equal((await database.rows(sql`select * from things where id in (${list([1, 2])})`)).length, 2);
      assert.equal(await database.first(sql`select * from things where id = ${99}`), undefined);
      assert.deepEqual(await database.read.first(sql`select id from ${raw('things')} order by id desc`), { id: 3 });
    });

    it('sends a write that nobody waits for with what comes next, in order, and fails with it', async () => {
      await database.transaction(async (tx) => {
        await tx.later(sql`insert into things values (${70}, 'later')`);
        await tx.later(sql`insert into things values (${71}, 'later')`);
        assert.equal(await tx.run(sql`update things set note = 'seen' where note = 'later'`), 2);
        await tx.later(sql`delete from things where id = ${70}`);
      });
      assert.deepEqual(await database.rows(sql`select id from things where id in (70, 71)`), [{ id: 71 }]);
      const isDuplicate = (error: { code?: string }) => error.code === '23505';
      const twice = sql`insert into things values (${71}, 'twice')`;
      await assert.rejects(
        database.transaction(async (tx) => {
          await tx.run(sql`insert into others values (${70})`);
          await tx.later(twice);
        }),
        isDuplicate,
      );
      await assert.rejects(
        database.transaction(async (tx) => {
          await tx.later(twice);
          await tx.run(sql`insert into others values (${71})`);
        }),
        isDuplicate,
      );
      await assert.rejects(
        database.transaction(async (tx) => {
          await tx.later(twice);
          throw new Error('mine');
        }),
        /mine/,
      );
      await assert.rejects(database.later(twice), isDuplicate);
      assert.equal((await database.rows(sql`select 1 from others where id in (70, 71)`)).length, 0);
      await database.run(sql`delete from things where id = 71`);
    });

    it('never takes a value for SQL', async () => {
      const evil = `'; drop table things; --`;
      assert.deepEqual(await database.first(sql`select ${evil}::text as text`), { text: evil });
      assert.equal((await database.rows(sql`select 1 from things`)).length, 3);
    });

    it('commits a transaction whole or not at all', async () => {
      await database.transaction(async (tx) => {
        await tx.run(sql`insert into things values (10, 'a')`);
        await tx.run(sql`insert into things values (11, 'b')`);
      });
      const failing = database.transaction(async (tx) => {
        await tx.run(sql`insert into things values (12, 'c')`);
        await tx.run(sql`insert into things values (10, 'again')`);
      });
      await assert.rejects(failing, { code: '23505' });
      await assert.rejects(
        database.transaction(async (tx) => {
          await tx.run(sql`insert into things values (13, 'd')`);
          throw new Error('changed our mind');
        }),
        /changed our mind/,
      );
      assert.deepEqual(await database.rows(sql`select id from things where id >= 10 order by id`), [
        { id: 10 },
        { id: 11 },
      ]);
    });

    it('does not take a rolled back transaction for a committed one', async () => {
      const swallowing = database.transaction(async (tx) => {
        await tx.run(sql`insert into things values (20, 'a')`);
        await tx.run(sql`insert into things values (20, 'b')`).catch(() => undefined);
      });
      await assert.rejects(swallowing, /rolled back/);
      assert.equal(await database.first(sql`select 1 from things where id = 20`), undefined);
    });

    it('runs a transaction again that lost a deadlock', async () => {
      await database.script(`insert into others values (1), (2)`);
      let runs = 0;
      const touch = (first: number, second: number, meet: () => Promise<void>) =>
        database.transaction(async (tx) => {
          runs += 1;
          await tx.run(sql`select 1 from others where id = ${first} for update`);
          await meet();
          await tx.run(sql`select 1 from others where id = ${second} for update`);
        });
      let arrived = 0;
      let both: () => void;
      const met = new Promise<void>((resolve) => {
        both = resolve;
      });
      const meet = async () => {
        arrived += 1;
        if (arrived >= 2) both();
        await met;
      };
      await Promise.all([touch(1, 2, meet), touch(2, 1, meet)]);
      // Once at least; it may meet its rival again.
      assert.ok(runs >= 3, `${runs}`);
    });

    it('commits concurrent writes together, and one that fails takes nobody with it', async () => {
      const writes = Array.from({ length: 300 }, (_, n) =>
        // Every hundredth clashes with its neighbour.
        database.together<{ id: number }>(
          sql`insert into things values (${1000 + (n % 100 === 1 ? n - 1 : n)}, 'g') returning id`,
        ),
      );
      const outcomes = await Promise.allSettled(writes);
      const failed = outcomes.flatMap((outcome, n) => (outcome.status === 'rejected' ? [n] : []));
      assert.deepEqual(failed, [1, 101, 201]);
      for (const [n, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') assert.deepEqual(outcome.value, [{ id: 1000 + n }]);
      }
      assert.deepEqual(await database.first(sql`select count(*) as count from things where id >= 1000`), {
        count: 297,
      });
    });

    it('keeps the statements of one caller whole among those of others', async () => {
      const pair = (id: number, other: number) =>
        database.together([
          sql`insert into things values (${id}, 'p') returning id`,
          sql`insert into others values (${other})`,
        ]);
      const outcomes = await Promise.allSettled([pair(5001, 101), pair(5002, 101), pair(5003, 103)]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(await database.rows(sql`select id from things where id > 5000 order by id`), [
        { id: 5001 },
        { id: 5003 },
      ]);
    });

    it('answers every read of a pipeline for itself', async () => {
      const reads = Array.from({ length: 60 }, (_, n) => database.read.first(sql`select 60 / ${n}::int as of`));
      const outcomes = await Promise.allSettled(reads);
      assert.deepEqual(outcomes.map(({ status }) => status).indexOf('rejected'), 0);
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1);
      assert.deepEqual((outcomes[20] as PromiseFulfilledResult<unknown>).value, { of: 3 });
    });

    it('hands long texts out as the bytes they are, whatever stands beside them', async () => {
      const long = 'Zürich – ☕ '.repeat(30_000);
      const read = (n: number, text: string) =>
        database.firstAsBytes<{ n: number; long: Buffer | string; none: null; short: string }>(
          sql`select ${n}::int as n, ${text}::text as long, null::text as none, ${'ü'}::text as short`,
        );
      const texts = Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? 'short' : long.slice(0, 9_000 * n + n)));
      const rows = await Promise.all(texts.map((text, n) => read(n, text)));
      for (const [n, row] of rows.entries()) {
        assert.deepEqual({ ...row, long: String(row!.long) }, { n, long: texts[n]!, none: null, short: 'ü' });
        assert.equal(row!.long instanceof Buffer, n % 3 !== 0);
      }
      await assert.rejects(database.firstAsBytes(sql`select 1 / 0`), { code: '22012' });
      assert.equal(String((await read(1, long))!.long), long);
      assert.equal(await database.firstAsBytes(sql`select 1 where false`), undefined);
    });

    it('goes on when a table is changed under its statements, as another version of us does while it migrates', async () => {
      await database.script('create table shifting (id int primary key); insert into shifting values (1)');
      const everywhere = async () => {
        const all = sql`select * from shifting`;
        const add = () => sql`update shifting set id = id returning *`;
        return [
          ...(await Promise.all([
            database.rows(all),
            database.read.rows(all),
            database.read.rows(all),
            database.read.rows(all),
          ])),
          await database.transaction((tx) => tx.rows(all)),
          await database.together(add()),
          ...(await Promise.all([database.together(add()), database.together(add())])),
        ];
      };
      await everywhere();
      await everywhere();
      await database.script(`alter table shifting add column note text default 'new'`);
      for (const rows of await everywhere()) assert.deepEqual(rows, [{ id: 1, note: 'new' }]);
    });

    it('says that it is away when a connection is cut, and is back by itself', async () => {
      const cut = () =>
        database.run(
          sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        );
      await database.read.rows(sql`select 1`);
      await database.together(sql`insert into things values (7000, 'x')`);
      const slow = [
        database.read.rows(sql`select pg_sleep(20)`),
        database.together(sql`insert into things select 7001, 'x' from pg_sleep(20)`),
        database.transaction((tx) => tx.rows(sql`select pg_sleep(20)`)),
      ].map((query) => assert.rejects(query, DatabaseAway));
      const begun = sql`select count(*) as count from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
      while ((await database.first<{ count: number }>(begun))!.count < 3);
      await cut();
      await Promise.all(slow);
      assert.deepEqual(await untilBack(() => database.read.rows(sql`select 1 as one`)), [{ one: 1 }]);
      await untilBack(() => database.together(sql`insert into things values (7002, 'x')`));
      await untilBack(() => database.transaction((tx) => tx.run(sql`insert into things values (7003, 'x')`)));
      assert.deepEqual(await database.rows(sql`select id from things where id > 7000 order by id`), [
        { id: 7002 },
        { id: 7003 },
      ]);
    });

    it('says that it is away while its disk is full, and is back by itself', async () => {
      const full = sql`do $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$`;
      for (const write of [
        () => database.run(full),
        () => database.transaction((tx) => tx.run(full)),
        () => database.together(full),
      ]) {
        await assert.rejects(write, DatabaseAway);
        assert.deepEqual(await database.first(sql`select 1 as one`), { one: 1 });
        assert.deepEqual(await database.together(sql`select 2 as two`), [{ two: 2 }]);
      }
    });

    it('hears notifications, and after a cut that it may have missed some', async () => {
      const heard: string[] = [];
      let next: () => void = () => undefined;
      const stop = await database.listen('news', (payload) => {
        heard.push(payload);
        next();
      });
      const hears = (act: () => Promise<unknown>) => {
        const arrived = new Promise<void>((resolve) => {
          next = resolve;
        });
        return Promise.all([arrived, act()]);
      };
      await hears(() => database.transaction((tx) => tx.run(sql`select pg_notify('news', 'one')`)));
      await hears(() =>
        database.run(
          sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
        ),
      );
      await hears(() => database.run(sql`select pg_notify('news', 'two')`));
      assert.deepEqual(heard, ['one', '', 'two']);
      await stop();
    });
  });
}

describe('The database that is not there', () => {
  it('is away, not a riddle', async () => {
    for (const url of ['postgresql://app@127.0.0.1:1/x', 'postgresql:///x?host=/nowhere&user=app']) {
      const error = await openDatabase(url, { log, named: true }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof DatabaseAway);
      assert.equal(error.unknown, false);
    }
  });
});

describe('Migrations', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let folder: string;
  before(async () => {
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url, { log, named: true });
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    writeFileSync(join(folder, '0001-one.sql'), 'create table m.one (a int); insert into m.one values (1);');
    writeFileSync(join(folder, '0002-two.sql'), 'alter table m.one add column b int;');
    writeFileSync(join(folder, 'README.md'), 'not one of them');
  });
  after(async () => {
    await database.close();
    await fresh.drop();
    rmSync(folder, { recursive: true });
  });

  it('are each applied once, by however many servers at once', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(database, folder, 'm')));
    assert.deepEqual(applied.flat().sort(), ['0001-one.sql', '0002-two.sql']);
    assert.deepEqual(await migrate(database, folder, 'm'), []);
    assert.equal((await database.rows(sql`select a, b from m.one`)).length, 1);
  });

  it('leave nothing of one that fails', async () => {
    writeFileSync(join(folder, '0003-bad.sql'), 'create table m.three (a int); select nonsense;');
    await assert.rejects(migrate(database, folder, 'm'), { code: '42703' });
    assert.deepEqual(await database.first(sql`select to_regclass('m.three') as found`), { found: null });
    rmSync(join(folder, '0003-bad.sql'));
  });

  it('refuse a file that was changed, and a database that is ahead', async () => {
    writeFileSync(join(folder, '0002-two.sql'), 'select 1;');
    await assert.rejects(migrate(database, folder, 'm'), /0002-two\.sql was changed/);
    rmSync(join(folder, '0002-two.sql'));
    await assert.rejects(migrate(database, folder, 'm'), /too old/);
  });
});
