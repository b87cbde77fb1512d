import { withoutVisit } from '../connections/grants.ts';
import type { Platform, Tenant } from '../platform.ts';
import { REMEDIES } from '../remedies.ts';
import { endSession } from './ending.ts';
import { type Session, WORKING_MS } from './session.ts';
import { changeSession, findSession, lockSession, selectDueSessions } from './store.ts';
import { POLL_QUEUE } from './turn/asking.ts';
import { openMemory, openSessionGrant, openStep, sealSessionGrant } from './turn/memory.ts';
import { finishReading, isReading } from './turn/reading.ts';
import { waitsForSigners } from './turn/signers.ts';
import { askAgain } from './turn/trouble.ts';
import { answerStep } from './turn/turns.ts';

/** The job behind a waiting page: looks once whether the person has approved elsewhere. Never asks the bank for a new approval. */
export async function pollSession(platform: Platform, tenant: Tenant, id: string, told = false): Promise<void> {
  const session = await platform.database.first<Session>(findSession(tenant, id));
  if (session?.status !== 'open' || session.turnState !== 'asking') return;
  if (await forgetSecrets(platform, session)) return;
  if (session.place !== 'step') return;
  const step = openStep(platform, session);
  if (step?.kind !== 'wait' || (told && !waitsForSigners(step))) return;
  await answerStep(platform, session, { kind: 'polled' }, {});
}

/** Destroys what was typed for the bank when its time is over, whether anybody has answered or not. */
async function forgetSecrets(platform: Platform, session: Session): Promise<boolean> {
  const at = platform.clock.now();
  const forgetAt = openMemory(platform, session)?.forgetAt;
  if (forgetAt !== undefined && new Date(forgetAt) <= at) {
    if (isReading(platform, session)) await finishReading(platform, session, {});
    else await askAgain(platform, session, { code: REMEDIES.timed_out.code, actions: REMEDIES.timed_out.actions }, {});
    return true;
  }
  const grant = session.place === 'grant' ? openSessionGrant(platform, session) : undefined;
  if (!grant?.visit || grant.visit.forgetAt > at) return false;
  const sealed = sealSessionGrant(platform, session, withoutVisit(grant));
  return (await changeSession(platform.database, session, { grant_sealed: sealed }, { next: false, at })) !== undefined;
}

/**
 * Moves on what time has moved: visits that were left, and turns whose server is gone. An answer that was being worked
 * on is spent (the bank may have consumed the code), so the person starts that step over; only looking can be repeated.
 */
export async function sweepSessions(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const due = await selectDueSessions(platform.database, now, new Date(now.getTime() - WORKING_MS));
  for (const session of due) {
    if (session.expiresAt <= now) await expire(platform, session);
    else if (session.workingOn === 'polled') await pollOn(platform, session);
    else if (isReading(platform, session)) await finishReading(platform, session, {});
    else await askAgain(platform, session, { code: 'interrupted', actions: ['retry', 'other_bank', 'return'] }, {});
  }
}

async function expire(platform: Platform, session: Session): Promise<void> {
  await platform.database.transaction(async (tx) => {
    const locked = await lockSession(tx, session.tenant, session.id);
    if (locked?.status !== 'open' || locked.expiresAt > platform.clock.now()) return;
    await endSession(platform, tx, locked, { status: 'expired', initiator: 'system', errorCode: 'session_expired' });
  });
}

async function pollOn(platform: Platform, session: Session): Promise<void> {
  const at = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    const asking = await changeSession(
      tx,
      session,
      { turn_state: 'asking', working_since: null, working_on: null },
      { next: false, at },
    );
    if (asking)
      await platform.jobs.enqueue(
        tx,
        POLL_QUEUE,
        { tenant: session.tenant, session: session.id },
        { at, urgent: true },
      );
  });
}
