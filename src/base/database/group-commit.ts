import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Log } from '../log.ts';
import { describeFailure } from './failures.ts';
import { createLane } from './lane.ts';
import { asQuery } from './statement.ts';

/** Writes that share commits. */
export type GroupCommit = { write<Row>(statements: readonly Sql[]): Promise<Row[]>; close(): Promise<void> };

/** What one caller wants committed as a whole. */
type Waiting = { statements: readonly Sql[]; resolve(rows: unknown[]): void; reject(error: unknown): void };

/** Most statements in one commit: enough that its flush to disk no longer counts, few enough that nobody waits long. */
const MOST = 128;

/**
 * While one commit is under way the next writes gather, and then go together. One connection, so that two groups can
 * never wait for each other's rows.
 */
export function createGroupCommit(settings: pg.ClientConfig, named: boolean, log: Log): GroupCommit {
  const lane = createLane(settings, log);
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (waiting.length) await commit(await lane.open(), waiting.splice(0, MOST), named);
  }
  function start(): void {
    working ??= work()
      // Only opening can throw here; everyone who waits then waits for nothing.
      .catch((error: unknown) => {
        for (const one of waiting.splice(0)) one.reject(error);
      })
      .finally(() => {
        working = undefined;
        if (waiting.length) start();
      });
  }
  return {
    write: <Row>(statements: readonly Sql[]) =>
      new Promise<Row[]>((resolve, reject) => {
        waiting.push({ statements, resolve: resolve as Waiting['resolve'], reject });
        // At the end of this turn of the loop, so that requests read from the sockets together are written together.
        if (!working) setImmediate(start);
      }),
    async close() {
      while (working || waiting.length) await (working ?? new Promise((resolve) => setImmediate(resolve)));
      await lane.close();
    },
  };
}

/** Everything in one transaction, sent at once; when one fails, each alone. Never throws: everyone is told. */
async function commit(client: pg.Client, group: Waiting[], named: boolean): Promise<void> {
  if (group.length === 1 && group[0]!.statements.length === 1) return single(client, group[0]!, named);
  const sent = [
    client.query('begin'),
    ...group.flatMap(({ statements }) => statements.map((statement) => client.query(asQuery(statement, named)))),
    client.query('commit'),
  ] as Promise<pg.QueryResult>[];
  const outcomes = await Promise.allSettled(sent);
  const last = outcomes.at(-1)!;
  if (last.status === 'rejected') {
    // Whether the commit arrived cannot be known, so nobody's statement may be sent again.
    const error = describeFailure(last.reason, true);
    for (const one of group) one.reject(error);
  } else if (last.value.command === 'COMMIT') {
    let index = 1;
    for (const one of group) {
      one.resolve((outcomes[index] as PromiseFulfilledResult<pg.QueryResult>).value.rows);
      index += one.statements.length;
    }
  } else if (group.length === 1) {
    // The first that failed says why; those behind it only say that the transaction is over.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    group[0]!.reject(describeFailure(failed?.reason, true));
  } else {
    for (const one of group) await commit(client, [one], named);
  }
}

async function single(client: pg.Client, { statements, resolve, reject }: Waiting, named: boolean): Promise<void> {
  await client.query(asQuery(statements[0]!, named)).then(
    (result) => resolve(result.rows),
    (error: unknown) => reject(describeFailure(error, true)),
  );
}
