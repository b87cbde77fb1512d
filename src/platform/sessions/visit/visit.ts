import { setTimeout as delay } from 'node:timers/promises';
import type { Tx } from '../../../base/database.ts';
import { newId } from '../../../base/ids.ts';
import { hashToken } from '../../../base/vault.ts';
import { findLook } from '../../apps/templates/templates.ts';
import { listMet } from '../../connections/transport.ts';
import type { Platform, Tenant } from '../../platform.ts';
import type { Need } from '../../providers/provider.ts';
import { firstBalances } from '../../syncs/first.ts';
import { moveSession } from '../moves.ts';
import type { Input, PageContext, Screen } from '../screen.ts';
import { IDLE_MS, type Session } from '../session.ts';
import {
  bindSession,
  findLink,
  findSession,
  findWayBack,
  insertSession,
  isReadOver,
  speakIn,
  touchSession,
} from '../store.ts';
import { openStep } from '../turn/memory.ts';
import { askAgain } from '../turn/trouble.ts';
import { answerStep } from '../turn/turns.ts';
import { beginning, unbound } from './beginning.ts';
import { cameBackElsewhere, offerHandOver } from './handing-over.ts';
import { type Carried, findCarried, takeToPhone } from './carrying.ts';
import { ended, isOver, type Located, locate, type OwnPage } from './locating.ts';
import { screenOf } from './look.ts';
import { type LinkOptions, readLinkOptions } from './options.ts';
import { desktopScreen, phoneScreen } from './two-screens.ts';
import {
  type Browser,
  cookieName,
  findOwnerSecret,
  formToken,
  isFormToken,
  newVisitCookie,
  readVisitCookie,
} from './owner.ts';

export type { OwnPage } from './locating.ts';

/** What a browser gets to see: a screen of its visit, or one of our own pages that say why not. */
export type View =
  | { kind: 'screen'; screen: Screen; context: PageContext; headless: boolean; session: string; met: ReadonlySet<Need> }
  /** The visit goes on under another address. */
  | { kind: 'elsewhere'; subject: string }
  | { kind: 'own'; page: OwnPage; option?: string; digits?: string };

/** With one request: who asks, in which language their browser speaks, and the id of the request. */
export type Request = { browser: Browser; query: [string, string][]; requestId: string };

/** Opens a link: the browser gets its cookie and a clean address. Nothing is taken or changed: previews are harmless. */
export async function openLink(
  platform: Platform,
  token: string,
  browser: Browser,
): Promise<{ subject: string; cookie?: { name: string; value: string } } | undefined> {
  const link = await platform.database.read.first<{ tenant: Tenant; consent: string | null; session: string | null }>(
    findLink(hashToken(token)),
  );
  const subject = link?.session ?? link?.consent;
  if (!link || !subject) return undefined;
  if (readVisitCookie(platform, subject, browser)) return { subject };
  return {
    subject,
    cookie: { name: cookieName(platform, subject), value: newVisitCookie(platform, link.tenant, subject) },
  };
}

/** What is shown at a clean address. */
export async function viewVisit(platform: Platform, subject: string, request: Request): Promise<View> {
  const found = await locate(platform, subject, request.browser);
  if ('page' in found) return { kind: 'own', page: found.page };
  const options = readLinkOptions(platform, found.tenant.mode, request.query);
  if ('unknown' in options) return { kind: 'own', page: 'bad_option', option: options.unknown };
  const { session } = found;
  if (found.owns && session) {
    if (session.id !== subject) return { kind: 'elsewhere', subject: session.id };
    if (!session.phoneHolds) await touch(platform, session, request);
    if (options.locale && options.locale !== session.locale && session.status === 'open')
      await platform.database.run(speakIn(session, options.locale));
    if (session.status === 'finished') await waitForRead(platform, session);
    return show(platform, found, session, options, request);
  }
  if (found.carried) {
    if (found.carried.took && session?.phoneHolds) await touch(platform, session, request);
    return show(platform, found, found.carried.session, options, request);
  }
  if (session?.owner && session.signingIn && session.status === 'open') return { kind: 'own', page: 'other_browser' };
  if (session && session.status !== 'open') return { kind: 'own', page: ended(session.status) };
  // Begun elsewhere, but not signing in yet: this browser may take over, and is asked as at the beginning.
  const begins = session?.owner
    ? { ...session, place: 'intro' as const, turnState: 'asking' as const }
    : await beginning(platform, found, options, request.browser.person);
  return show(platform, found, begins, options, request);
}

