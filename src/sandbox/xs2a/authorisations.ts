import type { Tx } from '../../base/database.ts';
import {
  type Authorisation,
  type Consent,
  countRead,
  findAuthorisation,
  findConsent,
  isBlocked,
  storeAuthorisation,
  storeConsent,
} from '../store.ts';
import { findPerson, type Method, type Person } from '../world/banks.ts';
import { photoChallenge } from '../world/photo.ts';
import { isRecord } from './access.ts';
import { approachHeader, type Call, links, newAuthorisationId, today } from './call.ts';
import { conclude } from './conclude.ts';
import { formatError, type Links, Refused, type Reply } from './errors.ts';
import { isForgotten, ownConsent } from './standing.ts';

/** An authorisation and what an answer says besides its status and links. */
type Opened = { authorisation: Authorisation; extras: Record<string, unknown> };

/** What a step came to: kept either way, and then answered or refused. */
type Outcome = Opened | { refusal: Refused };

const TRIES = 3;
const PUSH_MESSAGE = {
  de: 'Bitte geben Sie den Zugriff in Ihrer App frei.',
  en: 'Please approve the access in your app.',
  nl: 'Keur de toegang goed in uw app.',
};

/** `POST /v1/consents/{consentId}/authorisations`. */
export async function startAuthorisation(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  mustBeOpen(consent);
  const name = call.headers['psu-id'] ?? consent.person;
  const password = passwordOf(call.body);
  const outcome = await call.stage.database.transaction(async (tx): Promise<Outcome> => {
    const locked = (await findConsent(tx, call.bank.slug, consent.id, 'lock'))!;
    mustBeOpen(locked);
    const person = findPerson(call.bank, name);
    const redirected = call.face.approach === 'redirect' || call.face.approach === 'oauth';
    if (!redirected && name && !person) return wrongPassword(tx, call, locked);
    if (call.face.approach === 'decoupled' && !person) throw formatError('header PSU-ID is missing');
    if (person && locked.person !== person.login) await storeConsent(tx, { ...locked, person: person.login });
    const known: Consent = { ...locked, ...(person ? { person: person.login } : {}) };
    if (password === undefined || call.face.approach !== 'embedded') return openAuthorisation(tx, call, known);
    if (!person) throw formatError('header PSU-ID is missing');
    if (!(await isRight(tx, call, person, password))) return wrongPassword(tx, call, known);
    return authenticated(tx, call, known, blank(call, known), person);
  });
  return answer(call, outcome, 201);
}

