import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Log } from '../log.ts';
import { describeFailure, isOutdated } from './failures.ts';
import { createLane, sendTogether } from './lane.ts';
import { areRows, mergeRows } from './merge.ts';
import { asQuery } from './statement.ts';

/** Writes that share commits. */
export type GroupCommit = { write<Row>(statements: readonly Sql[]): Promise<Row[]>; close(): Promise<void> };

/** What one caller wants committed as a whole. */
type Waiting = {
  statements: readonly Sql[];
  resolve(rows: unknown[]): void;
  reject(error: unknown): void;
  /** It was sent on a connection that turned out to be outdated. */
  again?: true;
};

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
    while (waiting.length) {
      const client = await lane.open();
      const refuse = (one: Waiting, error: unknown) => {
        if (one.again || !isOutdated(error)) return one.reject(describeFailure(error, true));
        lane.abandon(client);
        waiting.push({ ...one, again: true });
      };
      await commit(client, waiting.splice(0, MOST), named, refuse);
    }
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

type Refuse = (one: Waiting, error: unknown) => void;

/**
 * Everything in one transaction, sent at once; when one fails, each alone. Never throws: everyone is told. Callers that
 * only insert rows have them written several to a statement, which is most of what a commit of many costs.
 */
async function commit(client: pg.Client, group: Waiting[], named: boolean, refuse: Refuse): Promise<void> {
  if (group.length === 1 && group[0]!.statements.length === 1) return single(client, group[0]!, named, refuse);
  const inserting = group.length === 1 ? [] : group.filter(({ statements }) => areRows(statements));
  const others = group.filter((one) => !inserting.includes(one));
  const rows = mergeRows(inserting.map(({ statements }) => statements)) as Sql[];
  sendTogether(client);
  const sent = [
    client.query('begin'),
    ...others.flatMap(({ statements }) => statements.map((statement) => client.query(asQuery(statement, named)))),
    ...rows.map((statement) => client.query(asQuery(statement, named))),
    client.query('commit'),
  ] as Promise<pg.QueryResult>[];
  const outcomes = await Promise.allSettled(sent);
  const last = outcomes.at(-1)!;
  if (last.status === 'rejected') {
    // Whether the commit arrived cannot be known, so nobody's statement may be sent again.
    for (const one of group) refuse(one, last.reason);
  } else if (last.value.command === 'COMMIT') {
    let index = 1;
    for (const one of others) {
      one.resolve((outcomes[index] as PromiseFulfilledResult<pg.QueryResult>).value.rows);
      index += one.statements.length;
    }
    for (const one of inserting) one.resolve([]);
  } else if (group.length === 1) {
    // The first that failed says why; those behind it only say that the transaction is over.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    refuse(group[0]!, failed?.reason);
  } else {
    for (const one of group) await commit(client, [one], named, refuse);
  }
}

async function single(client: pg.Client, one: Waiting, named: boolean, refuse: Refuse): Promise<void> {
  await client.query(asQuery(one.statements[0]!, named)).then(
    (result) => one.resolve(result.rows),
    (error: unknown) => refuse(one, error),
  );
}
