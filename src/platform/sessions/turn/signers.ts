import type { Step } from '../../../banking/step.ts';
import type { Tx } from '../../../base/database.ts';
import { changeConsent, insertTimeline } from '../../consents/store.ts';
import type { Session } from '../session.ts';

/** True at a step where others must approve too: nobody has to stay, the bank is asked for as long as it allows. */
export function waitsForSigners(step: Step | undefined): step is Extract<Step, { kind: 'wait' }> {
  return step?.kind === 'wait' && step.notice?.kind === 'signers';
}

/** Notes on a visit's consent that it waits for others, or no longer does, with one line in its timeline. */
export async function noteSigners(
  tx: Tx,
  session: Pick<Session, 'tenant' | 'id' | 'consent'>,
  waits: boolean,
  at: Date,
): Promise<void> {
  const { tenant, id, consent } = session;
  if (!consent) return;
  const changed = await changeConsent(tx, tenant, consent, ['pending'], { waitingFor: waits ? 'signers' : null }, at);
  if (!changed) return;
  await tx.later(
    insertTimeline({
      tenant,
      consent,
      session: id,
      at,
      what: waits ? 'waiting_for_signers' : 'signers_given_up',
      from: 'pending',
      to: 'pending',
      initiator: 'bank',
    }),
  );
}
