import { createPrivateKey, X509Certificate } from 'node:crypto';
import { newId } from '../../base/ids.ts';
import { algorithmOf } from '../../base/oauth/keys.ts';
import type { Platform } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import type { CertificateRow, IdentityRow } from './store.ts';
import * as store from './store.ts';

export type { IdentityRow } from './store.ts';

/** What is said about an identity: in whose name banks are asked. */
export type NewIdentity = {
  legalName: string;
  registerNumber?: string;
  authority?: string;
  role?: 'own_licence' | 'agent' | 'own_accounts_only';
  agentOf?: string;
  /** `organizationIdentifier` as banks know it, e.g. `PSDDE-BAFIN-123456`; else taken from the first certificate. */
  organizationId?: string;
  fintsProductId?: string;
};

/** What the bank is shown: a certificate valid now and its key, in PEM. The key is opened for one use. */
export type Credentials = { certificate: string; privateKey: string; keyId?: string; notAfter: Date };

/** Makes an identity; its certificates are added one by one. */
export async function createIdentity(
  platform: Pick<Platform, 'database' | 'clock'>,
  request: NewIdentity,
): Promise<IdentityRow> {
  const legalName = request.legalName.trim();
  if (legalName.length < 1 || legalName.length > 200)
    throw new Problem('invalid_request', 'A legal name has 1 to 200 characters.');
  if (request.role === 'agent' && !request.agentOf)
    throw new Problem('invalid_request', 'An agent says of whom (agent of).');
  const row: IdentityRow = {
    id: newId('identity'),
    legal_name: legalName,
    register_number: request.registerNumber ?? null,
    authority: request.authority ?? null,
    role: request.role ?? 'own_licence',
    agent_of: request.agentOf ?? null,
    organization_id: request.organizationId ?? null,
    fints_product_id: request.fintsProductId ?? null,
    created_at: platform.clock.now(),
  };
  await platform.database.run(store.insertIdentity(row));
  return row;
}

/** The identity, or undefined. */
export function findIdentity(platform: Pick<Platform, 'database'>, identity: string): Promise<IdentityRow | undefined> {
  return platform.database.first<IdentityRow>(store.findIdentityRow(identity));
}

/** Newest first, a thousand at most. */
export function listIdentities(platform: Pick<Platform, 'database'>): Promise<IdentityRow[]> {
  return platform.database.rows<IdentityRow>(store.selectIdentities(1000));
}

/** Keeps a certificate and its key (PEM both); the key is sealed. The key must be the certificate's own, the end not past. */
export async function addCertificate(
  platform: Pick<Platform, 'database' | 'clock' | 'vault'>,
  identity: string,
  given: { use: 'transport' | 'signature'; certificate: string; privateKey: string; keyId?: string },
): Promise<{ id: string; notBefore: Date; notAfter: Date; organizationId?: string }> {
  if (!(await findIdentity(platform, identity))) throw notFound('identity');
  const certificate = readCertificate(given.certificate);
  const key = readKey(given.privateKey);
  if (!certificate.checkPrivateKey(key))
    throw new Problem('invalid_request', 'The private key does not belong to this certificate.');
  const at = platform.clock.now();
  if (certificate.validToDate <= at)
    throw new Problem('invalid_request', `This certificate ended on ${certificate.validTo}.`);
  refuseWrongUse(certificate, given.use, key.export({ type: 'pkcs8', format: 'pem' }).toString());
  const id = newId('certificate');
  const organizationId = /(?:^|\n)(?:organizationIdentifier|2\.5\.4\.97)=(.+)/.exec(certificate.subject)?.[1]?.trim();
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const row: CertificateRow = {
    id,
    use: given.use,
    // The whole text: a bank may want the intermediate certificates that follow the first.
    certificate: given.certificate,
    private_key: platform.vault.seal(privateKey, about(identity, id)),
    key_id: given.keyId ?? null,
    not_before: certificate.validFromDate,
    not_after: certificate.validToDate,
  };
  await platform.database.transaction(async (tx) => {
    await tx.run(store.insertCertificate(identity, row, at));
    if (organizationId) await tx.run(store.setOrganizationId(identity, organizationId));
  });
  return { id, notBefore: row.not_before, notAfter: row.not_after, ...(organizationId ? { organizationId } : {}) };
}

/** The certificates of an identity without their keys, the one that ends last first. */
export async function listCertificates(platform: Pick<Platform, 'database'>, identity: string) {
  const rows = await platform.database.rows<CertificateRow>(store.selectCertificates(identity));
  return rows.map(({ id, use, not_before, not_after }) => ({ id, use, notBefore: not_before, notAfter: not_after }));
}

/**
 * The certificate of that use that is valid now and ends last, with its key opened; undefined when there is none. Banks keep
 * the directory's list of our keys for a while: a new one signs after a day, where there is another until then.
 */
export async function findCredentials(
  platform: Pick<Platform, 'database' | 'clock' | 'vault'>,
  identity: string,
  use: 'transport' | 'signature',
): Promise<Credentials | undefined> {
  const row = await platform.database.read.first<CertificateRow>(
    store.selectCertificates(identity, { use, at: platform.clock.now() }),
  );
  if (!row) return undefined;
  const privateKey = platform.vault.open(row.private_key, about(identity, row.id)).toString('utf8');
  return {
    certificate: row.certificate,
    privateKey,
    ...(row.key_id === null ? {} : { keyId: row.key_id }),
    notAfter: row.not_after,
  };
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** ETSI TS 119 495: the DER of the PSD2 statement's id, and of the role that may read accounts (PSP_AI). */
const PSD2_STATEMENT = Buffer.from('0606040081982702', 'hex');
const ROLE_ACCOUNT_INFORMATION = Buffer.from('060704008198270103', 'hex');

/** What the certificate says it may be used for, where it says so, and what its key can do. */
function refuseWrongUse(certificate: X509Certificate, use: 'transport' | 'signature', privateKey: string): void {
  const uses = certificate.keyUsage as string[] | undefined;
  if (use === 'transport' && uses && uses.length > 0 && !uses.includes(CLIENT_AUTHENTICATION))
    throw new Problem('invalid_request', 'This certificate is not for transport: it lacks client authentication.');
  if (certificate.raw.includes(PSD2_STATEMENT) && !certificate.raw.includes(ROLE_ACCOUNT_INFORMATION))
    throw new Problem('invalid_request', 'This certificate lacks the role that may read accounts (PSP_AI).');
  if (use !== 'signature') return;
  try {
    algorithmOf(privateKey);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem(
      'invalid_request',
      'This key cannot sign for banks: it must be RSA of 2048 bits or more, or P-256.',
    );
  }
}

function about(identity: string, certificate: string): string[] {
  return ['identity', identity, certificate, 'private_key'];
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Problem('invalid_request', 'This is not a certificate in PEM (-----BEGIN CERTIFICATE-----).');
  }
}

function readKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Problem(
      'invalid_request',
      'This is not an unencrypted private key in PEM (-----BEGIN PRIVATE KEY-----).',
    );
  }
}
