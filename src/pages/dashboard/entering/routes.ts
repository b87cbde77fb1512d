import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sameBytes } from '../../../base/vault.ts';
import { recordAct } from '../../../platform/operators/acts.ts';
import { joinByLink, openLink } from '../../../platform/operators/links.ts';
import { checkCode, deviceCookie, hasOperators, knownDevice, signIn } from '../../../platform/operators/operators.ts';
import {
  askForPasskey,
  beginPasskey,
  isPasskey,
  keepPasskey,
  listPasskeys,
  passkeyPlace,
} from '../../../platform/operators/passkeys.ts';
import {
  confirmTotp,
  draftTotp,
  makeRecoveryCodes,
  recoveryCodesLeft,
} from '../../../platform/operators/second-factors.ts';
import { findSignedIn, moveOn, type SignedIn, signOut, type Stage } from '../../../platform/operators/sessions.ts';
import type { Platform } from '../../../platform/platform.ts';
import { Problem } from '../../../platform/problems.ts';
import type { Form } from '../asked.ts';
import { formToken, freshCookie, readCookie, setCookie } from '../cookies.ts';
import { browserOf, formOf, goTo, isCrossSite, pageHeaders, queryOf } from '../request.ts';
import {
  codePage,
  deadLinkPage,
  enterPage,
  joinPage,
  type OwnPage,
  recoveryPage,
  refusedPage,
  setUpPage,
} from './pages.ts';

/** What every page before one is in needs. */
type Door = { platform: Platform; request: FastifyRequest; reply: FastifyReply; form: Form; csrf: string };

/** Getting in: the password, the second factor, setting one up, one-time links, and out. */
export function addEntering(app: FastifyInstance, platform: Platform): void {
  const page = (path: string, show: (door: Door) => Promise<unknown>) =>
    app.get(path, (request, reply) => show(door(platform, request, reply)));
  const act = (path: string, does: (door: Door) => Promise<unknown>) =>
    app.post(path, async (request, reply) => {
      const at = door(platform, request, reply);
      if (isCrossSite(request) || !sameBytes(at.form.raw('csrf'), at.csrf)) {
        platform.log.warn('dashboard.form_refused', { requestId: request.id });
        return show(at, refusedPage());
      }
      return does(at);
    });

  page('/dashboard/enter', async (at) =>
    show(at, enterPage({ ...at, first: !(await hasOperators(platform)), to: toOf(at) })),
  );
  act('/dashboard/enter', enter);
  page('/dashboard/enter/code', (at) => within(at, 'password', (who) => showCode(at, who)));
  act('/dashboard/enter/code', (at) => within(at, 'password', (who) => enterCode(at, who)));
  act('/dashboard/enter/passkey', (at) => within(at, 'password', (who) => enterPasskey(at, who)));
  page('/dashboard/set-up', (at) => within(at, 'set_up', (who) => showSetUp(at, who)));
  act('/dashboard/set-up', (at) => within(at, 'set_up', (who) => setUpApp(at, who)));
  act('/dashboard/set-up/passkey', (at) => within(at, 'set_up', (who) => setUpPasskey(at, who)));
  page('/dashboard/join/:token', showJoin);
  act('/dashboard/join/:token', join);
  act('/dashboard/leave', async ({ reply, request }) => {
    const who = await findSignedIn(platform, readCookie(platform, request, 'operator'));
    if (who) await signOut(platform, who);
    setCookie(platform, reply, 'operator', undefined);
    return goTo(reply, '/dashboard/enter?done=out');
  });
}

/** Before there is a session a form is tied to a cookie of its own; after that to the session's. */
function door(platform: Platform, request: FastifyRequest, reply: FastifyReply): Door {
  const form = formOf(request);
  const known = readCookie(platform, request, 'operator') ?? readCookie(platform, request, 'form');
  if (known) return { platform, request, reply, form, csrf: formToken(platform, known) };
  const cookie = freshCookie();
  setCookie(platform, reply, 'form', cookie);
  return { platform, request, reply, form, csrf: formToken(platform, cookie) };
}

