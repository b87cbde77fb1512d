import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEnvelopes } from './vault/envelope.ts';
import { createKeyrings, type Keyring } from './vault/keyring.ts';
import { additional, decrypt, HEAD, purposeKey, type Sealer, VaultError } from './vault/sealed.ts';

export type { Keyring } from './vault/keyring.ts';
export { type Sealer, VaultError } from './vault/sealed.ts';

/**
 * Seals secrets before they are stored and opens them for one use. The keys it is given encrypt nothing but other keys:
 * one of each tenant, which travels with what it seals, and one of each person, kept apart so that it can be destroyed.
 */
export type Vault = Sealer & {
  /** True when it was sealed under another than the first key, so it should be sealed again. */
  stale(sealed: Uint8Array): boolean;
  /** 256 bits as base64url, the same for the same purpose and id: secrets that need not be stored. */
  derive(purpose: string, id: string): string;
  /** The keys of one holder, as they are stored: wrapped. */
  keyring: Keyring;
  /** The number of the key that wraps new keys. */
  current: number;
};

const DIRECT = 1;
const KEYRING = 2;
const ENVELOPE = 3;

/** A vault whose first key seals and all of whose keys open. Ids are 1 to 255, keys 32 bytes. */
export function createVault(keys: readonly { id: number; key: Buffer }[]): Vault {
  const sealing = new Map(keys.map(({ id, key }) => [id, purposeKey(key, 'seal')]));
  const wrapping = new Map(keys.map(({ id, key }) => [id, purposeKey(key, 'wrap')]));
  const first = keys[0];
  if (!first) throw new Error('a vault needs a key');
  // The oldest key (lowest id) derives, so that what was derived stays the same when a newer key is put first.
  const oldest = keys.reduce((a, b) => (a.id < b.id ? a : b));
  const deriving = purposeKey(oldest.key, 'derive');
  const envelopes = createEnvelopes(ENVELOPE, first.id, wrapping);
  /** Under the vault's own key: how everything was sealed before there were keys of tenants and people. */
  const openDirect = (bytes: Buffer, about: readonly string[]) => {
    const key = sealing.get(bytes[1]!);
    if (!key) throw new VaultError(`no key ${bytes[1]}`);
    const head = bytes.subarray(0, HEAD);
    return decrypt(key, bytes.subarray(HEAD), additional(head, about));
  };
  const open = (sealed: Uint8Array, about: readonly string[]) => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes[0] === ENVELOPE) return envelopes.open(bytes, about);
    if (bytes[0] === DIRECT) return openDirect(bytes, about);
    throw new VaultError(bytes[0] === KEYRING ? 'its keys are gone' : 'not a sealed value');
  };
  return {
    seal: (plain, about) => envelopes.seal(plain, about),
    open,
    stale: (sealed) => sealed[0] !== ENVELOPE || sealed[1] !== first.id,
    derive: (purpose, id) =>
      createHmac('sha256', deriving)
        .update(additional(Buffer.from('derive'), [purpose, id]))
        .digest('base64url'),
    keyring: createKeyrings(KEYRING, first.id, wrapping, { seal: envelopes.seal, open }),
    current: first.id,
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
