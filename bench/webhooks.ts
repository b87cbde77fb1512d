import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { createClock } from '../src/base/clock.ts';
import { migrate, openDatabase, sql } from '../src/base/database.ts';
import { createEgress } from '../src/base/egress.ts';
import { newId } from '../src/base/ids.ts';
import { createLog } from '../src/base/log.ts';
import { startPostgres } from '../src/base/postgres/start.ts';
import { createVault } from '../src/base/vault.ts';
import { createApp } from '../src/platform/apps/apps.ts';
import { startDispatcher } from '../src/platform/events/dispatch/dispatcher.ts';
import { isLoopback } from '../src/platform/events/endpoint-url.ts';
import { createEndpoint, deleteEndpoint, updateEndpoint } from '../src/platform/events/endpoints.ts';
import { insertEvent } from '../src/platform/events/store.ts';
import type { Caller, Platform } from '../src/platform/platform.ts';
import { type Bench, compare, quantile, short } from './measure.ts';
import { freePorts, root, startScript, untilReady } from './tools.ts';

const BACKLOG = 10_000;
const PER_SECOND = 200;
const SECONDS = 5;

/** P5a, P5b, P5c: a backlog sent durably beside raw signed POSTs, events on their way at once, and endpoints that misbehave. */
export const webhooks: Bench = {
  name: 'webhooks',
  goals: ['P5a', 'P5b', 'P5c'],
  async run() {
    const stage = await openReceiverStage();
    try {
      const speed = await compare(
        () => stage.drainBacklog(),
        () => stage.postRaw(),
        4,
      );
      const alone = await stage.delays([]);
      const beside = await stage.delays(['/hang', '/fail']);
      const [p99, p99Beside] = [quantile(alone, 0.99), quantile(beside, 0.99)];
      const sent = PER_SECOND * SECONDS;
      return [
        {
          goal: 'P5a',
          what: 'durable dispatch of 10,000 events to one receiver',
          subject: `${short(speed.subject)}/s`,
          anchor: `raw signed POST ${short(speed.anchor)}/s`,
          ratio: `${short(speed.ratio)}×`,
          gate: '≥ 0.5×',
          target: '≥ 0.8×',
          outcome: speed.ratio >= 0.5 ? 'held' : 'missed',
          note: `${short(speed.low)}–${short(speed.high)}× in ${speed.rounds} rounds; every attempt kept`,
        },
        {
          goal: 'P5b',
          what: `event to receiver at ${PER_SECOND}/s, p99`,
          subject: `${short(p99)} ms`,
          anchor: '–',
          ratio: '–',
          gate: '≤ 50 ms',
          target: '≤ 10 ms',
          outcome: p99 <= 50 && alone.length === sent ? 'held' : 'missed',
          note: `median ${short(quantile(alone, 0.5))} ms; ${alone.length} of ${sent} came`,
        },
        {
          goal: 'P5c',
          what: 'the same while one endpoint hangs and one answers 500, p99',
          subject: `${short(p99Beside)} ms`,
          anchor: `alone ${short(p99)} ms`,
          ratio: `${short(p99Beside / p99)}×`,
          gate: '≤ 2×',
          target: '≤ 1.2×',
          outcome: p99Beside <= 2 * p99 && beside.length === sent ? 'held' : 'missed',
          note: `median ${short(quantile(beside, 0.5))} ms; ${beside.length} of ${sent} came`,
        },
      ];
    } finally {
      await stage.close();
    }
  },
};

