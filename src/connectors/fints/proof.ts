import { BankError } from '../../banking/bank-error.ts';
import { Secret } from '../../banking/secret.ts';
import type { Challenge, Field, Notice, Answer as PersonsAnswer, Step } from '../../banking/step.ts';
import { readChallenge } from './challenge.ts';
import { asksForProof } from './errors.ts';
import { codeVersion, type Method } from './parameters.ts';
import { type About, type Answer, say, type Talk } from './talk.ts';
import type { Order } from './wire/message.ts';
import { HITAN, HKTAN6, HKTAN7 } from './wire/segments.ts';

/** A proof the bank waits for: a code, or an approval in its app. Everything needed to show it and to go on with it. */
export type Proof = {
  kind: 'code' | 'approval';
  reference: string;
  about: About;
  challenge: Challenge;
  /** Number of the first order that the proof is for. */
  first: number;
  field?: Field;
  polls: number;
  pollAfterMs: number;
  /** The bank forbids looking by ourselves: the person says when they have approved. */
  byHand?: true;
  nextAtMs: number;
  untilMs: number;
};

/** What came of an order: its answer, or the proof it waits for. */
export type Outcome = { answer: Answer } | { proof: Proof };

const NO_ACCOUNT = { iban: '', bic: '', account: { number: '', sub: '', bank: { country: '', code: '' } } };
const NOTHING = {
  order: '',
  account: NO_ACCOUNT,
  hash: undefined,
  reference: '',
  further: '',
  cancels: '',
  smsAccount: '',
  challengeClass: '',
  challengeParameters: '',
  medium: '',
};

/** `HKTAN` process 4: announces that an order may need a code. Nothing where neither bank nor method wants it. */
export function announcing(talk: Talk, order: string): Order[] {
  const { parameters, method, medium } = talk.access;
  const version = codeVersion(parameters, method);
  const isNeeded = order === 'HKIDN' || parameters.needCode.includes(order);
  if (version === undefined || !isNeeded || method === '999') return [];
  return [announce(version, order, medium)];
}

/** Says orders that may need a proof; throws the bank's no. */
export async function ask(talk: Talk, orders: readonly Order[], name: string, about: About): Promise<Outcome> {
  const answer = await say(talk, [...orders, ...announcing(talk, name)], about);
  if (answer.refusal) throw answer.refusal;
  const proof = readProof(talk, answer, about);
  return proof ? { proof } : { answer };
}

/** The person's reply to a proof: the order's answer, or the proof again, asked once more or still waited for. */
export async function prove(talk: Talk, proof: Proof, reply: PersonsAnswer): Promise<Outcome & { notice?: Notice }> {
  if (talk.context.now().getTime() >= proof.untilMs) throw new BankError('timed_out', 'the proof did not come in time');
  return proof.kind === 'code' ? sendCode(talk, proof, reply) : lookWhetherApproved(talk, proof, reply);
}

/** The step that shows a proof. */
export function stepOf(proof: Proof, notice?: Notice): Step {
  const { challenge, untilMs, pollAfterMs } = proof;
  const said = notice ? { notice } : {};
  if (proof.kind === 'code') return { kind: 'form', purpose: 'code', fields: [proof.field!], challenge, ...said };
  return proof.byHand
    ? { kind: 'form', purpose: 'code', fields: [], challenge, ...said }
    : { kind: 'wait', challenge, pollAfterMs, giveUpAt: new Date(untilMs), ...said };
}

async function sendCode(talk: Talk, proof: Proof, reply: PersonsAnswer): Promise<Outcome & { notice?: Notice }> {
  const typed = reply.kind === 'fields' ? reply.values.code : undefined;
  const code = (typed instanceof Secret ? typed.reveal() : (typed ?? '')).replace(/\s+/g, '');
  if (code === '') return { proof };
  const answer = await say(talk, [codeOrder(talk, '2', proof)], proof.about, code);
  const again = readProof(talk, answer, proof.about);
  const isWrong = answer.refusal?.kind === 'wrong_code';
  // Some banks let a wrong code be followed by another one: they ask again at once, in the same dialog.
  if (again && talk.dialog && (isWrong || !answer.refusal))
    return { proof: again, ...(isWrong ? { notice: wrongCode(answer) } : {}) };
  if (answer.refusal) throw answer.refusal;
  return { answer: { ...answer, first: proof.first } };
}

