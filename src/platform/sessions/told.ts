import { SUPERSEDED_QUEUE } from '../connections/superseded.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { Session } from './session.ts';
import { findSession } from './store.ts';
import { POLL_QUEUE } from './turn/asking.ts';

/**
 * A bank, or whoever else knows the address, says that something changed. Nothing of what they say is believed or even
 * read: we look for ourselves, at a visit that waits for others, later at its connection's consent. A visit whose person is
 * waiting is looked at every few seconds anyway.
 */
export async function lookBecauseTold(platform: Platform, tenant: Tenant, id: string): Promise<void> {
  const session = await platform.database.read.first<Session>(findSession(tenant, id));
  if (!session) return;
  const { jobs, database } = platform;
  if (session.status === 'open')
    await jobs.enqueue(database, POLL_QUEUE, { tenant, session: id, told: true }, { key: `told:${id}`, urgent: true });
  else if (session.connection !== null)
    await jobs.enqueue(
      database,
      SUPERSEDED_QUEUE,
      { tenant, connection: session.connection, code: 'consent_gone' },
      { key: session.connection },
    );
}
