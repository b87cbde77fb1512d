import { randomBytes } from 'node:crypto';
import type { Tx } from '../../base/database.ts';
import {
  type Authorisation,
  type Consent,
  countRead,
  findAuthorisation,
  findConsent,
  hashOf,
  isBlocked,
  storeAuthorisation,
  storeConsent,
  storeVisit,
} from '../store.ts';
import { type Bank, findPerson } from '../world/banks.ts';
import { currencyOf } from '../world/data.ts';
import { type Holding, numberOf } from '../world/holdings.ts';
import { dayOf } from '../world/time.ts';
import { eligible, modelOf } from '../xs2a/access.ts';
import { faceOf } from '../xs2a/call.ts';
import { conclude, grantedNumbers } from '../xs2a/conclude.ts';
import { isOver } from '../xs2a/proof/next.ts';
import { tellCaller } from '../xs2a/security/notifier.ts';
import { beginAuthorization, endAuthorization } from '../xs2a/security/oauth.ts';
import { html, type Markup } from './markup.ts';
import { loginForm, problem, signedBefore } from './pages.ts';
import type { Shown, Visit } from './server.ts';

const TRIES = 3;
/** What people call a holding. */
export const TYPES = { CACC: 'current account', SVGS: 'savings account', CARD: 'card', LOAN: 'loan' };
const VISIT_MS = 60 * 60_000;

/** `GET /authorize`: the OAuth authorization endpoint. */
export async function showAuthorize(visit: Visit): Promise<Shown> {
  const outcome = await beginAuthorization(visit.stage, visit.bank, visit.query);
  if ('problem' in outcome)
    return { title: 'This does not work', body: html`${problem(outcome.problem)}`, bank: visit.bank, status: 400 };
  if ('signIn' in outcome) return { sendTo: `/sign-in/${outcome.signIn}` };
  return 'sendTo' in outcome ? outcome : { sendTo: `/authorise/${outcome.authorisation.id}` };
}

/** `GET /authorise/{id}`: log in, or decide, or the way back when all is done. */
export async function showAuthorisation(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!found) return unknown(visit);
  const { authorisation, consent } = found;
  if (isDone(authorisation)) return sendBack(visit, consent, authorisation);
  return isHere(visit, authorisation) ? decisionPage(visit, consent, authorisation) : loginPage(visit, consent);
}

/** `POST /authorise/{id}/login`. */
export async function login(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!found) return unknown(visit);
  if (isDone(found.authorisation)) return sendBack(visit, found.consent, found.authorisation);
  const { stage, bank, form, now } = visit;
  const person = findPerson(bank, form.get('username')?.trim());
  const blocked = person && (await isBlocked(stage.database, bank.slug, person.login));
  if (blocked) return loginPage(visit, found.consent, 'This login is blocked. Please ask the bank.');
  const second = found.consent.status === 'partiallyAuthorised';
  const expected = !second || person?.login === findPerson(bank, found.consent.person)?.cosigner;
  if (!person || !expected || person.password !== form.get('password')) return wrongPassword(visit, found);
  const cookie = randomBytes(32).toString('base64url');
  await stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, bank.slug, found.consent.id, 'lock'))!;
    const authorisation = (await findAuthorisation(tx, found.authorisation.id, 'lock'))!;
    // Refused in another tab meanwhile: the page that follows sends the person back.
    if (isDone(authorisation) || !isOpen(consent, authorisation)) return;
    const known = { person: person.login, status: 'psuAuthenticated', visit: hashOf(cookie) } as const;
    await storeAuthorisation(tx, { ...authorisation, ...known });
    if (!second) await storeConsent(tx, { ...consent, person: person.login });
    await storeVisit(tx, hashOf(cookie), bank.slug, person.login, new Date(now.getTime() + VISIT_MS));
  });
  return { sendTo: `/authorise/${found.authorisation.id}`, cookie };
}

