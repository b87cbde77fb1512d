import type { Connector } from '../../banking/connector.ts';
import { pathOf, stateOf } from './consent.ts';
import { refusalOf } from './errors.ts';
import { secretOf, sendOwn } from './tokens.ts';
import { isSuccess } from './wire.ts';

/** `DELETE /account-access-consents/{ConsentId}`. A consent that is over or unknown at the bank counts as ended. */
export const revoke: Connector['revoke'] = async (context, grant) => {
  const { consentId } = secretOf(grant);
  const reply = await sendOwn(context, { method: 'DELETE', path: pathOf(consentId), purpose: 'revocation' });
  if (isSuccess(reply.status) || reply.status === 404) return;
  const over = reply.status === 400 || reply.status === 403 ? await stateOf(context, consentId) : undefined;
  if (over === 'over' || over === 'refused') return;
  throw refusalOf(reply, context.now());
};

/** Whether the consent still is authorised, without reading any account. */
export const check: NonNullable<Connector['check']> = async (context, grant) =>
  (await stateOf(context, secretOf(grant).consentId)) === 'granted' ? 'valid' : 'gone';
