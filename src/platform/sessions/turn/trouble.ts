import { BankError } from '../../../banking/bank-error.ts';
import type { Platform } from '../../platform.ts';
import { type ErrorCode, REMEDIES } from '../../remedies.ts';
import { endSession, endUnfinished, FORGOTTEN } from '../ending.ts';
import type { Trouble } from '../screen.ts';
import type { Session } from '../session.ts';
import { changeSession } from '../store.ts';
import { openStep } from './memory.ts';
import { noteSigners, waitsForSigners } from './signers.ts';

type What = { code: ErrorCode; actions: Trouble['actions']; quote?: string };

/** What a failed turn leaves: the person is asked what to do, or the visit ends because they refused at the bank. */
export async function leaveTurn(
  platform: Platform,
  session: Session,
  error: unknown,
  by: { requestId?: string },
): Promise<void> {
  if (!(error instanceof BankError)) {
    platform.log.error('session.turn_failed', { session: session.id, error, requestId: by.requestId });
    await askAgain(platform, session, { code: 'interrupted', actions: ['retry', 'other_bank', 'return'] }, by);
    return;
  }
  const remedy = REMEDIES[error.kind];
  platform.log.info('session.bank_refused', {
    session: session.id,
    kind: error.kind,
    detail: error.message,
    code: error.facts.code,
    requestId: by.requestId,
  });
  if (remedy.visit === 'refused') {
    await refuseTurn(platform, session, 'refused_at_bank', by);
    return;
  }
  await askAgain(
    platform,
    session,
    { code: remedy.code, actions: remedy.actions, ...(error.facts.quote ? { quote: error.facts.quote } : {}) },
    by,
  );
}

/** Shows what went wrong. The exchange is over and forgotten; a grant it had already brought is ended at the bank. */
export async function askAgain(
  platform: Platform,
  session: Session,
  what: What,
  by: { requestId?: string },
): Promise<void> {
  const at = platform.clock.now();
  const trouble: Trouble = {
    code: what.code,
    ...(what.quote ? { quote: what.quote.slice(0, 500) } : {}),
    actions: what.actions.filter((action) => action !== 'other_bank' || mayChooseBank(session)),
    reference: by.requestId ?? session.id,
  };
  await platform.database.transaction(async (tx) => {
    const stored = await changeSession(
      tx,
      session,
      {
        ...FORGOTTEN,
        screen: 'trouble',
        trouble,
        tries: 0,
        phase: { phase: 'trouble', at: at.toISOString(), error_code: what.code },
      },
      { next: true, at },
    );
    if (stored && waitsForSigners(openStep(platform, session))) await noteSigners(tx, session, false, at);
    // The consent stays pending for another try; only what the bank already gave, or may have given to whoever came back
    // in another browser, is given back.
    if (stored && (session.grantSealed || session.handover))
      await endUnfinished(platform, tx, session, { status: 'expired', initiator: 'system' });
  });
}

/** The person said no, at the bank or on our page: the app is told `access_denied`. */
export async function refuseTurn(
  platform: Platform,
  session: Session,
  errorCode: ErrorCode,
  by: { requestId?: string },
): Promise<void> {
  const ending = {
    status: 'canceled' as const,
    initiator: 'person' as const,
    errorCode,
    requestId: by.requestId ?? null,
  };
  await platform.database.transaction(async (tx) => {
    if (session.kind !== 'management' || session.place === 'overview') {
      await endSession(platform, tx, session, ending);
      return;
    }
    const at = platform.clock.now();
    const stored = await changeSession(
      tx,
      session,
      {
        ...FORGOTTEN,
        screen: 'overview',
        consent: null,
        connection: null,
        chosen_provider: null,
        chosen_interface: null,
        phase: { phase: 'refused', at: at.toISOString() },
      },
      { next: true, at },
    );
    if (stored) await endUnfinished(platform, tx, session, ending);
  });
}

/** Another bank makes sense only where neither the app nor the renewed connection names one. */
export function mayChooseBank(session: Pick<Session, 'provider' | 'connection'>): boolean {
  return session.provider === null && session.connection === null;
}
