import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowDecorators } from './reflection.ts';

/** Who a client certificate is issued to; `organizationId` is the authorisation number, such as `PSDDE-BAFIN-123456`. */
export type CertificateSubject = { organization: string; organizationId: string; commonName: string };

/** A certificate and its private key, both PEM. */
export type Identity = { certificate: string; privateKey: string };

/** The roles of ETSI TS 119 495 §4.2.1; `PSP_AI` is account information. */
export type Role = 'PSP_AS' | 'PSP_PI' | 'PSP_AI' | 'PSP_IC';

/** What a certificate is for: `web` connects, `seal` signs messages (an RSA key, as the signatures of XS2A have it). */
export type Use = 'web' | 'seal';

/** The pretend banks' own certification authority. */
export type Authority = {
  /** The authority's certificate, PEM. */
  ca: string;
  /** What the machine endpoints show; for 127.0.0.1 and localhost. */
  server: Identity;
  /** A QWAC-like client certificate, or a QSEAL-like one to sign messages with. Roles default to account information. */
  issue(subject: CertificateSubject, roles?: readonly Role[], use?: Use, more?: Unusual): Promise<Identity>;
};

/** What else a certificate may be: one that ended yesterday, or one for a private key (PEM) that is there already. */
export type Unusual = { expired?: boolean; privateKey?: string };

/** What a client certificate says of its holder. */
export type CertificateHolder = { organizationId: string; organization: string; roles: Role[]; thumbprint: string };

const QC_STATEMENTS = '1.3.6.1.5.5.7.1.3';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SEALING = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const ROLE_ARCS: Record<Role, number> = { PSP_AS: 1, PSP_PI: 2, PSP_AI: 3, PSP_IC: 4 };

/** Opens the authority kept in the folder, or makes one there; its files are readable by their owner only. */
export async function openAuthority(folder: string, now: Date): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const caPath = join(folder, 'authority.json');
  const root = (await readIdentity(caPath)) ?? (await keep(caPath, await selfSigned(now)));
  const serverPath = join(folder, 'server.json');
  const server = (await readIdentity(serverPath)) ?? (await keep(serverPath, await issueServer(root, now)));
  return {
    ca: root.certificate,
    server,
    issue: (subject, roles = ['PSP_AI'], use = 'web', more = {}) => issueClient(root, now, subject, roles, use, more),
  };
}

/** Reads a holder's authorisation number and roles from the certificate, given as DER; undefined when it is no QWAC. */
export async function readHolder(der: Uint8Array): Promise<CertificateHolder | undefined> {
  const { X509Certificate: Parsed } = await library();
  const parsed = new Parsed(der as Uint8Array<ArrayBuffer>);
  const organizationId = parsed.subjectName.getField('2.5.4.97')[0];
  const statements = parsed.getExtension(QC_STATEMENTS);
  if (!organizationId || !statements) return undefined;
  const value = Buffer.from(statements.value);
  const roles = (Object.keys(ROLE_ARCS) as Role[]).filter((role) => value.includes(roleObject(role)));
  const organization = parsed.subjectName.getField('O')[0] ?? organizationId;
  return { organizationId, organization, roles, thumbprint: new X509Certificate(der).fingerprint256 };
}

async function library() {
  allowDecorators();
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto);
  return x509;
}

async function selfSigned(now: Date): Promise<Identity> {
  const x509 = await library();
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Pretend Banks Test Authority, O=Pretend Banks',
    serialNumber: serial(),
    ...validity(now),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await pem(keys.privateKey) };
}

async function issueServer(root: Identity, now: Date): Promise<Identity> {
  const x509 = await library();
  return issue(
    root,
    validity(now),
    [{ CN: ['127.0.0.1'] }, { O: ['Pretend Banks'] }],
    [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    ],
  );
}

