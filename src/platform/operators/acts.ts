import type { Platform, Tenant } from '../platform.ts';
import { type ActRow, insertAct, selectActs } from './store.ts';

/** Who acts: an operator, and the request they act by. */
export type Actor = { operator: string; requestId: string | null };

/** Writes into the audit what an operator does. Ids and words only, nothing about a person. */
export async function recordAct(
  platform: Pick<Platform, 'database' | 'clock'>,
  actor: Actor,
  what: string,
  about: { object?: string | null; tenant?: Tenant | null } = {},
): Promise<void> {
  await platform.database.run(
    insertAct({
      at: platform.clock.now(),
      tenant: about.tenant ?? null,
      operator: actor.operator,
      what,
      object: about.object ?? null,
      requestId: actor.requestId,
    }),
  );
}

/** One line of the audit as the dashboard shows it. */
export type Act = ActRow;

/** The latest acts, newest first; `before` is the last id of the page before. At most the latest 200,000 are looked through. */
export async function listActs(
  platform: Pick<Platform, 'database'>,
  filter: { before?: number; object?: string; operators: boolean; limit: number },
): Promise<{ rows: Act[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<Act>(selectActs(filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}
