import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Log } from '../log.ts';
import { isOutdated } from './failures.ts';
import { createLane, sendTogether } from './lane.ts';
import { runNamed } from './named-query.ts';
import { asQuery } from './statement.ts';

/** A few pipelined connections for short reads, taken in turn. */
export type Readers = { query(statement: Sql | string): Promise<pg.QueryResult>; close(): Promise<void> };

/** So many connections for reading; a write on them is refused by PostgreSQL itself. */
export function createReaders(settings: pg.ClientConfig, size: number, named: boolean, log: Log): Readers {
  // An older PgBouncer refuses options at the start; it is the one that wants no names either.
  const readOnly = named ? { ...settings, options: '-c default_transaction_read_only=on' } : settings;
  const lanes = Array.from({ length: size }, () => createLane(readOnly, log));
  let next = 0;
  return {
    async query(statement) {
      next = (next + 1) % size;
      const lane = lanes[next]!;
      const client = await lane.open();
      sendTogether(client);
      return ask(client, statement, named).catch(async (error: unknown) => {
        if (!isOutdated(error)) throw error;
        lane.abandon(client);
        return ask(await lane.open(), statement, named);
      });
    },
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  };
}

/** Asks one thing of a connection; a prepared statement in the quicker way. */
export function ask(client: pg.ClientBase, statement: Sql | string, named: boolean): Promise<pg.QueryResult> {
  const query = asQuery(statement, named);
  return typeof query === 'object' && query.name !== undefined ? runNamed(client, query) : client.query(query);
}
