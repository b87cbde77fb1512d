import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Platform } from '../platform.ts';
import { insertReceiptKey, selectReceiptKeys } from './receipt-store.ts';

/** A public key as RFC 7517 and 8037 write it. */
export type PublicKey = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' };

/** Where this server publishes the keys that its receipts are verified with. */
export const RECEIPT_KEYS_PATH = '/.well-known/consent-receipt-keys.json';

/** Signs what a receipt claims, as a JWS in its compact form (RFC 7515, EdDSA). */
export async function signReceipt(platform: Platform, claims: object): Promise<string> {
  const { key, shown } = await ownKey(platform);
  const head = { alg: 'EdDSA', typ: 'consent-receipt', kid: shown.kid };
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** Every key that receipts of this server were ever signed with, the present one among them. */
export async function listReceiptKeys(platform: Platform): Promise<PublicKey[]> {
  await ownKey(platform);
  const rows = await platform.database.read.rows<{ jwk: PublicKey }>(selectReceiptKeys());
  return rows.map(({ jwk }) => jwk);
}

type OwnKey = { key: KeyObject; shown: PublicKey };
const known = new WeakMap<object, Promise<OwnKey>>();

/** Derived, so that no server of several has another; its public half is stored before anything is signed with it. */
function ownKey(platform: Platform): Promise<OwnKey> {
  const before = known.get(platform.database);
  if (before) return before;
  const made = makeKey(platform);
  known.set(platform.database, made);
  made.catch(() => known.delete(platform.database));
  return made;
}

/** RFC 8410 §7: a private key of Ed25519 in PKCS #8 is this and its 32 bytes. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

async function makeKey(platform: Platform): Promise<OwnKey> {
  const seed = Buffer.from(platform.vault.derive('receipts', 'ed25519'), 'base64url');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  const shown: PublicKey = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
  await platform.database.run(insertReceiptKey(shown, platform.clock.now()));
  return { key, shown };
}
