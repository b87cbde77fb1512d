import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, Connector, Grant, Permission } from '../../banking/connector.ts';
import { Secret } from '../../banking/secret.ts';
import type { Answer, Field, Json, Notice, Step, Turn } from '../../banking/step.ts';
import { accountsOrder } from './accounts.ts';
import type { Facts } from './facts.ts';
import { asJson, type GrantSecret, grantOf, PIN_LIVES_MS, secretOf } from './grant.ts';
import { type Medium, mediumOptions, methodOptions, ONE_STEP, readMedia, synchronise } from './methods.ts';
import type { Parameters } from './parameters.ts';
import { ask, type Outcome, type Proof, prove, stepOf } from './proof.ts';
import { beginning, type Login, loginOf, readBank, type Talk } from './talk.ts';

/** Where signing in has come to. All but the first hold the PIN: that is why a memory is sealed, and for how long it lives. */
type Memory =
  | { at: 'sign_in'; parameters: Parameters }
  | ({ login: Login; untilMs: number } & (
      | { at: 'method'; methods: string[] }
      | { at: 'medium'; media: Medium[] }
      | { at: 'proof'; proof: Proof; of: 'beginning' | 'accounts' }
    ));

type Visit = { context: BankContext; facts: Facts; permission: Permission; renews?: GrantSecret };

/**
 * Signing in: what the bank is like, the login, the method and its medium, the proof, the accounts. A refused PIN ends it at
 * once; nothing that a person typed is sent twice.
 */
export const authorise: Connector['authorise'] = async (context, permission, resume) => {
  const renews = permission.renews && secretOf(permission.renews);
  const visit: Visit = { context, facts: context.facts as unknown as Facts, permission, ...(renews ? { renews } : {}) };
  if (!resume) return askForLogin(visit, await readBank(context, visit.facts));
  const memory = resume.memory as unknown as Memory;
  if (memory.at === 'sign_in') return signIn(visit, memory.parameters, resume.answer);
  if (context.now().getTime() >= memory.untilMs) throw new BankError('timed_out', 'the login was typed too long ago');
  const talk: Talk = { ...memory.login, context, facts: visit.facts };
  switch (memory.at) {
    case 'method':
      return withMethod(visit, talk, memory.methods, chosen(resume.answer), memory.untilMs);
    case 'medium':
      if (!memory.media.some(({ name }) => name === chosen(resume.answer)))
        throw new BankError('unsupported', 'the medium is not one of those offered');
      talk.access = { ...talk.access, medium: chosen(resume.answer) };
      return begin(visit, talk, memory.untilMs);
    case 'proof': {
      const outcome = await prove(talk, memory.proof, resume.answer);
      return memory.of === 'beginning'
        ? begun(visit, talk, outcome, memory.untilMs)
        : listed(visit, talk, outcome, memory.untilMs);
    }
    default:
      return memory satisfies never;
  }
};

/** What a person types to sign in, in the bank's words (`HIPINS`). */
export function loginFields(facts: Facts, parameters: Parameters): Field[] {
  const user = facts.user_id_label ?? parameters.userLabel;
  return [
    { name: 'user_id', kind: 'user_id', secret: false, maxLength: 30, ...(user ? { label: user } : {}) },
    ...(facts.customer_id === 'asked' ? [customerField(parameters)] : []),
    pinField(facts, parameters),
  ];
}

/** The field for the PIN alone. */
export function pinField(facts: Facts, { longestPin }: Parameters): Field {
  const label = facts.pin_label ? { label: facts.pin_label } : {};
  return { name: 'password', kind: 'password', secret: true, maxLength: Math.min(longestPin ?? 99, 99), ...label };
}

/** A typed secret or text, without spaces around it; the empty text when nothing was typed. */
export function typed(answer: Answer, name: string): string {
  const value = answer.kind === 'fields' ? answer.values[name] : undefined;
  return value instanceof Secret ? value.reveal() : (value ?? '').trim();
}

function customerField({ customerLabel }: Parameters): Field {
  return {
    name: 'customer_id',
    kind: 'corporate_id',
    secret: false,
    maxLength: 30,
    ...(customerLabel ? { label: customerLabel } : {}),
  };
}

function askForLogin(visit: Visit, parameters: Parameters): Turn<Grant> {
  const step: Step = { kind: 'form', purpose: 'sign_in', fields: loginFields(visit.facts, parameters) };
  return { kind: 'ask', step, memory: remember({ at: 'sign_in', parameters }) };
}

