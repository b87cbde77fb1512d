import { randomBytes } from 'node:crypto';
import { newId } from '../../base/ids.ts';
import { hashToken } from '../../base/vault.ts';
import { deliver } from '../customers/mail/mail.ts';
import type { Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { recordAct } from './acts.ts';
import { machineTime } from './machine-time.ts';
import { addOperator, checkPassword, findOperator, hasOperators, plainEmail } from './operators.ts';
import { hashPassword } from './passwords.ts';
import type { Role } from './roles.ts';
import { type BrowserAt, endSessions, openSession } from './sessions.ts';
import * as store from './store.ts';

export type { LinkRow } from './store.ts';

const HOUR_MS = 3_600_000;
/** How long each kind of link works. */
export const LINK_HOURS = { first: 24, invitation: 72, way_back: 24 } as const;

/** What a link is when somebody opens it. */
export type Opened =
  | { state: 'good'; link: store.LinkRow; email: string | null; name: string | null }
  | { state: 'used' | 'expired' | 'unknown' };

/** The link for the first operator of this server, or undefined where there is one already. Printed at the start. */
export async function firstOperatorLink(platform: Platform): Promise<string | undefined> {
  if (await hasOperators(platform)) return undefined;
  return makeLink(platform, { kind: 'first', operator: null, email: null, role: 'owner', apps: null, createdBy: null });
}

/** A link by which somebody becomes an operator. Whoever has it can use it once. */
export async function invite(
  platform: Platform,
  given: { email: string; role: Role; apps: string[] | null; by: string; requestId: string | null },
): Promise<{ url: string; email: string }> {
  const email = plainEmail(given.email);
  if (!/^[^\s@<>"]{1,100}@[^\s@<>"]{1,150}$/.test(email))
    throw new Problem('invalid_request', 'Write an e-mail address such as ada@example.com.', {
      errors: [{ pointer: '/email', detail: 'Write an e-mail address such as ada@example.com.' }],
    });
  const { role, apps, by } = given;
  const url = await makeLink(platform, { kind: 'invitation', operator: null, email, role, apps, createdBy: by });
  await recordAct(platform, { operator: by, requestId: given.requestId }, `operator.invited_as_${role}`);
  await sendLink(platform, { email, url });
  return { url, email };
}

/** A link by which an operator who lost password or second factor sets both anew. Earlier ones stop working. */
export async function makeWayBack(
  platform: Platform,
  operator: string,
  by: { operator: string; requestId: string | null },
): Promise<string> {
  const row = await findOperator(platform, operator);
  if (!row) throw notFound('operator');
  await platform.database.run(store.endLinks({ operator }, machineTime(platform)));
  await recordAct(platform, by, 'operator.let_back_in', { object: operator });
  const { email, role, apps } = row;
  return makeLink(platform, { kind: 'way_back', operator, email, role, apps, createdBy: by.operator });
}

/** Looks at a link. Looking uses nothing up: mail scanners look too. */
export async function openLink(platform: Platform, token: string): Promise<Opened> {
  const link = await platform.database.first<store.LinkRow>(store.findLink(hashToken(token)));
  if (!link) return { state: 'unknown' };
  if (link.usedAt) return { state: 'used' };
  if (link.expiresAt <= machineTime(platform) || (link.kind === 'first' && (await hasOperators(platform))))
    return { state: 'expired' };
  const operator = link.operator ? await findOperator(platform, link.operator) : undefined;
  return { state: 'good', link, email: link.email, name: operator?.name ?? null };
}

/**
 * Uses a link: makes the operator, or sets the password anew and drops the second factor. Returns the cookie of a session
 * in which a second factor is set up next; undefined where somebody was quicker.
 */
export async function joinByLink(
  platform: Platform,
  token: string,
  given: { email: string; name: string; password: string },
  browser: BrowserAt,
  requestId: string | null,
): Promise<{ cookie: string; operator: string } | undefined> {
  const opened = await openLink(platform, token);
  if (opened.state !== 'good') return undefined;
  const { link } = opened;
  const operator = await platform.database.transaction(async (tx) => {
    // Two who use the first operator's links at once: one becomes it.
    await tx.first(store.lockOperators());
    if (link.kind === 'first' && (await hasOperators({ database: { ...platform.database, first: tx.first } })))
      return undefined;
    const used = await tx.first<store.LinkRow>(store.useLink(hashToken(token), machineTime(platform)));
    if (!used) return undefined;
    const within = { ...platform, database: { ...platform.database, run: tx.run, first: tx.first } };
    if (used.operator === null)
      return addOperator(within, { ...given, email: used.email ?? given.email, role: used.role, apps: used.apps });
    checkPassword(given.password, { email: used.email ?? '', name: given.name });
    const password = await hashPassword(given.password);
    await tx.run(store.updateOperator(used.operator, { password, totp: null }, platform.clock.now()));
    await tx.run(store.deletePasskeys(used.operator));
    for (const statement of store.replaceRecoveryCodes(used.operator, [])) await tx.run(statement);
    return used.operator;
  });
  if (!operator) return undefined;
  await endSessions(platform, operator);
  const what = link.operator ? 'operator.came_back' : 'operator.joined';
  await recordAct(platform, { operator, requestId }, what, { object: operator });
  return { cookie: await openSession(platform, operator, 'set_up', browser), operator };
}

/** Invitations and ways back that still work. */
export function listOpenLinks(platform: Pick<Platform, 'database' | 'clock'>) {
  return platform.database.rows<store.LinkRow>(store.selectOpenLinks(machineTime(platform)));
}

/** Takes a link back. */
export async function takeBackLink(platform: Pick<Platform, 'database' | 'clock'>, id: string): Promise<void> {
  await platform.database.run(store.endLinks({ id }, machineTime(platform)));
}

async function makeLink(
  platform: Platform,
  link: Omit<store.LinkRow, 'id' | 'createdAt' | 'expiresAt' | 'usedAt'>,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const at = machineTime(platform);
  const expiresAt = new Date(at.getTime() + LINK_HOURS[link.kind] * HOUR_MS);
  const row = { ...link, id: newId('operatorLink'), createdAt: at, expiresAt };
  await platform.database.run(store.insertLink(hashToken(token), row));
  return `${platform.publicUrl}/dashboard/join/${token}`;
}

/** Mails an invitation where the operator gave a mail server; whoever invites is shown the link in any case. */
async function sendLink(platform: Platform, { email, url }: { email: string; url: string }): Promise<void> {
  if (!platform.mail) return;
  const facts = { kind: 'invitation' as const, operator: platform.operator.name, url };
  // The inviter has the link on the page in any case: a mail server that is away must not undo the invitation.
  await deliver(platform, platform.mail, email, facts, 'en').catch((error: unknown) =>
    platform.log.warn('mail.failed', { error }),
  );
}
