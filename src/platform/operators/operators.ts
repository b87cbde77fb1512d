import { newId } from '../../base/ids.ts';
import type { Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { blockedUntil, countFailure, forgive, type Trier } from './attempts.ts';
import { machineTime } from './machine-time.ts';
import { hashPassword, isPassword, refusePassword } from './passwords.ts';
import type { Role } from './roles.ts';
import { takeRecoveryCode, isTotp } from './second-factors.ts';
import { type BrowserAt, endSessions, openSession, type SignedIn } from './sessions.ts';
import * as store from './store.ts';

export type { OperatorRow } from './store.ts';

/** How signing in went. `password`: the second factor is next; `set_up`: there is none yet. */
export type Entering =
  | { kind: 'blocked'; until: Date }
  | { kind: 'wrong' }
  | { kind: 'password' | 'set_up'; cookie: string; operator: string };

/** Takes address and password. Unknown address, wrong password and shut-out operator look and last the same. */
export async function signIn(
  platform: Platform,
  given: { email: string; password: string; device?: string | undefined },
  browser: BrowserAt,
): Promise<Entering> {
  const email = plainEmail(given.email);
  const who: Trier = { email, address: browser.address, device: given.device };
  const until = await blockedUntil(platform, who);
  if (until) return { kind: 'blocked', until };
  const row = await platform.database.first<store.OperatorRow>(store.findOperator({ email }));
  const right = await isPassword(given.password, row?.password ?? null);
  if (!row || !right || row.status !== 'active') {
    await countFailure(platform, who);
    return { kind: 'wrong' };
  }
  const kind = row.totp || row.passkeys > 0 ? 'password' : 'set_up';
  return { kind, cookie: await openSession(platform, row.id, kind, browser), operator: row.id };
}

/** So many wrong codes, and one begins again with the password. */
const MOST_CODES = 5;

/** Takes a code of the authenticator app, or a recovery code. `over`: too many, begin again. */
export async function checkCode(
  platform: Platform,
  who: SignedIn,
  code: string,
  trier: Omit<Trier, 'email'>,
): Promise<'right' | 'recovery' | 'wrong' | 'over'> {
  const tried = await platform.database.first<{ tries: number }>(store.noteTry(who.session.id));
  if (!tried || tried.tries > MOST_CODES) {
    await endSessions(platform, who.operator.id, { only: who.session.id });
    return 'over';
  }
  const by = { ...trier, email: who.operator.email };
  if (await blockedUntil(platform, by)) return 'wrong';
  const right = (await isTotp(platform, who.operator.id, code))
    ? 'right'
    : (await takeRecoveryCode(platform, who.operator.id, code))
      ? 'recovery'
      : 'wrong';
  if (right === 'wrong') await countFailure(platform, by);
  else await forgive(platform, by);
  return right;
}

/** Whether it is the signed-in operator's own password: asked again before a factor is changed. */
export async function isOwnPassword(
  platform: Platform,
  who: SignedIn,
  password: string,
  trier: Omit<Trier, 'email'>,
): Promise<boolean> {
  const by = { ...trier, email: who.operator.email };
  if (await blockedUntil(platform, by)) return false;
  const row = await findOperator(platform, who.operator.id);
  const right = await isPassword(password, row?.password ?? null);
  if (!right) await countFailure(platform, by);
  return right;
}

/** Sets another password and ends every other session. Throws `invalid_request` with what is wrong with it. */
export async function changePassword(platform: Platform, who: SignedIn, password: string): Promise<void> {
  checkPassword(password, who.operator);
  const hashed = await hashPassword(password);
  await platform.database.run(store.updateOperator(who.operator.id, { password: hashed }, platform.clock.now()));
  await endSessions(platform, who.operator.id, { but: who.session.id });
}

/** The operator, or undefined. */
export function findOperator(platform: Pick<Platform, 'database'>, id: string) {
  return platform.database.first<store.OperatorRow>(store.findOperator({ id }));
}

/** The operator with that address, or undefined. */
export function findOperatorByEmail(platform: Pick<Platform, 'database'>, email: string) {
  return platform.database.first<store.OperatorRow>(store.findOperator({ email: plainEmail(email) }));
}

/** Everybody, oldest first. */
export function listOperators(platform: Pick<Platform, 'database'>) {
  return platform.database.rows<store.OperatorRow>(store.selectOperators());
}

/** Whether anybody was ever let in. */
export async function hasOperators(platform: Pick<Platform, 'database'>): Promise<boolean> {
  return ((await platform.database.first<{ count: number }>(store.countOperators()))?.count ?? 0) > 0;
}

/**
 * Changes what somebody may. Throws `forbidden` where it would leave nobody who can let people in; changes nothing where
 * somebody else changed it since `seen`. Every session of theirs ends: the next one knows the new role.
 */
export async function changeOperator(
  platform: Pick<Platform, 'database' | 'clock'>,
  id: string,
  change: { role?: Role; apps?: string[] | null; status?: 'active' | 'disabled' },
  seen: Date,
): Promise<'changed' | 'changed_meanwhile'> {
  return platform.database.transaction(async (tx) => {
    await tx.first(store.lockOperators());
    const before = await tx.first<store.OperatorRow>(store.findOperator({ id }));
    if (!before) throw notFound('operator');
    if ((await tx.run(store.updateOperator(id, change, platform.clock.now(), seen))) === 0) return 'changed_meanwhile';
    const owners = await tx.first<{ count: number }>(store.countOwners());
    if ((owners?.count ?? 0) === 0)
      throw new Problem('forbidden', 'This is the last owner who can get in. Make somebody else an owner first.');
    await tx.run(store.deleteSessions(id, {}));
    return 'changed';
  });
}

/** Somebody new, with their first password. The address must be free. */
export async function addOperator(
  platform: Pick<Platform, 'database' | 'clock'>,
  given: { email: string; name: string; password: string; role: Role; apps: string[] | null },
): Promise<string> {
  const email = plainEmail(given.email);
  const name = given.name.trim();
  if (!/^[^\s@<>"]{1,100}@[^\s@<>"]{1,150}$/.test(email))
    throw new Problem('invalid_request', 'Write an e-mail address such as ada@example.com.', {
      errors: [{ pointer: '/email', detail: 'Write an e-mail address such as ada@example.com.' }],
    });
  if (name.length < 1 || name.length > 100)
    throw new Problem('invalid_request', 'A name has 1 to 100 characters.', {
      errors: [{ pointer: '/name', detail: 'A name has 1 to 100 characters.' }],
    });
  checkPassword(given.password, { email, name });
  const id = newId('operator');
  const password = await hashPassword(given.password);
  const at = platform.clock.now();
  const { role, apps } = given;
  try {
    await platform.database.run(
      store.insertOperator({ id, email, name, role, apps, status: 'active', password, createdAt: at }),
    );
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'operators_email_key') throw error;
    throw new Problem('invalid_request', 'Somebody here has this address already.', {
      errors: [{ pointer: '/email', detail: 'Somebody here has this address already.' }],
    });
  }
  return id;
}

