import type { Caller, Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { ConsentText } from '../sessions/screen.ts';
import type { Consent } from './consent.ts';
import { getConsent } from './consents.ts';
import { signReceipt } from './receipt-key.ts';
import { findAgreedText } from './store.ts';

/** Evidence of a consent: what was shown, word for word, and when it was agreed to. */
export type Receipt = {
  consent: Consent;
  /** The very text the person saw. */
  text: ConsentText;
  /** SHA-256 in hex of that text's JSON, kept with the consent. */
  textHash: string;
  /** A JWS over ids, dates, state and the text's hash: whoever has the server's public key can check it offline. */
  signature: string;
};

/** The receipt of a consent that was agreed to; `consent_not_active` before that. */
export async function makeReceipt(platform: Platform, caller: Pick<Caller, 'tenant'>, id: string): Promise<Receipt> {
  const consent = await getConsent(platform, caller, id);
  const kept = await platform.database.read.first<{ text: string; hash: Buffer }>(findAgreedText(caller.tenant, id));
  if (!kept)
    throw new Problem('consent_not_active', 'Nobody has agreed to this consent yet, so there is nothing to confirm.');
  const textHash = kept.hash.toString('hex');
  const signature = await signReceipt(platform, {
    iss: platform.publicUrl,
    sub: consent.id,
    iat: Math.floor(platform.clock.now().getTime() / 1000),
    status: consent.status,
    app: consent.agreedFacts?.app ?? null,
    provider: consent.provider,
    agreed_at: consent.agreedAt,
    authorized_at: consent.authorizedAt,
    ended_at: consent.endedAt,
    text_sha256: textHash,
  });
  return { consent, text: JSON.parse(kept.text) as ConsentText, textHash, signature };
}
