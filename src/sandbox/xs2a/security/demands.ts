import { findToken, hashOf, type Token } from '../../store.ts';
import type { Call } from '../call.ts';
import { formatError, Refused } from '../errors.ts';

/** Operations that read accounts. */
const READING = /account|balances|transaction/;

/** What this bank wants of every request besides what the standard does (standards §13.1), or a refusal. */
export function checkDemands(call: Call, operation: string): void {
  const { face, headers } = call;
  if (face.userAgent && !headers['user-agent']) throw new Refused(403, 'SERVICE_BLOCKED', 'A User-Agent is needed.');
  if (face.dateHeader && Number.isNaN(Date.parse(headers.date ?? ''))) throw formatError('header Date is missing');
  if (face.oddities.includes('charset_refused') && /charset/i.test(headers['content-type'] ?? '')) {
    throw new Refused(415, 'FORMAT_ERROR', 'Send application/json and nothing behind it.');
  }
  if (face.attendedOnly && READING.test(operation) && !headers['psu-ip-address']) {
    throw formatError('header PSU-IP-Address is missing');
  }
  if (face.withBalance === 'refused' && call.query.has('withBalance')) {
    throw new Refused(400, 'PARAMETER_NOT_SUPPORTED', 'withBalance is not supported.');
  }
  if (operation === 'create_consent') checkPsuId(call);
  if (headers['psu-id'] && face.psuIdType && headers['psu-id-type'] !== face.psuIdType) {
    throw formatError(`header PSU-ID-Type must be ${face.psuIdType}`);
  }
}

function checkPsuId({ face, headers }: Call): void {
  const id = headers['psu-id'];
  if (face.corporateId && !headers['psu-corporate-id']) throw formatError('header PSU-Corporate-ID is missing');
  if (face.psuId === 'required' && !id) throw formatError('header PSU-ID is missing');
  if (face.psuId === 'forbidden' && id !== undefined) throw formatError('header PSU-ID must not be sent');
  if (face.psuId === 'empty' && id !== '') throw formatError('header PSU-ID must be there and empty');
}

/** Tokens that belong to no consent say so by what stands in place of its id. */
export const [OF_PERSON, OF_CLIENT] = ['sign-in:', 'client:'];

const PRE_STEP_HEADER = { oauth: 'authorization', password: 'psd2-authorization', client_credentials: 'authorization' };

/**
 * The token of what had to be done before any consent; undefined where nothing had to be. A bank that wants a token of the
 * caller alone wants it for making consents only.
 */
export async function preStepToken(call: Call, operation: string): Promise<Token | undefined> {
  const { preStep } = call.face;
  if (preStep === 'none' || (preStep === 'client_credentials' && operation !== 'create_consent')) return undefined;
  const [, secret] = /^Bearer (.+)$/i.exec(call.headers[PRE_STEP_HEADER[preStep]] ?? '') ?? [];
  const token = secret ? await findToken(call.stage.database, call.bank.slug, hashOf(secret)) : undefined;
  const links = preStep === 'oauth' ? { links: { scaOAuth: { href: metadataUrl(call) } } } : {};
  const kind = preStep === 'client_credentials' ? OF_CLIENT : OF_PERSON;
  if (
    token?.kind !== 'access' ||
    !token.consentId.startsWith(kind) ||
    token.detail.client !== call.client.organizationId
  ) {
    throw new Refused(401, 'TOKEN_UNKNOWN', 'Sign in first.', links);
  }
  if (token.expiresAt <= call.now) throw new Refused(401, 'TOKEN_EXPIRED', 'The access token has expired.', links);
  return token;
}

/** Where the metadata of the bank's authorization server is. */
export const metadataUrl = ({ stage, bank }: Pick<Call, 'stage' | 'bank'>): string =>
  `${stage.machineUrl(bank.slug)}/.well-known/oauth-authorization-server`;
