import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import type { Grant } from '../../banking/connector.ts';
import { asRecord, asText } from '../../banking/formats/values.ts';
import type { Json, Notice, Turn } from '../../banking/step.ts';
import { identityHeaders, openConsent, readGrant, wayHeaders } from './consent.ts';
import { readChallenge } from './embedded/challenge.ts';
import { codeField } from './embedded/code.ts';
import { readMethods } from './embedded/method.ts';
import { identityForm, passForm, signInForm } from './embedded/sign-in.ts';
import { names, refusalOf } from './errors.ts';
import { LASTING, leadsOn, linksOf, nextMove } from './links.ts';
import { asking, type Memory, type Progress, type Talk } from './memory.ts';
import { beginOAuth, beginPreStep, ownTokens } from './oauth.ts';
import { verdictOf } from './outcome.ts';
import { listReferences } from './reading/accounts.ts';
import { isSuccess, type Reply, rightOf, send } from './wire.ts';

type Next = Promise<Turn<Grant>>;

/** Where on the bank's side something is sent: `post` starts an authorisation, otherwise one is updated. */
export type Way = { link: string; post: boolean };

/** What to say above the next form, what a failure now would mean, and how many answers we have followed in this turn. */
export type Manner = { notice?: Notice; failed?: BankErrorKind; hops?: number };

/** Answers of a bank in one turn after which we no longer believe that they lead anywhere. */
const MOST_HOPS = 8;

/** Milliseconds that other signers have, from the first person's approval. */
const SIGNERS_WITHIN_MS = 7 * 86_400_000;

/** How often another code or push may be asked for in one exchange. */
const MOST_RESENT = 5;

/** Makes the consent and goes where the bank's answer leads; asks the person first where the bank needs that. */
export async function begin(talk: Talk, start: Progress): Next {
  const step = talk.facts.pre_step?.kind;
  if (step && step !== 'client_credentials' && !start.tokens && !start.pass) return comeFirst(talk, start);
  const opened = await openConsent(talk, start, ownTokens);
  if ('made' in opened) return follow(talk, consented(opened.progress, opened.made), opened.made);
  if (opened.needs === 'token') return comeFirst(talk, opened.progress, opened.from);
  const { needs, progress, refusal } = opened;
  if (refusal && (start.tries ?? 0) >= talk.facts.sign_in_tries) throw refusal;
  const { quote } = refusal?.facts ?? {};
  const notice: Notice | undefined = refusal && { kind: 'wrong_credentials', ...(quote && { quote }) };
  const fields = identityForm(talk.facts, needs);
  return asking(talk, progress, { at: 'identify', needs, fields, ...(notice && start.references && { notice }) });
}

/** What the bank wants before it makes a consent: the person's user id and password, or a token of its own server. */
async function comeFirst(talk: Talk, progress: Progress, found?: string): Next {
  if (talk.facts.pre_step?.kind === 'password')
    return asking(talk, progress, { at: 'pass', fields: passForm(talk.facts) });
  return beginPreStep(talk, progress, found);
}

