import type { Option } from '../../banking/step.ts';
import type { ReturnCode } from './errors.ts';
import type { Method, Parameters } from './parameters.ts';
import { codeVersion, versionOf } from './parameters.ts';
import { announce } from './proof.ts';
import { beginning, endDialog, say, type Talk } from './talk.ts';
import { HITAB4, HITAB5, HKSYN, HKTAB } from './wire/segments.ts';

/** A medium a code comes by: a phone, a card reader's card, an app. */
export type Medium = { name: string; hint?: string };

/** One-step, or no method chosen yet. */
export const ONE_STEP = '999';
const MOST_MEDIA = 30;

/**
 * The synchronisation dialog: gives this login its system id, and says which methods this person may use (3920); none where
 * the bank knows only one-step. Throws the bank's no: a refused PIN ends everything at once.
 */
export async function synchronise(talk: Talk): Promise<Method[]> {
  talk.access = { ...talk.access, method: ONE_STEP, systemId: '0' };
  const version = codeVersion(talk.access.parameters, ONE_STEP);
  const orders = [
    ...beginning(talk),
    ...(version === undefined ? [] : [announce(version, 'HKIDN')]),
    (number: number) => HKSYN.write(number, { mode: '0' }),
  ];
  const answer = await say(talk, orders, { purpose: 'authorisation' });
  if (answer.refusal) throw answer.refusal;
  await endDialog(talk);
  return allowedMethods(talk.access.parameters, answer.codes);
}

/** Methods as something to choose from. */
export function methodOptions(methods: readonly Method[]): Option[] {
  return methods.map(({ id, name }) => ({ id, label: name }));
}

/** Media as something to choose from. */
export function mediumOptions(media: readonly Medium[]): Option[] {
  return media.map(({ name, hint }) => ({ id: name, label: name, ...(hint ? { hint } : {}) }));
}

/** 3920 lists what this person may use. A method that is not in it is dead, whatever the bank's parameters list. */
function allowedMethods(parameters: Parameters, codes: readonly ReturnCode[]): Method[] {
  const allowed = codes.filter(({ code }) => code === '3920').flatMap((one) => one.parameters);
  return parameters.methods.filter(({ id }) => allowed.includes(id));
}

/**
 * The media in use (`HITAB`, status 1), none where the bank does not list them: in a dialog that is begun for nothing else,
 * for which no code may be asked (FinTS 3.0 PIN/TAN, `HKTAN` for `HKTAB`).
 */
export async function readMedia(talk: Talk): Promise<Medium[]> {
  const { parameters, method } = talk.access;
  const version = versionOf(parameters, 'HKTAB', [4, 5]);
  if (version === undefined) return [];
  const orders = [...beginning(talk), announce(codeVersion(parameters, method) ?? 6, 'HKTAB')];
  const begun = await say(talk, orders, { purpose: 'authorisation' });
  const order = (number: number) => ({ ...HKTAB.write(number, { kind: '0', mediumClass: 'A' }), version });
  const answer = begun.refusal ? begun : await say(talk, [order], { purpose: 'authorisation' });
  if (answer.refusal) {
    const { kind } = answer.refusal;
    if (kind === 'blocked' || kind === 'wrong_credentials' || kind === 'unavailable') throw answer.refusal;
    delete talk.dialog;
    return [];
  }
  await endDialog(talk);
  const found = answer.segments
    .filter(({ name }) => name === 'HITAB')
    .flatMap((segment) => (segment.version >= 5 ? HITAB5.read(segment).rest : HITAB4.read(segment).rest))
    .filter(({ name, status }) => name !== '' && status === '1')
    .map(({ name, maskedNumber }) => ({ name, ...(maskedNumber ? { hint: maskedNumber } : {}) }));
  return [...new Map(found.map((medium) => [medium.name, medium])).values()].slice(0, MOST_MEDIA);
}
