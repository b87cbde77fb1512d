import { findSignIn, isBlocked, type SignIn, storeSignIn } from '../store.ts';
import { findPerson } from '../world/banks.ts';
import { endSigningIn } from '../xs2a/security/oauth.ts';
import { html } from './markup.ts';
import { loginForm } from './pages.ts';
import type { Shown, Visit } from './server.ts';

const TRIES = 3;

/** `GET /sign-in/{id}`: a person says who they are, before anything was asked for. */
export async function showSignIn(visit: Visit): Promise<Shown> {
  const signIn = await findSignIn(visit.stage.database, visit.bank.slug, visit.part);
  return signIn ? signInPage(visit, signIn) : over(visit);
}

/** `POST /sign-in/{id}/login`. */
export async function signIn(visit: Visit): Promise<Shown> {
  const { stage, bank, form, part } = visit;
  const found = await findSignIn(stage.database, bank.slug, part);
  if (!found) return over(visit);
  const person = findPerson(bank, form.get('username')?.trim());
  const blocked = person && (await isBlocked(stage.database, bank.slug, person.login));
  if (blocked) return signInPage(visit, found, 'This login is blocked. Please ask the bank.');
  if (person?.password === form.get('password')) return end(visit, found, person.login);
  const tries = found.tries + 1;
  if (tries >= TRIES) return end(visit, found, undefined);
  await storeSignIn(stage.database, bank.slug, part, { ...found, tries });
  return signInPage(visit, found, 'The username or the password is wrong.');
}

/** `POST /sign-in/{id}/decide`: the person would rather not. */
export async function cancelSignIn(visit: Visit): Promise<Shown> {
  const found = await findSignIn(visit.stage.database, visit.bank.slug, visit.part);
  return found ? end(visit, found, undefined) : over(visit);
}

const end = async ({ stage, bank, part }: Visit, found: SignIn, person: string | undefined): Promise<Shown> => ({
  sendTo: await endSigningIn(stage, bank, part, found, person),
});

function signInPage({ bank, part }: Visit, { clientName }: SignIn, wrong?: string): Shown {
  const body = html`<p>The app with the authorisation number <strong>${clientName}</strong> wants to know who you are. You will be asked about your
accounts afterwards.</p>
${loginForm(bank, `/sign-in/${part}/login`, wrong)}
<form method="post" action="/sign-in/${part}/decide">
<button type="submit" name="decision" value="refuse" id="cancel" class="plain">Cancel and go back</button></form>`;
  return { title: 'Sign in', body, bank };
}

const over = ({ bank }: Visit): Shown => ({
  title: 'This link does not work',
  body: html`<p>Please go back to the app you came from and start again.</p>`,
  bank,
  status: 404,
});
