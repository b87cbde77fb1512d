import { randomBytes } from 'node:crypto';
import { hashToken, sameBytes } from '../../../base/vault.ts';
import { findCustomerRow } from '../../customers/store.ts';
import type { CustomerRow } from '../../customers/customers.ts';
import type { Platform } from '../../platform.ts';
import { endSession } from '../ending.ts';
import type { Session } from '../session.ts';
import { changeSession, findSession } from '../store.ts';
import type { Answering } from '../turn/asking.ts';
import { grantAccess } from '../turn/granting.ts';
import { openHandOver, openSessionGrant } from '../turn/memory.ts';
import { isReading } from '../turn/reading.ts';
import { MOST_DIGIT_TRIES } from './handing-over.ts';
import { type Browser, isPhone } from './owner.ts';

/**
 * A visit goes on on a phone: the desktop shows a QR code, the phone that scans it answers the bank, and at the end shows
 * six digits that are typed on the desktop. Until then nothing is shared, so whoever sends somebody else their own code
 * gets nothing by it. The codes are derived, not stored.
 */
const GOOD_MS = 60_000;
/** A fresh code appears so often. */
const FRESH_MS = 20_000;
/** Whoever scanned in time may think it over for so long. */
const WELCOME_MS = 5 * 60_000;
/** Digits change so often; those before are good as well, so each is good for up to five minutes. */
const DIGITS_MS = 150_000;

/** A phone that opened a QR code: it only looks, or it has taken the visit over. */
export type Carried = { session: Session; secret: string; took: boolean };

/** The address a QR code holds now; undefined where this visit cannot be carried from this browser. */
export function carryAddress(platform: Platform, session: Session, browser: Browser): string | undefined {
  if (!canBeCarried(platform, session) || session.turnState === 'working' || isPhone(browser.person)) return undefined;
  const stamp = Math.floor(platform.clock.now().getTime() / FRESH_MS);
  const name = `${session.tenant}.${session.id.slice(4)}.${stamp.toString(36)}`;
  return `${platform.publicUrl}/phone/${name}.${proof(platform, session, stamp)}`;
}

/** A phone opens a QR code: it gets a cookie and a clean address. Nothing is taken yet. Undefined where it is too late. */
export async function openCode(
  platform: Platform,
  code: string,
): Promise<{ subject: string; cookie: { name: string; value: string } } | undefined> {
  const [tenant = '', id = '', time = '', sent = ''] = code.split('.');
  if (!/^\d{1,9}$/.test(tenant) || !/^\w{1,40}$/.test(id) || !/^[0-9a-z]{1,9}$/.test(time)) return undefined;
  const session = await platform.database.read.first<Session>(findSession(Number(tenant), `ses_${id}`));
  const stamp = Number.parseInt(time, 36);
  const now = platform.clock.now().getTime();
  const good = stamp * FRESH_MS <= now && now - stamp * FRESH_MS <= GOOD_MS;
  if (!session || !good || !sameBytes(sent, proof(platform, session, stamp))) return undefined;
  if (!canBeCarried(platform, session) || session.expiresAt.getTime() <= now) return undefined;
  const value = `${tenant}.${randomBytes(32).toString('base64url')}.${(now + WELCOME_MS).toString(36)}`;
  return {
    subject: session.id,
    cookie: { name: cookieName(platform, session.id), value: `${value}.${signature(platform, session, value)}` },
  };
}

/** The visit that this browser carries, or may take over; undefined for any other. */
export async function findCarried(platform: Platform, subject: string, browser: Browser): Promise<Carried | undefined> {
  const held = (browser.cookies[cookieName(platform, subject)] ?? '').split('.');
  const [tenant = '', secret = '', until = '', signed = ''] = held;
  if (!/^\d{1,9}$/.test(tenant) || !secret) return undefined;
  const session = await platform.database.read.first<Session>(findSession(Number(tenant), subject));
  if (!session) return undefined;
  if (session.phone && sameBytes(hashToken(secret), session.phone)) return { session, secret, took: true };
  const fresh = Number.parseInt(until, 36) > platform.clock.now().getTime();
  const genuine = sameBytes(signed, signature(platform, session, held.slice(0, 3).join('.')));
  return fresh && genuine && canBeCarried(platform, session) ? { session, secret, took: false } : undefined;
}

