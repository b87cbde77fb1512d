import type { Authority, Role } from '../authority.ts';
import type { Stage } from '../stage.ts';
import { endConsent, findConsent, listConsents } from './data/consents.ts';
import { enrol, publishKey } from './directory.ts';
import { renewKeys } from './server/keys.ts';
import { closeProvider, type UkBank } from './server/provider.ts';
import { type Settings, settingsOf, storeSettings } from './settings.ts';
import { dropGranted, dropPayload } from './state-store.ts';

type Body = Record<string, unknown>;

/** What control may know of such a bank. */
export async function presentOpenBanking(stage: Stage, bank: UkBank): Promise<object> {
  const { rotate, registration, userAgent } = await settingsOf(stage, bank);
  return {
    version: bank.openBanking.version,
    organisation_id: bank.openBanking.organisationId,
    rotate,
    registration: { media_type: registration.mediaType, audience: registration.audience, open: registration.open },
    user_agent: userAgent,
  };
}

/**
 * Changes its settings, or says what is wrong with the order: `{ rotate?: true, registration?: { media_type, audience, open },
 * user_agent?: true, signing_keys?: 'new' }`.
 */
export async function changeOpenBanking(stage: Stage, bank: UkBank, order: Body): Promise<string | undefined> {
  const { rotate, registration = {}, user_agent: userAgent, signing_keys: keys, ...more } = order;
  const { media_type: mediaType, audience, open, ...others } = registration as Body;
  const [unknown] = Object.keys({ ...more, ...others });
  if (unknown)
    return `${unknown} is no setting; there are rotate, registration (media_type, audience, open), user_agent, signing_keys.`;
  for (const value of [rotate, userAgent, open])
    if (value !== undefined && typeof value !== 'boolean') return 'rotate, user_agent and open are true or false.';
  if (mediaType !== undefined && !['application/jwt', 'application/jose'].includes(String(mediaType)))
    return 'media_type is application/jwt or application/jose.';
  if (audience !== undefined && !['organisation', 'issuer'].includes(String(audience)))
    return 'audience is organisation or issuer.';
  if (keys !== undefined && keys !== 'new') return 'signing_keys can be "new".';
  const before = await settingsOf(stage, bank);
  const after = {
    rotate: rotate ?? before.rotate,
    userAgent: userAgent ?? before.userAgent,
    registration: {
      mediaType: mediaType ?? before.registration.mediaType,
      audience: audience ?? before.registration.audience,
      open: open ?? before.registration.open,
    },
  } as Settings;
  await storeSettings(stage, bank, after);
  if (keys === 'new') {
    await renewKeys(stage, bank.slug);
    closeProvider(stage, bank);
  }
  return undefined;
}

/** The bank's consents as control lists them. */
export const listForControl = (stage: Stage, bank: UkBank): Promise<object[]> => listConsents(stage, bank);

/** Ends a consent at the bank; false when there is none that could be. */
export async function endForControl(
  stage: Stage,
  bank: UkBank,
  id: string,
  status: 'expired' | 'cancelled',
): Promise<boolean> {
  return (await endConsent(stage, bank, id, status)) !== undefined;
}

const MODELS: Readonly<Record<string, string | undefined>> = {
  access: 'AccessToken',
  refresh: 'RefreshToken',
  all: undefined,
};

/** Makes the tokens of a consent end: `access`, `refresh` or `all`, which ends the grant too. How many; undefined for no such kind. */
export async function endTokens(stage: Stage, bank: UkBank, id: string, which: string): Promise<number | undefined> {
  if (!Object.hasOwn(MODELS, which)) return undefined;
  const consent = await findConsent(stage, bank, id);
  if (!consent?.grantId) return 0;
  if (which === 'all') await dropPayload(stage.database, bank.slug, 'Grant', consent.grantId);
  return dropGranted(stage.database, bank.slug, consent.grantId, MODELS[which]);
}

/** Lists a software in the directory as control asks; a text says what is wrong. */
export async function enrolForControl(stage: Stage, authority: Authority, body: Body): Promise<object | string> {
  const { organization, organization_id: organizationId, redirect_uris: redirectUris } = body;
  if (typeof organization !== 'string' || typeof organizationId !== 'string' || !Array.isArray(redirectUris))
    return 'organization, organization_id and redirect_uris (a list) are needed.';
  if (body.expired !== undefined && !['statement', 'certificate'].includes(String(body.expired)))
    return 'expired can be "statement" or "certificate".';
  if (body.algorithm !== undefined && !['PS256', 'ES256'].includes(String(body.algorithm)))
    return 'algorithm can be PS256 or ES256.';
  const papers = await enrol(stage, authority, {
    organization,
    organizationId,
    redirectUris: redirectUris.map(String),
    ...(typeof body.software_name === 'string' ? { softwareName: body.software_name } : {}),
    ...(Array.isArray(body.software_roles) ? { softwareRoles: body.software_roles.map(String) } : {}),
    ...(Array.isArray(body.certificate_roles) ? { certificateRoles: body.certificate_roles as Role[] } : {}),
    ...(body.algorithm ? { algorithm: body.algorithm as 'PS256' } : {}),
    ...(body.expired ? { expired: body.expired as 'statement' } : {}),
    ...(typeof body.organisation_status === 'string' ? { organisationStatus: body.organisation_status } : {}),
  });
  return {
    software_id: papers.softwareId,
    software_statement: papers.softwareStatement,
    transport: { certificate: papers.transport.certificate, private_key: papers.transport.privateKey },
    signing: {
      certificate: papers.signing.certificate,
      private_key: papers.signing.privateKey,
      key_id: papers.signing.keyId,
      algorithm: papers.signing.algorithm,
    },
    keys_url: papers.keysUrl,
    ca: authority.ca,
  };
}

/** Publishes another public key of a software: `{ key: PEM, alone?: true }`; false when there is no such software. */
export const publishForControl = (stage: Stage, id: string, { key, alone }: Body): Promise<boolean> =>
  publishKey(stage, id, String(key), alone === true);