async function signIn(visit: Visit, parameters: Parameters, answer: Answer): Promise<Turn<Grant>> {
  const userId = typed(answer, 'user_id');
  const pin = typed(answer, 'password');
  if (userId === '' || pin === '') return askForLogin(visit, parameters);
  const customerId = typed(answer, 'customer_id') || userId;
  const { context, facts, renews } = visit;
  const untilMs = context.now().getTime() + PIN_LIVES_MS;
  const access = { userId, customerId, systemId: '0', method: ONE_STEP, accounts: [], parameters };
  const talk: Talk = { context, facts, access, pin };
  const known = renews?.access.userId === userId && renews.access.customerId === customerId ? renews.access : undefined;
  if (!known || !isStillOffered(known.method, parameters)) return offer(visit, talk, untilMs);
  // The bank remembers this system: without its id, it asks for a code every time.
  talk.access = {
    ...known,
    parameters: parameters.version === 0 ? known.parameters : { ...parameters, userVersion: 0 },
  };
  try {
    return await begin(visit, talk, untilMs);
  } catch (error) {
    // The method or the medium of last time is dead. Nothing was said against the PIN.
    if (!(error instanceof BankError && error.kind === 'unsupported')) throw error;
    return offer(visit, { context, facts, access, pin }, untilMs);
  }
}

function isStillOffered(method: string, parameters: Parameters): boolean {
  return method === ONE_STEP || parameters.version === 0 || parameters.methods.some(({ id }) => id === method);
}

async function offer(visit: Visit, talk: Talk, untilMs: number): Promise<Turn<Grant>> {
  const methods = await synchronise(talk);
  const ids = methods.map(({ id }) => id);
  if (ids.length === 0) return begin(visit, talk, untilMs);
  if (ids.length === 1) return withMethod(visit, talk, ids, ids[0]!, untilMs);
  const step: Step = { kind: 'choose', purpose: 'method', options: methodOptions(methods) };
  return asking(talk, step, { at: 'method', methods: ids }, untilMs);
}

async function withMethod(
  visit: Visit,
  talk: Talk,
  methods: string[],
  id: string,
  untilMs: number,
): Promise<Turn<Grant>> {
  const method = talk.access.parameters.methods.find((one) => one.id === id);
  if (!method || !methods.includes(id)) throw new BankError('unsupported', 'the method is not one of those offered');
  talk.access = { ...talk.access, method: id };
  if (!method.needsMedium && visit.facts.tan_medium !== 'always') return begin(visit, talk, untilMs);
  const media = await readMedia(talk);
  if (media.length > 1) {
    const step: Step = { kind: 'choose', purpose: 'device', options: mediumOptions(media) };
    return asking(talk, step, { at: 'medium', media }, untilMs);
  }
  // `noref` is what banks take where they want a name and list none.
  talk.access = { ...talk.access, medium: media[0]?.name ?? 'noref' };
  return begin(visit, talk, untilMs);
}

async function begin(visit: Visit, talk: Talk, untilMs: number): Promise<Turn<Grant>> {
  return begun(visit, talk, await ask(talk, beginning(talk), 'HKIDN', { purpose: 'authorisation' }), untilMs);
}

async function begun(
  visit: Visit,
  talk: Talk,
  outcome: Outcome & { notice?: Notice },
  untilMs: number,
): Promise<Turn<Grant>> {
  if ('proof' in outcome) return proving(talk, outcome, 'beginning', untilMs);
  const order = accountsOrder(talk);
  if (!order) return { kind: 'done', result: grantOf(visit.permission, talk, untilMs) };
  return listed(visit, talk, await ask(talk, [order], 'HKSPA', { purpose: 'accounts' }), untilMs);
}

async function listed(
  visit: Visit,
  talk: Talk,
  outcome: Outcome & { notice?: Notice },
  untilMs: number,
): Promise<Turn<Grant>> {
  if ('proof' in outcome) return proving(talk, outcome, 'accounts', untilMs);
  return { kind: 'done', result: grantOf(visit.permission, talk, untilMs) };
}

function proving(
  talk: Talk,
  { proof, notice }: { proof: Proof; notice?: Notice },
  of: 'beginning' | 'accounts',
  untilMs: number,
): Turn<Grant> {
  return asking(talk, stepOf(proof, notice), { at: 'proof', proof, of }, untilMs);
}

/** What a memory holds besides the login. */
type Open =
  | { at: 'method'; methods: string[] }
  | { at: 'medium'; media: Medium[] }
  | { at: 'proof'; proof: Proof; of: 'beginning' | 'accounts' };

function asking(talk: Talk, step: Step, open: Open, untilMs: number): Turn<Grant> {
  return {
    kind: 'ask',
    step,
    memory: remember({ ...open, login: loginOf(talk), untilMs }),
    forgetAt: new Date(untilMs),
  };
}

function chosen(answer: Answer): string {
  return answer.kind === 'chosen' ? (answer.ids[0] ?? '') : '';
}

function remember(memory: Memory): Json {
  return asJson(memory);
}
