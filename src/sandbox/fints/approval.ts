import { randomBytes, randomInt } from 'node:crypto';
import type { Method } from '../world/bank.ts';
import { type Answer, No } from './answer.ts';
import { type Pending, storeSettings } from './dialog-store.ts';
import type { Demands } from './face.ts';
import { challengeFor } from './formats/challenge.ts';
import { mustNameDevice } from './parameters.ts';
import { checkCode, type Talk } from './talk.ts';
import { binary, component, type Outgoing, type Segment } from './wire.ts';

/** How long a challenge can be answered. */
export const ANSWER_MS = 5 * 60_000;

/** Asks the person for a code or in the app: `HITAN` with the challenge, and what waits for it is kept in the dialog. */
export function ask(talk: Talk, hktan: Segment, waits: Pick<Pending, 'opening' | 'orders'>, hash?: string): Answer {
  const { person, dialog, counted, now } = talk;
  const method = person.methods.find((one) => one.id === dialog.securityFunction)!;
  const medium = deviceFor(talk, method, hktan, waits.opening);
  const reference = randomBytes(12).toString('base64url');
  const push = method.type === 'PUSH_OTP';
  dialog.pending = {
    ...waits,
    reference,
    method: method.id,
    askedAt: now.getTime(),
    waiting: push,
    statusRequests: 0,
    early: 0,
    ...(medium ? { medium } : {}),
    ...(hash === undefined ? {} : { hash }),
  };
  counted.asked += 1;
  const what = waits.opening ? 'Sie möchten sich anmelden.' : 'Sie möchten Kontodaten abrufen.';
  const { text, data } = challengeFor(method, what, String(randomInt(1_000_000, 9_999_999)));
  const until = new Date(now.getTime() + ANSWER_MS).toISOString();
  const answer: Outgoing = {
    id: 'HITAN',
    version: hktan.version,
    about: hktan.number,
    data: [
      component(hktan, 1),
      undefined,
      reference,
      text,
      data === undefined ? undefined : binary(data),
      [until.slice(0, 10).replaceAll('-', ''), until.slice(11, 19).replaceAll(':', '')],
      medium,
    ],
  };
  return { feedback: [{ code: push ? '3955' : '0030', about: hktan.number }], segments: [answer] };
}

/** Says that this time no code is wanted. */
export const waive = (hktan: Segment): Answer => ({
  feedback: [{ code: '3076', about: hktan.number }],
  segments: [
    {
      id: 'HITAN',
      version: hktan.version,
      about: hktan.number,
      data: [component(hktan, 1), undefined, 'noref', 'nochallenge'],
    },
  ],
});

/**
 * Process 2 and process S: the person has typed a code, or the customer asks whether they have approved. The answer while
 * nobody has; otherwise what waited, which is then no longer kept. Throws `No`.
 */
export async function settle(talk: Talk, hktan: Segment): Promise<Answer | Pending> {
  const { person, dialog, now, stage, bank } = talk;
  const { pending } = dialog;
  const about = hktan.number;
  if (!pending || component(hktan, 5) !== pending.reference) throw new No('9370', about);
  if (now.getTime() - pending.askedAt > ANSWER_MS) throw drop(talk, about, 'Die Freigabe ist abgelaufen.');
  const method = person.methods.find((one) => one.id === pending.method)!;
  const process = component(hktan, 1);
  if ((process === 'S') !== (method.type === 'PUSH_OTP')) throw new No('9110', about, 'Falscher TAN-Prozess.');
  if (process === 'S') {
    if (!pending.verdict) return stillWaiting(talk, hktan, pending);
    if (pending.verdict === 'refused') throw drop(talk, about, 'Die Freigabe wurde vom Kunden abgelehnt.');
  } else await checkCode(talk, method.code, about);
  if (await stage.misbehaviours.take(bank.slug, 'approval', 'refuse')) throw drop(talk, about, 'Auftrag abgelehnt.');
  return proved(talk, pending);
}

/** The code was right: it is remembered for 90 days with the system, and what was wanted once is not wanted again. */
export async function proved(talk: Talk, pending: Pending): Promise<Pending> {
  const { tx, bank, counted, dialog, settings, now } = talk;
  delete dialog.pending;
  const system = counted.systems[dialog.systemId];
  if (system) system.provedAt = now.getTime();
  const left = Object.entries(settings.demands ?? {}).filter(([, demand]) => demand !== 'once');
  if (settings.demands) {
    settings.demands = Object.fromEntries(left) as Partial<Demands>;
    await storeSettings(tx, bank.slug, settings);
  }
  return pending;
}

/** `HITAN` at the end of an approval. */
export const approved = (hktan: Segment, pending: Pending): Outgoing => ({
  id: 'HITAN',
  version: hktan.version,
  about: hktan.number,
  data: [component(hktan, 1), undefined, pending.reference],
});

function stillWaiting(talk: Talk, hktan: Segment, pending: Pending): Answer {
  const { decoupled } = talk.bank.fints;
  const now = talk.now.getTime();
  const dueS = pending.lastRequestAt === undefined ? decoupled.firstAfterS : decoupled.everyS;
  if (now < (pending.lastRequestAt ?? pending.askedAt) + dueS * 1000) pending.early += 1;
  pending.statusRequests += 1;
  pending.lastRequestAt = now;
  if (pending.statusRequests > decoupled.most) {
    throw drop(talk, hktan.number, 'Die Anzahl der Statusabfragen ist überschritten.');
  }
  const answer: Outgoing = {
    id: 'HITAN',
    version: hktan.version,
    about: hktan.number,
    data: ['S', undefined, pending.reference, 'Bitte bestätigen Sie den Auftrag in Ihrer App.'],
  };
  return { feedback: [{ code: '3956', about: hktan.number }], segments: [answer] };
}

function drop({ dialog }: Talk, about: number, text: string): No {
  const opening = dialog.pending?.opening ?? false;
  delete dialog.pending;
  return new No('9210', about, text, opening);
}

function deviceFor({ bank }: Talk, method: Method, hktan: Segment, opening: boolean): string | undefined {
  const { media = [] } = method;
  const named = component(hktan, 11);
  if (!mustNameDevice(bank.fints, method)) return media[0];
  // Devices are asked for after the dialog was opened: until then a name cannot be known.
  if (opening && named === 'default') return media[0];
  if (!media.includes(named)) throw new No('9951', hktan.number);
  return named;
}
