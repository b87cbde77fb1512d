import { randomBytes } from 'node:crypto';
import type { Authority, Identity, Role } from '../authority.ts';
import type { Stage } from '../stage.ts';
import { type Algorithm, type Jwk, newKey, openJwt, pemOf, publicJwkOf, publicPart, signJwt } from './server/jwt.ts';
import { keyFor, keysOf } from './server/keys.ts';
import { findState, storeState } from './state-store.ts';

/** The directory's name in its statements, and the part of the machine address below which it stands. */
export const DIRECTORY = 'directory';
const ISSUER = 'Pretend Open Banking Directory';
const STATEMENT_YEARS = 10;

/** Who wants to be listed. What is left out is as it should be; the rest makes papers that a bank has to refuse. */
export type Applicant = {
  organization: string;
  /** Authorisation number, such as `PSDGB-FCA-123456`. */
  organizationId: string;
  /** What people are shown; the organisation's name when left out. */
  softwareName?: string;
  redirectUris: readonly string[];
  /** `AISP` when left out. */
  softwareRoles?: readonly string[];
  /** Signs with RSA (PS256) unless said. */
  algorithm?: Algorithm;
  /** A private key in PEM that is there already. */
  signingKey?: string;
  /** A client certificate that is there already. */
  transport?: Identity;
  /** Roles in the certificate; `PSP_AI` when left out. */
  certificateRoles?: readonly Role[];
  /** What ended yesterday. */
  expired?: 'statement' | 'certificate';
  /** `Active` when left out. */
  organisationStatus?: string;
};

/** The papers of one software: OBWAC-like for transport, OBSEAL-like for signing, and the signed statement. */
export type Enrolment = {
  softwareId: string;
  softwareStatement: string;
  transport: Identity;
  signing: Identity & { keyId: string; algorithm: Algorithm };
  /** Where its public keys are read. */
  keysUrl: string;
};

/** A software as the directory keeps it. */
export type Software = {
  softwareId: string;
  name: string;
  organization: string;
  organizationId: string;
  keys: Jwk[];
};

/** Lists a software in the directory and hands out its papers. The private key is not kept. */
export async function enrol(stage: Stage, authority: Authority, applicant: Applicant): Promise<Enrolment> {
  const { organization, organizationId, redirectUris, softwareName = organization } = applicant;
  const softwareId = base62(22);
  const privateKey = applicant.signingKey ?? pemOf(await newKey(applicant.algorithm ?? 'PS256'));
  const key = publicJwkOf(privateKey);
  const subject = { organization, organizationId, commonName: softwareId };
  const roles = applicant.certificateRoles ?? ['PSP_AI'];
  const expired = applicant.expired === 'certificate';
  const transport = applicant.transport ?? (await authority.issue(subject, roles, 'web', { expired }));
  const seal = await authority.issue(subject, roles, 'seal', { expired, privateKey });
  const software: Software = { softwareId, name: softwareName, organization, organizationId, keys: [publicPart(key)] };
  await storeState(stage.database, DIRECTORY, 'software', softwareId, software);
  const keysUrl = `${stage.machineUrl(DIRECTORY)}/software/${softwareId}/jwks`;
  const now = Math.floor((stage.clock.now().getTime() - stage.clock.aheadMs) / 1000);
  const statement = {
    iss: ISSUER,
    iat: applicant.expired === 'statement' ? now - 2 * 86_400 : now,
    exp: applicant.expired === 'statement' ? now - 86_400 : now + STATEMENT_YEARS * 365 * 86_400,
    jti: base62(22),
    software_id: softwareId,
    software_client_id: softwareId,
    software_client_name: softwareName,
    software_roles: applicant.softwareRoles ?? ['AISP'],
    software_redirect_uris: redirectUris,
    software_jwks_endpoint: keysUrl,
    software_environment: 'sandbox',
    org_id: organizationId,
    org_name: organization,
    org_status: applicant.organisationStatus ?? 'Active',
    organisation_competent_authority_claims: [{ registration_id: organizationId, status: 'Active' }],
  };
  const { keys } = await keysOf(stage, DIRECTORY);
  return {
    softwareId,
    softwareStatement: signJwt(statement, keyFor({ keys, cookie: '' }, 'PS256')),
    transport,
    signing: { privateKey, certificate: seal.certificate, keyId: key.kid, algorithm: key.alg },
    keysUrl,
  };
}

/** The claims of a statement that this directory signed; undefined for any other. */
export async function openStatement(stage: Stage, statement: string): Promise<Record<string, unknown> | undefined> {
  const { keys } = await keysOf(stage, DIRECTORY);
  const claims = openJwt(statement, keys);
  return claims?.iss === ISSUER ? claims : undefined;
}

/** What the directory answers at a path below its address: its own public keys, or those of a software. */
export async function readDirectory(stage: Stage, path: string): Promise<{ keys: Jwk[] } | undefined> {
  if (path === '/jwks') return { keys: (await keysOf(stage, DIRECTORY)).keys.map(publicPart) };
  const [, id] = /^\/software\/([0-9A-Za-z]{1,22})\/jwks$/.exec(path) ?? [];
  const software = id ? await findState<Software>(stage.database, DIRECTORY, 'software', id) : undefined;
  return software && { keys: software.keys };
}

/** Publishes another key of the software beside or in place of its old ones. */
export async function publishKey(stage: Stage, softwareId: string, pem: string, alone = false): Promise<boolean> {
  const software = await findState<Software>(stage.database, DIRECTORY, 'software', softwareId);
  if (!software) return false;
  const keys = [publicPart(publicJwkOf(pem)), ...(alone ? [] : software.keys)];
  await storeState(stage.database, DIRECTORY, 'software', softwareId, { ...software, keys });
  return true;
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(length: number): string {
  return [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
