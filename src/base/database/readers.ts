import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Log } from '../log.ts';
import { isOutdated } from './failures.ts';
import { createLane, type Lane, sendTogether } from './lane.ts';
import { keepLongTexts, runForBytes } from './long-texts.ts';
import { runNamed } from './named-query.ts';
import { asQuery } from './statement.ts';

/** A few pipelined connections for short reads, taken in turn. */
export type Readers = {
  query(statement: Sql | string): Promise<pg.QueryResult>;
  /** The same with texts of more than 8 KB as `Buffer`s, undecoded. */
  queryForBytes(statement: Sql): Promise<pg.QueryResult>;
  close(): Promise<void>;
};

/** So many connections for reading; a write on them is refused by PostgreSQL itself. */
export function createReaders(settings: pg.ClientConfig, size: number, named: boolean, log: Log): Readers {
  // An older PgBouncer refuses options at the start; it is the one that wants no names either.
  const readOnly = named ? { ...settings, options: '-c default_transaction_read_only=on' } : settings;
  const lanes = Array.from({ length: size }, () => createLane(readOnly, log));
  const bytesLanes = Array.from({ length: size }, () => createLane(readOnly, log, keepLongTexts));
  let next = 0;
  let sending: Lane | undefined;
  return {
    query(statement) {
      // What is asked in the same turn of the loop travels along for nothing.
      if (!sending) {
        next = (next + 1) % size;
        sending = lanes[next]!;
        setImmediate(() => {
          sending = undefined;
        });
      }
      return onLane(sending, (client) => ask(client, statement, named));
    },
    queryForBytes(statement) {
      next = (next + 1) % size;
      const query = asQuery(statement, named) as pg.QueryConfig;
      return onLane(bytesLanes[next]!, (client) => runForBytes(client, query));
    },
    close: async () => void (await Promise.all([...lanes, ...bytesLanes].map((lane) => lane.close()))),
  };
}

/** Asks on the lane's connection, and on a new one where that was outdated. */
async function onLane(lane: Lane, use: (client: pg.Client) => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
  const client = await lane.open();
  sendTogether(client);
  return use(client).catch(async (error: unknown) => {
    if (!isOutdated(error)) throw error;
    lane.abandon(client);
    return use(await lane.open());
  });
}

/** Asks one thing of a connection; a prepared statement in the quicker way. */
export function ask(client: pg.ClientBase, statement: Sql | string, named: boolean): Promise<pg.QueryResult> {
  const query = asQuery(statement, named);
  return typeof query === 'object' && query.name !== undefined ? runNamed(client, query) : client.query(query);
}
