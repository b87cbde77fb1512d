import type { Tx } from '../../base/database.ts';
import {
  type Authorisation,
  type Consent,
  countRead,
  findAuthorisation,
  findConsent,
  isBlocked,
  listAuthorisations,
  storeAuthorisation,
  storeConsent,
} from '../store.ts';
import { findPerson, type Method, type Person } from '../world/banks.ts';
import { isRecord } from './access.ts';
import { approachHeader, type Call, newAuthorisationId, today } from './call.ts';
import { conclude } from './conclude.ts';
import { formatError, Refused, type Reply } from './errors.ts';
import { challengeOf, presentMethod } from './proof/challenges.ts';
import { authorisationLinks, isOver, startLinks } from './proof/next.ts';
import { tellCaller } from './security/notifier.ts';
import { decrypted } from './security/passwords.ts';
import { isForgotten, ownConsent } from './standing.ts';

/** An authorisation and what an answer says besides its status and links. */
type Opened = { authorisation: Authorisation; extras: Record<string, unknown> };

/** What a step came to: kept either way, and then answered or refused. */
type Outcome = Opened | { refusal: Refused };

const TRIES = 3;
const LEAST_MS_BETWEEN_POLLS = 500;
const PUSH_MESSAGE = {
  de: 'Bitte geben Sie den Zugriff in Ihrer App frei.',
  en: 'Please approve the access in your app.',
  nl: 'Keur de toegang goed in uw app.',
};

/** `POST /v1/consents/{consentId}/authorisations`. */
export async function startAuthorisation(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  mustBeOpen(consent, 'or partly');
  const name = call.signedIn ?? (call.headers['psu-id'] || consent.person);
  const password = secretOf(call, 'password');
  const outcome = await call.stage.database.transaction(async (tx): Promise<Outcome> => {
    const locked = (await findConsent(tx, call.bank.slug, consent.id, 'lock'))!;
    mustBeOpen(locked, 'or partly');
    if (locked.status === 'partiallyAuthorised') return openForCosigner(tx, call, locked, password);
    const person = findPerson(call.bank, name);
    const redirected = call.face.approach === 'redirect' || call.face.approach === 'oauth';
    if (!redirected && name && !person) return wrongPassword(tx, call, locked);
    if (call.face.approach === 'decoupled' && !person) throw formatError('header PSU-ID is missing');
    if (person && locked.person !== person.login) await storeConsent(tx, { ...locked, person: person.login });
    const known: Consent = { ...locked, ...(person ? { person: person.login } : {}) };
    if (password === undefined || call.face.approach !== 'embedded') return openAuthorisation(tx, call, known);
    if (!person) throw formatError('header PSU-ID is missing');
    if (!(await isRight(tx, call, person, password))) return wrongPassword(tx, call, known);
    return passed(tx, call, known, blank(call, known), person);
  });
  return answer(call, outcome, 201);
}

/** The second signer, who signs here instead of on the phone: an authorisation of their own. */
async function openForCosigner(tx: Tx, call: Call, consent: Consent, password: string | undefined): Promise<Outcome> {
  const cosigner = findPerson(call.bank, findPerson(call.bank, consent.person)?.cosigner);
  const name = call.headers['psu-id'];
  if (!cosigner || (name && name !== cosigner.login)) throw outOfTurn();
  const opened = blank(call, { ...consent, person: cosigner.login });
  if (call.face.approach === 'decoupled') return openAuthorisation(tx, call, { ...consent, person: cosigner.login });
  if (call.face.approach !== 'embedded' || password === undefined) {
    const status = call.face.approach === 'embedded' ? 'psuIdentified' : 'received';
    return keep(tx, { ...opened, status });
  }
  if (!(await isRight(tx, call, cosigner, password))) return wrongPassword(tx, call, consent);
  return passed(tx, call, consent, opened, cosigner);
}

/** `GET /v1/consents/{consentId}/authorisations/{authorisationId}`. */
export async function getAuthorisation(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  const seen = await ownAuthorisation(call.stage.database, call, consent);
  if (call.face.oddities.includes('polls_limited')) await countPoll(call, seen);
  const authorisation = isForgotten(consent, seen, call.now) ? await forget(call, seen) : seen;
  return {
    status: 200,
    headers: { 'aspsp-sca-approach': approachOf(authorisation) },
    body: {
      scaStatus: authorisation.status,
      ...(authorisation.waiting ? { psuMessage: PUSH_MESSAGE[call.bank.language] } : {}),
      ...(isOver(authorisation) ? {} : { _links: authorisationLinks(call, authorisation) }),
    },
  };
}

