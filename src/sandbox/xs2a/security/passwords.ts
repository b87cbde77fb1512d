import { constants, createDecipheriv, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatError } from '../errors.ts';

/** The pretend banks' key is public on purpose: their provider files name its public half, and it keeps no secret. */
const KEY = createPrivateKey({
  key: JSON.parse(readFileSync(new URL('./password-key.json', import.meta.url), 'utf8')),
  format: 'jwk',
});

/** The banks' public key as callers fetch it: a JWK set (RFC 7517). */
export function publicKeys(): object {
  return {
    keys: [{ ...createPublicKey(KEY).export({ format: 'jwk' }), use: 'enc', alg: 'RSA-OAEP-256', kid: 'passwords' }],
  };
}

/** The text of a compact JWE (RFC 7516) of `RSA-OAEP-256` and `A256GCM`; `FORMAT_ERROR` when it cannot be opened. */
export function decrypted(jwe: string): string {
  const parts = jwe.split('.');
  if (parts.length !== 5) throw formatError('the encrypted password is no compact JWE');
  const [header, ...rest] = parts as [string, string, string, string, string];
  const [wrapped, iv, sealed, tag] = rest.map((part) => Buffer.from(part, 'base64url')) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const { alg, enc } = headerOf(header);
  if (alg !== 'RSA-OAEP-256' || enc !== 'A256GCM') {
    throw formatError('the encrypted password must be of RSA-OAEP-256 and A256GCM');
  }
  try {
    const content = privateDecrypt(
      { key: KEY, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      wrapped,
    );
    const decipher = createDecipheriv('aes-256-gcm', content, iv, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(header, 'ascii')).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  } catch {
    throw formatError('the encrypted password cannot be opened with the bank’s key');
  }
}

function headerOf(text: string): { alg?: unknown; enc?: unknown } {
  try {
    const header: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? header : {};
  } catch {
    return {};
  }
}
