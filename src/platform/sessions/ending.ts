import type { Grant } from '../../banking/connector.ts';
import type { Tx } from '../../base/database.ts';
import { moveConsent } from '../consents/changes.ts';
import type { Consent } from '../consents/consent.ts';
import { tellBank } from '../consents/ending.ts';
import { insertTimeline, lockConsent } from '../consents/store.ts';
import { recordEvent } from '../events/events.ts';
import type { Initiator, Platform } from '../platform.ts';
import { ERROR_CODES, type ErrorCode } from '../remedies.ts';
import type { Session } from './session.ts';
import { changeSession, type SessionChanges } from './store.ts';
import { openMemory, openSessionGrant, openStep } from './turn/memory.ts';
import { noteSigners, waitsForSigners } from './turn/signers.ts';

/** How a visit ends, and what of it the app is told with the return. */
export type Ending = {
  status: 'finished' | 'canceled' | 'failed' | 'expired';
  initiator: Initiator;
  errorCode?: ErrorCode;
  requestId?: string | null;
  /** What else is known now, e.g. the connection that was made. */
  changes?: SessionChanges;
};

const ERROR_OF = { finished: null, canceled: 'access_denied', failed: 'failed', expired: 'expired' } as const;

/**
 * Everything that must not outlive a visit. The hash of the way back stays: a doubled return finds the visit it belongs
 * to and is shown its end; it opens nothing any more.
 */
export const FORGOTTEN: SessionChanges = {
  step: null,
  memory: null,
  way_back_sealed: null,
  grant_sealed: null,
  found: null,
  handover: null,
  handover_tries: 0,
  login: null,
  poll_at: null,
  turn_state: 'asking',
  working_since: null,
  working_on: null,
};

/**
 * Ends a visit in the caller's transaction: its secrets go, its unfinished consent ends with it (but an expired visit
 * leaves the consent pending: its link works again), and a grant that was not granted further is ended at the bank.
 * Undefined when somebody else moved it first.
 */
export async function endSession(
  platform: Platform,
  tx: Tx,
  session: Session,
  ending: Ending,
): Promise<Session | undefined> {
  const at = platform.clock.now();
  const ended = await changeSession(
    tx,
    session,
    {
      ...FORGOTTEN,
      ...ending.changes,
      status: ending.status,
      screen: 'ended',
      error: ERROR_OF[ending.status],
      error_code: ending.errorCode ?? null,
      finished_at: at,
      phase: {
        phase: ending.status,
        at: at.toISOString(),
        ...(ending.errorCode ? { error_code: ending.errorCode } : {}),
      },
    },
    { next: true, at },
  );
  if (!ended) return undefined;
  // Where a connection was made the consent stands and the grant is the connection's: nothing is left unfinished.
  if (!(ending.status === 'finished' && ending.changes?.connection)) await endUnfinished(platform, tx, session, ending);
  if (ending.status === 'expired' && waitsForSigners(openStep(platform, session)))
    await noteSigners(tx, session, false, at);
  const { tenant, id, customer, consent } = session;
  const requestId = ending.requestId ?? null;
  await tx.later(
    insertTimeline({
      tenant,
      session: id,
      consent,
      at,
      what: `session.${ending.status}`,
      from: 'open',
      to: ending.status,
      initiator: ending.initiator,
      requestId,
    }),
  );
  await recordEvent(tx, {
    tenant,
    type: ending.status === 'expired' ? 'session.abandoned' : 'session.finished',
    customer,
    consent,
    data: { id, object: 'session', status: ending.status, customer, consent, error_code: ending.errorCode ?? null },
    requestId,
    at,
  });
  return ended;
}

/**
 * What may have been approved at the bank by somebody who came back in another browser, whose digits were not typed here:
 * this visit looks at it no more.
 */
function approvedElsewhere(platform: Platform, session: Session, consent: Consent): Grant | undefined {
  const memory = session.handover ? openMemory(platform, session) : undefined;
  if (memory?.at !== 'authorise') return undefined;
  const way = platform.providers.find(consent.provider ?? '')?.interfaces.find(({ id }) => id === consent.interface);
  return platform.connectors[way?.standard ?? '']?.unfinished?.(memory.memory);
}

/** A grant nobody granted further, and a consent nobody will finish in this visit. */
export async function endUnfinished(platform: Platform, tx: Tx, session: Session, ending: Ending): Promise<void> {
  if (!session.consent) return;
  const { tenant, consent: id } = session;
  const consent = await lockConsent(tx, tenant, id);
  if (consent?.status !== 'pending') return;
  const grant = openSessionGrant(platform, session) ?? approvedElsewhere(platform, session, consent);
  const told = grant !== undefined && consent.provider !== null && consent.interface !== null;
  if (told) {
    await tellBank(platform, tx, {
      tenant,
      consent: id,
      connection: null,
      provider: consent.provider!,
      interface: consent.interface!,
      grant,
    });
  }
  if (ending.status !== 'canceled' && ending.status !== 'failed') return;
  const code = ending.errorCode;
  await moveConsent(tx, {
    tenant,
    id,
    move: ending.status,
    initiator: ending.initiator,
    reason: code ?? ending.status,
    at: platform.clock.now(),
    requestId: ending.requestId ?? null,
    changes: {
      bankRevocation: told ? 'pending' : 'not_applicable',
      ...(ending.status === 'failed' && code ? { failureCode: code, failureMessage: ERROR_CODES[code] } : {}),
    },
  });
}