/** What a form sends. Returns where the visit goes on, or a page that says why not. */
export async function sendInput(
  platform: Platform,
  subject: string,
  request: Request & { form: { token: string; input: Input } },
): Promise<View> {
  const found = await locate(platform, subject, request.browser);
  if ('page' in found) return { kind: 'own', page: found.page };
  if (!isFormToken(platform, found.secret, request.form.token)) return { kind: 'own', page: 'bad_request' };
  const options = readLinkOptions(platform, found.tenant.mode, request.query);
  if ('unknown' in options) return { kind: 'own', page: 'bad_option', option: options.unknown };
  if (found.carried) return sendFromPhone(platform, found, found.carried, options, request);
  let { session } = found;
  let { input } = request.form;
  if (!found.owns || !session) {
    const bound = await bind(platform, found, options, request);
    if (!bound)
      return { kind: 'own', page: session?.status === 'open' ? 'other_browser' : ended(session?.status ?? 'expired') };
    session = bound;
    input = await passIntro(platform, found, options, request, session, input);
    // A move was made for them: the visit stands elsewhere now.
    if (input.turn !== session.turn)
      session = (await platform.database.read.first<Session>(findSession(session.tenant, session.id)))!;
  }
  await touch(platform, session, request);
  await moveSession(moveOf(platform, found, session, options, request), input);
  return { kind: 'elsewhere', subject: session.id };
}

/** What a phone sends that has scanned the visit's QR code: it takes over, declines, or answers the bank. */
async function sendFromPhone(
  platform: Platform,
  found: Located,
  carried: Carried,
  options: LinkOptions,
  request: Request & { form: { input: Input } },
): Promise<View> {
  const { input } = request.form;
  const { session } = carried;
  const move = moveOf(platform, found, session, options, request);
  if (!carried.took) {
    if (input.do === 'refuse') return { kind: 'own', page: 'not_me' };
    const taken = input.do === 'continue' && (await takeToPhone(platform, carried, move.by));
    if (!taken) return { kind: 'own', page: 'qr_over' };
  } else if (session.phoneHolds) {
    await touch(platform, session, request);
    await moveSession({ ...move, onPhone: true }, input);
  }
  return { kind: 'elsewhere', subject: session.id };
}

/** A phone opens a QR code: like a link, it takes and changes nothing. */
export { openCode } from './carrying.ts';

/** The visit as it stands, for whoever may see it: to be told when it moves. */
export async function findVisit(platform: Platform, subject: string, browser: Browser): Promise<Session | undefined> {
  const found = await locate(platform, subject, browser);
  const sees = !('page' in found) && (found.owns || found.carried?.took);
  return sees ? found.session : undefined;
}

/**
 * A browser comes back from a bank. Two facts finish the step: this is the owner's browser with the state, and the bank
 * says yes when asked. Another browser is shown six digits to type where the visit began. A doubled or late return is shown
 * where the visit stands.
 */
export async function comeBack(platform: Platform, provider: string, request: Request): Promise<View> {
  const state = request.query.findLast(([name]) => name === 'state')?.[1];
  const session = state ? await platform.database.read.first<Session>(findWayBack(hashToken(state))) : undefined;
  if (!session || session.chosenProvider !== provider) return { kind: 'own', page: 'unknown_return' };
  const params = request.query.filter(([name]) => name !== 'state');
  const step = standsAtStep(platform, session) ? openStep(platform, session) : undefined;
  const carried = session.phoneHolds ? await findCarried(platform, session.id, request.browser) : undefined;
  // While a phone answers, the desktop only follows.
  if (session.phoneHolds && !carried?.took && findOwnerSecret(session, request.browser))
    return { kind: 'elsewhere', subject: session.id };
  if (!carried?.took && !findOwnerSecret(session, request.browser)) {
    const digits = step?.kind === 'redirect' ? await offerHandOver(platform, session, params) : undefined;
    return { kind: 'own', page: 'no_cookie', ...(digits ? { digits } : {}) };
  }
  if (step?.kind === 'redirect' && cameBackElsewhere(platform, session)) {
    const actions = ['retry', 'other_bank', 'return'] as const;
    await askAgain(platform, session, { code: 'interrupted', actions: [...actions] }, { requestId: request.requestId });
  } else if (step?.kind === 'redirect') {
    await touch(platform, session, request);
    await answerStep(
      platform,
      session,
      { kind: 'returned', params },
      { person: request.browser.person, requestId: request.requestId },
    );
  }
  return { kind: 'elsewhere', subject: session.id };
}

function standsAtStep(platform: Platform, session: Session): boolean {
  const asks = session.place === 'step' && session.turnState === 'asking';
  return session.status === 'open' && asks && !isOver(platform, session);
}

