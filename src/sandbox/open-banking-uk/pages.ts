import type { IncomingMessage, ServerResponse } from 'node:http';
import { TYPES } from '../people/approval.ts';
import { html, type Markup } from '../people/markup.ts';
import { loginForm, problem } from '../people/pages.ts';
import type { Handler, Shown, Visit } from '../people/server.ts';
import { isBlocked } from '../store.ts';
import { findPerson, type Person } from '../world/banks.ts';
import { type Holding, numberOf } from '../world/holdings.ts';
import { changeConsent, endConsent, endGrant, findConsent, listConsents, type UkConsent } from './data/consents.ts';
import { spoilReturn } from './deviations.ts';
import type { Permission } from './face.ts';
import { type Answered, ask } from './server/asking.ts';
import { type Provider, ProviderMissing, providerOf, type UkBank, wireNow } from './server/provider.ts';
import { dropState, findState, storeState } from './state-store.ts';

const TRIES = 3;
const SCOPES = 'openid accounts';
const CLAIMS = ['sub', 'openbanking_intent_id', 'acr'];

/** The pages of a person's approval at these banks. */
export const APPROVAL_ROUTES: readonly [method: 'GET' | 'POST', path: RegExp, handler: Handler][] = [
  ['GET', /^\/authorize$/, passOn],
  ['GET', /^\/authorize\/([\w-]+)$/, passOn],
  ['GET', /^\/approve\/([\w-]+)$/, showApproval],
  ['POST', /^\/approve\/([\w-]+)\/login$/, login],
  ['POST', /^\/approve\/([\w-]+)\/decide$/, decide],
];

/** A person's attempt to approve; kept until the decision. */
type Attempt = { person?: string; wrong: number };

/**
 * `GET /authorize` and the way back to it: the authorization server itself, without an earlier login. The consent is the
 * subject, so that who was here for another one would be somebody else.
 */
async function passOn(visit: Visit): Promise<Shown> {
  const { stage, request } = visit;
  const bank = visit.bank as UkBank;
  let provider: Provider;
  try {
    provider = await providerOf(stage, bank);
  } catch (error) {
    if (!(error instanceof ProviderMissing)) throw error;
    return { title: 'This does not work', body: html`${problem(error.message)}`, bank, status: 503 };
  }
  const cookies = (request.headers.cookie ?? '').split('; ').filter((one) => !/^_session/.test(one));
  const answered = await ask(provider.callback(), {
    method: 'GET',
    url: request.url ?? '/',
    headers: { ...request.headers, cookie: cookies.join('; ') },
    socket: request.socket,
    mount: '',
    body: '',
  });
  const { location } = answered.headers;
  if (location !== undefined) {
    const own = location.startsWith('/') || location.startsWith(stage.peopleUrl(bank.slug));
    const behaviour = own ? undefined : await stage.misbehaviours.take(bank.slug, 'authorize');
    return { sendTo: await spoilReturn(stage, bank, location, behaviour), cookies: answered.cookies };
  }
  return notAccepted(visit, answered);
}

function notAccepted({ bank }: Visit, { status, body }: Answered): Shown {
  let said: { error_description?: string; error?: string } = {};
  try {
    said = JSON.parse(body);
  } catch {
    // Whatever it was, it is not for people.
  }
  const text = said.error_description ?? said.error ?? 'The request was not understood.';
  return { title: 'This does not work', body: html`${problem(text)}`, bank, status: status >= 400 ? status : 400 };
}

type Found = { provider: Provider; consent: UkConsent; attempt: Attempt; params: Record<string, unknown> };

/** `GET /approve/{uid}`: log in, or decide. */
async function showApproval(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!('consent' in found)) return found;
  return found.attempt.person ? decisionPage(visit, found) : loginPage(visit, found);
}

async function login(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!('consent' in found)) return found;
  const { stage, bank, form, part } = visit;
  const person = findPerson(bank, form.get('username')?.trim());
  if (person && (await isBlocked(stage.database, bank.slug, person.login)))
    return loginPage(visit, found, 'This login is blocked. Please ask the bank.');
  if (person?.password === form.get('password')) {
    await storeState(stage.database, bank.slug, 'attempt', part, { ...found.attempt, person: person.login });
    return { sendTo: `/approve/${part}` };
  }
  const wrong = found.attempt.wrong + 1;
  await storeState(stage.database, bank.slug, 'attempt', part, { ...found.attempt, wrong });
  if (wrong >= TRIES) return refuse(visit, found);
  return loginPage(visit, found, 'The username or the password is wrong.');
}

