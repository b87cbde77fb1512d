import { decideApproval, listWaitingApprovals, type WaitingApproval } from '../fints/phone.ts';
import { decideAsked, listAsked } from '../open-banking-uk/phone.ts';
import { speaksOpenBanking } from '../open-banking-uk/server/provider.ts';
import type { Stage } from '../stage.ts';
import { type Authorisation, findAuthorisation, findConsent, listWaiting } from '../store.ts';
import { type Bank, findPerson } from '../world/banks.ts';
import { conclude } from '../xs2a/conclude.ts';
import { tellCaller } from '../xs2a/security/notifier.ts';
import { isForgotten } from '../xs2a/standing.ts';
import { html } from './markup.ts';
import { problem, signedBefore } from './pages.ts';
import type { Shown, Visit } from './server.ts';

/** `GET /phone`: whose phone to look at. */
export async function showPhones({ bank }: Visit): Promise<Shown> {
  const body = html`<p>Whose phone do you want to look at?</p>
<ul id="people">${bank.people.map((person) => html`<li><a href="/phone/${person.login}" id="phone-${person.login}">${person.name} (${person.login})</a></li>`)}</ul>`;
  return { title: 'Phone', body, bank };
}

/** `GET /phone/{login}`: what waits to be approved, and the codes that a real bank would send. */
export async function showPhone(visit: Visit, said?: string): Promise<Shown> {
  const { stage, bank, part } = visit;
  const person = findPerson(bank, part);
  if (!person) return { ...(await showPhones(visit)), status: 404 };
  const waiting = await listWaiting(stage.database, bank.slug, person.login);
  const approvals = await listInApp(stage, bank, person.login);
  const rows = [
    ...(await Promise.all(waiting.map((authorisation) => waitingItem(visit, authorisation)))),
    ...approvals.map((approval) => approvalItem(visit, approval)),
  ];
  const codes = person.methods.filter((method) => method.code);
  const body = html`${said ? html`<p role="status" id="said">${said}</p>` : ''}
${rows.length > 0 ? rows : html`<p id="nothing">Nothing waits for your approval.</p>`}
<p><a class="button" href="/phone/${part}" id="look-again">Look again</a></p>
${
  codes.length > 0 &&
  html`<h2>Codes</h2><table id="codes"><tr><th scope="col">Way</th><th scope="col">Code</th></tr>
${codes.map((method) => html`<tr><td>${method.name}</td><td>${method.code}</td></tr>`)}</table>`
}`;
  return { title: `Phone of ${person.name}`, body, bank };
}

/** `POST /phone/{login}`: the person approves or refuses. */
export async function answerOnPhone(visit: Visit): Promise<Shown> {
  const verdict = visit.form.get('decision') === 'approve' ? 'approve' : 'refuse';
  const { stage, bank, part } = visit;
  const id = visit.form.get('authorisation') ?? '';
  const ended =
    bank.fints || bank.openBanking
      ? await decideInApp(stage, bank, id, verdict, part)
      : await decideOnPhone(visit, id, verdict, part);
  if (!ended)
    return {
      title: 'Phone',
      body: html`${problem('That does not wait any more.')}<p><a href="/phone/${visit.part}">Back to the phone</a></p>`,
      bank: visit.bank,
    };
  return { sendTo: `/phone/${visit.part}` };
}

/** What waits in the app of a bank that asks there without an authorisation of XS2A. */
export function listInApp(stage: Stage, bank: Bank, login?: string): Promise<(WaitingApproval & { who?: string })[]> {
  return speaksOpenBanking(bank) ? listAsked(stage, bank, login) : listWaitingApprovals(stage, bank, login);
}

/** Answers it; false when it does not wait (any more). */
export function decideInApp(
  stage: Stage,
  bank: Bank,
  id: string,
  verdict: 'approve' | 'refuse',
  login?: string,
): Promise<boolean> {
  const decide = speaksOpenBanking(bank) ? decideAsked(stage, bank, id, verdict, login) : undefined;
  return decide ?? decideApproval(stage, bank, id, verdict, login);
}

/** Ends a waiting approval as the person says on their phone; undefined when it does not wait (any more). */
export async function decideOnPhone(
  at: Pick<Visit, 'stage' | 'bank' | 'now'>,
  id: string,
  verdict: 'approve' | 'refuse',
  login?: string,
): Promise<Authorisation | undefined> {
  const { stage, bank, now } = at;
  const seen = await findAuthorisation(stage.database, id);
  if (seen?.bank !== bank.slug) return undefined;
  const ended = await stage.database.transaction(async (tx) => {
    const consent = (await findConsent(tx, bank.slug, seen.consentId, 'lock'))!;
    const authorisation = (await findAuthorisation(tx, id, 'lock'))!;
    if (!authorisation.waiting || !['received', 'partiallyAuthorised'].includes(consent.status)) return undefined;
    if (login && authorisation.person !== login) return undefined;
    if (isForgotten(consent, authorisation, now)) {
      await conclude(tx, { stage, bank, now }, consent, authorisation, { verdict: 'refuse' });
      return undefined;
    }
    return conclude(tx, { stage, bank, now }, consent, authorisation, { verdict });
  });
  if (ended) await tellCaller(at, ended.consentId, ended);
  return ended;
}

function approvalItem({ part }: Visit, { id, createdAt, who }: WaitingApproval & { who?: string }) {
  return html`<form method="post" action="/phone/${part}" class="waiting">
<p>${who ?? 'An online banking program'} asked at ${createdAt.slice(11, 16)} to see your accounts.</p>
<input type="hidden" name="authorisation" value="${id}">
<button type="submit" name="decision" value="approve" class="approve">Approve</button>
<button type="submit" name="decision" value="refuse" class="plain refuse">Refuse</button></form>`;
}

async function waitingItem({ stage, bank, part }: Visit, authorisation: Authorisation) {
  const consent = await findConsent(stage.database, bank.slug, authorisation.consentId);
  return html`<form method="post" action="/phone/${part}" class="waiting">
${consent && signedBefore(bank, consent)}<p><strong>${consent?.clientName}</strong> asks to see your accounts until ${consent?.validUntil}.</p>
<input type="hidden" name="authorisation" value="${authorisation.id}">
<button type="submit" name="decision" value="approve" class="approve">Approve</button>
<button type="submit" name="decision" value="refuse" class="plain refuse">Refuse</button></form>`;
}
