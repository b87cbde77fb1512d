import { randomBytes } from 'node:crypto';
import { hashToken } from '../../../base/vault.ts';
import { endConsent } from '../../consents/ending.ts';
import type { Platform } from '../../platform.ts';
import { Problem } from '../../problems.ts';
import { CONTROL_PATH, deliver } from '../mail/mail.ts';
import { isRefused, NO_TENANT, refusalUrl } from '../mail/refusing.ts';
import {
  type ControlledRow,
  countControlLinks,
  deleteControlLink,
  deleteControlLinks,
  findControlLink,
  insertControlLink,
  lockAddress,
  selectControlled,
} from './control-store.ts';

export type { ControlledRow } from './control-store.ts';

/** The queue of people who asked for a link to what they allowed. */
export const CONTROL_QUEUE = 'control-mail';
const HOUR_MS = 3_600_000;
const LASTS_MS = 24 * HOUR_MS;
/** Whoever asks for another person's link must not fill their mailbox. */
const MOST_AN_HOUR = 3;
const ABOUT = ['0', 'control', 'asked'];

/**
 * Somebody wants to see what their address has allowed. Whether we know the address is found out later, by a job: the
 * answer is the same, and takes as long, for every address.
 */
export async function askForControl(platform: Platform, email: string, locale: string): Promise<void> {
  const address = email.toLowerCase();
  const sealed = platform.vault.seal(address, ABOUT).toString('base64url');
  const key = platform.vault.derive('mail address', address);
  await platform.jobs.enqueue(platform.database, CONTROL_QUEUE, { sealed, locale }, { key, urgent: true });
}

/** Mails the link, if that address has allowed anything; at most three an hour. */
export async function sendControlLink(platform: Platform, job: { sealed: string; locale: string }): Promise<void> {
  const { mail, database, clock } = platform;
  const email = platform.vault.open(Buffer.from(job.sealed, 'base64url'), ABOUT).toString();
  if (!mail || (await isRefused(platform, NO_TENANT, email))) return;
  const at = clock.now();
  const controlled = await listControlled(platform, email);
  if (controlled.length === 0) return;
  const token = randomBytes(32).toString('base64url');
  const link = { hash: hashToken(token), email, at, expiresAt: new Date(at.getTime() + LASTS_MS) };
  const since = new Date(at.getTime() - HOUR_MS);
  const isMade = await database.transaction(async (tx) => {
    // Two asked at once must not both be the third.
    await tx.run(lockAddress(email));
    const recent = await tx.first<{ count: number }>(countControlLinks(email, since));
    if ((recent?.count ?? 0) >= MOST_AN_HOUR) return false;
    await tx.run(insertControlLink(link));
    return true;
  });
  if (!isMade) return;
  const { operator } = platform;
  const facts = {
    kind: 'link' as const,
    operator: operator.name,
    url: `${platform.publicUrl}${CONTROL_PATH}/${token}`,
    refuseUrl: refusalUrl(platform, NO_TENANT, email),
    ...(operator.supportEmail ? { supportEmail: operator.supportEmail } : {}),
  };
  try {
    await deliver(platform, mail, email, facts, job.locale);
  } catch (error) {
    // Nobody has this link: it does not count, and the job is tried again.
    await database.run(deleteControlLink(link.hash));
    throw error;
  }
}

/** Whose link it is; undefined when it is none, or is over. Looking spends nothing. */
export async function openControlLink(platform: Platform, token: string): Promise<string | undefined> {
  const link = await platform.database.read.first<{ email: string }>(
    findControlLink(hashToken(token), platform.clock.now()),
  );
  return link?.email;
}

/** Everything an address has allowed that has not ended. */
export function listControlled(platform: Platform, email: string): Promise<ControlledRow[]> {
  return platform.database.read.rows<ControlledRow>(selectControlled(email));
}

/** Ends one of them, by the person; undefined when it is none of this address, or has ended already. */
export async function endControlled(
  platform: Platform,
  email: string,
  consent: string,
  requestId: string,
): Promise<ControlledRow | undefined> {
  const one = (await listControlled(platform, email)).find((controlled) => controlled.consent === consent);
  if (!one) return undefined;
  try {
    await platform.database.transaction((tx) =>
      endConsent(platform, tx, {
        tenant: one.tenant,
        id: one.consent,
        initiator: 'person',
        reason: 'revoked',
        requestId,
        detail: { at: 'control_page' },
      }),
    );
  } catch (error) {
    // It ended another way a moment ago: for the person that is the same.
    if (!(error instanceof Problem && error.code === 'consent_not_active')) throw error;
  }
  return one;
}

/** Links that are over are forgotten, and with them the addresses. */
export async function forgetControlLinks(platform: Platform): Promise<void> {
  await platform.database.run(deleteControlLinks(platform.clock.now()));
}
