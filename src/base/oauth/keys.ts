import { constants, createHash, createPrivateKey, sign, type webcrypto } from 'node:crypto';
import type { PrivateKey } from 'openid-client';

/** What we sign with: the private key in PEM (RSA signs PS256, P-256 signs ES256) and the id the server knows it by. */
export type SigningKey = { privateKey: string; keyId?: string };

/** The algorithms of FAPI 1.0 Advanced §8.6; nothing else is signed or believed. */
export const ALGORITHMS = ['PS256', 'ES256'] as const;

/** The key for the library, not exportable. Throws `TypeError` for a key that signs neither PS256 nor ES256. */
export async function importKey({ privateKey, keyId }: SigningKey): Promise<PrivateKey> {
  const key = createPrivateKey(privateKey);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const imported = await crypto.subtle.importKey('pkcs8', der, keyKind(privateKey), false, ['sign']);
  return keyId === undefined ? { key: imported } : { key: imported, kid: keyId };
}

/** How a private key in PEM signs. Throws `TypeError` for any other key. */
export function algorithmOf(privateKey: string): (typeof ALGORITHMS)[number] {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = createPrivateKey(privateKey);
  if (kind === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'PS256';
  if (kind === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  throw new TypeError('a signing key is RSA of 2048 bits or more, or on the curve P-256');
}

/** A signed JWT (RFC 7515, compact) with these claims and, beside algorithm and key id, this header. */
export function signJwt(key: SigningKey, claims: object, header: object = {}): string {
  const alg = algorithmOf(key.privateKey);
  const full = { alg, typ: 'JWT', ...(key.keyId === undefined ? {} : { kid: key.keyId }), ...header };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode(full)}.${encode(claims)}`;
  const how =
    alg === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { dsaEncoding: 'ieee-p1363' as const };
  const signature = sign('sha256', Buffer.from(signed), { key: createPrivateKey(key.privateKey), ...how });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Tells two keys apart without keeping either. */
export function keyMark({ privateKey, keyId }: SigningKey): string {
  return createHash('sha256').update(privateKey).update(`\n${keyId}`).digest('base64url');
}

function keyKind(privateKey: string): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams {
  return algorithmOf(privateKey) === 'PS256'
    ? { name: 'RSA-PSS', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: 'P-256' };
}
