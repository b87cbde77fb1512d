import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Grant } from '../../../banking/connector.ts';
import type { Json, Notice, Resume, Turn } from '../../../banking/step.ts';
import { pinField, typed } from '../authorise.ts';
import type { Facts } from '../facts.ts';
import { asJson, type GrantSecret, PIN_LIVES_MS, secretOf, type VisitSecret, visitOf } from '../grant.ts';
import { ask, type Outcome, type Proof, prove, stepOf } from '../proof.ts';
import { type About, type Answer, beginning, endDialog, type Login, loginOf, type Talk } from '../talk.ts';
import type { Order } from '../wire/message.ts';

/** What is read: the orders one after the other, until there is none. What is gathered on the way survives a restart. */
export type Work<Gathered, Result> = {
  about: About;
  start: Gathered;
  /** The next order and the name it may need a code under; undefined when everything was read. */
  next(talk: Talk, gathered: Gathered): { orders: Order[]; name: string } | undefined;
  take(talk: Talk, gathered: Gathered, answer: Answer): Gathered;
  finish(talk: Talk, gathered: Gathered): Result;
};

/** Where a reading has come to. `untilMs` is there while the PIN was typed in this visit. */
type Memory =
  | { at: 'sign_in' }
  | { at: 'proof'; of: 'beginning' | 'order'; proof: Proof; login: Login; gathered: Json; untilMs?: number };

type Reading<G, R> = { work: Work<G, R>; talk: Talk; gathered: G; untilMs?: number; before: string };

/**
 * Reads in the dialog of the visit, or in one of its own: signing in with the PIN of the visit, the kept one, or one that the
 * person is asked for. Any order may ask for a code, a continuation page too.
 */
export async function readInDialog<G, R>(
  context: BankContext,
  grant: Grant,
  resume: Resume | undefined,
  work: Work<G, R>,
): Promise<Turn<R>> {
  try {
    return await read(context, grant, resume, work);
  } catch (error) {
    if (error instanceof BankError && REFUSED.has(error.kind)) await forgetPin(context, grant);
    throw error;
  }
}

const REFUSED: ReadonlySet<string> = new Set(['wrong_credentials', 'blocked']);

/** A PIN the bank has refused once is never sent again: three of them lock the login. */
async function forgetPin(context: BankContext, grant: Grant): Promise<void> {
  if (secretOf(grant).pin === undefined && grant.visit === undefined) return;
  await context.refreshGrant(async ({ visit: _, ...held }) => {
    const { pin: __, ...secret } = secretOf(held);
    return { ...held, secret: asJson(secret), attendedOnly: true };
  });
}

async function read<G, R>(
  context: BankContext,
  grant: Grant,
  resume: Resume | undefined,
  work: Work<G, R>,
): Promise<Turn<R>> {
  const facts = context.facts as unknown as Facts;
  const { access, pin: kept } = secretOf(grant);
  const before = JSON.stringify(access);
  const now = context.now();
  const memory = resume?.memory as unknown as Memory | undefined;
  if (memory?.at === 'proof') {
    if (memory.untilMs !== undefined && now.getTime() >= memory.untilMs)
      throw new BankError('timed_out', 'the login was typed too long ago');
    const talk: Talk = { ...memory.login, context, facts };
    const until = memory.untilMs === undefined ? {} : { untilMs: memory.untilMs };
    const reading = { work, talk, gathered: memory.gathered as unknown as G, before, ...until };
    return goOn(reading, await prove(talk, memory.proof, resume!.answer), memory.of);
  }
  const visit = visitOf(grant, now);
  const typedNow = memory ? typed(resume!.answer, 'password') : '';
  const pin = visit?.pin ?? (typedNow || kept);
  if (!pin) {
    const fields = [pinField(facts, access.parameters)];
    return { kind: 'ask', step: { kind: 'form', purpose: 'sign_in', fields }, memory: asJson({ at: 'sign_in' }) };
  }
  const dialog =
    visit?.dialog && now.getTime() - visit.dialog.usedAtMs < facts.dialog_lives_ms ? visit.dialog : undefined;
  const talk: Talk = { context, facts, access, pin, ...(dialog ? { dialog } : {}) };
  const untilMs = visit?.untilMs ?? (typedNow ? now.getTime() + PIN_LIVES_MS : undefined);
  const reading = { work, talk, gathered: work.start, before, ...(untilMs === undefined ? {} : { untilMs }) };
  if (!dialog) return begin(reading);
  return readOn(reading, true);
}

