import { BankError } from '../../banking/bank-error.ts';
import type { Tx } from '../../base/database.ts';
import type { Platform, Tenant } from '../platform.ts';
import { openBank } from './bank.ts';
import type { Connection } from './connection.ts';
import { needSomebody } from './connections.ts';
import { readGrant } from './grants.ts';
import { findConnection, selectOthersAtBank } from './store.ts';

/** Connections whose consent may have ended at the bank, one job each: `{ tenant, connection, code }`. */
export const SUPERSEDED_QUEUE = 'superseded';

/**
 * Where the bank keeps one consent per person, a new one may have ended others: those of the same customer at that bank, and
 * those that read one of the same accounts. Each is looked at by a job of its own, after the grant is stored.
 */
export async function rereadOthers(
  platform: Platform,
  tx: Tx,
  granted: { tenant: Tenant; customer: string; connection: string; chosenProvider: string | null },
): Promise<void> {
  const { tenant, chosenProvider: provider } = granted;
  const bank = provider === null ? undefined : platform.providers.find(provider);
  if (!bank?.interfaces.some((way) => way.oneConsentPerPerson)) return;
  const others = await tx.rows<{ id: string }>(selectOthersAtBank(tenant, { ...granted, provider: bank.id }));
  for (const { id } of others)
    await platform.jobs.enqueue(tx, SUPERSEDED_QUEUE, { tenant, connection: id }, { key: id, urgent: true });
}

/** The job: asks the bank whether the consent still lives. Only the bank's own word ends anything; an outage is asked again. */
export async function lookWhetherGone(
  platform: Platform,
  tenant: Tenant,
  id: string,
  code: 'superseded_at_bank' | 'consent_gone' = 'superseded_at_bank',
): Promise<void> {
  const connection = await platform.database.read.first<Connection>(findConnection(tenant, id));
  const held = await readGrant(platform, tenant, id);
  if (connection?.status !== 'active' || !held) return;
  const { provider, interface: way } = connection;
  try {
    const bank = await openBank(platform, { tenant, provider, interface: way, connection: id, held });
    if ((await bank.connector.check?.(bank.context, held)) !== 'gone') return;
  } catch (error) {
    // Whatever else is wrong, the next reading finds it and says it.
    if (error instanceof BankError && error.kind !== 'unavailable') return;
    throw error;
  }
  await platform.database.transaction((tx) =>
    needSomebody(tx, {
      tenant,
      connection: id,
      needs: { who: 'person', what: 'renew', code },
      initiator: 'bank',
      at: platform.clock.now(),
    }),
  );
}
