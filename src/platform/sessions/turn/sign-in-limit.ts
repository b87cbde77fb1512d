import type { Answer, Step } from '../../../banking/step.ts';
import { hashLogin } from '../../apps/own-logins.ts';
import type { Platform } from '../../platform.ts';
import { forgetAttempts, releaseAttempt, reserveAttempt } from '../limit-store.ts';
import type { Session } from '../session.ts';
import { findSession } from '../store.ts';
import { openStep } from './memory.ts';

/** Passwords and codes that a bank may refuse for one login in an hour, whatever apps, visits and servers they came from. */
export const MOST_REFUSED = 10;
const HOUR_MS = 3_600_000;

/** Whom the answer signs in, as a hash nobody can turn back: from the field for the user name, else as known from before. */
export function loginOf(platform: Platform, session: Session, step: Step, answer: Answer): Buffer | null {
  if (answer.kind !== 'fields' || step.kind !== 'form') return session.login;
  const field = step.fields.find(({ kind }) => kind === 'user_id') ?? step.fields.find(({ kind }) => kind === 'iban');
  const typed = field && answer.values[field.name];
  // A secret user name is opened by nobody but its connector: it is counted by visit only.
  if (typeof typed !== 'string') return session.login;
  return hashLogin(platform.vault, { provider: session.chosenProvider!, login: typed });
}

/** Counts an attempt before the bank is called; false when there were too many, and then nothing may be sent. */
export async function reserveSignIn(platform: Platform, login: Buffer, at: Date): Promise<boolean> {
  const since = new Date(at.getTime() - HOUR_MS);
  return (await platform.database.first(reserveAttempt(login, at, since, MOST_REFUSED))) !== undefined;
}

/**
 * After the bank's answer: an attempt that was accepted does not count. One whose outcome nobody knows does, because the
 * bank may have counted it.
 */
export async function settleSignIn(platform: Platform, session: Session, login: Buffer, at: Date): Promise<void> {
  const now = await platform.database.first<Session>(findSession(session.tenant, session.id));
  const step = now?.place === 'step' ? openStep(platform, now) : undefined;
  const notice = step?.kind === 'form' ? step.notice?.kind : undefined;
  const refused = !now || now.place === 'trouble' || notice === 'wrong_code' || notice === 'wrong_credentials';
  if (!refused) await platform.database.run(releaseAttempt(login, at));
}

/** What is older than an hour counts no more and is deleted. Run by a job. */
export async function forgetSignIns(platform: Platform): Promise<void> {
  await platform.database.run(forgetAttempts(new Date(platform.clock.now().getTime() - HOUR_MS)));
}
