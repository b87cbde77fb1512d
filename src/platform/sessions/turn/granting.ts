import type { Account } from '../../../banking/account.ts';
import type { Grant } from '../../../banking/connector.ts';
import type { Tx } from '../../../base/database.ts';
import { newId } from '../../../base/ids.ts';
import { identify } from '../../accounts/identity.ts';
import { storeAccounts } from '../../accounts/storing.ts';
import type { Connection } from '../../connections/connection.ts';
import { noteConnection } from '../../connections/connections.ts';
import { sealGrant, withoutVisit } from '../../connections/grants.ts';
import { findConnectionReading, insertConnection, lockConnection, renewConnection } from '../../connections/store.ts';
import { rereadOthers } from '../../connections/superseded.ts';
import { moveConsent } from '../../consents/changes.ts';
import { closeUntilClaimed } from '../../consents/claim.ts';
import type { Consent } from '../../consents/consent.ts';
import { reconfirmBy } from '../../consents/reconfirming.ts';
import { lockConsent } from '../../consents/store.ts';
import type { Platform } from '../../platform.ts';
import { enqueueSync } from '../../syncs/syncs.ts';
import type { Session } from '../session.ts';
import type { Answering } from './asking.ts';
import { finishVisit } from './finishing.ts';
import { keysFor, openFound, openSessionGrant } from './memory.ts';
import { readInVisit, readsInVisit, startReading } from './reading.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * The grant: consent, event, connection, accounts and the end of the visit come into being in one transaction, and the
 * first sync is enqueued with them. `references` are the accounts ticked; null takes all, where the bank has asked.
 * False when another answer was first.
 */
export async function grantAccess(
  platform: Platform,
  session: Session,
  references: string[] | null,
  by: Answering,
): Promise<boolean> {
  const grant = openSessionGrant(platform, session);
  const found = openFound(platform, session);
  const granted = references === null ? found : found.filter((account) => references.includes(account.reference));
  if (!grant || granted.length === 0) return false;
  const done = await platform.database.transaction(async (tx) => {
    const consent = await lockConsent(tx, session.tenant, session.consent!);
    if (consent?.status !== 'pending') return undefined;
    const connection = await linkConnection(platform, tx, session, consent, grant, granted);
    const authorized = await authorize(platform, tx, session, consent, connection, grant, by);
    if (!authorized) return undefined;
    await storeAccounts(platform, tx, {
      tenant: session.tenant,
      customer: session.customer,
      consent: consent.id,
      connection,
      provider: session.chosenProvider!,
      interface: session.chosenInterface!,
      accounts: granted,
      requestId: by.requestId ?? null,
    });
    await rereadOthers(platform, tx, { ...session, connection });
    await closeUntilClaimed(platform, tx, { tenant: session.tenant, session: session.id, consent: consent.id });
    const reads = readsInVisit(platform, session);
    const sync = await enqueueSync(platform, tx, {
      tenant: session.tenant,
      connection,
      consent: consent.id,
      reason: 'connect',
      person: session.person,
      ...(reads ? { inVisit: true } : {}),
    });
    if (!reads || !sync) return { session: await finishVisit(platform, tx, session, consent.id, connection, by) };
    return { session: await startReading(platform, tx, session, consent.id, connection, grant), sync };
  });
  if (done === undefined) return false;
  if (done.sync !== undefined && typeof done.session === 'object') {
    await readInVisit(platform, done.session, { sync: done.sync }, by);
  }
  return true;
}

/** A renewal, or a consent that reaches the same accounts, keeps the connection; else there is a new one. */
async function linkConnection(
  platform: Platform,
  tx: Tx,
  session: Session,
  consent: Consent,
  grant: Grant,
  accounts: Account[],
): Promise<string> {
  const at = platform.clock.now();
  const { tenant, customer } = session;
  const where = { customer, provider: session.chosenProvider!, interface: session.chosenInterface! };
  const identities = identify({ vault: platform.vault, tenant, provider: where.provider }, accounts);
  const marks = identities.flatMap((one) => one.marks);
  const known: Connection | undefined = session.connection
    ? await lockConnection(tx, tenant, session.connection)
    : await findConnectionReading(tx, tenant, { ...where, marks });
  if (!known) {
    const id = newId('connection');
    const sealed = sealGrant(keysFor(platform, session), tenant, id, withoutVisit(grant));
    await tx.later(
      insertConnection({ tenant, id, ...where, consent: consent.id, recurring: consent.recurring, grant: sealed, at }),
    );
    return id;
  }
  if (known.consent && known.consent !== consent.id) {
    await moveConsent(tx, {
      tenant,
      id: known.consent,
      move: 'replaced',
      initiator: 'person',
      reason: 'replaced',
      at,
      // The bank has ended the old one by granting the new: XS2A 1.3.12 §6.3, a new recurring consent ends the former.
      changes: { replacedBy: consent.id, bankRevocation: 'not_applicable' },
    });
  }
  await tx.later(
    renewConnection(
      tenant,
      known.id,
      consent.id,
      consent.recurring,
      sealGrant(keysFor(platform, session), tenant, known.id, withoutVisit(grant)),
      at,
    ),
  );
  if (known.status !== 'active')
    await noteConnection(tx, { ...known, consent: consent.id }, 'connection.restored', 'active', 'person', at);
  return known.id;
}

async function authorize(
  platform: Platform,
  tx: Tx,
  session: Session,
  consent: Consent,
  connection: string,
  grant: Grant,
  by: { requestId?: string },
): Promise<Consent | undefined> {
  const at = platform.clock.now();
  const askedUntil = new Date(at.getTime() + consent.validDays * DAY_MS);
  const expiresAt = grant.validUntil && grant.validUntil < askedUntil ? grant.validUntil : askedUntil;
  const confirmBy = reconfirmBy(platform.providers.find(session.chosenProvider!)?.country, at);
  return moveConsent(tx, {
    tenant: session.tenant,
    id: consent.id,
    move: 'authorized',
    initiator: 'person',
    at,
    requestId: by.requestId ?? null,
    changes: {
      connection,
      waitingFor: null,
      authorizedAt: at,
      expiresAt,
      ...(confirmBy ? { reconfirmBy: confirmBy } : {}),
    },
    detail: { session: session.id },
    locked: consent,
  });
}
