import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto';
import { BankError } from '../../../banking/bank-error.ts';

/**
 * A secret as a compact JWE (RFC 7516) for the bank's key: RSA-OAEP-256 wraps a key that is used once, A256GCM encrypts.
 * The standard leaves the algorithm to the bank (`psuData.encryptedPassword`); these two are what Deutsche Bank documents.
 */
export function encryptFor(pem: string, secret: string): string {
  const key = publicKeyOf(pem);
  const header = Buffer.from(JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })).toString('base64url');
  const once = randomBytes(32);
  const vector = randomBytes(12);
  const wrapped = publicEncrypt({ key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }, once);
  const cipher = createCipheriv('aes-256-gcm', once, vector).setAAD(Buffer.from(header, 'ascii'));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const parts = [wrapped, vector, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, ...parts].join('.');
}

function publicKeyOf(pem: string) {
  try {
    const key = pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Said below, like every other key that cannot be used.
  }
  throw new BankError('misconfigured', 'the fact password_key is no RSA key');
}
