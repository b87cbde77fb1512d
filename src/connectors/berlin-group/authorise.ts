import { BankError } from '../../banking/bank-error.ts';
import type { Conversation, Grant, Permission } from '../../banking/connector.ts';
import { asText } from '../../banking/formats/values.ts';
import type { Answer, Notice, Turn } from '../../banking/step.ts';
import { firstModels } from './consent.ts';
import { typedCode } from './embedded/code.ts';
import { identified, typedPass, typedSignIn } from './embedded/sign-in.ts';
import { refusalOf } from './errors.ts';
import type { Facts } from './facts.ts';
import { begin, callAuthorisation, conclude, follow, selectMethod, type Way } from './follow.ts';
import { leadsOn, linksOf } from './links.ts';
import { asking, type Memory, type Progress, type Talk } from './memory.ts';
import { finishOAuth } from './oauth.ts';
import { confirmReturn, isStillOpen, verdictOf } from './outcome.ts';
import { isSuccess, type Reply, send } from './wire.ts';

type Next = Promise<Turn<Grant>>;
type At<Name extends Memory['at']> = Extract<Memory, { at: Name }>;
type Fields = Extract<Answer, { kind: 'fields' }>['values'];

/** Wrong codes after which we stop, whatever the bank would still allow. */
const MOST_CODES = 5;

/**
 * From a permission to a grant: make the consent, then do what the bank's answers ask for, until the bank says the consent
 * is valid. `memory.at` is what was asked; an answer that does not fit it is answered with the same step again.
 */
export const authorise: Conversation<Permission, Grant> = async (context, permission, resume) => {
  const talk: Talk = { context, facts: context.facts as unknown as Facts, permission };
  if (!resume) return begin(talk, firstModels(talk));
  const memory = resume.memory as unknown as Memory;
  const { answer } = resume;
  const same = asking(talk, memory.progress, memory);
  switch (memory.at) {
    case 'identify':
      return answer.kind === 'fields' ? identify(talk, memory, answer.values) : same;
    case 'pass':
      return answer.kind === 'fields' ? givePass(talk, memory, answer.values) : same;
    case 'redirect':
      if (answer.kind !== 'returned') return same;
      return conclude(talk, await confirmReturn(talk, memory.progress, answer.params));
    case 'oauth':
      if (answer.kind !== 'returned') return same;
      return afterOAuth(talk, memory, await finishOAuth(talk, memory.progress, memory.begun, answer.params));
    case 'sign_in':
      return answer.kind === 'fields' ? signIn(talk, memory, answer.values) : same;
    case 'method':
      return answer.kind === 'chosen' ? chooseMethod(talk, memory, answer.ids) : same;
    case 'code':
      if (answer.kind === 'again') return sendAgain(talk, memory);
      return answer.kind === 'fields' ? enterCode(talk, memory, answer.values) : same;
    case 'approval':
      if (answer.kind === 'again') return sendAgain(talk, memory);
      return answer.kind === 'polled' ? conclude(talk, memory.progress, memory) : same;
    case 'settling':
    case 'signers':
      return answer.kind === 'polled' ? conclude(talk, memory.progress, memory) : same;
    default:
      return memory satisfies never;
  }
};

/** The person said who they are, or which account is meant, before there is a consent. */
async function identify(talk: Talk, memory: At<'identify'>, values: Fields): Next {
  const progress = identified(memory.progress, memory.needs, values);
  if (progress) return begin(talk, { ...progress, tries: (progress.tries ?? 0) + 1 });
  return asking(talk, memory.progress, { ...memory, notice: { kind: 'wrong_credentials' } });
}

/** A token of a pre-step is the beginning; one of a consent is its end. */
async function afterOAuth(talk: Talk, { first }: At<'oauth'>, progress: Progress): Next {
  return first ? begin(talk, progress) : conclude(talk, progress);
}

/** User id and password for a pass, once each time they are typed. */
async function givePass(talk: Talk, memory: At<'pass'>, values: Fields): Next {
  const { pre_step: step } = talk.facts;
  const typed = typedPass(memory.progress, values);
  const wrong: Notice = { kind: 'wrong_credentials' };
  if (!typed || step?.kind !== 'password') return asking(talk, memory.progress, { ...memory, notice: wrong });
  const tries = (memory.progress.tries ?? 0) + 1;
  const { psuId = '' } = typed.progress;
  const body = { username: psuId, password: typed.password };
  const reply = await send(talk.context, { method: 'POST', path: step.path, purpose: 'authorisation', body });
  if (isSuccess(reply.status)) {
    const { access_token: bearer, token } = reply.json;
    const value = asText(bearer, 8000) ?? asText(token, 8000);
    if (value === undefined) throw new BankError('unexpected', 'the sign-in before the consent gave no token');
    const pass = { header: step.header, value: `Bearer ${value}` };
    return begin(talk, { ...typed.progress, pass, tries: 0 });
  }
  const refusal = refusalOf(reply, talk.context.now());
  const isWrong = reply.status === 401 || reply.status === 403 || refusal.kind === 'wrong_credentials';
  if (!isWrong || refusal.kind === 'misconfigured' || refusal.kind === 'blocked') throw refusal;
  const refused = new BankError('wrong_credentials', refusal.message, refusal.facts);
  if (tries >= talk.facts.sign_in_tries) throw refused;
  const notice: Notice = { ...wrong, ...quoteOf(refused) };
  return asking(talk, { ...memory.progress, tries }, { ...memory, notice });
}