/** `POST /authorise/{id}/decide`. Refusing needs no login. */
export async function decide(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!found) return unknown(visit);
  if (isDone(found.authorisation)) return sendBack(visit, found.consent, found.authorisation);
  const verdict = visit.form.get('decision') === 'approve' ? 'approve' : 'refuse';
  if (verdict === 'approve' && !isHere(visit, found.authorisation)) return loginPage(visit, found.consent);
  const chosen = visit.form.getAll('account');
  const chooses = modelOf(found.consent.access) === 'offered' && found.consent.status === 'received';
  if (verdict === 'approve' && chooses && chosen.length === 0) {
    return decisionPage(visit, found.consent, found.authorisation, 'Please choose at least one account.');
  }
  const { stage, bank, now } = visit;
  const ended = await stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, bank.slug, found.consent.id, 'lock'))!;
    const authorisation = (await findAuthorisation(tx, found.authorisation.id, 'lock'))!;
    if (isDone(authorisation) || !isOpen(consent, authorisation)) return authorisation;
    const confirms = faceOf(stage, bank, consent.face)?.confirmation !== 'none';
    if (verdict === 'approve' && confirms) return waitForCode(tx, authorisation, chosen);
    return conclude(tx, { stage, bank, now }, consent, authorisation, { verdict, chosen });
  });
  await tellCaller(visit, ended.consentId, ended);
  return sendBack(visit, found.consent, ended);
}

/** Nothing is approved until the caller has shown that the person came back to them: with this code. */
async function waitForCode(tx: Tx, authorisation: Authorisation, chosen: readonly string[]): Promise<Authorisation> {
  const confirmation = { code: randomBytes(9).toString('base64url'), chosen };
  const waiting: Authorisation = { ...authorisation, status: 'unconfirmed', confirmation };
  await storeAuthorisation(tx, waiting);
  return waiting;
}

type Found = { authorisation: Authorisation; consent: Consent };

async function find({ stage, bank, part }: Visit): Promise<Found | undefined> {
  const authorisation = await findAuthorisation(stage.database, part);
  if (authorisation?.bank !== bank.slug) return undefined;
  if (authorisation.approach !== 'redirect' && authorisation.approach !== 'oauth') return undefined;
  const consent = await findConsent(stage.database, bank.slug, authorisation.consentId);
  if (!consent) return undefined;
  // Someone else ended the consent meanwhile: nothing is left to decide.
  if (!isOpen(consent, authorisation) && !isDone(authorisation))
    return { consent, authorisation: { ...authorisation, status: 'failed' } };
  return { consent, authorisation };
}

const isDone = (authorisation: Authorisation) => isOver(authorisation) || authorisation.status === 'unconfirmed';

/** True while the consent waits for this signature, the first or the second. */
const isOpen = (consent: Consent, { person }: Authorisation) =>
  consent.status === 'received' || (consent.status === 'partiallyAuthorised' && person !== consent.person);
const isHere = ({ cookie }: Visit, authorisation: Authorisation) =>
  !!authorisation.person && cookie !== undefined && authorisation.visit === hashOf(cookie);

/**
 * To the address given with the consent, exactly as it was given. After an approval only the browser that approved is sent
 * there: whoever else opens the page once more must not learn where an approved person returns to.
 */
async function sendBack(visit: Visit, consent: Consent, authorisation: Authorisation): Promise<Shown> {
  const { stage, bank } = visit;
  if (authorisation.approach === 'oauth') {
    // A code is only for the browser of the person who approved.
    const mayHaveCode = authorisation.status === 'failed' || isHere(visit, authorisation);
    if (!authorisation.oauth || !mayHaveCode) return finished(visit);
    return { sendTo: await endAuthorization(stage.database, stage, bank, authorisation, consent.client) };
  }
  const failed = authorisation.status === 'failed';
  if (!failed && !isHere(visit, authorisation)) return finished(visit);
  const address = failed ? (consent.nokRedirectUri ?? consent.redirectUri) : consent.redirectUri;
  const { confirmation } = authorisation;
  if (!address || !confirmation || failed) return address ? { sendTo: address } : finished(visit);
  const url = new URL(address);
  url.searchParams.set(faceOf(stage, bank, consent.face)?.confirmation ?? 'code', confirmation.code);
  return { sendTo: url.href };
}