/** Refusing needs no login. */
async function decide(visit: Visit): Promise<Shown> {
  const found = await find(visit);
  if (!('consent' in found)) return found;
  const { stage, form } = visit;
  const bank = visit.bank as UkBank;
  if (form.get('decision') !== 'approve') return refuse(visit, found);
  const person = findPerson(bank, found.attempt.person);
  if (!person) return loginPage(visit, found);
  const numbers = person.holdings.map(numberOf).filter((number) => form.getAll('account').includes(number));
  if (numbers.length === 0) return decisionPage(visit, found, 'Please choose at least one account.');
  if (await stage.misbehaviours.take(bank.slug, 'approval', 'refuse')) return refuse(visit, found);
  const grantId = await approve(visit, found.provider, found.consent, person, numbers);
  if (!grantId) return refuse(visit, found);
  await dropState(stage.database, bank.slug, 'attempt', visit.part);
  const ts = Math.floor(wireNow(stage).getTime() / 1000);
  const acr = acrOf(found.params);
  return finish(visit, found.provider, {
    login: { accountId: found.consent.id, acr, ts, remember: false },
    consent: { grantId },
  });
}

/** Opens the consent for these accounts, with a new grant in place of an earlier one. */
export async function approve(
  { stage, bank }: Pick<Visit, 'stage' | 'bank'>,
  provider: Provider,
  consent: UkConsent,
  person: Person,
  numbers: string[],
): Promise<string | undefined> {
  const grant = new provider.Grant({ accountId: consent.id, clientId: consent.client });
  grant.addOIDCScope(SCOPES);
  grant.addOIDCClaims(CLAIMS);
  const grantId = await grant.save();
  const opened = await changeConsent(stage, bank as UkBank, consent.id, async (before, tx) => {
    if (!['awaiting', 'authorised'].includes(before.status)) return undefined;
    await endGrant(tx, bank as UkBank, before);
    return {
      status: 'authorised',
      person: person.login,
      accounts: numbers,
      authorisedAt: stage.clock.now().toISOString(),
      grantId,
    };
  });
  return opened && grantId;
}

/** A consent that was open before stays as it was: only this approval is refused. */
async function refuse(visit: Visit, { provider, consent }: Found): Promise<Shown> {
  const { stage } = visit;
  const bank = visit.bank as UkBank;
  if (consent.status === 'awaiting') await endConsent(stage, bank, consent.id, 'rejected');
  await dropState(stage.database, bank.slug, 'attempt', visit.part);
  return finish(visit, provider, { error: 'access_denied', error_description: 'The customer refused.' });
}

async function finish(visit: Visit, provider: Provider, result: object): Promise<Shown> {
  return { sendTo: await provider.interactionResult(visit.request, NOBODY, result) };
}

// Only cookies are read of what is handed in here.
const NOBODY = {} as ServerResponse;

async function find(visit: Visit): Promise<Found | Shown> {
  const { stage, part, request } = visit;
  const bank = visit.bank as UkBank;
  const provider = await providerOf(stage, bank);
  const details = await interactionOf(provider, request);
  if (details?.uid !== part) return unknown(visit);
  const consent = await findConsent(stage, bank, intentOf(details.params) ?? '');
  const may =
    consent && ['awaiting', 'authorised'].includes(consent.status) && consent.client === details.params.client_id;
  if (!may)
    return finish(visit, provider, {
      error: 'invalid_request',
      error_description: 'There is no such consent to approve.',
    });
  const attempt = await findState<Attempt>(stage.database, bank.slug, 'attempt', part);
  return { provider, consent, attempt: attempt ?? { wrong: 0 }, params: details.params };
}

async function interactionOf(provider: Provider, request: IncomingMessage) {
  try {
    return await provider.interactionDetails(request, NOBODY);
  } catch (error) {
    if ((error as Error).name === 'SessionNotFound') return undefined;
    throw error;
  }
}

type Requested = Record<string, { value?: string; values?: string[] } | null | undefined>;

function intentOf(params: Record<string, unknown>): string | undefined {
  const { id_token = {}, userinfo = {} } = requestedOf(params);
  return id_token.openbanking_intent_id?.value ?? userinfo.openbanking_intent_id?.value;
}

