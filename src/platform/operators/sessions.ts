import { randomBytes } from 'node:crypto';
import { newId } from '../../base/ids.ts';
import { hashToken } from '../../base/vault.ts';
import type { Platform } from '../platform.ts';
import { machineTime } from './machine-time.ts';
import type { Role } from './roles.ts';
import * as store from './store.ts';

export type { SessionRow } from './store.ts';

/** Whose browser it is: as the audit and a list of one's sessions show it. */
export type BrowserAt = { address: string; userAgent: string };

/** How far somebody is in: second factor to come, second factor to be set up, or in. */
export type Stage = store.SessionRow['stage'];

/** An operator with a living session. */
export type SignedIn = {
  operator: { id: string; email: string; name: string; role: Role; apps: string[] | null };
  session: store.SessionRow;
  /** SHA-256 of the cookie. */
  hash: Buffer;
};

const MINUTE_MS = 60_000;
/** A session unused for so long is over. */
export const IDLE_MS = 2 * 60 * MINUTE_MS;
/** Longest a session lasts, and the time somebody has for the second factor, or to set one up. */
const LONGEST_MS: Record<Stage, number> = {
  full: 12 * 60 * MINUTE_MS,
  password: 10 * MINUTE_MS,
  set_up: 60 * MINUTE_MS,
};

/** Begins a session; returns the cookie, which is kept nowhere. Each stage has one of its own, so none can be planted. */
export async function openSession(
  platform: Pick<Platform, 'database' | 'clock'>,
  operator: string,
  stage: Stage,
  browser: BrowserAt,
): Promise<string> {
  const cookie = randomBytes(32).toString('base64url');
  const at = machineTime(platform);
  await platform.database.run(
    store.insertSession(hashToken(cookie), {
      id: newId('operatorSession'),
      operator,
      stage,
      address: browser.address.slice(0, 100),
      userAgent: browser.userAgent.slice(0, 300),
      createdAt: at,
      expiresAt: new Date(at.getTime() + LONGEST_MS[stage]),
    }),
  );
  return cookie;
}

/** The next stage of a session, under another cookie; the former one is dead. */
export async function moveOn(
  platform: Pick<Platform, 'database' | 'clock'>,
  who: SignedIn,
  stage: Stage,
  browser: BrowserAt,
): Promise<string> {
  const cookie = await openSession(platform, who.operator.id, stage, browser);
  await platform.database.run(store.deleteSessionByHash(who.hash));
  return cookie;
}

/** Who this cookie belongs to, while the session lives and its operator may get in. */
export async function findSignedIn(
  platform: Pick<Platform, 'database' | 'clock'>,
  cookie: string | undefined,
): Promise<SignedIn | undefined> {
  if (cookie === undefined || !/^[A-Za-z0-9_-]{43}$/.test(cookie)) return undefined;
  const hash = hashToken(cookie);
  const at = machineTime(platform);
  type Found = store.SessionRow & { email: string; name: string; role: Role; operatorApps: string[] | null };
  const row = await platform.database.first<Found>(store.findSession(hash, at, new Date(at.getTime() - IDLE_MS)));
  if (!row) return undefined;
  if (at.getTime() - row.seenAt.getTime() > MINUTE_MS)
    await platform.database.run(store.touchSession(hash, at, new Date(at.getTime() - MINUTE_MS)));
  const { email, name, role, operatorApps, ...session } = row;
  return { operator: { id: row.operator, email, name, role, apps: operatorApps }, session, hash };
}

/** Ends this session. */
export async function signOut(platform: Pick<Platform, 'database'>, who: SignedIn): Promise<void> {
  await platform.database.run(store.deleteSessionByHash(who.hash));
}

/** The operator's sessions, the latest used first. */
export function listSessions(platform: Pick<Platform, 'database' | 'clock'>, operator: string) {
  return platform.database.rows<store.SessionRow>(store.selectSessions(operator, machineTime(platform)));
}

/** Ends one of an operator's sessions, or all but one, or all. */
export async function endSessions(
  platform: Pick<Platform, 'database'>,
  operator: string,
  which: { only?: string; but?: string } = {},
): Promise<void> {
  await platform.database.run(store.deleteSessions(operator, which));
}

/** Forgets what is over: sessions, counts of failures, old links. Run by a job. */
export async function forgetOldSessions(platform: Pick<Platform, 'database' | 'clock'>): Promise<void> {
  const at = machineTime(platform);
  const before = (days: number) => new Date(at.getTime() - days * 24 * 60 * MINUTE_MS);
  for (const statement of store.forgetOld(at, before(2), before(90))) await platform.database.run(statement);
}
