import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../banking/connector.ts';
import { readConsentStatus, secretOf } from './consent.ts';
import { names, refusalOf } from './errors.ts';
import { sendFor } from './oauth.ts';
import { isSuccess, rightOf } from './wire.ts';

/** Statuses in which a consent no longer works, for whatever reason. */
const OVER = ['rejected', 'revokedByPsu', 'expired', 'terminatedByTpp'];

/** `DELETE /consents/{consentId}`. A consent that is over or unknown at the bank counts as ended. */
export const revoke: Connector['revoke'] = async (context, grant) => {
  const reply = await sendFor(context, grant, { method: 'DELETE', path: pathOf(grant), purpose: 'revocation' });
  if (isSuccess(reply.status) || reply.status === 404) return;
  if (names(reply, 'CONSENT_UNKNOWN', 'CONSENT_EXPIRED')) return;
  if (reply.status >= 400 && reply.status < 500 && reply.status !== 429 && (await isOver(context, grant))) return;
  throw refusalOf(reply, context.now());
};

/** `GET /consents/{consentId}/status`: whether the grant still lives, without reading any account. */
export const check: NonNullable<Connector['check']> = async (context, grant) => {
  const path = `${pathOf(grant)}/status`;
  const reply = await sendFor(context, grant, { method: 'GET', path, purpose: 'consent' });
  if (!isSuccess(reply.status)) {
    const gone = reply.status === 404 || names(reply, 'CONSENT_UNKNOWN', 'CONSENT_EXPIRED', 'CONSENT_INVALID');
    if (gone && reply.status < 500) return 'gone';
    throw refusalOf(reply, context.now());
  }
  const status = reply.json.consentStatus;
  if (typeof status !== 'string') throw new BankError('unexpected', 'the consent has no status');
  if (status === 'valid') return 'valid';
  return OVER.includes(status) ? 'gone' : 'waiting_for_signers';
};

async function isOver(context: BankContext, grant: Grant): Promise<boolean> {
  const secret = secretOf(grant);
  const status = await readConsentStatus(
    { context },
    { models: [], links: {}, ...rightOf(secret), consentId: secret.consentId },
  );
  return OVER.includes(status);
}

function pathOf(grant: Grant): string {
  return `v1/consents/${encodeURIComponent(secretOf(grant).consentId)}`;
}
