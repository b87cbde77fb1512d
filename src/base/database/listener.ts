import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { describeFailure } from './failures.ts';

/** Notifications from the database, over one connection of its own. */
export type Listener = {
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

const LONGEST_PAUSE_MS = 2000;

/** A listener that connects at the first `listen` and again, for ever, whenever the connection is lost. */
export function createListener(settings: pg.ClientConfig, log: Log): Listener {
  const channels = new Map<string, Set<(payload: string) => void>>();
  const closing = new AbortController();
  let client: Promise<pg.Client> | undefined;

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client(settings);
    fresh.on('error', (error) => log.warn('database.listener_lost', { error }));
    fresh.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''));
    await fresh.connect();
    for (const channel of channels.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    fresh.once('end', () => void (closing.signal.aborted || reconnect()));
    return fresh;
  }
  async function reconnect(): Promise<void> {
    for (let pauseMs = 50; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      client = connect();
      const connected = await client.then(
        () => true,
        () => false,
      );
      // What was said in between was not heard.
      if (connected) return channels.forEach((_, channel) => void tell(channel, ''));
      await wait(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }
  function tell(channel: string, payload: string): void {
    for (const onNotify of channels.get(channel) ?? []) onNotify(payload);
  }
  return {
    async listen(channel, onNotify) {
      const known = channels.get(channel);
      const hearers = known ?? new Set();
      channels.set(channel, hearers.add(onNotify));
      try {
        const first = client === undefined;
        client ??= connect();
        const open = await client;
        if (!first && !known) await open.query(`listen ${pg.escapeIdentifier(channel)}`);
      } catch (error) {
        hearers.delete(onNotify);
        client = undefined;
        throw describeFailure(error, false);
      }
      return async () => {
        hearers.delete(onNotify);
        if (hearers.size > 0 || !channels.delete(channel)) return;
        // When the connection is gone there is nothing to take back.
        await client?.then((open) => open.query(`unlisten ${pg.escapeIdentifier(channel)}`)).catch(() => undefined);
      };
    },
    async close() {
      closing.abort();
      const open = await client?.catch(() => undefined);
      await open?.end();
    },
  };
}
