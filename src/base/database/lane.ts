import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Log } from '../log.ts';
import { DatabaseAway, describeFailure } from './failures.ts';

/** One connection that many share by pipelining; opened when first needed and again after it broke. */
export type Lane = {
  /** The connection; throws `DatabaseAway` when there is none to be had. */
  open(): Promise<pg.Client>;
  /** Opens another one next time; this one ends when what was asked of it is answered. */
  abandon(client: pg.Client): void;
  close(): Promise<void>;
};

/** A lane to the database of these settings; `prepare` is shown each connection before it connects. */
export function createLane(
  settings: pg.ClientConfig,
  log: Log,
  prepare: (client: pg.Client) => void = () => undefined,
): Lane {
  let opening: Promise<pg.Client> | undefined;
  let current: pg.Client | undefined;
  let closed = false;
  return {
    open() {
      if (closed) return Promise.reject(new DatabaseAway(false, new Error('closed')));
      if (opening) return opening;
      const fresh = connect(settings, log, prepare, () => {
        // An old connection's late goodbye must not take its successor with it.
        if (opening === fresh) opening = undefined;
      });
      opening = fresh;
      fresh.then(
        (client) => {
          current = client;
        },
        () => undefined,
      );
      return fresh;
    },
    abandon(client) {
      if (client !== current || !opening) return;
      opening = undefined;
      void client.end();
    },
    async close() {
      closed = true;
      const client = await opening?.catch(() => undefined);
      await client?.end();
    },
  };
}

/**
 * What is sent from here to the end of this turn of the loop leaves in one piece: the requests that were read from their
 * sockets together ask the database together, and a system call costs as much as a short query.
 */
export function sendTogether(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

async function connect(
  settings: pg.ClientConfig,
  log: Log,
  prepare: (client: pg.Client) => void,
  onGone: () => void,
): Promise<pg.Client> {
  const client = new pg.Client(settings);
  prepare(client);
  let connected = false;
  client.on('error', (error) => {
    onGone();
    if (connected) log.warn('database.connection_lost', { error });
  });
  client.on('end', onGone);
  try {
    await client.connect();
    connected = true;
    return client;
  } catch (error) {
    onGone();
    throw describeFailure(error, false);
  }
}