/** Throws `invalid_request` at `/password`. */
export function checkPassword(password: string, about: { email: string; name: string }): void {
  const refused = refusePassword(password, [about.email, about.name]);
  if (refused) throw new Problem('invalid_request', refused, { errors: [{ pointer: '/password', detail: refused }] });
}

/** Addresses are compared in lower case and without spaces around them. */
export function plainEmail(email: string): string {
  return email.trim().toLowerCase().normalize('NFC').slice(0, 254);
}

/** What a browser that was in before shows: it is counted by itself when passwords are tried. */
export function knownDevice(platform: Pick<Platform, 'vault'>, email: string, value: string | undefined) {
  const [id = '', proof = ''] = (value ?? '').split('.');
  return id && proof === deviceProof(platform, email, id) ? id : undefined;
}

/** Its cookie, for a browser that has just got in. */
export function deviceCookie(platform: Pick<Platform, 'vault' | 'clock'>, email: string): string {
  const id = `${machineTime(platform).getTime().toString(36)}${newId('operatorSession').slice(4)}`;
  return `${id}.${deviceProof(platform, email, id)}`;
}

function deviceProof(platform: Pick<Platform, 'vault'>, email: string, id: string): string {
  return platform.vault.derive('operator device', `${plainEmail(email)} ${id}`);
}
