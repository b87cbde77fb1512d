import { BlockList, isIPv6 } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { isReachable } from '../platform/apps/apps.ts';
import type { Platform } from '../platform/platform.ts';
import type { Metrics } from './metrics.ts';
import type { ApiOptions } from './route.ts';

/** A database that does not answer within this is away. */
const PATIENCE_MS = 1500;

/** `/health` (alive), `/ready` (able to serve: 503 when not) and `/metrics` (for the operator's own network only). */
export function addOperations(app: FastifyInstance, platform: Platform, options: ApiOptions, metrics: Metrics): void {
  app.get('/health', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'alive', version: options.version ?? null, database: options.database ?? null };
  });
  app.get('/ready', async (_request, reply) => {
    const giveUp = new AbortController();
    const checks = await Promise.race([
      look(platform, options),
      wait(PATIENCE_MS, { database: false }, { signal: giveUp.signal, ref: false }),
    ]);
    giveUp.abort();
    const ready = Object.values(checks).every(Boolean);
    return reply
      .code(ready ? 200 : 503)
      .headers({ 'cache-control': 'no-store', ...(ready ? {} : { 'retry-after': '2' }) })
      .send({ status: ready ? 'ready' : 'not_ready', checks });
  });
  app.get('/metrics', async (request, reply) => {
    if (!isNear(request.ip)) return reply.callNotFound();
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(metrics.text());
  });
}

async function look(platform: Platform, options: ApiOptions): Promise<Record<string, boolean>> {
  const [database, others] = await Promise.all([isReachable(platform), options.ready?.() ?? {}]);
  return { database, ...others };
}

const near = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  near.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  near.addSubnet(network, bits, 'ipv6');

function isNear(address: string): boolean {
  return near.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