function forget(call: Call, seen: Authorisation): Promise<Authorisation> {
  return call.stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, call.bank.slug, seen.consentId, 'lock'))!;
    const authorisation = (await findAuthorisation(tx, seen.id, 'lock'))!;
    if (!isForgotten(consent, authorisation, call.now)) return authorisation;
    return conclude(tx, call, consent, authorisation, { verdict: 'refuse' });
  });
}

async function countPoll(call: Call, authorisation: Authorisation): Promise<void> {
  const now = call.now.getTime();
  if (now - (authorisation.polledAt ?? 0) < LEAST_MS_BETWEEN_POLLS) {
    throw new Refused(429, 'ACCESS_EXCEEDED', 'Please ask less often.');
  }
  await storeAuthorisation(call.stage.database, { ...authorisation, polledAt: now });
}

/** `PUT /v1/consents/{consentId}`: the same in the style of 1.1, where the consent has no authorisations below it. */
export async function updateConsent(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  const [only] = await listAuthorisations(call.stage.database, call.bank.slug, consent.id);
  if (!only) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is nothing to answer.');
  return updateAuthorisation({ ...call, part: { ...call.part, authorisationId: only.id } });
}

/** `PUT /v1/consents/{consentId}/authorisations/{authorisationId}`: what the person answered. */
export async function updateAuthorisation(call: Call): Promise<Reply> {
  const seen = await ownConsent(call);
  const body = call.body ?? {};
  if (!isRecord(body)) throw formatError('the body must be a JSON object');
  const secrets = [secretOf(call, 'password'), secretOf(call, 'additionalPassword')] as const;
  const outcome = await call.stage.database.transaction(async (tx): Promise<Outcome> => {
    const consent = (await findConsent(tx, call.bank.slug, seen.id, 'lock'))!;
    const authorisation = await ownAuthorisation(tx, call, consent, 'lock');
    mustBeOpen(consent, 'or partly');
    if (body.psuData !== undefined) return givePassword(tx, call, consent, authorisation, secrets);
    if (body.authenticationMethodId !== undefined)
      return giveMethod(tx, call, authorisation, body.authenticationMethodId);
    if (body.scaAuthenticationData !== undefined)
      return giveCode(tx, call, consent, authorisation, body.scaAuthenticationData);
    if (body.confirmationCode !== undefined) return confirm(tx, call, consent, authorisation, body.confirmationCode);
    return giveName(tx, call, consent, authorisation);
  });
  return answer(call, outcome, 200);
}

/** Opens an authorisation as far as the bank can without a password. */
export async function openAuthorisation(tx: Tx, call: Call, consent: Consent): Promise<Opened> {
  const opened = blank(call, consent);
  const { approach } = call.face;
  const signedIn = findPerson(call.bank, call.signedIn);
  if (approach === 'embedded' && signedIn) {
    const outcome = await authenticated(tx, call, consent, opened, signedIn);
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome;
  }
  const extras: Record<string, unknown> = {};
  if (approach === 'decoupled') {
    Object.assign(opened, { status: 'started', waiting: true });
    extras.psuMessage = PUSH_MESSAGE[call.bank.language];
  } else if (approach === 'embedded' && consent.person) opened.status = 'psuIdentified';
  await storeAuthorisation(tx, opened);
  return { authorisation: opened, extras };
}

async function giveName(tx: Tx, call: Call, consent: Consent, authorisation: Authorisation): Promise<Outcome> {
  if (authorisation.status !== 'received') throw outOfTurn();
  const name = call.headers['psu-id'];
  if (!name) throw formatError('header PSU-ID is missing');
  const person = findPerson(call.bank, name);
  if (!person) return wrongPassword(tx, call, consent, authorisation);
  await storeConsent(tx, { ...consent, person: person.login });
  return keep(tx, { ...authorisation, person: person.login, status: 'psuIdentified' });
}