/** The password goes straight into this one request: nothing remembers it, and we never send it a second time. */
async function signIn(talk: Talk, memory: At<'sign_in'>, values: Fields): Next {
  const typed = typedSignIn(talk.facts, memory, values);
  if (!typed) return asking(talk, memory.progress, { ...memory, notice: { kind: 'wrong_credentials' } });
  const tries = (memory.progress.tries ?? 0) + 1;
  const progress = { ...typed.progress, tries };
  const reply = await callAuthorisation(talk, progress, memory, typed.body);
  if (isSuccess(reply.status)) return follow(talk, { ...progress, tries: 0 }, reply, { failed: 'wrong_credentials' });
  const refusal = refusalOf(reply, talk.context.now());
  if (refusal.kind !== 'wrong_credentials' || tries >= talk.facts.sign_in_tries) throw refusal;
  // Whatever was typed together is asked for together again: nobody but the person knows which of it was wrong.
  const before = { ...memory.progress, tries };
  return tryAgain(talk, before, memory, reply, { kind: 'wrong_credentials', ...quoteOf(refusal) }, refusal);
}

async function chooseMethod(talk: Talk, memory: At<'method'>, ids: string[]): Next {
  const chosen = memory.options.find((option) => option.id === ids[0]);
  if (!chosen || ids.length !== 1) return asking(talk, memory.progress, memory);
  return selectMethod(talk, memory.progress, memory, chosen.id);
}

/** Another code or push by the method in use. A bank that does not want that is not asked twice, and nothing is lost. */
async function sendAgain(talk: Talk, memory: At<'code' | 'approval'>): Next {
  const { methodId, resent = 0 } = memory.progress;
  if (memory.again === undefined || methodId === undefined) return asking(talk, memory.progress, memory);
  const way = { link: memory.again, post: false };
  const reply = await callAuthorisation(talk, memory.progress, way, { authenticationMethodId: methodId });
  if (isSuccess(reply.status))
    return follow(talk, { ...memory.progress, resent: resent + 1 }, reply, { notice: { kind: 'code_sent_again' } });
  const refusal = refusalOf(reply, talk.context.now());
  if (reply.status >= 500 || !(await isStillOpen(talk, memory.progress))) throw refusal;
  const { select: _, ...progress } = memory.progress;
  const { again: __, ...waiting } = memory;
  return asking(talk, progress, waiting);
}

async function enterCode(talk: Talk, memory: At<'code'>, values: Fields): Next {
  const code = typedCode(values);
  if (code === undefined) return asking(talk, memory.progress, { ...memory, notice: { kind: 'wrong_code' } });
  const tries = (memory.progress.tries ?? 0) + 1;
  const progress = { ...memory.progress, tries };
  const reply = await sendCode(talk, progress, memory, code);
  if (reply === 'counted') return conclude(talk, progress);
  const quote = asText(reply.json.psuMessage);
  if (isSuccess(reply.status)) {
    const notice: Notice = { kind: 'wrong_code', ...(quote && { quote }) };
    return follow(talk, progress, reply, { notice, failed: 'wrong_code' });
  }
  const refusal = refusalOf(reply, talk.context.now());
  // Some banks say "wrong credentials" of a code as well.
  if (refusal.kind !== 'wrong_code' && refusal.kind !== 'wrong_credentials') throw refusal;
  const wrong = new BankError('wrong_code', refusal.message, refusal.facts);
  if (tries >= MOST_CODES) throw wrong;
  return tryAgain(talk, progress, memory, reply, { kind: 'wrong_code', ...quoteOf(refusal) }, wrong);
}

/** Sends a code. Where the answer is lost the code may still have counted: only the bank knows, so it is asked. */
async function sendCode(talk: Talk, progress: Progress, way: Way, code: string): Promise<Reply | 'counted'> {
  try {
    const reply = await callAuthorisation(talk, progress, way, { scaAuthenticationData: code });
    if (reply.status < 500) return reply;
    throw refusalOf(reply, talk.context.now());
  } catch (error) {
    if (!(error instanceof BankError) || error.kind !== 'unavailable') throw error;
    if ((await verdictOf(talk, progress)).is === 'undecided') throw error;
    return 'counted';
  }
}

/** Asks once more where the bank allows it: by the links of its no, or because the authorisation is still open. */
async function tryAgain(
  talk: Talk,
  progress: Progress,
  memory: At<'sign_in' | 'code'>,
  reply: Reply,
  notice: Notice,
  refusal: BankError,
): Next {
  if (reply.json.scaStatus === 'failed') throw refusal;
  if (leadsOn(linksOf(reply))) return follow(talk, progress, reply, { notice, failed: refusal.kind });
  if (await isStillOpen(talk, progress)) return asking(talk, progress, { ...memory, notice });
  throw refusal;
}

function quoteOf(refusal: BankError): { quote?: string } {
  return refusal.facts.quote === undefined ? {} : { quote: refusal.facts.quote };
}
