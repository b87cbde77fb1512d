import type { Json } from '../../banking/step.ts';
import type { Tx } from '../../base/database.ts';
import { recordEvent } from '../events/events.ts';
import type { Initiator, Tenant } from '../platform.ts';
import { CONSENT_MOVES, type Consent, type ConsentMove } from './consent.ts';
import { nextNoticeAt } from './notices.ts';
import { type ConsentChanges, changeConsent, insertTimeline, lockConsent } from './store.ts';

/** Who moves a consent, why, and what changes with it. */
export type ConsentMoveRequest = {
  tenant: Tenant;
  id: string;
  move: ConsentMove;
  initiator: Initiator;
  at: Date;
  requestId?: string | null;
  reason?: string;
  changes?: ConsentChanges;
  detail?: Record<string, Json>;
  /** The consent as the caller's transaction has read and locked it. */
  locked?: Consent;
};

/**
 * Moves a consent, with exactly one line in its timeline and the event of the move, in the caller's transaction.
 * Undefined when it does not stand where the move begins: somebody else was first.
 */
export async function moveConsent(tx: Tx, request: ConsentMoveRequest): Promise<Consent | undefined> {
  const { tenant, id, initiator, at, reason } = request;
  const move = CONSENT_MOVES[request.move];
  const before = request.locked ?? (await lockConsent(tx, tenant, id));
  if (!before || !(move.from as readonly string[]).includes(before.status)) return undefined;
  const ends = move.to !== 'authorized' && move.to !== 'pending';
  const { expiresAt = null, reconfirmBy = null } = request.changes ?? {};
  const consent = await changeConsent(
    tx,
    tenant,
    id,
    move.from,
    {
      status: move.to,
      ...(ends ? { endedAt: at, endedBy: initiator, endedReason: reason ?? request.move } : {}),
      ...(move.to === 'authorized' ? { noticeAt: nextNoticeAt({ expiresAt, reconfirmBy }, at) } : {}),
      ...request.changes,
    },
    at,
  );
  if (!consent) return undefined;
  await tx.later(
    insertTimeline({
      tenant,
      consent: id,
      connection: consent.connection,
      at,
      what: request.move,
      from: before.status,
      to: move.to,
      initiator,
      requestId: request.requestId ?? null,
      detail: { ...(reason ? { reason } : {}), ...request.detail },
    }),
  );
  if (move.event) await recordEvent(tx, consentEvent(consent, move.event, at, request.requestId));
  return consent;
}

/** An event about a consent: its id and state, and the ids it belongs to. */
export function consentEvent(
  consent: Pick<Consent, 'tenant' | 'id' | 'status' | 'customer' | 'connection'> & Partial<Consent>,
  type:
    | NonNullable<(typeof CONSENT_MOVES)[ConsentMove]['event']>
    | 'consent.created'
    | 'consent.expiring'
    | 'consent.reconfirmed'
    | 'consent.unclaimed',
  at: Date,
  requestId?: string | null,
) {
  return {
    tenant: consent.tenant,
    type,
    customer: consent.customer,
    consent: consent.id,
    connection: consent.connection,
    data: {
      id: consent.id,
      object: 'consent',
      status: consent.status,
      customer: consent.customer,
      connection: consent.connection,
      ...(consent.endedReason ? { ended_by: consent.endedBy ?? null, ended_reason: consent.endedReason } : {}),
      ...(consent.failureCode ? { failure_code: consent.failureCode } : {}),
    },
    requestId: requestId ?? null,
    at,
  };
}