async function begin<G, R>(reading: Reading<G, R>): Promise<Turn<R>> {
  const { talk, work } = reading;
  return goOn(
    reading,
    await ask(talk, beginning(talk), 'HKIDN', { ...work.about, purpose: 'authorisation' }),
    'beginning',
  );
}

async function goOn<G, R>(
  reading: Reading<G, R>,
  outcome: Outcome & { notice?: Notice },
  of: 'beginning' | 'order',
): Promise<Turn<R>> {
  if ('proof' in outcome) return proving(reading, outcome, of);
  if (of === 'beginning') return readOn(reading, false);
  return readOn({ ...reading, gathered: reading.work.take(reading.talk, reading.gathered, outcome.answer) }, false);
}

/** `mayBeGone`: the dialog lay still, so the bank may have ended it; then one new one is begun. */
async function readOn<G, R>(reading: Reading<G, R>, mayBeGone: boolean): Promise<Turn<R>> {
  const { talk, work } = reading;
  let { gathered } = reading;
  let isFirst = mayBeGone;
  for (;;) {
    const order = work.next(talk, gathered);
    if (!order) return done({ ...reading, gathered });
    let outcome: Outcome;
    try {
      outcome = await ask(talk, order.orders, order.name, work.about);
    } catch (error) {
      if (isFirst && isGone(error, talk)) return begin({ ...reading, gathered });
      throw error;
    }
    isFirst = false;
    if ('proof' in outcome) return proving({ ...reading, gathered }, outcome, 'order');
    gathered = work.take(talk, gathered, outcome.answer);
  }
}

function isGone(error: unknown, talk: Talk): boolean {
  return (
    error instanceof BankError &&
    error.kind === 'unexpected' &&
    talk.dialog === undefined &&
    error.facts.code !== undefined
  );
}

function proving<G, R>(
  { talk, gathered, untilMs }: Reading<G, R>,
  { proof, notice }: { proof: Proof; notice?: Notice },
  of: 'beginning' | 'order',
): Turn<R> {
  const until = untilMs === undefined ? {} : { untilMs };
  const memory: Memory = { at: 'proof', of, proof, login: loginOf(talk), gathered: asJson(gathered), ...until };
  const forget = untilMs === undefined ? {} : { forgetAt: new Date(untilMs) };
  return { kind: 'ask', step: stepOf(proof, notice), memory: asJson(memory), ...forget };
}

/** In a visit the dialog stays open for what is read next; elsewhere it ends. What the bank said anew is kept. */
async function done<G, R>(reading: Reading<G, R>): Promise<Turn<R>> {
  const { talk, work, gathered, untilMs, before } = reading;
  const result = work.finish(talk, gathered);
  if (untilMs === undefined) await endDialog(talk);
  const { access, pin, dialog } = talk;
  if (untilMs !== undefined || JSON.stringify(access) !== before) {
    await talk.context.refreshGrant(async (grant) => {
      const secret: GrantSecret = { ...secretOf(grant), access };
      const visit: VisitSecret = { pin, ...(dialog ? { dialog } : {}) };
      return {
        ...grant,
        secret: asJson(secret),
        ...(untilMs === undefined ? {} : { visit: { secret: asJson(visit), forgetAt: new Date(untilMs) } }),
      };
    });
  }
  return { kind: 'done', result };
}
