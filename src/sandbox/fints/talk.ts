import { isBlocked, storeBlocked } from '../store.ts';
import { No } from './answer.ts';
import type { Dialog, Login, Settings } from './dialog-store.ts';
import type { Signature } from './envelope.ts';
import type { Demands } from './face.ts';
import type { Asked } from './orders.ts';

/** One signed message in its dialog: what may change while it is answered, and is stored when it has been. */
export type Talk = Asked & { signature: Signature; counted: Login; settings: Settings; dialog: Dialog };

const MOST_WRONG = 3;
const OPEN_MS = 90 * 86_400_000;

/** Counts a message's PIN and throws `No` when it is wrong or the login is blocked; the third wrong one blocks. */
export async function checkPin(talk: Omit<Talk, 'dialog'>): Promise<void> {
  const { tx, bank, person, counted, signature } = talk;
  counted.messages += 1;
  if (await isBlocked(tx, bank.slug, person.login)) throw new No('9931', signature.segment, undefined, true);
  // Control has let the person in again.
  if (counted.wrongPins >= MOST_WRONG || counted.wrongCodes >= MOST_WRONG) {
    counted.wrongPins = 0;
    counted.wrongCodes = 0;
  }
  if (signature.pin === person.password) {
    counted.wrongPins = 0;
    return;
  }
  counted.wrongPins += 1;
  if (counted.wrongPins < MOST_WRONG) throw new No('9942', signature.segment, undefined, true);
  await storeBlocked(tx, bank.slug, person.login, true);
  throw new No('9931', signature.segment, undefined, true);
}

/** Throws `No` unless the code is the right one; the third wrong one blocks the login. */
export async function checkCode(talk: Talk, right: string | undefined, about: number): Promise<void> {
  const { tx, bank, person, counted, signature, dialog } = talk;
  if (signature.code === right) {
    counted.wrongCodes = 0;
    return;
  }
  const opening = dialog.pending?.opening ?? false;
  if (bank.fints.wrongCode === 'gone') delete dialog.pending;
  counted.wrongCodes += 1;
  if (counted.wrongCodes < MOST_WRONG) {
    throw new No('9941', about, undefined, opening && bank.fints.wrongCode === 'gone');
  }
  await storeBlocked(tx, bank.slug, person.login, true);
  throw new No('9931', about, undefined, true);
}

/** Whether a code is wanted now. People without a method are never asked. */
export function isCodeWanted(
  { bank, person, counted, settings, dialog, now }: Talk,
  operation: keyof Demands,
): boolean {
  if (person.methods.length === 0) return false;
  const demand = settings.demands?.[operation] ?? bank.fints.demands[operation];
  if (demand !== 'every_90_days') return demand !== 'never';
  const provedAt = counted.systems[dialog.systemId]?.provedAt;
  return provedAt === undefined || now.getTime() - provedAt > OPEN_MS;
}
