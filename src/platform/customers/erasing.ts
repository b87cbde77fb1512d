import { recordEvent } from '../events/events.ts';
import type { Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { deletions, keepEvidence } from './erasing-store.ts';
import type { CustomerRow } from './store.ts';
import { markErasing, selectDue } from './store.ts';

/**
 * Ends everything the customer has at banks, under its tenant; handed in, because links end elsewhere. What banks have yet
 * to be told must be stored (`bank_revocations`) when it resolves.
 */
export type EndEverything = (
  platform: Platform,
  tenant: Tenant,
  customer: string,
  requestId: string | null,
) => Promise<void>;

/**
 * Erases a customer: reading stops at once, every link ends, then every row of the person goes in one transaction. Of each
 * consent only pseudonymous evidence stays, and what is needed to tell the bank. Done again after a crash it goes on
 * where it was.
 */
export async function eraseCustomer(
  platform: Platform,
  tenant: Tenant,
  id: string,
  { endEverything, requestId }: { endEverything: EndEverything; requestId: string | null },
): Promise<void> {
  const at = platform.clock.now();
  const marked = await platform.database.first<CustomerRow>(markErasing(tenant, id, at));
  if (!marked) throw notFound('customer');
  await endEverything(platform, tenant, id, requestId);
  await platform.database.transaction(async (tx) => {
    await tx.run(keepEvidence(tenant, id, at));
    for (const deletion of deletions(tenant, id)) await tx.run(deletion);
    await recordEvent(tx, {
      tenant,
      type: 'customer.erased',
      data: { id, object: 'customer', status: 'erased' },
      requestId,
      at,
    });
  });
}

/** Erases the customers whose time is over, and goes on with those a crash left half erased. Run by a job each minute. */
export async function eraseDueCustomers(platform: Platform, endEverything: EndEverything): Promise<void> {
  const due = await platform.database.rows<{ tenant: Tenant; id: string }>(selectDue(platform.clock.now(), 100));
  for (const { tenant, id } of due) {
    await eraseCustomer(platform, tenant, id, { endEverything, requestId: null }).catch((error: unknown) => {
      // Another replica may have finished it; anything else must not keep the others waiting, and comes round again.
      if (!(error instanceof Problem)) platform.log.error('customer.erasing_failed', { tenant, customer: id, error });
    });
  }
}