function show({ platform, request, reply }: Door, page: OwnPage) {
  return reply
    .code(page.status ?? 200)
    .headers(pageHeaders(platform, page.script))
    .send(page.render({ operatorName: platform.operator.name, reference: request.id }));
}

/** For somebody who stands at that stage; others are sent where they stand. */
async function within(at: Door, stage: Stage, go: (who: SignedIn) => Promise<unknown>) {
  const who = await findSignedIn(at.platform, readCookie(at.platform, at.request, 'operator'));
  if (!who) return goTo(at.reply, '/dashboard/enter?done=over');
  if (who.session.stage === stage) return go(who);
  const places: Record<Stage, string> = {
    full: '/dashboard',
    password: '/dashboard/enter/code',
    set_up: '/dashboard/set-up',
  };
  return goTo(at.reply, places[who.session.stage]);
}

async function enter(at: Door) {
  const { platform, request, reply, form } = at;
  const email = form.text('email');
  const device = knownDevice(platform, email, readCookie(platform, request, 'device'));
  const entering = await signIn(platform, { email, password: form.raw('password'), device }, browserOf(request));
  if (entering.kind === 'blocked' || entering.kind === 'wrong') {
    platform.log.warn('dashboard.sign_in_failed', { requestId: request.id, kind: entering.kind });
    return show(at, enterPage({ ...at, wrong: entering, first: false, to: toOf(at) }));
  }
  setCookie(platform, reply, 'operator', entering.cookie);
  if (entering.kind === 'set_up') return goTo(reply, '/dashboard/set-up');
  const to = toOf(at);
  return goTo(reply, `/dashboard/enter/code${to ? `?to=${encodeURIComponent(to)}` : ''}`);
}

async function showCode(at: Door, who: SignedIn, wrong?: string) {
  const { platform, request } = at;
  const place = passkeyPlace(platform, request.headers.host);
  const has = (await listPasskeys(platform, who.operator.id)).length > 0;
  const passkey = place && has ? await askForPasskey(platform, who, place) : undefined;
  return show(at, codePage({ ...at, to: toOf(at), ...(wrong ? { wrong } : {}), ...(passkey ? { passkey } : {}) }));
}

async function enterCode(at: Door, who: SignedIn) {
  const { platform, request, form } = at;
  const device = knownDevice(platform, who.operator.email, readCookie(platform, request, 'device'));
  const checked = await checkCode(platform, who, form.text('code'), { address: request.ip, device });
  if (checked === 'over' || checked === 'wrong')
    platform.log.warn('dashboard.sign_in_failed', { requestId: request.id, kind: checked });
  if (checked === 'over') return goTo(at.reply, '/dashboard/enter?done=over');
  if (checked === 'wrong')
    return showCode(
      at,
      who,
      'That code is not right, or was used before. Wait for the next one, or use a recovery code.',
    );
  if (checked === 'recovery') {
    await recordAct(platform, { operator: who.operator.id, requestId: request.id }, 'operator.used_recovery_code');
  }
  return letIn(at, who, checked === 'recovery' ? 'recovery' : undefined);
}

async function enterPasskey(at: Door, who: SignedIn) {
  const place = passkeyPlace(at.platform, at.request.headers.host);
  const right = place && (await isPasskey(at.platform, who, place, at.form.raw('response')).catch(asRefusal));
  return right ? letIn(at, who) : showCode(at, who, 'No passkey of yours was shown. Try again, or use a code.');
}

function asRefusal(error: unknown): false {
  if (error instanceof Problem) return false;
  throw error;
}

