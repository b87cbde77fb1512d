import { type Consent, findConsent, findToken, hashOf } from '../store.ts';
import type { Call } from './call.ts';
import { needHeader } from './call.ts';
import { Refused } from './errors.ts';
import { settleExpiry } from './standing.ts';

const GONE: Partial<Record<Consent['status'], [code: string, text: string]>> = {
  received: ['CONSENT_INVALID', 'The consent has not been approved yet.'],
  partiallyAuthorised: ['CONSENT_INVALID', 'A second person has to approve the consent.'],
  rejected: ['CONSENT_INVALID', 'The consent was refused.'],
  revokedByPsu: ['CONSENT_INVALID', 'The person has revoked the consent.'],
  terminatedByTpp: ['CONSENT_INVALID', 'The consent was ended.'],
  expired: ['CONSENT_EXPIRED', 'The consent has expired.'],
};

/** The valid consent that the header `Consent-ID` names. */
export async function consentOfCall(call: Call): Promise<Consent> {
  const id = needHeader(call, 'Consent-ID');
  const { database } = call.stage;
  const found = await findConsent(database, call.bank.slug, id);
  if (!found || found.client !== call.client.organizationId || found.face !== call.face.path) {
    throw new Refused(403, 'CONSENT_UNKNOWN', 'There is no such consent.');
  }
  const consent = await settleExpiry(database, call.bank, found, call.now);
  const gone = GONE[consent.status];
  if (gone) throw new Refused(401, ...gone);
  return consent;
}

/** At OAuth banks the access token must be there, be of this consent, and be bound to the caller's certificate (RFC 8705). */
export async function bearerConsent(call: Call, consent: Consent): Promise<void> {
  if (call.signedIn && call.signedIn !== consent.person) {
    throw new Refused(401, 'TOKEN_INVALID', 'The access token is somebody else’s.');
  }
  if (call.face.approach !== 'oauth') return;
  const [, secret] = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '') ?? [];
  if (!secret) throw new Refused(401, 'TOKEN_INVALID', 'There is no access token.');
  const token = await findToken(call.stage.database, call.bank.slug, hashOf(secret));
  if (token?.kind !== 'access') throw new Refused(401, 'TOKEN_UNKNOWN', 'The access token is not known.');
  if (token.consentId !== consent.id || token.detail.thumbprint !== call.client.thumbprint) {
    throw new Refused(401, 'TOKEN_INVALID', 'The access token is not for this consent and certificate.');
  }
  if (token.expiresAt <= call.now) throw new Refused(401, 'TOKEN_EXPIRED', 'The access token has expired.');
}
