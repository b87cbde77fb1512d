import { BankError } from '../../banking/bank-error.ts';
import type { Grant } from '../../banking/connector.ts';
import type { Tx } from '../../base/database.ts';
import { newId } from '../../base/ids.ts';
import { openBank } from '../connections/bank.ts';
import { needSomebody, noteConnection } from '../connections/connections.ts';
import { openGrant, sealGrant } from '../connections/grants.ts';
import {
  type BankRevocation,
  beginBankRevocation,
  deleteBankRevocation,
  disconnect,
  findBankRevocation,
  findGrant,
  type GrantRow,
  insertBankRevocation,
  lockConnection,
  markAccountsStale,
  selectLivingConnections,
} from '../connections/store.ts';
import { offerMail } from '../customers/mail/mail.ts';
import { ensureKeys, keysOf, revocationHolder } from '../keys/data-keys.ts';
import type { Caller, Initiator, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { moveConsent } from './changes.ts';
import type { Consent } from './consent.ts';
import { PENDING_DAYS } from './consent.ts';
import { changeConsent, lockConsent, selectDueConsents, selectLivingConsents } from './store.ts';

/** The queue of consents that banks have yet to be told the end of. */
export const REVOKE_QUEUE = 'revoke-at-bank';
const RETRY_DAYS = 14;
/** Between a consent's id and what tells several of its grants apart. */
const FURTHER = '~';
const HOUR_MS = 3_600_000;

/** How long after each try the next one is made: soon at first, then twice a day, for fourteen days. */
const RETRY_AFTER_HOURS = [0.02, 0.25, 1, 3, 6, 12];

/**
 * Ends a consent here at once, and at the bank by a job that is retried for fourteen days. Revoking twice is revoking
 * once. Throws `consent_not_active` when it has ended in another way.
 */
export async function revokeConsent(platform: Platform, caller: Caller, id: string): Promise<Consent> {
  return platform.database.transaction((tx) =>
    endConsent(platform, tx, {
      tenant: caller.tenant,
      id,
      initiator: 'app',
      reason: 'revoked',
      requestId: caller.requestId,
    }),
  );
}

/** Ends a connection and, with it, its consent. */
export async function endConnection(platform: Platform, caller: Caller, id: string): Promise<void> {
  await platform.database.transaction(async (tx) => {
    const connection = await lockConnection(tx, caller.tenant, id);
    if (!connection) throw notFound('connection');
    if (connection.status === 'disconnected') return;
    if (connection.consent) {
      const request = {
        tenant: caller.tenant,
        id: connection.consent,
        initiator: 'app' as const,
        reason: 'revoked',
        requestId: caller.requestId,
      };
      const consent = await lockConsent(tx, caller.tenant, connection.consent);
      if (consent?.status === 'authorized') {
        await endConsent(platform, tx, request);
        return;
      }
    }
    await endReading(platform, tx, caller.tenant, id, connection.consent, 'app');
  });
}

/** The same in a transaction of the caller's, by whoever. */
export async function endConsent(
  platform: Platform,
  tx: Tx,
  request: {
    tenant: Tenant;
    id: string;
    initiator: Initiator;
    reason: string;
    requestId?: string | null;
    detail?: Record<string, string>;
  },
): Promise<Consent> {
  const { tenant, id } = request;
  const at = platform.clock.now();
  const before = await lockConsent(tx, tenant, id);
  if (!before) throw notFound('consent');
  if (before.status === 'canceled') return before;
  const told = before.status === 'authorized' && before.connection !== null;
  const moved = await moveConsent(tx, {
    ...request,
    move: 'canceled',
    at,
    changes: { bankRevocation: told ? 'pending' : 'not_applicable', waitingFor: null },
  });
  if (!moved)
    throw new Problem('consent_not_active', `This consent is ${before.status}; there is nothing left to revoke.`);
  if (told) {
    await endReading(platform, tx, tenant, before.connection!, id, request.initiator);
    await offerMail(platform, tx, { tenant, consent: id, kind: 'ended', about: at });
  }
  return moved;
}

/** Stops reading: the grant leaves the connection and waits, under a key of its own, to be ended at the bank. */
async function endReading(
  platform: Platform,
  tx: Tx,
  tenant: Tenant,
  connectionId: string,
  consent: string | null,
  initiator: Initiator,
): Promise<void> {
  const at = platform.clock.now();
  const connection = await lockConnection(tx, tenant, connectionId);
  if (!connection || connection.status === 'disconnected') return;
  const row = await tx.first<GrantRow>(findGrant(tenant, connectionId));
  if (row && consent) {
    const keys = keysOf(platform, { tenant, holder: connection.customer, ring: row.ring });
    const grant = openGrant(keys, tenant, connectionId, row.sealed);
    await tellBank(platform, tx, {
      tenant,
      consent,
      connection: connectionId,
      provider: connection.provider,
      interface: connection.interface,
      grant,
    });
  }
  await tx.run(disconnect(tenant, connectionId, at));
  await tx.run(markAccountsStale(tenant, connectionId, at));
  await noteConnection(tx, connection, 'connection.disconnected', 'disconnected', initiator, at);
}

/** Keeps what is needed to end a grant at the bank and enqueues the telling. */
export async function tellBank(
  platform: Platform,
  tx: Tx,
  what: {
    tenant: Tenant;
    consent: string;
    connection: string | null;
    provider: string;
    interface: string;
    grant: Grant;
  },
): Promise<void> {
  const { tenant, grant, ...where } = what;
  // A visit can leave more than one behind at the bank: each is told by itself.
  const isTold = await tx.first(findBankRevocation(tenant, what.consent));
  const consent = isTold ? `${what.consent}${FURTHER}${newId('session').slice(-8)}` : what.consent;
  const holder = revocationHolder(consent);
  // Keys of its own: the person's may be destroyed before the bank could be told.
  const way = platform.providers.find(what.provider)?.interfaces.find(({ id }) => id === what.interface);
  // Where a login is all there is, ending it needs none of it: it is destroyed now, not when the job has run.
  const kept = platform.connectors[way?.standard ?? '']?.keepsSecrets ? { secret: {} } : grant;
  const sealed = sealGrant(await ensureKeys(platform, tx, tenant, holder), tenant, holder, kept);
  await tx.run(insertBankRevocation(tenant, { ...where, consent, grant: sealed, at: platform.clock.now() }));
  await platform.jobs.enqueue(tx, REVOKE_QUEUE, { tenant, consent }, { key: consent });
}

/** The job: tells the bank, or comes back later for as long as fourteen days. A bank that is away changes nothing here. */
export async function revokeAtBank(platform: Platform, tenant: Tenant, consent: string): Promise<void> {
  const waiting = await platform.database.first<BankRevocation>(beginBankRevocation(tenant, consent));
  if (!waiting) return;
  try {
    const holder = revocationHolder(consent);
    const keys = keysOf(platform, { tenant, holder, ring: waiting.ring });
    const grant = openGrant(keys, tenant, holder, waiting.sealed);
    const bank = await openBank(platform, {
      tenant,
      provider: waiting.provider,
      interface: waiting.interface,
      held: grant,
    });
    await bank.connector.revoke(bank.context, grant);
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    platform.log.warn('consent.bank_revocation_failed', { consent, kind: error.kind, attempt: waiting.attempts });
    await revokeLater(platform, tenant, waiting);
    return;
  }
  await platform.database.transaction(async (tx) => {
    await tx.run(deleteBankRevocation(tenant, consent));
    await setBankRevocation(tx, tenant, consent, 'done', platform.clock.now());
  });
}

async function revokeLater(platform: Platform, tenant: Tenant, waiting: BankRevocation): Promise<void> {
  const now = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    if (now.getTime() - waiting.firstTriedAt.getTime() > RETRY_DAYS * 24 * HOUR_MS) {
      await tx.run(deleteBankRevocation(tenant, waiting.consent));
      await setBankRevocation(tx, tenant, waiting.consent, 'failed', now);
      return;
    }
    const hours = RETRY_AFTER_HOURS[Math.min(waiting.attempts, RETRY_AFTER_HOURS.length) - 1]!;
    await platform.jobs.enqueue(
      tx,
      REVOKE_QUEUE,
      { tenant, consent: waiting.consent },
      { at: new Date(now.getTime() + hours * HOUR_MS) },
    );
  });
}