/** `GET /v1/consents/{consentId}/authorisations/{authorisationId}`. */
export async function getAuthorisation(call: Call): Promise<Reply> {
  const consent = await ownConsent(call);
  const seen = await ownAuthorisation(call.stage.database, call, consent);
  const authorisation = isForgotten(consent, seen, call.now) ? await forget(call, seen) : seen;
  const done = ['finalised', 'exempted', 'failed'].includes(authorisation.status);
  return {
    status: 200,
    headers: { 'aspsp-sca-approach': approachOf(authorisation) },
    body: {
      scaStatus: authorisation.status,
      ...(authorisation.waiting ? { psuMessage: PUSH_MESSAGE[call.bank.language] } : {}),
      ...(done ? {} : { _links: authorisationLinks(call, authorisation) }),
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

/** `PUT /v1/consents/{consentId}/authorisations/{authorisationId}`: what the person answered. */
export async function updateAuthorisation(call: Call): Promise<Reply> {
  const seen = await ownConsent(call);
  const body = call.body ?? {};
  if (!isRecord(body)) throw formatError('the body must be a JSON object');
  const outcome = await call.stage.database.transaction(async (tx): Promise<Outcome> => {
    const consent = (await findConsent(tx, call.bank.slug, seen.id, 'lock'))!;
    const authorisation = await ownAuthorisation(tx, call, consent, 'lock');
    mustBeOpen(consent);
    if (body.psuData !== undefined) return givePassword(tx, call, consent, authorisation);
    if (body.authenticationMethodId !== undefined)
      return giveMethod(tx, call, authorisation, body.authenticationMethodId);
    if (body.scaAuthenticationData !== undefined)
      return giveCode(tx, call, consent, authorisation, body.scaAuthenticationData);
    if (body.confirmationCode !== undefined)
      throw new Refused(400, 'SERVICE_INVALID', 'This bank asks for no confirmation code.');
    return giveName(tx, call, consent, authorisation);
  });
  return answer(call, outcome, 200);
}

/** Opens an authorisation as far as the bank can without a password. */
export async function openAuthorisation(tx: Tx, call: Call, consent: Consent): Promise<Opened> {
  const opened = blank(call, consent);
  const { approach } = call.face;
  const extras: Record<string, unknown> = {};
  if (approach === 'decoupled') {
    Object.assign(opened, { status: 'started', waiting: true });
    extras.psuMessage = PUSH_MESSAGE[call.bank.language];
  } else if (approach === 'embedded' && consent.person) opened.status = 'psuIdentified';
  await storeAuthorisation(tx, opened);
  return { authorisation: opened, extras };
}

/** What may be done next with an authorisation: the links that its answers carry. */
export function authorisationLinks(call: Call, authorisation: Authorisation): Links {
  const path = `/v1/consents/${authorisation.consentId}/authorisations/${authorisation.id}`;
  const scaStatus = links(call, { scaStatus: path });
  if (authorisation.approach === 'redirect') {
    return {
      scaRedirect: { href: `${call.stage.peopleUrl(call.bank.slug)}/authorise/${authorisation.id}` },
      ...scaStatus,
    };
  }
  if (authorisation.approach === 'oauth') {
    const metadata = `${call.stage.machineUrl(call.bank.slug)}/.well-known/oauth-authorization-server`;
    return { scaOAuth: { href: metadata }, ...scaStatus };
  }
  const next = authorisation.approach === 'embedded' ? EMBEDDED_NEXT[authorisation.status] : [];
  const methods = findPerson(call.bank, authorisation.person)?.methods.length ?? 0;
  const names = next.filter((name) => name !== 'selectAuthenticationMethod' || methods > 0);
  return { ...links(call, Object.fromEntries(names.map((name) => [name, path]))), ...scaStatus };
}

/** How to start an authorisation that the bank did not open by itself. */
export function startLinks(call: Call, consent: Consent): Links {
  const path = `/v1/consents/${consent.id}/authorisations`;
  const { approach, identification } = call.face;
  if (approach === 'redirect' || approach === 'oauth') return links(call, { startAuthorisation: path });
  if (approach === 'decoupled') {
    return links(call, { [consent.person ? 'startAuthorisation' : 'startAuthorisationWithPsuIdentification']: path });
  }
  const together = identification === 'together' || consent.person;
  const name = together ? 'startAuthorisationWithPsuAuthentication' : 'startAuthorisationWithPsuIdentification';
  return links(call, { [name]: path });
}

const EMBEDDED_NEXT: Record<Authorisation['status'], readonly string[]> = {
  received: ['updatePsuIdentification'],
  psuIdentified: ['updatePsuAuthentication'],
  psuAuthenticated: ['selectAuthenticationMethod'],
  scaMethodSelected: ['authoriseTransaction', 'selectAuthenticationMethod'],
  started: ['selectAuthenticationMethod'],
  finalised: [],
  exempted: [],
  failed: [],
};

async function giveName(tx: Tx, call: Call, consent: Consent, authorisation: Authorisation): Promise<Outcome> {
  if (authorisation.status !== 'received') throw outOfTurn();
  const name = call.headers['psu-id'];
  if (!name) throw formatError('header PSU-ID is missing');
  const person = findPerson(call.bank, name);
  if (!person) return wrongPassword(tx, call, consent, authorisation);
  await storeConsent(tx, { ...consent, person: person.login });
  return keep(tx, { ...authorisation, person: person.login, status: 'psuIdentified' });
}

async function givePassword(tx: Tx, call: Call, consent: Consent, authorisation: Authorisation): Promise<Outcome> {
  if (authorisation.approach !== 'embedded') throw outOfTurn();
  if (authorisation.status !== 'received' && authorisation.status !== 'psuIdentified') throw outOfTurn();
  const password = passwordOf(call.body);
  if (password === undefined) throw formatError('psuData.password is missing');
  const name = call.headers['psu-id'] ?? authorisation.person;
  if (!name) throw formatError('header PSU-ID is missing');
  const person = findPerson(call.bank, name);
  const right = person && (await isRight(tx, call, person, password));
  if (!right) return wrongPassword(tx, call, consent, authorisation);
  const known = { ...consent, person: person.login };
  await storeConsent(tx, known);
  return authenticated(tx, call, known, authorisation, person);
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
  if (method.type === 'PUSH_OTP') {
    const extras = { chosenScaMethod: presentMethod(method), psuMessage: PUSH_MESSAGE[call.bank.language] };
    return keep(tx, { ...authorisation, method: method.id, status: 'started', waiting: true }, extras);
  }
  const extras = { chosenScaMethod: presentMethod(method), challengeData: challengeOf(method, authorisation.id) };
  return keep(tx, { ...authorisation, method: method.id, status: 'scaMethodSelected', waiting: false }, extras);
}

const presentMethod = ({ id, type, name, explanation }: Method) => ({
  authenticationType: type,
  authenticationMethodId: id,
  name,
  explanation,
});

function challengeOf(method: Method, authorisationId: string): Record<string, unknown> {
  const form = { otpMaxLength: 6, otpFormat: 'integer' };
  const number = String(Number.parseInt(Buffer.from(authorisationId).toString('hex').slice(0, 12), 16)).slice(-8);
  switch (method.type) {
    case 'CHIP_OTP':
      return { data: [number], additionalInformation: 'Enter this number into your card reader.', ...form };
    case 'PHOTO_OTP':
      return {
        image: photoChallenge(authorisationId).toString('base64'),
        additionalInformation: 'Scan the picture with your photo-TAN reader.',
        ...form,
      };
    default:
      return { additionalInformation: 'We sent a code by SMS to the number ending in 4711.', ...form };
  }
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

function answer(call: Call, outcome: Outcome, status: number): Reply {
  if ('refusal' in outcome) throw outcome.refusal;
  const { authorisation, extras } = outcome;
  return {
    status,
    headers: { 'aspsp-sca-approach': approachOf(authorisation) },
    body: {
      scaStatus: authorisation.status,
      authorisationId: authorisation.id,
      ...extras,
      _links: authorisationLinks(call, authorisation),
    },
  };
}

const approachOf = (authorisation: Authorisation) =>
  authorisation.waiting ? 'DECOUPLED' : approachHeader(authorisation.approach);

const passwordOf = (body: unknown): string | undefined => {
  const data = isRecord(body) && isRecord(body.psuData) ? body.psuData.password : undefined;
  return typeof data === 'string' ? data : undefined;
};

async function ownAuthorisation(tx: Tx, call: Call, consent: Consent, lock?: 'lock'): Promise<Authorisation> {
  const found = await findAuthorisation(tx, call.part.authorisationId!, lock);
  if (found?.consentId === consent.id && found.bank === call.bank.slug) return found;
  throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such authorisation.');
}

function mustBeOpen(consent: Consent): void {
  if (consent.status !== 'received')
    throw new Refused(409, 'STATUS_INVALID', `The consent is already ${consent.status}.`);
}

const outOfTurn = () => new Refused(409, 'STATUS_INVALID', 'The authorisation does not wait for this.');
