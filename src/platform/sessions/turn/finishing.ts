import type { Tx } from '../../../base/database.ts';
import type { Platform } from '../../platform.ts';
import { endSession, FORGOTTEN } from '../ending.ts';
import type { Session } from '../session.ts';
import { changeSession } from '../store.ts';

/** A connect or synchronization session has done its work; a management session goes back to its overview. */
export async function finishVisit(
  platform: Platform,
  tx: Tx,
  session: Session,
  consent: string | null,
  connection: string,
  by: { requestId?: string },
): Promise<boolean> {
  const at = platform.clock.now();
  if (session.kind === 'management') {
    const back = await changeSession(
      tx,
      session,
      {
        ...FORGOTTEN,
        screen: 'overview',
        consent: null,
        connection: null,
        chosen_provider: null,
        chosen_interface: null,
        trouble: null,
        phase: { phase: 'granted', at: at.toISOString(), consent: consent ?? '' },
      },
      { next: true, at },
    );
    if (!back) throw new Error('the visit moved on while access was being granted');
    return true;
  }
  const ended = await endSession(platform, tx, session, {
    status: 'finished',
    initiator: 'person',
    requestId: by.requestId ?? null,
    changes: { consent, connection },
  });
  if (!ended) throw new Error('the visit moved on while access was being granted');
  return true;
}
