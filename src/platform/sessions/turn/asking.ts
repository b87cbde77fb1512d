import type { BankContext, Grant, Person } from '../../../banking/connector.ts';
import type { Step, Turn } from '../../../banking/step.ts';
import { hashToken } from '../../../base/vault.ts';
import type { Platform } from '../../platform.ts';
import { IDLE_MS, MOST_TRIES, PRESENT_MS, type Session } from '../session.ts';
import { changeSession, type SessionChanges } from '../store.ts';
import { type Conversation, openStep, sealMemory, sealSessionGrant, sealStep, sealWayBack } from './memory.ts';
import { noteSigners, waitsForSigners } from './signers.ts';

/** The queue of visits whose approval elsewhere is looked for. */
export const POLL_QUEUE = 'poll-session';

/** Who answers: the person at the screen, or a job that only looks whether they have approved elsewhere. */
export type Answering = { person?: Person; requestId?: string };

/**
 * Stores what the person must do next; false when too many tries were made already. A poll that finds nothing new stays the
 * same turn: the page has not changed.
 */
export async function storeStep(
  platform: Platform,
  session: Session,
  turn: Extract<Turn<unknown>, { kind: 'ask' }>,
  at: Conversation['at'],
  wayBack: string,
): Promise<boolean> {
  const { step, forgetAt } = turn;
  const wrong =
    step.kind === 'form' && (step.notice?.kind === 'wrong_code' || step.notice?.kind === 'wrong_credentials');
  if (wrong && session.tries >= MOST_TRIES) return false;
  const now = platform.clock.now();
  const memory: Conversation = {
    at,
    memory: turn.memory,
    ...(forgetAt ? { forgetAt: forgetAt.toISOString() } : {}),
  };
  const before = openStep(platform, session);
  const waitsOn = session.workingOn === 'polled' && before?.kind === 'wait' && step.kind === 'wait';
  const challenged = !waitsOn && !wrong && (step.kind === 'wait' || (step.kind === 'form' && step.purpose === 'code'));
  const shared = waitsForSigners(step) && !waitsForSigners(before);
  const pollAt = step.kind === 'wait' ? new Date(now.getTime() + Math.max(500, step.pollAfterMs)) : null;
  const changes: SessionChanges = {
    screen: 'step',
    signing_in: true,
    turn_state: 'asking',
    working_since: null,
    working_on: null,
    step: sealStep(platform, session, step),
    memory: sealMemory(platform, session, memory),
    ...(step.kind === 'redirect' ? { way_back: hashToken(wayBack) } : {}),
    way_back_sealed: sealWayBack(platform, session, wayBack),
    poll_at: pollAt,
    ...(shared ? { expires_at: new Date(step.giveUpAt.getTime() + IDLE_MS) } : {}),
    ...(wrong || waitsOn ? {} : { tries: 0 }),
    ...(challenged ? { challenges: session.challenges + 1 } : {}),
    ...(waitsOn ? {} : { phase: { phase: phaseOf(step), at: now.toISOString() } }),
  };
  // Nothing to look at later: one statement, which is its own transaction.
  if (!pollAt && !forgetAt) {
    await changeSession(platform.database, session, changes, { next: !waitsOn, at: now });
    return true;
  }
  await platform.database.transaction(async (tx) => {
    const stored = await changeSession(tx, session, changes, { next: !waitsOn, at: now });
    if (!stored) return;
    if (shared) await noteSigners(tx, session, true, now);
    const job = { tenant: session.tenant, session: session.id };
    // Looking because the bank told us must not make the looks of seven days more.
    const once = waitsForSigners(step) ? { key: session.id } : {};
    if (pollAt) await platform.jobs.enqueue(tx, POLL_QUEUE, job, { at: pollAt, urgent: true, ...once });
    // Whether anybody answers or not, what was typed is destroyed in time.
    if (forgetAt && !waitsOn) await platform.jobs.enqueue(tx, POLL_QUEUE, job, { at: forgetAt });
  });
  return true;
}

/** Kept before anything else is asked: whatever happens now, the grant can still be ended at the bank. */
export async function keepGrant(platform: Platform, session: Session, grant: Grant): Promise<void> {
  const at = platform.clock.now();
  const kept = await changeSession(
    platform.database,
    session,
    {
      grant_sealed: sealSessionGrant(platform, session, grant),
      ...(session.turnState === 'working' ? { working_since: at } : {}),
    },
    { next: false, at },
  );
  if (!kept) throw new Error('the visit moved on while the bank was being asked');
  session.grantSealed = kept.grantSealed;
}

/** A context whose refreshed grants are kept in the visit. */
export function watching(context: BankContext, onFresh: (grant: Grant) => Promise<void>): BankContext {
  return {
    ...context,
    async refreshGrant(call) {
      const fresh = await context.refreshGrant(call);
      await onFresh(fresh);
      return fresh;
    },
  };
}

/** The person is there when it is their own request, or when their browser was seen a moment ago. */
export function presence(platform: Platform, session: Session, by: Answering): { person?: Person } {
  if (by.person) return { person: by.person };
  const seen = session.seenAt && platform.clock.now().getTime() - session.seenAt.getTime() <= PRESENT_MS;
  return seen && session.person ? { person: session.person } : {};
}

function phaseOf(step: Step): string {
  return step.kind === 'form' || step.kind === 'choose' ? `${step.kind}:${step.purpose}` : step.kind;
}
