import type { Account } from '../../../banking/account.ts';
import type { Grant } from '../../../banking/connector.ts';
import type { Place } from '../../../base/jobs.ts';
import type { Tx } from '../../../base/database.ts';
import { newId } from '../../../base/ids.ts';
import { identify } from '../../accounts/identity.ts';
import { storeAccounts } from '../../accounts/storing.ts';
import { getTenant } from '../../apps/apps.ts';
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
import { offerMail } from '../../customers/mail/mail.ts';
import type { Platform } from '../../platform.ts';
import { beginFirstSync, type FirstSync, takeFirstSync } from '../../syncs/first.ts';
import { SYNC_QUEUE } from '../../syncs/queues.ts';
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
  const place = readsInVisit(platform, session) ? undefined : platform.jobs.reserve(SYNC_QUEUE);
  const done = await platform.database
    .transaction((tx) => grantIn(platform, tx, { session, grant, granted, place }, by))
    .catch((error: unknown) => {
      place?.giveBack();
      throw error;
    });
  if (done?.first) beginFirstSync(platform, session.tenant, done.first);
  else place?.giveBack();
  if (!done) return false;
  if (done.reading) await readInVisit(platform, done.reading.session, { sync: done.reading.sync }, by);
  return true;
}

type Granting = { session: Session; grant: Grant; granted: Account[]; place: Place | undefined };

type Granted = { first?: FirstSync; reading?: { session: Session; sync: string } };

/** Undefined when the consent or the visit has moved on. What needs no look in between is sent together. */
async function grantIn(
  platform: Platform,
  tx: Tx,
  { session, grant, granted, place }: Granting,
  by: Answering,
): Promise<Granted | undefined> {
  const { tenant, customer } = session;
  const [consent, known, { settings }] = await Promise.all([
    lockConsent(tx, tenant, session.consent!),
    findKnown(platform, tx, session, granted),
    getTenant(tx, tenant),
  ]);
  if (consent?.status !== 'pending') return undefined;
  const where = { provider: session.chosenProvider!, interface: session.chosenInterface! };
  const connection = await linkConnection(platform, tx, session, consent, grant, known);
  const link = { tenant, customer, connection, consent: consent.id, ...where };
  const [authorized] = await allOf([
    authorize(platform, tx, session, consent, connection, grant, by),
    storeAccounts(platform, tx, { ...link, accounts: granted, requestId: by.requestId ?? null }),
  ]);
  if (!authorized) throw new Error('a consent that was locked has moved on');
  const about = platform.clock.now();
  if (settings.mail) await offerMail(platform, tx, { tenant, consent: consent.id, kind: 'confirmed', about });
  await rereadOthers(platform, tx, { ...session, connection });
  await closeUntilClaimed(platform, tx, {
    tenant,
    session: session.id,
    consent: consent.id,
    isNeeded: settings.claim === 'required',
  });
  const finish = () => finishVisit(platform, tx, session, consent.id, connection, by);
  if (place && !known) {
    const about = { id: connection, customer, ...where };
    const first = await takeFirstSync(platform, tx, {
      tenant,
      connection: about,
      consent,
      person: session.person,
      place,
    });
    await finish();
    return { first };
  }
  const reads = readsInVisit(platform, session);
  const sync = await enqueueSync(platform, tx, {
    tenant,
    connection,
    consent: consent.id,
    reason: 'connect',
    person: session.person,
    ...(reads ? { inVisit: true } : {}),
  });
  if (reads && sync) {
    return { reading: { session: await startReading(platform, tx, session, consent.id, connection, grant), sync } };
  }
  await finish();
  return {};
}

/** All of them to their ends, and then the first failure: nothing is left behind that still uses the transaction. */
async function allOf<T extends readonly unknown[]>(works: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const ends = await Promise.allSettled(works as readonly Promise<unknown>[]);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }) as unknown as T;
}

/** The connection a renewal is about, or one of the same customer that already reads one of these accounts. */
function findKnown(platform: Platform, tx: Tx, session: Session, accounts: Account[]): Promise<Connection | undefined> {
  const { tenant, customer } = session;
  if (session.connection) return lockConnection(tx, tenant, session.connection);
  const where = { customer, provider: session.chosenProvider!, interface: session.chosenInterface! };
  const identities = identify({ vault: platform.vault, tenant, provider: where.provider }, accounts);
  return findConnectionReading(tx, tenant, { ...where, marks: identities.flatMap((one) => one.marks) });
}

/** A renewal, or a consent that reaches the same accounts, keeps the connection; else there is a new one. */
async function linkConnection(
  platform: Platform,
  tx: Tx,
  session: Session,
  consent: Consent,
  grant: Grant,
  known: Connection | undefined,
): Promise<string> {
  const at = platform.clock.now();
  const { tenant, customer } = session;
  const where = { customer, provider: session.chosenProvider!, interface: session.chosenInterface! };
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