async function openReceiverStage() {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  const log = createLog('silent');
  const postgres = await startPostgres(join(folder, 'database'), log);
  const database = await openDatabase(postgres.url, { log, named: true });
  await migrate(database, join(root, 'migrations'));
  const port = await freePorts(1);
  const base = `http://127.0.0.1:${port}`;
  const receiver = startScript(join(root, 'bench/anchors/webhook-receiver.ts'), {}, [String(port)]);
  await untilReady(`${base}/stats`, receiver);
  const clock = createClock();
  const webhookEgress = createEgress({ allowPrivate: isLoopback });
  const vault = createVault([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const platform = { database, clock, log, vault, egress: webhookEgress, webhookEgress } as unknown as Platform;
  const { tenants } = await createApp(platform, { name: 'Bench' });
  const caller: Caller = { tenant: tenants.test, app: 'app', appName: 'Bench', mode: 'test', requestId: 'req' };
  const dispatcher = await startDispatcher(platform);
  const pool = new Pool(base, { connections: 32, pipelining: 1 });

  // Asked while a backlog is sent: an answer that grew with it would be measured as well.
  const stats = async () => (await (await fetch(`${base}/stats`)).json()) as { count: number };
  const untilCame = async (count: number, everyMs: number) => {
    for (const until = performance.now() + 60_000; ; await wait(everyMs)) {
      const now = await stats();
      if (now.count >= count || performance.now() > until) return;
    }
  };
  const endpointAt = (path: string, status: 'active' | 'paused' = 'active') =>
    createEndpoint(platform, caller, { url: `${base}${path}`, status }, async (statements) => {
      await database.together(statements);
    });

  return {
    /** Events a second from the moment the endpoint is switched on until the receiver has the last of them. */
    async drainBacklog(): Promise<number> {
      await fetch(`${base}/reset`);
      const { endpoint } = await endpointAt('/ok', 'paused');
      await database.run(sql`with e as (
          insert into events (tenant, id, type, connection, data, created_at)
          select ${caller.tenant}, 'evt_' || gen_random_uuid(), 'sync.completed', 'con_' || i, '{"object":"sync"}', ${clock.now()}
          from generate_series(1, ${BACKLOG}::int) i returning id, connection)
        insert into webhook_messages (tenant, endpoint, event, line, next_at)
        select ${caller.tenant}, ${endpoint.id}, id, connection, ${clock.now()} from e`);
      const began = performance.now();
      await updateEndpoint(platform, caller, endpoint.id, { status: 'active' });
      await untilCame(BACKLOG, 20);
      const perSecond = (BACKLOG * 1000) / (performance.now() - began);
      await untilEmpty(endpoint.id);
      await deleteEndpoint(platform, caller, endpoint.id);
      return perSecond;
    },
    /** The same requests with nothing kept: what the wire and the receiver allow. */
    async postRaw(): Promise<number> {
      const key = Buffer.alloc(32, 9);
      const body = JSON.stringify({
        id: newId('event'),
        object: 'event',
        type: 'sync.completed',
        data: { object: {} },
      });
      const began = performance.now();
      let left = BACKLOG;
      const work = async () => {
        while (left > 0) {
          left -= 1;
          const id = newId('event');
          const at = Math.floor(Date.now() / 1000);
          const mark = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
          const headers = {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(at),
            'webhook-signature': `v1,${mark}`,
          };
          const reply = await pool.request({ method: 'POST', path: '/ok', headers, body });
          await reply.body.dump();
        }
      };
      await Promise.all(Array.from({ length: 32 }, work));
      return (BACKLOG * 1000) / (performance.now() - began);
    },
    /** Milliseconds from each event to its arrival, at so many a second, while other endpoints are told as well. */
    async delays(beside: string[]): Promise<number[]> {
      const made = [await endpointAt('/ok'), ...(await Promise.all(beside.map((path) => endpointAt(path))))];
      await fetch(`${base}/reset`);
      const began = performance.now();
      const writes: Promise<unknown>[] = [];
      for (let index = 0; index < PER_SECOND * SECONDS; index += 1) {
        const dueMs = began + (index * 1000) / PER_SECOND - performance.now();
        if (dueMs > 1) await wait(dueMs);
        const connection = newId('connection');
        const data = { id: connection, object: 'connection', status: 'active' };
        const event = {
          tenant: caller.tenant,
          type: 'connection.restored',
          connection,
          data,
          at: clock.now(),
        } as const;
        writes.push(database.together(insertEvent(newId('event'), event)));
      }
      await Promise.all(writes);
      await untilCame(PER_SECOND * SECONDS, 50);
      const delays = (await (await fetch(`${base}/delays`)).json()) as number[];
      for (const { endpoint } of made) await deleteEndpoint(platform, caller, endpoint.id);
      return delays;
    },
    async close() {
      await pool.close();
      await receiver.stop();
      await dispatcher.stop();
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function untilEmpty(endpoint: string): Promise<void> {
    for (;;) {
      const row = await database.first<{ count: number }>(
        sql`select count(*)::int as count from webhook_messages where tenant = ${caller.tenant} and endpoint = ${endpoint}`,
      );
      if (row?.count === 0) return;
      await wait(20);
    }
  }
}