async function setBankRevocation(
  tx: Tx,
  tenant: Tenant,
  consent: string,
  outcome: 'done' | 'failed',
  at: Date,
): Promise<void> {
  const [own] = consent.split(FURTHER);
  await changeConsent(tx, tenant, own!, ['canceled', 'failed', 'expired'], { bankRevocation: outcome }, at);
}

/** Ends what time has ended: consents unfinished for a week, and those past the bank's last moment. */
export async function endDueConsents(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const pendingBefore = new Date(now.getTime() - PENDING_DAYS * 24 * HOUR_MS);
  for (const due of await selectDueConsents(platform.database, now, pendingBefore)) {
    await platform.database.transaction(async (tx) => {
      if (due.status !== 'authorized') {
        await moveConsent(tx, {
          ...due,
          move: 'canceled',
          initiator: 'system',
          reason: 'unfinished',
          at: now,
          changes: { bankRevocation: 'not_applicable' },
        });
        return;
      }
      const expired = await moveConsent(tx, { ...due, move: 'expired', initiator: 'bank', reason: 'expired', at: now });
      if (!expired?.connection) return;
      await needSomebody(tx, {
        tenant: due.tenant,
        connection: expired.connection,
        needs: { who: 'person', what: 'renew' },
        initiator: 'bank',
        at: now,
      });
      await tx.run(markAccountsStale(due.tenant, expired.connection, now));
    });
  }
}

/** Ends everything a customer has, before they are erased: what banks must be told is kept, nothing else will be. */
export async function endEverything(
  platform: Platform,
  tenant: Tenant,
  customer: string,
  requestId: string | null,
): Promise<void> {
  await platform.database.transaction(async (tx) => {
    const requests = { tenant, initiator: 'app' as const, reason: 'customer_erased', requestId };
    for (const { id } of await tx.rows<{ id: string }>(selectLivingConsents(tenant, customer))) {
      await endConsent(platform, tx, { ...requests, id });
    }
    for (const { id, consent } of await tx.rows<{ id: string; consent: string | null }>(
      selectLivingConnections(tenant, customer),
    )) {
      await endReading(platform, tx, tenant, id, consent, 'app');
    }
  });
}