/** Strong authentication was done; a client that only asks for less is told less. */
function acrOf(params: Record<string, unknown>): string {
  const acr = requestedOf(params).id_token?.acr;
  const values = acr?.values ?? (acr?.value ? [acr.value] : []);
  const strong = 'urn:openbanking:psd2:sca';
  return values.length === 0 || values.includes(strong) ? strong : values[0]!;
}

function requestedOf({ claims }: Record<string, unknown>): { id_token?: Requested; userinfo?: Requested } {
  return typeof claims === 'string' ? JSON.parse(claims) : {};
}

const unknown = ({ bank }: Visit): Shown => ({
  title: 'This link does not work',
  body: html`<p>Please go back to the app you came from and start again.</p>`,
  bank,
  status: 404,
});

function loginPage({ bank, part }: Visit, { consent }: Found, wrong?: string): Shown {
  const body = html`<p><strong>${consent.clientName}</strong> asks to see your accounts. Log in to go on.</p>
${loginForm(bank, `/approve/${part}/login`, wrong)}${refuseForm(part, 'Cancel and go back')}`;
  return { title: 'Log in', body, bank };
}

function decisionPage({ bank, part }: Visit, { consent, attempt }: Found, wrong?: string): Shown {
  const person = findPerson(bank, attempt.person)!;
  const body = html`${problem(wrong)}<p><strong>${consent.clientName}</strong> asks to see your accounts${untilOf(consent)}.</p>
<h2>What they ask for</h2><ul id="permissions">${wordsOf(consent.permissions).map((words) => html`<li>${words}</li>`)}</ul>
<form method="post" action="/approve/${part}/decide" id="decision">
<fieldset id="accounts"><legend>Which accounts?</legend>${person.holdings.map(accountBox)}</fieldset>
<button type="submit" name="decision" value="approve" id="approve">Approve</button>
<button type="submit" name="decision" value="refuse" id="refuse" class="plain">Refuse</button></form>`;
  return { title: 'Approve access', body, bank };
}

function accountBox(holding: Holding, index: number): Markup {
  const number = numberOf(holding);
  const shown = holding.iban ? `${holding.iban.slice(8, 14)} ${holding.iban.slice(14)}` : number;
  return html`<div class="tick"><input type="checkbox" id="account-${index}" name="account" value="${number}" checked>
<label for="account-${index}">${shown}</label> <span>${TYPES[holding.type]}</span></div>`;
}

function refuseForm(part: string, words: string): Markup {
  return html`<form method="post" action="/approve/${part}/decide">
<button type="submit" name="decision" value="refuse" id="cancel" class="plain">${words}</button></form>`;
}

/** The clusters of permissions in the words of a page. */
const CLUSTERS: readonly [permission: RegExp, words: string][] = [
  [/^ReadAccounts/, 'Your account details'],
  [/^ReadBalances/, 'Your balances'],
  [/^ReadTransactions/, 'Your transactions'],
  [/^Read(Beneficiaries|DirectDebits|StandingOrders|ScheduledPayments)/, 'Your regular payments'],
  [/^ReadParty/, 'Your name and address'],
  [/^ReadPAN/, 'Your whole card number'],
  [/^Read(Products|Offers|Statements)/, 'Your account features'],
];

const wordsOf = (permissions: readonly Permission[]): string[] =>
  CLUSTERS.filter(([form]) => permissions.some((one) => form.test(one))).map(([, words]) => words);

const untilOf = ({ expiresAt }: UkConsent): string => (expiresAt ? ` until ${expiresAt.slice(0, 10)}` : '');

const STATUS_WORDS = {
  awaiting: 'waiting',
  authorised: 'active',
  rejected: 'refused',
  cancelled: 'revoked',
  expired: 'expired',
} as const;

/** The consents of a person, as the page of all consents shows them. */
export async function listApproved({ stage, bank }: Visit, login: string): Promise<Markup[]> {
  const all = await listConsents(stage, bank as UkBank, login);
  return all.filter(({ accounts }) => accounts).map(consentItem);
}

const consentItem = (consent: UkConsent) => html`<li id="consent-${consent.id}">
<p><strong>${consent.clientName}</strong> may see ${consent.accounts?.join(', ')}${untilOf(consent)}.
Status: <span class="status">${STATUS_WORDS[consent.status]}</span></p>
${
  consent.status === 'authorised' &&
  html`<form method="post" action="/consents/${consent.id}/revoke">
<button type="submit" class="plain revoke">Revoke</button></form>`
}</li>`;
