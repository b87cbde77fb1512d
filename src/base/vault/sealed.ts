import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { takeRandom } from './random.ts';

/** Seals and opens: AES-256-GCM under a key it knows. */
export type Sealer = {
  /** `about` says what it is (tenant, object, field): it must be the same to open it again. */
  seal(plain: string | Uint8Array, about: readonly string[]): Buffer;
  /** Throws `VaultError` when a byte, the key or what it is about differs. */
  open(sealed: Uint8Array, about: readonly string[]): Buffer;
};

/** A sealed value that is not what it should be: changed, moved to another row or field, or under a key we do not have. */
export class VaultError extends Error {
  constructor(reason: string) {
    super(`the sealed value cannot be opened: ${reason}`);
    this.name = 'VaultError';
  }
}

/** Every sealed value begins with a byte of form and a byte of key number; both are authenticated. */
export const HEAD = 2;
const IV = 12;
const TAG = 16;
/** How much longer than its plain text an encrypted text is. */
export const OVERHEAD = IV + TAG;

/** 12 bytes of random IV, 16 bytes of tag, ciphertext. */
export function encrypt(key: KeyObject, plain: string | Uint8Array, additionalData: Buffer): Buffer {
  const iv = takeRandom(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG });
  cipher.setAAD(additionalData);
  const text = Buffer.concat([cipher.update(plain as string, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** What `encrypt` made; `VaultError` for anything else. */
export function decrypt(key: KeyObject, sealed: Buffer, additionalData: Buffer): Buffer {
  if (sealed.length < OVERHEAD) throw new VaultError('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV), { authTagLength: TAG });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(IV, OVERHEAD));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(OVERHEAD)), decipher.final()]);
  } catch {
    throw new VaultError('it was changed, or belongs somewhere else');
  }
}

/** A key for one purpose only, made of another. */
export function purposeKey(key: Buffer, purpose: string): KeyObject {
  if (key.length !== 32) throw new Error('a vault key has 32 bytes');
  // As a key object it is prepared once; from bytes each HMAC would cost seven times as much.
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `drawbridge ${purpose}`, 32)));
}

/** Each part with its length in front, so that ['ab', 'c'] and ['a', 'bc'] differ. */
export function additional(head: Uint8Array, about: readonly string[]): Buffer {
  const parts: Uint8Array[] = [head];
  for (const part of about) {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
