import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Log } from '../log.ts';
import { describeFailure, isOutdated } from './failures.ts';
import { createLane, sendTogether } from './lane.ts';
import { addRows, areRows } from './new-rows.ts';
import { ask } from './readers.ts';

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
 * Everything in one transaction, sent at once; when one fails, each alone. Never throws: everyone is told. What callers
 * who only add rows want is one statement for all of them, and where there is nothing else that is the transaction.
 */
async function commit(client: pg.Client, group: Waiting[], named: boolean, refuse: Refuse): Promise<void> {
  const adding = group.filter(({ statements }) => areRows(statements));
  const others = group.filter((one) => !adding.includes(one));
  const rows = adding.flatMap(({ statements }) => statements);
  const statements = others.flatMap((one) => one.statements);
  if (rows.length > 0) statements.push(addRows(rows) as Sql);
  sendTogether(client);
  const alone = statements.length === 1;
  const texts = alone ? statements : ['begin', ...statements, 'commit'];
  const outcomes = await Promise.allSettled(texts.map((text) => ask(client, text, named)));
  const last = outcomes.at(-1)!;
  if (last.status === 'fulfilled' && (alone || last.value.command === 'COMMIT')) {
    let index = alone ? 0 : 1;
    for (const one of others) {
      one.resolve((outcomes[index] as PromiseFulfilledResult<pg.QueryResult>).value.rows);
      index += one.statements.length;
    }
    for (const one of adding) one.resolve([]);
  } else if (group.length === 1) {
    // The first that failed says why; those behind it only say that the transaction is over.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    refuse(group[0]!, failed?.reason);
  } else if (last.status === 'rejected' && !(alone && isRefusal(last.reason))) {
    // Whether the commit arrived cannot be known, so nobody's statement may be sent again.
    for (const one of group) refuse(one, last.reason);
  } else {
    for (const one of group) await commit(client, [one], named, refuse);
  }
}

/** True where PostgreSQL itself said no and goes on serving: nothing of the statement was kept. */
function isRefusal(error: unknown): boolean {
  return (error as { severity?: string }).severity === 'ERROR';
}