const finished = ({ bank }: Visit): Shown => ({
  title: 'This is finished',
  body: html`<p>You can close this page.</p>`,
  bank,
});

const unknown = ({ bank }: Visit): Shown => ({
  title: 'This link does not work',
  body: html`<p>Please go back to the app you came from and start again.</p>`,
  bank,
  status: 404,
});

async function wrongPassword(visit: Visit, { consent, authorisation }: Found): Promise<Shown> {
  const { stage, bank, now } = visit;
  const count = await countRead(stage.database, bank.slug, consent.id, 'wrong password', dayOf(now, bank.zone));
  if (count < TRIES) return loginPage(visit, consent, 'The username or the password is wrong.');
  const failed = await stage.database.transaction(async (tx) => {
    const locked = (await findConsent(tx, bank.slug, consent.id, 'lock'))!;
    return conclude(tx, { stage, bank, now }, locked, authorisation, { verdict: 'refuse' });
  });
  return sendBack(visit, consent, failed);
}

function loginPage(visit: Visit, consent: Consent, wrong?: string): Shown {
  const body = html`<p><strong>${consent.clientName}</strong> (${consent.client}) asks to see your accounts. Log in to go on.</p>
${loginForm(visit.bank, `/authorise/${visit.part}/login`, wrong)}${refuseForm(visit.part, 'Cancel and go back')}`;
  return { title: 'Log in', body, bank: visit.bank };
}

function decisionPage(visit: Visit, consent: Consent, authorisation: Authorisation, wrong?: string): Shown {
  const { bank, part } = visit;
  const asked = askedNumbers(visit, consent, authorisation);
  if (asked.length === 0) {
    const body = html`${problem('None of your accounts is what was asked for.')}${refuseForm(part, 'Go back')}`;
    return { title: 'Nothing to approve', body, bank };
  }
  const body = html`${problem(wrong)}${signedBefore(bank, consent)}<p><strong>${consent.clientName}</strong> asks to see these accounts until ${consent.validUntil}:</p>
<form method="post" action="/authorise/${part}/decide" id="decision">
${accountList(visit, consent, authorisation, asked)}
<button type="submit" name="decision" value="approve" id="approve">Approve</button>
<button type="submit" name="decision" value="refuse" id="refuse" class="plain">Refuse</button></form>`;
  return { title: 'Approve access', body, bank };
}

/** What is approved: what the first signer chose, where this is the second one. */
const askedNumbers = (visit: Visit, consent: Consent, authorisation: Authorisation) =>
  consent.status === 'partiallyAuthorised' ? consent.granted! : grantedNumbers(visit, consent, authorisation);

function accountList(
  { stage, bank }: Visit,
  consent: Consent,
  authorisation: Authorisation,
  asked: readonly string[],
): Markup {
  const face = faceOf(stage, bank, consent.face)!;
  const person = findPerson(bank, authorisation.person)!;
  if (modelOf(consent.access) !== 'offered' || consent.status === 'partiallyAuthorised') {
    return html`<ul id="accounts">${asked.map((number) => html`<li>${number}</li>`)}</ul>`;
  }
  const accounts = Map.groupBy(eligible(face, person, consent.access), numberOf).values();
  const boxes = [...accounts].map((parts, index) => accountBox(bank, parts, index));
  return html`<fieldset id="accounts"><legend>Which accounts?</legend>${boxes}</fieldset>`;
}

const accountBox = (bank: Bank, parts: readonly Holding[], index: number): Markup => {
  const [holding] = parts as [Holding];
  const number = numberOf(holding);
  const currencies = parts.length > 1 ? ` in ${parts.map((part) => currencyOf(bank, part)).join(', ')}` : '';
  return html`<div class="tick"><input type="checkbox" id="account-${index}" name="account" value="${number}" checked>
<label for="account-${index}">${number}</label> <span>${TYPES[holding.type]}${currencies}</span></div>`;
};

function refuseForm(id: string, words: string): Markup {
  return html`<form method="post" action="/authorise/${id}/decide">
<button type="submit" name="decision" value="refuse" id="cancel" class="plain">${words}</button></form>`;
}
