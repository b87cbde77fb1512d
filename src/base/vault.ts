import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { takeRandom } from './random.ts';

/** Seals secrets before they are stored and opens them for one use. */
export type Vault = {
  /** AES-256-GCM. `about` says what it is (tenant, object, field): it must be the same to open it again. */
  seal(plain: string | Uint8Array, about: readonly string[]): Buffer;
  /** Throws `VaultError` when a byte, the key or what it is about differs. */
  open(sealed: Uint8Array, about: readonly string[]): Buffer;
  /** True when it was sealed under another than the first key, so it should be sealed again. */
  stale(sealed: Uint8Array): boolean;
  /** 256 bits as base64url, the same for the same purpose and id: secrets that need not be stored. */
  derive(purpose: string, id: string): string;
};

/** A sealed value that is not what it should be: changed, moved to another row or field, or under a key we do not have. */
export class VaultError extends Error {
  constructor(reason: string) {
    super(`the sealed value cannot be opened: ${reason}`);
    this.name = 'VaultError';
  }
}

// Layout: one byte of form, one byte of key id, 12 bytes of IV, 16 bytes of tag, ciphertext.
const FORM = 1;
const HEAD = 2;
const IV = 12;
const TAG = 16;

/** A vault whose first key seals and all of whose keys open. Ids are 1 to 255, keys 32 bytes. */
export function createVault(keys: readonly { id: number; key: Buffer }[]): Vault {
  const sealing = new Map(keys.map(({ id, key }) => [id, purposeKey(key, 'seal')]));
  const first = keys[0];
  if (!first) throw new Error('a vault needs a key');
  // The oldest key (lowest id) derives, so that what was derived stays the same when a newer key is put first.
  const oldest = keys.reduce((a, b) => (a.id < b.id ? a : b));
  const deriving = purposeKey(oldest.key, 'derive');
  return {
    seal(plain, about) {
      const head = Buffer.from([FORM, first.id]);
      const iv = takeRandom(IV);
      const cipher = createCipheriv('aes-256-gcm', sealing.get(first.id)!, iv, { authTagLength: TAG });
      cipher.setAAD(additional(head, about));
      const text = Buffer.concat([cipher.update(plain as string, 'utf8'), cipher.final()]);
      return Buffer.concat([head, iv, cipher.getAuthTag(), text]);
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < HEAD + IV + TAG || bytes[0] !== FORM) throw new VaultError('not a sealed value');
      const key = sealing.get(bytes[1]!);
      if (!key) throw new VaultError(`no key ${bytes[1]}`);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEAD, HEAD + IV), { authTagLength: TAG });
      decipher.setAAD(additional(bytes.subarray(0, HEAD), about));
      decipher.setAuthTag(bytes.subarray(HEAD + IV, HEAD + IV + TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(HEAD + IV + TAG)), decipher.final()]);
      } catch {
        throw new VaultError('it was changed, or belongs somewhere else');
      }
    },
    stale: (sealed) => sealed[1] !== first.id,
    derive: (purpose, id) =>
      createHmac('sha256', deriving)
        .update(additional(Buffer.from('derive'), [purpose, id]))
        .digest('base64url'),
  };
}

/** SHA-256 of a token: how tokens and keys are stored and looked up. They are long and random, so no salt is needed. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Compares without telling by its time where they differ. */
export function sameBytes(a: string | Uint8Array, b: string | Uint8Array): boolean {
  // Hashing first makes both the same length, so not even the length shows in the time.
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** The key kept in a file readable by its owner only; made on the first call, the same ever after. */
export function keepVaultKey(path: string): { id: number; key: Buffer } {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link fails when the file is there already, so two first starts cannot end with different keys.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes`);
  return { id: 1, key };
}

function purposeKey(key: Buffer, purpose: string): KeyObject {
  if (key.length !== 32) throw new Error('a vault key has 32 bytes');
  // As a key object it is prepared once; from bytes each HMAC would cost seven times as much.
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `drawbridge ${purpose}`, 32)));
}

/** Each part with its length in front, so that ['ab', 'c'] and ['a', 'bc'] differ. */
function additional(head: Uint8Array, about: readonly string[]): Buffer {
  const parts: Uint8Array[] = [head];
  for (const part of about) {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