function wrongCode({ refusal }: Answer): Notice {
  return { kind: 'wrong_code', ...(refusal?.facts.quote ? { quote: refusal.facts.quote } : {}) };
}

/** One look. It never asks for the approval again, and never looks more often than the bank allows (`HITANS` 7). */
async function lookWhetherApproved(talk: Talk, proof: Proof, reply: PersonsAnswer): Promise<Outcome> {
  const now = talk.context.now().getTime();
  if (reply.kind === 'again' || (now < proof.nextAtMs && !proof.byHand)) return { proof };
  const { mostPolls } = methodOf(talk);
  if (mostPolls !== undefined && mostPolls > 0 && proof.polls >= mostPolls)
    throw new BankError('timed_out', 'the bank lets us look no more often');
  const answer = await say(talk, [codeOrder(talk, 'S', proof)], proof.about);
  if (answer.refusal) throw afterApproval(answer.refusal);
  if (answer.codes.some(({ code }) => code === '3956'))
    return { proof: { ...proof, polls: proof.polls + 1, nextAtMs: now + proof.pollAfterMs } };
  return { answer: { ...answer, first: proof.first } };
}

/** While an approval is waited for, a no that says nothing else is the person's. */
function afterApproval(refusal: BankError): BankError {
  if (refusal.kind !== 'unexpected' && refusal.kind !== 'wrong_code') return refusal;
  const isLate = /zeit|timeout|abgelaufen/i.test(refusal.facts.quote ?? '');
  return new BankError(isLate ? 'timed_out' : 'declined', refusal.message, refusal.facts);
}

function readProof(talk: Talk, answer: Answer, about: About): Proof | undefined {
  const found = answer.segments.find(({ name }) => name === 'HITAN');
  if (!found || !asksForProof(answer.codes)) return undefined;
  const { reference, challenge, flicker, medium } = HITAN.read(found);
  if (reference === '' || reference === 'noref') return undefined;
  const method = methodOf(talk);
  const isApproval = answer.codes.some(({ code }) => code === '3955') || method.isDecoupled;
  const now = talk.context.now().getTime();
  const pollAfterMs = method.waitBetweenMs ?? talk.facts.poll_after_ms;
  const firstMs = Math.max(method.waitBeforeFirstMs ?? pollAfterMs, 500);
  return {
    kind: isApproval ? 'approval' : 'code',
    reference,
    about,
    challenge: readChallenge(method, challenge, flicker, medium),
    first: answer.first,
    polls: 0,
    pollAfterMs: Math.max(pollAfterMs, 500),
    nextAtMs: now + firstMs,
    untilMs: now + talk.facts.approval_within_ms,
    ...(isApproval ? (method.polls ? {} : { byHand: true }) : { field: codeField(method) }),
  };
}

function codeField({ longestCode, digitsOnly }: Method): Field {
  return {
    name: 'code',
    kind: 'code',
    secret: true,
    ...(longestCode && longestCode <= 99 ? { maxLength: longestCode } : {}),
    ...(digitsOnly ? { digitsOnly: true } : {}),
  };
}

function methodOf({ access }: Talk): Method {
  const { parameters, method } = access;
  const known = parameters.methods.find(({ id }) => id === method);
  return (
    known ?? {
      id: method,
      name: method,
      version: 6,
      kind: '',
      isDecoupled: false,
      digitsOnly: false,
      structured: true,
      needsMedium: false,
      polls: true,
    }
  );
}

function codeOrder(talk: Talk, process: '2' | 'S', { reference }: Proof): Order {
  const version = methodOf(talk).version;
  return (number) => writeCodeOrder(version, number, { ...NOTHING, process, reference, further: 'N' });
}

function writeCodeOrder(version: 6 | 7, number: number, order: typeof NOTHING & { process: string }) {
  return (version === 6 ? HKTAN6 : HKTAN7).write(number, order);
}

/** `HKTAN` process 4 for an order, whether the bank lists it or not. */
export function announce(version: 6 | 7, order: string, medium = ''): Order {
  return (number) => writeCodeOrder(version, number, { ...NOTHING, process: '4', order, medium });
}