/** Takes in an answer of the bank and does what it asks for, until there is something that only the person can do. */
export async function follow(talk: Talk, before: Progress, reply: Reply, manner: Manner = {}): Next {
  const { failed = 'declined', hops = 0 } = manner;
  if (hops > MOST_HOPS) throw new BankError('unexpected', 'the bank leads us in circles');
  const onward = { ...manner, hops: hops + 1 };
  const links = linksOf(reply);
  const progress = takeIn(before, reply);
  const { approach, scaStatus, psuId, methods = [] } = progress;
  if (isLeftAlone(reply, { ...progress, links }) && !progress.started) return startUnasked(talk, progress, onward);
  const move = nextMove({
    links: { ...progress.links, ...links },
    approach,
    scaStatus,
    canEncrypt: talk.facts.password_key !== undefined,
    methodChosen: reply.json.chosenScaMethod !== undefined || progress.methodId !== undefined,
  });
  switch (move.do) {
    case 'redirect':
      return asking(talk, progress, { at: 'redirect', url: move.link });
    case 'oauth':
      return beginOAuth(talk, progress, move.link);
    case 'start': {
      const started = await callAuthorisation(talk, progress, { link: move.link, post: true }, {});
      return follow(talk, progress, accepted(talk, started), onward);
    }
    case 'sign_in': {
      const { need, encrypted, link, post } = move;
      if (need === 'identification' && psuId !== undefined && !manner.notice)
        return follow(talk, progress, accepted(talk, await callAuthorisation(talk, progress, move, {})), onward);
      if (encrypted && talk.facts.password_key === undefined)
        throw new BankError(
          'misconfigured',
          'the bank takes passwords encrypted only, and its file has no password_key',
        );
      const fields = signInForm(talk.facts, progress, need);
      return asking(talk, progress, {
        at: 'sign_in',
        need,
        ...(encrypted && { encrypted }),
        link,
        post,
        fields,
        ...noticed(manner, 'wrong_credentials'),
      });
    }
    case 'choose_method': {
      const { link, post } = move;
      if (methods[0] && methods.length === 1) return selectMethod(talk, progress, move, methods[0].id, onward);
      if (methods.length === 0) throw new BankError('unexpected', 'the bank offers no method to choose from');
      return asking(talk, progress, { at: 'method', link, post, options: methods, ...noticed(manner) });
    }
    case 'enter_code': {
      const field = progress.code ?? codeField(undefined);
      const { link, post } = move;
      return asking(talk, progress, { at: 'code', link, post, field, ...another(progress), ...noticed(manner) });
    }
    case 'wait': {
      const untilMs = talk.context.now().getTime() + talk.facts.approval_within_ms;
      return asking(talk, progress, { at: 'approval', untilMs, ...another(progress) });
    }
    case 'look':
      if (scaStatus === 'failed') throw failure(failed, reply);
      return conclude(talk, progress);
    default:
      return move satisfies never;
  }
}

/** Tells the bank which method is to be used, and goes on from its answer. */
export async function selectMethod(talk: Talk, before: Progress, way: Way, id: string, manner: Manner = {}): Next {
  const progress = { ...before, methodId: id };
  const reply = await callAuthorisation(talk, progress, way, { authenticationMethodId: id });
  return follow(talk, progress, accepted(talk, reply), manner);
}

/**
 * Asks the bank how it ended. Granted is what the bank calls granted; undecided is waited for, as long as the waiting we
 * are in allows; everything else has been thrown as the error it is.
 */
export async function conclude(
  talk: Talk,
  progress: Progress,
  waiting?: Extract<Memory, { at: 'approval' | 'settling' | 'signers' }>,
): Next {
  const verdict = await verdictOf(talk, progress);
  if (verdict.is === 'granted' && progress.models[0] === 'listed') return beginDetailed(talk, progress);
  if (verdict.is === 'granted')
    return { kind: 'done', result: await readGrant(talk, progress, waiting?.at === 'signers') };
  const nowMs = talk.context.now().getTime();
  if (verdict.is === 'signers' && waiting?.at !== 'signers')
    return asking(talk, progress, { at: 'signers', untilMs: nowMs + SIGNERS_WITHIN_MS });
  const because = verdict.is === 'undecided' ? verdict.because : undefined;
  if (waiting && nowMs >= waiting.untilMs)
    throw because ?? new BankError('timed_out', 'the bank did not decide in time');
  if (waiting) return asking(talk, progress, waiting);
  return asking(talk, progress, { at: 'settling', untilMs: nowMs + talk.facts.status_settles_within_ms });
}

/** Sends a body to an authorisation, with who the person is and, where one is started, where they may come back to. */
export async function callAuthorisation(talk: Talk, progress: Progress, way: Way, body: Json): Promise<Reply> {
  const call = {
    purpose: 'authorisation',
    headers: { ...identityHeaders(talk.facts, progress), ...(way.post && wayHeaders(talk)) },
    body,
    ...rightOf(progress),
  };
  const toConsent = { ...call, method: 'PUT' as const, path: consentPath(progress) };
  if (!way.post) return send(talk.context, { ...call, method: 'PUT', path: way.link });
  if (talk.facts.authorisation === 'consent') return send(talk.context, toConsent);
  const reply = await send(talk.context, { ...call, method: 'POST', path: way.link });
  // There is no such resource, so nothing was tried yet: this is a bank of 1.1 style that nobody has written down.
  return [404, 405].includes(reply.status) && !names(reply, 'CONSENT_UNKNOWN') ? send(talk.context, toConsent) : reply;
}

/** True for a consent that was made and says neither where to go on nor that it is over. */
function isLeftAlone(reply: Reply, { links, approach, scaStatus }: Progress): boolean {
  if (reply.purpose !== 'consent' || approach === 'DECOUPLED' || scaStatus !== undefined) return false;
  return !leadsOn(links) && links.scaStatus === undefined && reply.json.consentStatus === 'received';
}