/** The first *Continue* binds the visit to this browser; a visit begun by a consent's link is made now. */
async function bind(
  platform: Platform,
  found: Located,
  options: LinkOptions,
  request: Request,
): Promise<Session | undefined> {
  const at = platform.clock.now();
  const expiresAt = new Date(at.getTime() + IDLE_MS);
  const bindIn = (tx: Tx, session: Session) =>
    bindSession(tx, session, hashToken(found.secret), {
      person: request.browser.person,
      provider: session.provider ?? options.provider ?? null,
      locale: options.locale ?? session.locale,
      template: options.template ?? session.template,
      request: { ...session.request, ...(options.skipQr === undefined ? {} : { skipQr: options.skipQr }) },
      expiresAt,
      at,
    });
  if (found.session) return bindIn(platform.database, found.session);
  return platform.database.transaction(async (tx) => {
    const session = unbound(platform, found.consent!, newId('session'));
    await tx.later(insertSession({ ...session, at, expiresAt }));
    return bindIn(tx, session);
  });
}

/** Where the first screen was skipped, its *Continue* is taken as said with the first answer. */
async function passIntro(
  platform: Platform,
  found: Located,
  options: LinkOptions,
  request: Request,
  session: Session,
  input: Input,
): Promise<Input> {
  if (session.place !== 'intro' || input.do === 'continue' || input.do === 'refuse')
    return { ...input, turn: session.turn };
  await moveSession(moveOf(platform, found, session, options, request), { turn: session.turn, do: 'continue' });
  return { ...input, turn: session.turn + 1 };
}

function moveOf(platform: Platform, found: Located, session: Session, options: LinkOptions, request: Request) {
  return {
    platform,
    session,
    mode: found.tenant.mode,
    locale: localeOf(platform, found, session, options, request),
    by: { person: request.browser.person, requestId: request.requestId },
  };
}

async function show(
  platform: Platform,
  found: Located,
  session: Session,
  options: LinkOptions,
  request: Request,
): Promise<View> {
  const locale = localeOf(platform, found, session, options, request);
  const met = await listMet(platform, session.tenant, found.tenant.mode);
  const named = await findLook(platform, session.tenant, [options.template]);
  if (options.template && !named) return { kind: 'own', page: 'bad_option', option: 'template' };
  const template =
    named ?? (await findLook(platform, session.tenant, [session.template, found.tenant.settings.template]));
  const look = () => screenOf(platform, session, found.tenant.mode, locale, met);
  const screen = found.carried
    ? await phoneScreen(platform, found.carried, look)
    : await (found.owns ? desktopScreen(platform, session, request.browser, look) : look());
  // A browser that only opened the link goes on under what the link opens: its cookie is for that.
  const mine = found.owns || found.carried !== undefined;
  const subject = mine ? session.id : (found.consent?.id ?? session.id);
  const query = request.query.length > 0 ? `?${new URLSearchParams(request.query)}` : '';
  const context: PageContext = {
    action: `/visit/${subject}${mine ? '' : query}`,
    turn: session.turn,
    csrf: formToken(platform, found.secret),
    locale,
    kind: session.kind,
    app: {
      name: template?.appName ?? found.tenant.appName,
      ...(found.tenant.supportEmail ? { supportEmail: found.tenant.supportEmail } : {}),
    },
    operator: platform.operator,
    ...(template ? { look: template } : {}),
    test: found.tenant.mode === 'test',
    ...(found.carried ? { phone: true as const } : {}),
    reference: request.requestId,
    now: platform.clock.now(),
  };
  return { kind: 'screen', screen, context, headless: found.tenant.settings.headless, session: session.id, met };
}

/** The link's, the session's, the app's, the browser's: the first that we speak. */
function localeOf(
  platform: Platform,
  found: Located,
  session: Session,
  options: LinkOptions,
  request: Request,
): string {
  const wishes = [options.locale, session.locale, found.tenant.settings.locale];
  const asked = wishes.find((wish) => wish && platform.languages.isSpoken(wish));
  return platform.languages.choose(asked ?? undefined, request.browser.person.acceptLanguage);
}

async function touch(platform: Platform, session: Session, request: Request): Promise<void> {
  const at = platform.clock.now();
  if (session.status !== 'open') return;
  if (
    session.seenAt &&
    at.getTime() - session.seenAt.getTime() < 5000 &&
    session.person?.ipAddress === request.browser.person.ipAddress
  )
    return;
  await platform.database.run(touchSession(session, request.browser.person, at, new Date(at.getTime() + IDLE_MS)));
}

const LONGEST_WAIT_MS = 10_000;

/** The person is sent back with accounts and balances already in the API, unless the bank takes longer than ten seconds. */
async function waitForRead(platform: Platform, session: Session): Promise<void> {
  if (!session.consent || !session.finishedAt) return;
  const until = performance.now() + LONGEST_WAIT_MS - (platform.clock.now().getTime() - session.finishedAt.getTime());
  const here = firstBalances(platform, session.consent);
  if (here)
    return void (await Promise.race([here, delay(Math.max(0, until - performance.now()), undefined, { ref: false })]));
  for (;;) {
    const row = await platform.database.read.first<{ over: boolean }>(isReadOver(session.tenant, session.consent));
    if (row?.over || performance.now() >= until) return;
    await delay(100);
  }
}
