import type { Tx } from '../../base/database.ts';
import type { Stage } from '../stage.ts';
import { type Authorisation, type Consent, endTokens, findConsent, listConsents, storeConsent } from '../store.ts';
import type { Bank } from '../world/banks.ts';
import { dayOf } from '../world/time.ts';
import { type Call, faceOf } from './call.ts';
import { Refused } from './errors.ts';

// XS2A leaves the time to the bank: long enough for one reading, short enough to be once.
const ONE_OFF_MS = 30 * 60_000;
const PHONE_MS = 15 * 60_000;

/** The consent of the path, when the caller made it at this interface; ended first when its time is over. */
export async function ownConsent(call: Call): Promise<Consent> {
  const consent = await findConsent(call.stage.database, call.bank.slug, call.part.consentId!);
  if (!consent || consent.client !== call.client.organizationId || consent.face !== call.face.path) {
    throw new Refused(403, 'CONSENT_UNKNOWN', 'There is no such consent.');
  }
  return settleExpiry(call.stage.database, call.bank, consent, call.now);
}

/** The consent, marked as expired when its time is over. */
export async function settleExpiry(tx: Tx, bank: Bank, consent: Consent, now: Date): Promise<Consent> {
  if (consent.status !== 'valid' || !isOver(bank, consent, now)) return consent;
  const expired: Consent = { ...consent, status: 'expired', lastActionDate: dayOf(now, bank.zone) };
  await storeConsent(tx, expired);
  await endTokens(tx, bank.slug, consent.id);
  return expired;
}

/** Makes a consent valid with the accounts that the person approved, and ends those it replaces. */
export async function validate(
  tx: Tx,
  { stage, bank, now }: { stage: Stage; bank: Bank; now: Date },
  consent: Consent,
  granted: string[],
): Promise<Consent> {
  const day = dayOf(now, bank.zone);
  const valid: Consent = { ...consent, status: 'valid', granted, authorisedAt: now.toISOString(), lastActionDate: day };
  const face = faceOf(stage, bank, consent.face)!;
  if (consent.recurring && !face.multipleConsents) {
    // XS2A 1.3 §6.3: a new recurring consent ends the former one of the same person and caller.
    for (const former of await listConsents(tx, bank.slug, consent.person)) {
      const same = former.client === consent.client && former.face === consent.face && former.id !== consent.id;
      if (!same || !former.recurring || former.status !== 'valid') continue;
      await storeConsent(tx, { ...former, status: 'expired', lastActionDate: day, replacedBy: consent.id });
      await endTokens(tx, bank.slug, former.id);
    }
  }
  await storeConsent(tx, valid);
  return valid;
}

/** True when nobody answered on the phone for too long; a second signer has all the time of the consent. */
export function isForgotten(consent: Consent, authorisation: Authorisation, now: Date): boolean {
  if (!authorisation.waiting || consent.status !== 'received') return false;
  return now.getTime() - Date.parse(authorisation.createdAt) > PHONE_MS;
}

function isOver(bank: Bank, consent: Consent, now: Date): boolean {
  if (dayOf(now, bank.zone) > consent.validUntil) return true;
  return !consent.recurring && now.getTime() - Date.parse(consent.authorisedAt ?? consent.createdAt) > ONE_OFF_MS;
}