/** The standard's own place for what the bank has forgotten to link. */
async function startUnasked(talk: Talk, before: Progress, onward: Manner): Next {
  const progress: Progress = { ...before, started: true };
  if (talk.facts.authorisation === 'consent' && progress.approach !== 'REDIRECT') {
    const fields = signInForm(talk.facts, progress, 'authentication');
    const link = consentPath(progress);
    return asking(talk, progress, { at: 'sign_in', need: 'authentication', link, post: false, fields });
  }
  const way = { link: `${consentPath(progress)}/authorisations`, post: true };
  return follow(talk, progress, accepted(talk, await callAuthorisation(talk, progress, way, {})), onward);
}

function consentPath({ links, consentId = '' }: Progress): string {
  return links.self ?? `v1/consents/${encodeURIComponent(consentId)}`;
}

/** The list of accounts was allowed: now the consent that names them. */
async function beginDetailed(talk: Talk, progress: Progress): Next {
  const references = await listReferences(talk.context, progress.consentId ?? '', rightOf(progress));
  if (references.length === 0) throw new BankError('unsupported', 'the bank lists no account that a consent can name');
  const { psuId, corporateId, pass } = progress;
  // A token of a pre-step is good for both consents; one of a consent's own authorisation is not.
  const tokens = talk.facts.pre_step ? progress.tokens : undefined;
  return begin(talk, {
    models: ['detailed'],
    onceMore: true,
    references,
    links: {},
    ...(psuId !== undefined && { psuId }),
    ...(corporateId !== undefined && { corporateId }),
    ...rightOf({ tokens, pass }),
    ...(tokens && progress.oauth && { oauth: progress.oauth }),
  });
}

function consented(progress: Progress, reply: Reply): Progress {
  const consentId = asText(reply.json.consentId, 512);
  if (consentId === undefined) throw new BankError('unexpected', 'the consent has no id');
  const { self, status } = linksOf(reply);
  return { ...progress, consentId, tries: 0, links: { ...(self && { self }), ...(status && { status }) } };
}

/** What an answer tells that is still true in later turns. */
function takeIn(before: Progress, reply: Reply): Progress {
  const links = linksOf(reply);
  const lasting = Object.fromEntries(LASTING.flatMap((name) => (links[name] ? [[name, links[name]]] : [])));
  const approach = reply.headers['aspsp-sca-approach']?.trim().toUpperCase() ?? before.approach;
  const scaStatus = asText(reply.json.scaStatus, 60);
  const methods = readMethods(reply.json.scaMethods);
  const methodId = asText(asRecord(reply.json.chosenScaMethod).authenticationMethodId, 100) ?? before.methodId;
  const all = methods.length > 0 ? methods : before.methods;
  const challenge = readChallenge(reply.json, all?.find((method) => method.id === methodId)?.label) ?? before.challenge;
  const code = reply.json.challengeData === undefined ? before.code : codeField(reply.json.challengeData);
  const select = links.selectAuthenticationMethod ?? before.select;
  const { scaStatus: _, ...kept } = before;
  return {
    ...kept,
    links: { ...before.links, ...lasting },
    ...(approach && { approach }),
    ...(scaStatus && { scaStatus }),
    ...(all && { methods: all }),
    ...(methodId && { methodId }),
    ...(challenge && { challenge }),
    ...(code && { code }),
    ...(select && { select }),
  };
}

/** Another code or push: by selecting the method again, at banks that let it be selected at all. */
function another({ select, methodId, resent = 0 }: Progress): { again?: string } {
  return select !== undefined && methodId !== undefined && resent < MOST_RESENT ? { again: select } : {};
}

function noticed({ notice }: Manner, ...only: Notice['kind'][]): { notice?: Notice } {
  return notice && (only.length === 0 || only.includes(notice.kind)) ? { notice } : {};
}

function accepted(talk: Talk, reply: Reply): Reply {
  if (!isSuccess(reply.status)) throw refusalOf(reply, talk.context.now());
  return reply;
}

function failure(kind: BankErrorKind, reply: Reply): BankError {
  const quote = asText(reply.json.psuMessage);
  return new BankError(kind, 'the authorisation failed', { status: reply.status, ...(quote && { quote }) });
}
