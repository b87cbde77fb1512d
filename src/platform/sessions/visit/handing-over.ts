import { sameBytes } from '../../../base/vault.ts';
import type { Platform } from '../../platform.ts';
import { endSession } from '../ending.ts';
import type { Session } from '../session.ts';
import { changeSession } from '../store.ts';
import type { Answering } from '../turn/asking.ts';
import { openHandOver, openWayBack, sealHandOver } from '../turn/memory.ts';
import { answerStep } from '../turn/turns.ts';

/** So long the six digits are good, */
const LASTING_MS = 5 * 60_000;
/** and so often they may be typed. */
export const MOST_DIGIT_TRIES = 3;

/** A return from the bank in a browser that does not own the visit: somebody else may have approved. */
export type HandOver = { state: string; params: [string, string][]; until: string };

/**
 * Keeps what a foreign browser brought back, and says which six digits to show there. Only who sees them can go on where
 * the visit began. From here on the state alone, in whatever browser, finishes nothing. Undefined where it is too late.
 */
export async function offerHandOver(
  platform: Platform,
  session: Session,
  params: [string, string][],
): Promise<string | undefined> {
  const state = openWayBack(platform, session);
  if (state === undefined) return undefined;
  const at = platform.clock.now();
  const before = openHandOver(platform, session);
  const same = before?.state === state && JSON.stringify(before.params) === JSON.stringify(params);
  const offered: HandOver = same ? before : { state, params, until: new Date(at.getTime() + LASTING_MS).toISOString() };
  if (!same) {
    const stored = await changeSession(
      platform.database,
      session,
      {
        handover: sealHandOver(platform, session, offered),
        phase: { phase: 'returned_elsewhere', at: at.toISOString() },
      },
      { next: false, at },
    );
    if (!stored) return undefined;
  }
  return isLive(platform, session, offered) ? digitsOf(platform, session, offered) : undefined;
}

/** True when this exchange came back in another browser: the owner's own return no longer proves who approved. */
export function cameBackElsewhere(platform: Platform, session: Session): boolean {
  const offered = openHandOver(platform, session);
  return offered !== undefined && offered.state === openWayBack(platform, session);
}

/** How many tries are left where digits are waited for now; undefined where none are. */
export function digitTriesLeft(platform: Platform, session: Session): number | undefined {
  const offered = openHandOver(platform, session);
  if (!offered || offered.state !== openWayBack(platform, session)) return undefined;
  return isLive(platform, session, offered) ? MOST_DIGIT_TRIES - session.handoverTries : undefined;
}

/**
 * The owner types the digits. A guess takes the turn before it is looked at, so of many at once one counts. The right one
 * lets the return go on that brought them; the third wrong one ends the visit, and what the bank has given with it.
 */
export async function typeDigits(platform: Platform, session: Session, typed: string, by: Answering): Promise<void> {
  if (digitTriesLeft(platform, session) === undefined) return;
  const at = platform.clock.now();
  const tries = session.handoverTries + 1;
  const guessing = await changeSession(
    platform.database,
    session,
    { handover_tries: tries },
    { next: true, at, answered: true },
  );
  const offered = guessing && openHandOver(platform, guessing);
  if (!guessing || !offered) return;
  if (sameBytes(typed.replace(/\s/g, ''), digitsOf(platform, guessing, offered))) {
    // It was the phone's bank app that came back elsewhere: these digits prove as much as the phone's own would.
    const back = guessing.phoneHolds
      ? await changeSession(
          platform.database,
          guessing,
          { phone_holds: false, carries: guessing.carries + 1 },
          { next: false, at },
        )
      : guessing;
    if (!back) return;
    await answerStep(platform, back, { kind: 'returned', params: offered.params }, by);
  } else if (tries >= MOST_DIGIT_TRIES) {
    await platform.database.transaction((tx) =>
      endSession(platform, tx, guessing, {
        status: 'failed',
        initiator: 'system',
        errorCode: 'too_many_tries',
        requestId: by.requestId ?? null,
      }),
    );
  }
}

function isLive(platform: Platform, session: Session, { until }: HandOver): boolean {
  return Date.parse(until) > platform.clock.now().getTime() && session.handoverTries < MOST_DIGIT_TRIES;
}

/** The same for the same return, so that a reload shows them again; another return has others. Stored nowhere. */
function digitsOf(platform: Platform, session: Session, { state, params }: HandOver): string {
  const secret = platform.vault.derive('digits', JSON.stringify([session.id, state, params]));
  return String(Buffer.from(secret, 'base64url').readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}
