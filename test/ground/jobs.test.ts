import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Clock, createClock } from '../../src/base/clock.ts';
import { type Database, openDatabase, sql } from '../../src/base/database.ts';
import { createJobs, type Jobs } from '../../src/base/jobs.ts';
import { createLog } from '../../src/base/log.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';

const log = createLog('silent');
const DAY_MS = 86_400_000;

describe('Jobs', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let clock: Clock;
  let jobs: Jobs;
  const done: { name: string; attempt: number }[] = [];
  let running = 0;
  let mostAtOnce = 0;
  let release: () => void = () => undefined;

  before(async () => {
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url, { log, named: true });
    clock = createClock();
    jobs = await createJobs({ url: fresh.url, database, clock, log });
    await jobs.work(
      'plain',
      { atOnce: 4, retries: 3, retryAfterS: 1 },
      async ({ name, failures = 0, held }, { attempt }) => {
        running += 1;
        mostAtOnce = Math.max(mostAtOnce, running);
        if (held) {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        }
        running -= 1;
        done.push({ name, attempt });
        if (attempt <= failures) throw new Error('not yet');
      },
    );
    await jobs.start();
  });
  after(async () => {
    await jobs.stop();
    await database.close();
    await fresh.drop();
  });

  const enqueue = (data: object, options?: Parameters<Jobs['enqueue']>[3]) =>
    database.transaction((tx) => jobs.enqueue(tx, 'plain', data, options));
  const names = () => done.splice(0).map(({ name }) => name);
  const inDays = (days: number) => ({ at: new Date(clock.now().getTime() + days * DAY_MS) });

  it('are done once the transaction that asked for them is committed, and never when it was not', async () => {
    await enqueue({ name: 'committed' });
    const failing = database.transaction(async (tx) => {
      await jobs.enqueue(tx, 'plain', { name: 'rolled back' });
      throw new Error('no');
    });
    await assert.rejects(failing);
    await jobs.idle();
    assert.deepEqual(names(), ['committed']);
  });

  it('are done several at once, and no more than allowed', async () => {
    mostAtOnce = 0;
    await database.transaction(async (tx) => {
      for (let n = 0; n < 200; n += 1) await jobs.enqueue(tx, 'plain', { name: String(n) });
    });
    await jobs.idle();
    assert.equal(new Set(names()).size, 200);
    assert.ok(mostAtOnce >= 1 && mostAtOnce <= 4, `${mostAtOnce}`);
  });

  it('wait for their time by our clock, also when it is moved', async () => {
    await enqueue({ name: 'later' }, inDays(10));
    await clock.advance(9 * DAY_MS);
    await jobs.idle();
    assert.deepEqual(names(), []);
    await enqueue({ name: 'as late' }, inDays(1));
    await clock.advance(DAY_MS + 1000);
    await jobs.idle();
    assert.deepEqual(names().sort(), ['as late', 'later']);
  });

  it('wait at most once a key, at the earlier time, with what was asked first', async () => {
    await enqueue({ name: 'first' }, { key: 'k', ...inDays(5) });
    await enqueue({ name: 'second' }, { key: 'k', ...inDays(9) });
    await enqueue({ name: 'other key' }, { key: 'other', ...inDays(9) });
    await enqueue({ name: 'third' }, { key: 'k', ...inDays(2) });
    await clock.advance(3 * DAY_MS);
    await jobs.idle();
    assert.deepEqual(names(), ['first']);
    await enqueue({ name: 'fourth' }, { key: 'other' });
    await jobs.idle();
    assert.deepEqual(names(), ['other key']);
  });

  it('may wait again while the one before runs', async () => {
    await enqueue({ name: 'holds', held: true }, { key: 'k2' });
    while (running === 0) await new Promise((resolve) => setImmediate(resolve));
    await enqueue({ name: 'next' }, { key: 'k2' });
    release();
    await jobs.idle();
    assert.deepEqual(names().sort(), ['holds', 'next']);
  });

  it('are tried again when they fail, with the pause between, and then given up', async () => {
    await enqueue({ name: 'fails twice', failures: 2 });
    await enqueue({ name: 'always fails', failures: 99 });
    for (let n = 0; n < 6; n += 1) {
      await jobs.idle();
      // The pause is over when the clock says so.
      await clock.advance(60_000);
    }
    await jobs.idle();
    const attempts = done.splice(0);
    const of = (wanted: string) => attempts.filter(({ name }) => name === wanted).map(({ attempt }) => attempt);
    assert.deepEqual(of('fails twice'), [1, 2, 3]);
    assert.deepEqual(of('always fails'), [1, 2, 3, 4]);
    const { output } = (await database.first<{ output: object }>(
      sql`select output from jobs.job where state = 'failed'`,
    ))!;
    assert.ok(!JSON.stringify(output).includes('not yet'));
  });

  it('that have begun are finished before stopping', async () => {
    const other = await createJobs({ url: fresh.url, database, clock, log });
    let ended = false;
    let begin: () => void;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let letGo: () => void = () => undefined;
    await other.work('draining', { atOnce: 1 }, async () => {
      begin();
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      ended = true;
    });
    await other.start();
    await database.transaction((tx) => other.enqueue(tx, 'draining', {}));
    await begun;
    const stopped = other.stop();
    assert.equal(ended, false);
    letGo();
    await stopped;
    assert.equal(ended, true);
    const states = await database.rows(sql`select state::text from jobs.job where name = 'draining'`);
    assert.deepEqual(states, [{ state: 'completed' }]);
  });

  it('begin within moments of the commit, without being looked for', async () => {
    const other = await createJobs({ url: fresh.url, database, clock, log });
    let begin: () => void = () => undefined;
    await other.work('quick', { atOnce: 1 }, async () => begin());
    await other.start();
    const times: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      await database.transaction((tx) => other.enqueue(tx, 'quick', {}));
      const committed = performance.now();
      await begun;
      times.push(performance.now() - committed);
    }
    await other.stop();
    // It is looked for once a second: half a second in the middle, were it not for the notification.
    assert.ok(times.toSorted((a, b) => a - b)[3]! < 100, `${times}`);
  });
});
