import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { DatabaseAway, describeFailure, isOutdated } from './database/failures.ts';
import { createGroupCommit } from './database/group-commit.ts';
import { sendTogether } from './database/lane.ts';
import { createListener } from './database/listener.ts';
import { ask, createReaders } from './database/readers.ts';
import { getTypeParser } from './database/statement.ts';
import type { Log } from './log.ts';

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag';
export { DatabaseAway } from './database/failures.ts';
export { gather } from './database/gather.ts';
export { migrate } from './database/migrate.ts';
export { rowsOf } from './database/new-rows.ts';
export { isUntouched, touching } from './database/touching.ts';

/** Runs statements in one transaction, or each in its own when it is the bare `Database`. */
export type Tx = {
  rows<Row>(statement: Sql): Promise<Row[]>;
  /** The first row, if there is one. */
  first<Row>(statement: Sql): Promise<Row | undefined>;
  /** The number of rows it touched. */
  run(statement: Sql): Promise<number>;
  /**
   * A write whose outcome nobody looks at. In a transaction it is not waited for but travels with what comes next: a
   * system call and a way there and back less. When it fails the transaction fails with it.
   */
  later(statement: Sql): Promise<void>;
  /** Several statements without parameters, such as a migration. */
  script(text: string): Promise<void>;
};

/**
 * PostgreSQL, 15 or newer. int8 comes as a number (as text beyond 2^53), numeric as text, date as `YYYY-MM-DD`,
 * timestamptz as `Date`, json parsed. Everything throws `DatabaseAway` while the database cannot be reached.
 */