async function issueClient(
  root: Identity,
  now: Date,
  subject: CertificateSubject,
  roles: readonly Role[],
  use: Use,
  { expired = false, privateKey }: Unusual,
): Promise<Identity> {
  const x509 = await library();
  const country = /^PSD([A-Z]{2})-/.exec(subject.organizationId)?.[1] ?? 'DE';
  const name: NameParts = [
    { C: [country] },
    { O: [subject.organization] },
    { '2.5.4.97': [subject.organizationId] },
    { CN: [subject.commonName] },
  ];
  const { digitalSignature, nonRepudiation } = x509.KeyUsageFlags;
  const extensions = [
    new x509.KeyUsagesExtension(use === 'web' ? digitalSignature : digitalSignature | nonRepudiation, true),
    ...(use === 'web'
      ? [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth])]
      : []),
    new x509.Extension(QC_STATEMENTS, false, new Uint8Array(qcStatements(subject.organizationId, roles, use))),
  ];
  const keys = privateKey
    ? { privateKey, publicKey: await publicKeyOf(privateKey) }
    : await newKeys(use === 'web' ? ALGORITHM : SEALING);
  return issue(root, expired ? ended(now) : validity(now), name, extensions, keys);
}

type NameParts = import('@peculiar/x509').JsonName;

async function issue(
  root: Identity,
  lasting: { notBefore: Date; notAfter: Date },
  name: NameParts,
  extensions: import('@peculiar/x509').Extension[],
  made?: { publicKey: CryptoKey; privateKey: CryptoKey | string },
): Promise<Identity> {
  const x509 = await library();
  const keys = made ?? (await newKeys());
  const issuer = new x509.X509Certificate(root.certificate);
  const signingKey = await crypto.subtle.importKey('pkcs8', der(root.privateKey), ALGORITHM, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer.subject,
    serialNumber: serial(),
    ...lasting,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      ...extensions,
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const { privateKey } = keys;
  const text = typeof privateKey === 'string' ? privateKey : await pem(privateKey);
  return { certificate: certificate.toString('pem'), privateKey: text };
}

/** The public half of a private key in PEM. */
function publicKeyOf(text: string): Promise<CryptoKey> {
  const key = createPublicKey(text);
  const spki = key.export({ type: 'spki', format: 'der' });
  const algorithm = key.asymmetricKeyType === 'rsa' ? SEALING : ALGORITHM;
  return crypto.subtle.importKey('spki', new Uint8Array(spki), algorithm, true, ['verify']);
}

const newKeys = (algorithm: typeof ALGORITHM | typeof SEALING = ALGORITHM) =>
  crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

// A top bit of 0 keeps the number positive, a first byte of 0x4_ keeps DER from shortening it.
const serial = () => `4${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex')}0`;

// TLS looks at the machine's time, our clock may be ahead of it: begin a day early and last long.
const validity = (now: Date) => ({
  notBefore: new Date(now.getTime() - 86_400_000),
  notAfter: new Date(now.getTime() + TEN_YEARS_MS),
});

const ended = (now: Date) => ({
  notBefore: new Date(now.getTime() - 30 * 86_400_000),
  notAfter: new Date(now.getTime() - 86_400_000),
});

const der = (text: string) => Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64');

async function pem(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
}

async function readIdentity(path: string): Promise<Identity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keep(path: string, identity: Identity): Promise<Identity> {
  await writeFile(`${path}.new`, JSON.stringify(identity), { mode: 0o600 });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
  return identity;
}

/** The qcStatements of a website or seal certificate for payment services, ETSI TS 119 495 §5 and annex A. */
function qcStatements(organizationId: string, roles: readonly Role[], use: Use): Buffer {
  const [, authority = 'DE-BAFIN'] = /^PSD([A-Z]{2}-[A-Z]+)-/.exec(organizationId) ?? [];
  const compliance = sequence(object([0, 4, 0, 1862, 1, 1]));
  const type = sequence(object([0, 4, 0, 1862, 1, 6]), sequence(object([0, 4, 0, 1862, 1, 6, use === 'web' ? 3 : 2])));
  const named = roles.map((role) => sequence(roleObject(role), utf8(role)));
  const psd2 = sequence(
    object([0, 4, 0, 19495, 2]),
    sequence(sequence(...named), utf8('Pretend Supervisory Authority'), utf8(authority)),
  );
  return sequence(compliance, type, psd2);
}

const roleObject = (role: Role) => object([0, 4, 0, 19495, 1, ROLE_ARCS[role]]);
const sequence = (...parts: Buffer[]) => encode(0x30, Buffer.concat(parts));
const utf8 = (text: string) => encode(0x0c, Buffer.from(text, 'utf8'));

function object(arcs: number[]): Buffer {
  const [first = 0, second = 0, ...rest] = arcs;
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const bytes = [arc & 0x7f];
  for (let left = arc >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function encode(tag: number, content: Buffer): Buffer {
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
