import type { Grant, Permission } from '../../banking/connector.ts';
import type { Json } from '../../banking/step.ts';
import type { Access, Dialog, Talk } from './talk.ts';

/** How long a typed PIN may lie anywhere when it is not to be kept (PRODUCT: secrets). */
export const PIN_LIVES_MS = 10 * 60_000;

/** What a grant keeps: the way in, and the PIN only where app and person both said so. */
export type GrantSecret = { access: Access; pin?: string };

/** What only the visit may use: the PIN and the dialog that is open, so that a login is made once and not for every read. */
export type VisitSecret = { pin: string; dialog?: Dialog };

/** The grant that a signed-in talk is. */
export function grantOf(permission: Permission, talk: Talk, untilMs: number): Grant {
  const { access, pin, dialog } = talk;
  const keeps = permission.storeSecrets === true && permission.recurring;
  const secret: GrantSecret = { access, ...(keeps ? { pin } : {}) };
  const visit: VisitSecret = { pin, ...(dialog ? { dialog } : {}) };
  return {
    secret: asJson(secret),
    visit: { secret: asJson(visit), forgetAt: new Date(untilMs) },
    ...(keeps ? {} : { attendedOnly: true }),
  };
}

/** What a grant of ours keeps. */
export function secretOf(grant: Grant): GrantSecret {
  return grant.secret as unknown as GrantSecret;
}

/** What the visit may use, while it still may, and until when. */
export function visitOf(grant: Grant, now: Date): (VisitSecret & { untilMs: number }) | undefined {
  const { visit } = grant;
  if (!visit || visit.forgetAt <= now) return undefined;
  return { ...(visit.secret as unknown as VisitSecret), untilMs: visit.forgetAt.getTime() };
}

/** Any plain value as JSON. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