async function givePassword(
  tx: Tx,
  call: Call,
  consent: Consent,
  authorisation: Authorisation,
  [password, additional]: readonly [string | undefined, string | undefined],
): Promise<Outcome> {
  if (authorisation.approach !== 'embedded') throw outOfTurn();
  if (authorisation.status !== 'received' && authorisation.status !== 'psuIdentified') throw outOfTurn();
  const name = authorisation.halfway ? authorisation.person : call.headers['psu-id'] || authorisation.person;
  if (!name) throw formatError('header PSU-ID is missing');
  const person = findPerson(call.bank, name);
  if (authorisation.halfway) {
    if (additional === undefined) throw formatError('psuData.additionalPassword is missing');
    if (person?.additionalPassword !== additional) return wrongPassword(tx, call, consent, authorisation);
    return authenticated(tx, call, consent, authorisation, person);
  }
  if (password === undefined) throw formatError('psuData.password is missing');
  const right = person && (await isRight(tx, call, person, password));
  if (!right) return wrongPassword(tx, call, consent, authorisation);
  const known = consent.status === 'received' ? { ...consent, person: person.login } : consent;
  await storeConsent(tx, known);
  return passed(tx, call, known, authorisation, person);
}

/** The first password was right: a second one where the bank asks for it. */
async function passed(
  tx: Tx,
  call: Call,
  consent: Consent,
  authorisation: Authorisation,
  person: Person,
): Promise<Outcome> {
  if (!call.face.additionalPassword || !person.additionalPassword) {
    return authenticated(tx, call, consent, authorisation, person);
  }
  return keep(tx, { ...authorisation, person: person.login, status: 'psuIdentified', halfway: true });
}

/** The code that came back with the person from the bank's page. */
async function confirm(
  tx: Tx,
  call: Call,
  consent: Consent,
  authorisation: Authorisation,
  code: unknown,
): Promise<Outcome> {
  if (call.face.confirmation === 'none')
    throw new Refused(400, 'SERVICE_INVALID', 'This bank asks for no confirmation code.');
  const { confirmation } = authorisation;
  if (authorisation.status !== 'unconfirmed' || !confirmation) throw outOfTurn();
  const verdict = confirmation.code === code ? 'approve' : 'refuse';
  const ended = await conclude(tx, call, consent, authorisation, { verdict, chosen: confirmation.chosen });
  return { authorisation: ended, extras: {} };
}

async function giveMethod(tx: Tx, call: Call, authorisation: Authorisation, id: unknown): Promise<Outcome> {
  if (!authorisationLinks(call, authorisation).selectAuthenticationMethod) throw outOfTurn();
  const method = findPerson(call.bank, authorisation.person)?.methods.find((one) => one.id === id);
  if (!method) throw new Refused(400, 'SCA_METHOD_UNKNOWN', 'There is no such method.');
  return selected(tx, call, authorisation, method);
}

async function giveCode(
  tx: Tx,
  call: Call,
  consent: Consent,
  authorisation: Authorisation,
  code: unknown,
): Promise<Outcome> {
  if (authorisation.status !== 'scaMethodSelected') throw outOfTurn();
  const method = findPerson(call.bank, authorisation.person)?.methods.find((one) => one.id === authorisation.method);
  if (method?.code === code) {
    return { authorisation: await conclude(tx, call, consent, authorisation, { verdict: 'approve' }), extras: {} };
  }
  const wrongCodes = authorisation.wrongCodes + 1;
  const counted: Authorisation = { ...authorisation, wrongCodes };
  if (wrongCodes < TRIES) {
    await storeAuthorisation(tx, counted);
    const left = TRIES - wrongCodes;
    const text = `The code is wrong. ${left} ${left === 1 ? 'try' : 'tries'} left.`;
    return { refusal: new Refused(400, 'SCA_INVALID', text, { links: authorisationLinks(call, counted) }) };
  }
  const failed = await conclude(tx, call, consent, counted, { verdict: 'refuse' });
  if (call.face.lastWrongCode === 'failed')
    return { authorisation: failed, extras: { psuMessage: 'Too many wrong codes.' } };
  return { refusal: new Refused(400, 'SCA_INVALID', 'Too many wrong codes. The authorisation has failed.') };
}

/** The password was right: now a method, the only method, or nothing more. */
async function authenticated(
  tx: Tx,
  call: Call,
  consent: Consent,
  authorisation: Authorisation,
  person: Person,
): Promise<Outcome> {
  const known: Authorisation = { ...authorisation, person: person.login, status: 'psuAuthenticated' };
  const [only, another] = person.methods;
  if (!only) {
    return {
      authorisation: await conclude(tx, call, consent, known, { verdict: 'approve', exempted: true }),
      extras: {},
    };
  }
  if (!another) return selected(tx, call, known, only);
  return keep(tx, known, { scaMethods: person.methods.map(presentMethod) });
}

