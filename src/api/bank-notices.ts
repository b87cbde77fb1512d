import type { FastifyInstance } from 'fastify';
import type { Platform } from '../platform/platform.ts';
import { lookBecauseTold } from '../platform/sessions/told.ts';

/**
 * `POST /told/{tenant}/{session}`: where banks tell that a consent changed (`TPP-Notification-URI`). The body is not read,
 * and everybody is answered alike, whether there is such a visit or not.
 */
export async function addBankNotices(app: FastifyInstance, platform: Platform): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => {
    body.resume();
    done(null);
  });
  app.post<{ Params: { tenant: string; session: string } }>('/told/:tenant/:session', async (request, reply) => {
    const { tenant, session } = request.params;
    if (/^\d{1,9}$/.test(tenant) && /^ses_[A-Za-z0-9]{22}$/.test(session))
      await lookBecauseTold(platform, Number(tenant), session);
    return reply.code(204).header('cache-control', 'no-store').send();
  });
}
