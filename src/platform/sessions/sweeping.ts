import type { Platform, Tenant } from '../platform.ts';
import { endSession } from './ending.ts';
import { type Session, WORKING_MS } from './session.ts';
import { changeSession, findSession, lockSession, selectDueSessions } from './store.ts';
import { openStep } from './turn/memory.ts';
import { askAgain } from './turn/trouble.ts';
import { answerStep, POLL_QUEUE } from './turn/turns.ts';

/** The job behind a waiting page: looks once whether the person has approved elsewhere. Never asks the bank for a new approval. */
export async function pollSession(platform: Platform, tenant: Tenant, id: string): Promise<void> {
  const session = await platform.database.first<Session>(findSession(tenant, id));
  if (session?.status !== 'open' || session.place !== 'step' || session.turnState !== 'asking') return;
  if (openStep(platform, session)?.kind !== 'wait') return;
  await answerStep(platform, session, { kind: 'polled' }, {});
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