/** In: under a cookie that nobody knew before this moment. */
async function letIn(at: Door, who: SignedIn, done?: string) {
  const { platform, request, reply } = at;
  setCookie(platform, reply, 'operator', await moveOn(platform, who, 'full', browserOf(request)));
  if (!knownDevice(platform, who.operator.email, readCookie(platform, request, 'device')))
    setCookie(platform, reply, 'device', deviceCookie(platform, who.operator.email));
  await recordAct(platform, { operator: who.operator.id, requestId: request.id }, 'operator.signed_in');
  if (done === 'recovery') {
    const left = await recoveryCodesLeft(platform, who.operator.id);
    return goTo(reply, `/dashboard/me?left=${left}`);
  }
  return goTo(reply, toOf(at) || '/dashboard');
}

async function showSetUp(at: Door, who: SignedIn, wrong?: string) {
  const { platform, request } = at;
  const place = passkeyPlace(platform, request.headers.host);
  const passkey = place && (await beginPasskey(platform, who, place));
  const draft = await draftTotp(platform, who);
  return show(at, setUpPage({ ...at, draft, ...(wrong ? { wrong } : {}), ...(passkey ? { passkey } : {}) }));
}

async function setUpApp(at: Door, who: SignedIn) {
  if (!(await confirmTotp(at.platform, who, at.form.text('code'))))
    return showSetUp(at, who, 'That is not the code the app shows now. Check that the phone’s clock is right.');
  return finishSetUp(at, who);
}

async function setUpPasskey(at: Door, who: SignedIn) {
  const place = passkeyPlace(at.platform, at.request.headers.host);
  if (!place) return showSetUp(at, who, 'Passkeys do not work at this address.');
  try {
    await keepPasskey(at.platform, who, place, { response: at.form.raw('response'), name: at.form.text('name') });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return showSetUp(at, who, error.message);
  }
  return finishSetUp(at, who);
}

/** The recovery codes, once, and in. */
async function finishSetUp(at: Door, who: SignedIn) {
  const { platform, request, reply } = at;
  const codes = await makeRecoveryCodes(platform, who.operator.id);
  await recordAct(platform, { operator: who.operator.id, requestId: request.id }, 'operator.second_factor_set');
  setCookie(platform, reply, 'operator', await moveOn(platform, who, 'full', browserOf(request)));
  setCookie(platform, reply, 'device', deviceCookie(platform, who.operator.email));
  return show(at, recoveryPage(codes));
}

async function showJoin(at: Door) {
  const opened = await openLink(at.platform, tokenOf(at));
  return show(at, opened.state === 'good' ? joinPage({ ...at, ...opened }) : deadLinkPage(opened.state));
}

async function join(at: Door) {
  const { platform, request, reply, form } = at;
  const token = tokenOf(at);
  const opened = await openLink(platform, token);
  if (opened.state !== 'good') return show(at, deadLinkPage(opened.state));
  const given = {
    email: form.text('email'),
    name: form.text('name') || (opened.name ?? ''),
    password: form.raw('password'),
  };
  let joined: Awaited<ReturnType<typeof joinByLink>>;
  try {
    if (given.password !== form.raw('again'))
      throw new Problem('invalid_request', 'The two passwords differ.', {
        errors: [{ pointer: '/again', detail: 'This is not the same as above.' }],
      });
    joined = await joinByLink(platform, token, given, browserOf(request), request.id);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return show(at, joinPage({ ...at, ...opened, problem: error }));
  }
  if (!joined) return show(at, deadLinkPage('used'));
  setCookie(platform, reply, 'operator', joined.cookie);
  setCookie(platform, reply, 'form', undefined);
  return goTo(reply, '/dashboard/set-up');
}

function tokenOf({ request }: Door): string {
  return (request.params as { token: string }).token;
}

/** Where somebody wanted to go: a page of the dashboard, and nothing that leads elsewhere. */
function toOf({ request, form }: Door): string {
  const wanted = form.text('to') || (queryOf(request).to ?? '');
  return /^\/dashboard(\/[\w\-/]*)?(\?[\w\-=&%]*)?$/.test(wanted) && !wanted.includes('//') ? wanted : '';
}
