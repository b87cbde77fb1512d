import type { FastifyInstance } from 'fastify';
import type { Platform } from '../../../platform/platform.ts';
import { findVisit } from '../../../platform/sessions/visit/visit.ts';
import { createWatch } from '../../../platform/sessions/visit/watching.ts';
import { asRequest } from './request.ts';

/** Pages that may wait at one server; further ones look for themselves. */
const MOST = 20_000;
/** A word so often keeps proxies from closing a line that is only quiet. */
const BEAT_MS = 25_000;
/** A line is closed after so long and opened again by the page, so that none outlives its visit. */
const LONGEST_MS = 10 * 60_000;

/**
 * Tells a waiting page that its visit has moved (server-sent events). Nothing of the visit is in it: the page then looks for
 * itself. Whoever cannot listen looks every few seconds instead.
 */
export function addLive(app: FastifyInstance, platform: Platform): void {
  const watch = createWatch(platform);
  const lines = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of [...lines]) end();
    watch.close();
  });
  app.get<{ Params: { subject: string } }>('/visit/:subject/live', async (request, reply) => {
    const { browser } = asRequest(request);
    const session = await findVisit(platform, request.params.subject, browser);
    if (!session || lines.size >= MOST)
      return reply
        .code(session ? 503 : 404)
        .header('cache-control', 'no-store')
        .send();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    raw.write('retry: 3000\n\n');
    const unwatch = watch.watch(session, () => raw.write('data: moved\n\n'));
    const beat = setInterval(() => raw.write(':\n\n'), BEAT_MS);
    const enough = setTimeout(() => raw.end(), LONGEST_MS);
    const end = () => {
      unwatch();
      clearInterval(beat);
      clearTimeout(enough);
      lines.delete(end);
      if (!raw.writableEnded) raw.end();
    };
    lines.add(end);
    raw.once('close', end);
  });
}