/** True for a browser that once opened a code of this visit. */
export function hasScanned(platform: Platform, subject: string, browser: Browser): boolean {
  return browser.cookies[cookieName(platform, subject)] !== undefined;
}

/** The phone's first *Continue*: from here on it answers, and the desktop follows. False when something was first. */
export async function takeToPhone(platform: Platform, carried: Carried, by: Answering): Promise<boolean> {
  const at = platform.clock.now();
  const taken = await changeSession(
    platform.database,
    carried.session,
    {
      phone: hashToken(carried.secret),
      phone_holds: true,
      carries: carried.session.carries + 1,
      ...(by.person ? { person: by.person } : {}),
      seen_at: at,
      phase: { phase: 'on_phone', at: at.toISOString() },
    },
    { next: true, at, answered: true },
  );
  return taken !== undefined;
}

/** The digits the phone shows once the bank is satisfied; undefined before that. */
export function phoneDigits(platform: Platform, session: Session): string | undefined {
  return waitsForPhoneDigits(session) ? digitsAt(platform, session, 0) : undefined;
}

/** True where the phone has done its part and its digits are to be typed on the desktop. */
export function waitsForPhoneDigits(session: Session): boolean {
  return session.phoneHolds && session.place === 'grant' && session.status === 'open';
}

/**
 * The desktop types the phone's digits. A guess takes the turn before it is looked at. The right one gives the visit back;
 * the third wrong one ends it, and what the bank has given with it.
 */
export async function typePhoneDigits(
  platform: Platform,
  session: Session,
  typed: string,
  by: Answering,
): Promise<void> {
  const at = platform.clock.now();
  const tries = session.handoverTries + 1;
  const right = [0, -1].some((ago) => sameBytes(typed.replace(/\s/g, ''), digitsAt(platform, session, ago)));
  const back = right
    ? { phone_holds: false, carries: session.carries + 1, handover_tries: 0 }
    : { handover_tries: tries };
  const guessed = await changeSession(platform.database, session, back, { next: true, at, answered: true });
  if (!guessed) return;
  if (right) {
    if (openSessionGrant(platform, guessed)?.chosenAtBank) await grantAccess(platform, guessed, null, by);
  } else if (tries >= MOST_DIGIT_TRIES) {
    await platform.database.transaction((tx) =>
      endSession(platform, tx, guessed, {
        status: 'failed',
        initiator: 'system',
        errorCode: 'too_many_tries',
        requestId: by.requestId ?? null,
      }),
    );
  }
}

/** For whom a visit was begun, so that nobody else recognises them: the first letter of each word, no more. */
export async function customerHint(platform: Platform, session: Session): Promise<string | undefined> {
  const customer = await platform.database.read.first<CustomerRow>(findCustomerRow(session.tenant, session.customer));
  const known = customer?.name ?? customer?.email?.split('@')[0] ?? customer?.reference;
  if (!known) return undefined;
  const words = known.split(/\s+/).filter(Boolean).slice(0, 3);
  return words.map((word) => `${[...word][0]}•••`).join(' ');
}

/** While the bank is being asked, and not while a return from elsewhere waits for its own digits. */
function canBeCarried(platform: Platform, session: Session): boolean {
  const asks = session.place === 'step' || session.place === 'trouble';
  return (
    session.status === 'open' &&
    session.owner !== null &&
    asks &&
    !session.phoneHolds &&
    !isReading(platform, session) &&
    openHandOver(platform, session) === undefined
  );
}

function digitsAt(platform: Platform, session: Session, ago: number): string {
  const window = Math.floor(platform.clock.now().getTime() / DIGITS_MS) + ago;
  const secret = platform.vault.derive('phone-digits', `${session.id}.${session.carries}.${window}`);
  return String(Buffer.from(secret, 'base64url').readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

function proof(platform: Platform, session: Session, stamp: number): string {
  return platform.vault.derive('carry', `${session.id}.${session.carries}.${stamp}`).slice(0, 22);
}

function signature(platform: Platform, session: Session, value: string): string {
  return platform.vault.derive('carried', `${session.id}.${session.carries}.${value}`);
}

function cookieName(platform: Pick<Platform, 'publicUrl'>, subject: string): string {
  return `${platform.publicUrl.startsWith('https:') ? '__Host-' : ''}dbp_${subject.slice(-10)}`;
}
