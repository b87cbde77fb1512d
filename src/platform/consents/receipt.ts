import { createHash } from 'node:crypto';
import type { Caller, Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { ConsentText } from '../sessions/screen.ts';
import type { Consent } from './consent.ts';
import { getConsent } from './consents.ts';
import { findAgreedHash } from './store.ts';

/** Evidence of a consent: what was shown, word for word, and when it was agreed to. */
export type Receipt = {
  consent: Consent;
  /** The text in the version the person saw, made again from the facts. */
  text: ConsentText;
  /** SHA-256 of the text's JSON, kept at the moment of agreeing, in hex. */
  textHash: string;
  /** True when the text made again is the text that was shown: false after the words have changed since. */
  reproduced: boolean;
};

/** The receipt of a consent that was agreed to; `consent_not_active` before that. */
export async function makeReceipt(platform: Platform, caller: Caller, id: string): Promise<Receipt> {
  const consent = await getConsent(platform, caller, id);
  const kept = await platform.database.read.first<{ hash: Buffer | null }>(findAgreedHash(caller.tenant, id));
  if (!consent.agreedFacts || !consent.agreedLocale || !kept?.hash)
    throw new Problem('consent_not_active', 'Nobody has agreed to this consent yet, so there is nothing to confirm.');
  const text = platform.makeConsentText(consent.agreedFacts, consent.agreedLocale);
  const textHash = kept.hash.toString('hex');
  return { consent, text, textHash, reproduced: createHash('sha256').update(JSON.stringify(text)).digest('hex') === textHash };
}
