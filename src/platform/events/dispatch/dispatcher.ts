import { randomText } from '../../../base/ids.ts';
import type { Platform, Tenant } from '../../platform.ts';
import { MESSAGES_CHANNEL } from '../store.ts';
import { type Drain, openDrain } from './drain.ts';
import { leaseEndpoints } from './queue-store.ts';

/** Tells endpoints what happened, until `stop`. */
export type Dispatcher = { stop(): Promise<void> };

/** Endpoints one server sends to at the same moment; each has its own pace, so a slow one keeps nobody waiting. */
const MOST_DRAINS = 200;
const LOOK_EVERY_MS = 1000;
const LONGEST_STOP_MS = 3000;

/** Looks for endpoints with something due whenever the database says so, the clock is moved, and every second. */
export async function startDispatcher(platform: Platform): Promise<Dispatcher> {
  const { database, clock, log } = platform;
  const egress = platform.webhookEgress ?? platform.egress;
  const owner = randomText(12);
  const drains = new Map<string, Drain>();
  let looking = false;
  let again = false;
  let stopped = false;

  function look(): void {
    for (const drain of drains.values()) drain.look();
    again = true;
    if (looking || stopped) return;
    looking = true;
    lease()
      // The next look comes by itself.
      .catch((error: unknown) => log.warn('webhook.look_failed', { error }))
      .finally(() => {
        looking = false;
        if (again) look();
      });
  }
  async function lease(): Promise<void> {
    again = false;
    const room = MOST_DRAINS - drains.size;
    if (room <= 0) return;
    const leased = await database.rows<{ tenant: Tenant; id: string }>(leaseEndpoints(owner, clock.now(), room));
    for (const endpoint of leased) {
      const drain = openDrain(platform, egress, owner, endpoint);
      drains.set(endpoint.id, drain);
      if (stopped) drain.stop();
      void drain.done.then(() => {
        drains.delete(endpoint.id);
        // Whatever came between its last look and its end.
        look();
      });
    }
  }
  const stopListening = await database.listen(MESSAGES_CHANNEL, look);
  clock.onAdvance(() => look());
  const timer = setInterval(look, LOOK_EVERY_MS);
  look();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await stopListening();
      for (const drain of drains.values()) drain.stop();
      const all = Promise.all([...drains.values()].map(({ done }) => done));
      let giveUp: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        giveUp = setTimeout(resolve, LONGEST_STOP_MS);
      });
      await Promise.race([all, late]);
      clearTimeout(giveUp);
      // What hangs is cut off, and told again by whoever comes next.
      await platform.webhookEgress?.close();
      await all;
    },
  };
}
