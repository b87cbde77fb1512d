import { findTenantSettings } from '../../apps/apps.ts';
import { returnTo } from '../../apps/return-url.ts';
import type { Platform } from '../../platform.ts';
import type { Screen } from '../screen.ts';
import type { Session } from '../session.ts';
import { carryAddress, type Carried, customerHint, phoneDigits, waitsForPhoneDigits } from './carrying.ts';
import { findFace } from './choices.ts';
import { digitTriesLeft, MOST_DIGIT_TRIES } from './handing-over.ts';
import type { Browser } from './owner.ts';

/** What the phone shows: whether it may take over, the bank's own questions, and in the end its digits. */
export async function phoneScreen(
  platform: Platform,
  { session, took }: Carried,
  look: () => Promise<Screen>,
): Promise<Screen> {
  const bank = findFace(platform, session.chosenProvider);
  if (!bank || (took && (!session.phoneHolds || session.status !== 'open')))
    return { kind: 'phone_done', ...(bank ? { bank } : {}) };
  if (took) {
    const digits = phoneDigits(platform, session);
    return digits === undefined ? look() : { kind: 'phone_digits', bank, digits };
  }
  const [customer, tenant] = await Promise.all([
    customerHint(platform, session),
    findTenantSettings(platform, session.tenant),
  ]);
  const to = session.returnUrl ?? tenant.defaultReturnUrl;
  return {
    kind: 'phone_welcome',
    bank,
    ...(customer ? { customer } : {}),
    ...(to
      ? {
          returnHost: new URL(
            returnTo(to, { session: session.id, consent: session.consent, error: null, errorCode: null }),
          ).host,
        }
      : {}),
  };
}

/** What the desktop shows: while a phone holds the visit it follows, and at the end asks for the phone's digits. */
export async function desktopScreen(
  platform: Platform,
  session: Session,
  browser: Browser,
  look: () => Promise<Screen>,
): Promise<Screen> {
  const bank = findFace(platform, session.chosenProvider);
  if (bank && session.phoneHolds && session.status === 'open') {
    if (waitsForPhoneDigits(session))
      return { kind: 'handover', bank, attemptsLeft: MOST_DIGIT_TRIES - session.handoverTries, phone: true };
    if (digitTriesLeft(platform, session) === undefined) return { kind: 'carried', bank };
  }
  const screen = await look();
  if (screen.kind !== 'step' || (await skipsQr(platform, session))) return screen;
  const url = carryAddress(platform, session, browser);
  if (url === undefined) return screen;
  const lives = platform.providers.find(session.chosenProvider ?? '')?.app === true;
  return { ...screen, carry: { url, first: lives && screen.step.kind === 'redirect' } };
}

async function skipsQr(platform: Platform, session: Session): Promise<boolean> {
  return session.request.skipQr ?? (await findTenantSettings(platform, session.tenant)).settings.skipQr;
}
