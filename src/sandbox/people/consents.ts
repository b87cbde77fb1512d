import { randomBytes } from 'node:crypto';
import { endConsent as endAccess } from '../open-banking-uk/data/consents.ts';
import { listApproved } from '../open-banking-uk/pages.ts';
import { speaksOpenBanking } from '../open-banking-uk/server/provider.ts';
import {
  type Consent,
  endTokens,
  findConsent,
  findVisit,
  hashOf,
  isBlocked,
  listConsents,
  storeConsent,
  storeVisit,
} from '../store.ts';
import { findPerson } from '../world/banks.ts';
import { dayOf } from '../world/time.ts';
import { tellCaller } from '../xs2a/security/notifier.ts';
import { settleExpiry } from '../xs2a/standing.ts';
import { html, type Markup } from './markup.ts';
import { loginForm } from './pages.ts';
import type { Shown, Visit } from './server.ts';

const VISIT_MS = 60 * 60_000;

/** `GET /consents`: who may see the person's accounts, and a way to end it. */
export async function showConsents(visit: Visit): Promise<Shown> {
  const { bank } = visit;
  const login = await whoIsHere(visit);
  if (!login) return { title: 'Log in', body: loginForm(bank, '/consents/login'), bank };
  const items = speaksOpenBanking(bank) ? await listApproved(visit, login) : await listGranted(visit, login);
  const body =
    items.length === 0
      ? html`<p id="nothing">Nobody may see your accounts.</p>`
      : html`<ul id="consents">${items}</ul>`;
  return { title: 'My consents', body, bank };
}

async function listGranted({ stage, bank, now }: Visit, login: string): Promise<Markup[]> {
  const all = await listConsents(stage.database, bank.slug, login);
  const settled = await Promise.all(all.map((consent) => settleExpiry(stage.database, bank, consent, now)));
  return settled.filter((consent) => consent.granted).map(consentItem);
}

/** `POST /consents/login`. */
export async function logInForConsents({ stage, bank, form, now }: Visit): Promise<Shown> {
  const person = findPerson(bank, form.get('username')?.trim());
  const right =
    person && person.password === form.get('password') && !(await isBlocked(stage.database, bank.slug, person.login));
  if (!right)
    return {
      title: 'Log in',
      body: loginForm(bank, '/consents/login', 'The username or the password is wrong.'),
      bank,
    };
  const cookie = randomBytes(32).toString('base64url');
  await storeVisit(stage.database, hashOf(cookie), bank.slug, person.login, new Date(now.getTime() + VISIT_MS));
  return { sendTo: '/consents', cookie };
}

/** `POST /consents/{id}/revoke`. */
export async function revoke(visit: Visit): Promise<Shown> {
  const { stage, bank, part } = visit;
  const login = await whoIsHere(visit);
  if (login && speaksOpenBanking(bank)) await endAccess(stage, bank, part, 'cancelled', login);
  else if (login) await endConsent(visit, part, 'revokedByPsu', login);
  return { sendTo: '/consents' };
}

/** Ends a consent at the bank as revoked or expired; false when there is none that could be. */
export async function endConsent(
  { stage, bank, now }: Pick<Visit, 'stage' | 'bank' | 'now'>,
  id: string,
  status: 'revokedByPsu' | 'expired',
  login?: string,
): Promise<boolean> {
  const ended = await stage.database.transaction(async (tx) => {
    const consent = await findConsent(tx, bank.slug, id, 'lock');
    if (!consent || (login && consent.person !== login)) return false;
    if (!['received', 'partiallyAuthorised', 'valid'].includes(consent.status)) return false;
    await storeConsent(tx, { ...consent, status, lastActionDate: dayOf(now, bank.zone) });
    await endTokens(tx, bank.slug, id);
    return true;
  });
  if (ended) await tellCaller({ stage, bank }, id);
  return ended;
}

const whoIsHere = async ({ stage, bank, cookie, now }: Visit) =>
  cookie ? findVisit(stage.database, hashOf(cookie), bank.slug, now) : undefined;

const STATUS_WORDS: Record<Consent['status'], string> = {
  received: 'waiting',
  partiallyAuthorised: 'waiting for a second signature',
  rejected: 'refused',
  valid: 'active',
  revokedByPsu: 'revoked by you',
  expired: 'expired',
  terminatedByTpp: 'ended by them',
};

const consentItem = (consent: Consent) => html`<li id="consent-${consent.id}">
<p><strong>${consent.clientName}</strong> may see ${consent.granted?.join(', ')} until ${consent.validUntil}.
Status: <span class="status">${STATUS_WORDS[consent.status]}</span></p>
${
  consent.status === 'valid' &&
  html`<form method="post" action="/consents/${consent.id}/revoke">
<button type="submit" class="plain revoke">Revoke</button></form>`
}</li>`;