export type Database = Tx & {
  /** For short reads that need no transaction: they share a few connections without waiting for one another's answers. */
  read: Tx;
  /** The first row, if there is one, read the same way. Texts longer than 8 KB are `Buffer`s: UTF-8 ready to be sent on. */
  firstAsBytes<Row>(statement: Sql): Promise<Row | undefined>;
  /**
   * Commits what `work` did, or nothing when it throws. Deadlocks and serialisation failures run it again, three times
   * at most: it must touch nothing but the transaction.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * A write that needs no look in between: one statement or several, all or none, durable when it resolves with the rows
   * of the first. Concurrent ones share a commit, which is what makes thousands a second possible; one that fails is run
   * again alone and fails alone.
   */
  together<Row>(statements: Sql | readonly Sql[]): Promise<Row[]>;
  /** Calls back for each notification, and with an empty payload when some may have been missed. Returns the end of it. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** How many times a transaction that lost against another one is run. */
const TRIES = 3;
const MOST_OUTDATED = 20;
/** PostgreSQL's `in_failed_sql_transaction`. */
const ABORTED = '25P02';

/**
 * Opens the database at `url`. `named` prepares statements by name; `size` is the most connections for transactions;
 * notifications are heard at `listenUrl`, where a pooler stands before `url`.
 */
export async function openDatabase(
  url: string,
  options: { log: Log; named: boolean; size?: number; listenUrl?: string },
): Promise<Database> {
  const { log, named } = options;
  const settings: pg.ClientConfig = {
    connectionString: url,
    application_name: 'drawbridge',
    types: { getTypeParser },
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    // An older PgBouncer refuses parameters at the start that it does not know.
    ...(named ? { statement_timeout: 60_000, idle_in_transaction_session_timeout: 60_000 } : {}),
    pipeline: true,
  } as pg.ClientConfig;
  const pool = new pg.Pool({ ...settings, max: options.size ?? 10, idleTimeoutMillis: 60_000 });
  // Without a listener the process would end with the first connection the database drops.
  pool.on('error', (error) => log.warn('database.connection_lost', { error }));
  const readers = createReaders(settings, 2, named, log);
  const group = createGroupCommit(settings, named, log);
  const direct = { ...settings, connectionString: options.listenUrl ?? url, pipeline: false } as pg.ClientConfig;
  const listener = createListener(direct, log);

  const alone = runner((statement) => onPool(pool, (client) => ask(client, statement, named)));
  const database: Database = {
    ...alone,
    read: runner((statement) => readers.query(statement)),
    firstAsBytes: <Row>(statement: Sql) =>
      readers.queryForBytes(statement).then(
        ({ rows }) => rows[0] as Row | undefined,
        (error: unknown) => Promise.reject(describeFailure(error, true)),
      ),
    transaction: (work) => transact(pool, named, work),
    together: (statements) => group.write(Array.isArray(statements) ? statements : [statements as Sql]),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    async close() {
      await group.close();
      await Promise.all([readers.close(), listener.close(), pool.end()]);
    },
  };
  try {
    await database.run({ text: 'select 1', values: [] } as unknown as Sql);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function transact<T>(pool: pg.Pool, named: boolean, work: (tx: Tx) => Promise<T>): Promise<T> {
  return onPool(pool, (client) => transactOnce(client, named, work));
}

async function transactOnce<T>(client: pg.PoolClient, named: boolean, work: (tx: Tx) => Promise<T>): Promise<T> {
  const query = (statement: Sql | string) => {
    sendTogether(client);
    return ask(client, statement, named);
  };
  let failed: unknown;
  const later = async (statement: Sql | string) => {
    query(statement).catch((error: unknown) => {
      failed ??= error;
    });
  };
  // When it fails the first statement fails as well.
  await later('begin');
  let result: T;
  try {
    result = await work({ ...runner(query, false), later });
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    // What follows a failed statement fails only for that reason.
    throw describeFailure((error as { code?: string }).code === ABORTED ? (failed ?? error) : error, false);
  }
  const outcome = await query('commit').catch((error: unknown) => {
    throw describeFailure(error, true);
  });
  if (outcome.command !== 'ROLLBACK') return result;
  // A statement whose error `work` did not wait for or swallowed leaves nothing to commit, and PostgreSQL says so only here.
  if (failed !== undefined) throw describeFailure(failed, false);
  throw new Error('the transaction was rolled back: a statement in it had failed');
}

/** Uses a connection, and again where it lost against another one or the connection was outdated. */
async function onPool<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await onPoolOnce(pool, use);
    } catch (error) {
      if (tries >= triesFor(error)) throw error;
      // At once it might meet the same rival in the same place, before that one is done.
      if (!isOutdated(error)) await wait(10 * tries);
    }
  }
}

/** A connection for the time of `use`; it is thrown away when it broke. */
async function onPoolOnce<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw describeFailure(error, false);
  });
  // A connection may break while nothing is asked of it; that is not a reason to end the process.
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await use(client);
  } catch (error) {
    const described = describeFailure(error, true);
    if (described instanceof DatabaseAway || isOutdated(described)) broken = described as Error;
    throw described;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

type RunQuery = (statement: Sql | string) => Promise<pg.QueryResult>;

function runner(query: RunQuery, describe = true): Tx {
  // The stack of a statement that failed in a transaction is described once, where the transaction ends.
  const run: RunQuery = describe
    ? (statement) => query(statement).catch((error: unknown) => Promise.reject(describeFailure(error, true)))
    : query;
  return {
    rows: async <Row>(statement: Sql) => (await run(statement)).rows as Row[],
    first: async <Row>(statement: Sql) => (await run(statement)).rows[0] as Row | undefined,
    run: async (statement) => (await run(statement)).rowCount ?? 0,
    later: async (statement) => void (await run(statement)),
    script: async (text) => void (await run(text)),
  };
}

/** How often `act` may be run, given how it failed. Each outdated connection is thrown away, so there are few of them. */
function triesFor(error: unknown): number {
  const code = (error as { code?: string }).code;
  if (isOutdated(error)) return MOST_OUTDATED;
  return code === '40001' || code === '40P01' ? TRIES : 1;
}
