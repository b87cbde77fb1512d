import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';

/** The two algorithms that FAPI 1.0 Advanced allows (§8.6). */
export const ALGORITHMS = ['PS256', 'ES256'] as const;

/** One of them. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** A JSON Web Key with the members by which it is found. */
export type Jwk = JsonWebKey & { kid: string; alg: Algorithm; use: 'sig' };

/** A new private key for that algorithm, as a JWK. */
export async function newKey(algorithm: Algorithm): Promise<Jwk> {
  const { privateKey } =
    algorithm === 'PS256'
      ? await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
      : await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return jwkOf(privateKey.export({ format: 'jwk' }), algorithm);
}

/** A key in PEM (private or public) as a public JWK; the algorithm follows from its type. */
export function publicJwkOf(pem: string): Jwk {
  const key = createPublicKey(pem);
  return jwkOf(key.export({ format: 'jwk' }), key.asymmetricKeyType === 'rsa' ? 'PS256' : 'ES256');
}

/** What may be published of a key. */
export function publicPart({ kty, n, e, crv, x, y, kid, alg, use }: Jwk): Jwk {
  return kty === 'RSA' ? { kty, n, e, kid, alg, use } : { kty, crv, x, y, kid, alg, use };
}

/** A private JWK in PEM. */
export const pemOf = (key: Jwk): string =>
  createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();

/** Signs claims as a compact JWT (RFC 7515, RFC 7519). */
export function signJwt(claims: object, key: Jwk, typ = 'JWT'): string {
  const signed = `${encode({ alg: key.alg, kid: key.kid, typ })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), how(createPrivateKey({ key, format: 'jwk' }), key.alg));
  return `${signed}.${signature.toString('base64url')}`;
}

/** The claims of a JWT that one of the keys signed; undefined when it is none, or nobody's, or signed in another way. */
export function openJwt(jwt: string, keys: readonly Jwk[]): Record<string, unknown> | undefined {
  const [head = '', body = '', signature = '', ...more] = jwt.trim().split('.');
  const header = decode(head);
  const claims = decode(body);
  const key = keys.find(({ kid }) => kid === header?.kid);
  if (!header || !claims || !key || more.length > 0 || header.alg !== key.alg) return undefined;
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const right = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    how(publicKey, key.alg),
    Buffer.from(signature, 'base64url'),
  );
  return right ? claims : undefined;
}

/** The claims of a JWT, whoever signed it; undefined when it is none. */
export const claimsOf = (jwt: string): Record<string, unknown> | undefined => decode(jwt.split('.')[1] ?? '');

function jwkOf(key: JsonWebKey, alg: Algorithm): Jwk {
  const { kty, n, e, crv, x, y } = key;
  // RFC 7638: the members in alphabetical order.
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url').slice(0, 27);
  return { ...key, kid, alg, use: 'sig' };
}

function how(key: KeyObject, algorithm: Algorithm) {
  return algorithm === 'PS256'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    : { key, dsaEncoding: 'ieee-p1363' as const };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