async function selected(tx: Tx, call: Call, authorisation: Authorisation, method: Method): Promise<Outcome> {
  const { oddities } = call.face;
  if (oddities.includes('approach_redirects')) {
    return keep(tx, { ...authorisation, method: method.id, approach: 'redirect', status: 'received' });
  }
  if (method.type === 'PUSH_OTP' || oddities.includes('approach_changes')) {
    const extras = { chosenScaMethod: presentMethod(method), psuMessage: PUSH_MESSAGE[call.bank.language] };
    return keep(tx, { ...authorisation, method: method.id, status: 'started', waiting: true }, extras);
  }
  const extras = {
    chosenScaMethod: presentMethod(method),
    challengeData: challengeOf(call.bank, method, authorisation.id),
  };
  return keep(tx, { ...authorisation, method: method.id, status: 'scaMethodSelected', waiting: false }, extras);
}

async function wrongPassword(tx: Tx, call: Call, consent: Consent, authorisation?: Authorisation): Promise<Outcome> {
  const count = await countRead(tx, call.bank.slug, consent.id, 'wrong password', today(call));
  const text = 'The login name or the password is wrong.';
  if (count >= TRIES) {
    if (authorisation) await conclude(tx, call, consent, authorisation, { verdict: 'refuse' });
    else await storeConsent(tx, { ...consent, status: 'rejected', lastActionDate: today(call) });
    return { refusal: new Refused(401, 'PSU_CREDENTIALS_INVALID', `${text} No more tries.`) };
  }
  const again = authorisation ? authorisationLinks(call, authorisation) : startLinks(call, consent);
  return { refusal: new Refused(401, 'PSU_CREDENTIALS_INVALID', text, { links: again }) };
}

async function isRight(tx: Tx, call: Call, person: Person, password: string): Promise<boolean> {
  return person.password === password && !(await isBlocked(tx, call.bank.slug, person.login));
}

async function keep(tx: Tx, authorisation: Authorisation, extras: Record<string, unknown> = {}): Promise<Opened> {
  await storeAuthorisation(tx, authorisation);
  return { authorisation, extras };
}

const blank = (call: Call, consent: Consent): Authorisation => ({
  bank: call.bank.slug,
  id: newAuthorisationId(),
  consentId: consent.id,
  approach: call.face.approach,
  status: 'received',
  ...(consent.person ? { person: consent.person } : {}),
  waiting: false,
  wrongCodes: 0,
  createdAt: call.now.toISOString(),
});

async function answer(call: Call, outcome: Outcome, status: number): Promise<Reply> {
  if ('refusal' in outcome) throw outcome.refusal;
  const { authorisation, extras } = outcome;
  await tellCaller(call, authorisation.consentId, authorisation);
  return {
    status,
    headers: { 'aspsp-sca-approach': approachOf(authorisation) },
    body: {
      scaStatus: authorisation.status,
      ...(call.face.authorisation === 'sub_resource' ? { authorisationId: authorisation.id } : {}),
      ...extras,
      _links: authorisationLinks(call, authorisation),
    },
  };
}

const approachOf = (authorisation: Authorisation) =>
  authorisation.waiting ? 'DECOUPLED' : approachHeader(authorisation.approach);

/** A secret of `psuData`, opened where it came encrypted; a bank takes it one way only. */
function secretOf(call: Call, name: 'password' | 'additionalPassword'): string | undefined {
  const data = isRecord(call.body) && isRecord(call.body.psuData) ? call.body.psuData : {};
  const sealed = data[name === 'password' ? 'encryptedPassword' : 'additionalEncryptedPassword'];
  const plain = data[name];
  if (call.face.passwordKey) {
    if (plain !== undefined) throw formatError('this bank takes encrypted passwords only');
    return typeof sealed === 'string' ? decrypted(sealed) : undefined;
  }
  if (sealed !== undefined) throw formatError('this bank takes no encrypted passwords');
  return typeof plain === 'string' ? plain : undefined;
}

async function ownAuthorisation(tx: Tx, call: Call, consent: Consent, lock?: 'lock'): Promise<Authorisation> {
  const found = await findAuthorisation(tx, call.part.authorisationId!, lock);
  if (found?.consentId === consent.id && found.bank === call.bank.slug) return found;
  throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such authorisation.');
}

/** `or partly`: a second person may still sign it. */
function mustBeOpen(consent: Consent, how?: 'or partly'): void {
  const open = consent.status === 'received' || (how && consent.status === 'partiallyAuthorised');
  if (!open) throw new Refused(409, 'STATUS_INVALID', `The consent is already ${consent.status}.`);
}

const outOfTurn = () => new Refused(409, 'STATUS_INVALID', 'The authorisation does not wait for this.');
