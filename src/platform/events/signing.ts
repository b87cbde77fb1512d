import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { takeRandom } from '../../base/vault/random.ts';
import type { Vault } from '../../base/vault.ts';
import type { Tenant } from '../platform.ts';
import { Problem } from '../problems.ts';

/** Standard Webhooks: a secret is `whsec_` and the base64 of 24 to 64 bytes. */
const PREFIX = 'whsec_';
const [FEWEST, MOST] = [24, 64];

/** A fresh secret, to be shown once. */
export function newSecret(): string {
  return `${PREFIX}${Buffer.from(takeRandom(32)).toString('base64')}`;
}

/** The secret an app brings along, if it is long enough to be one; else the problem `invalid_request`. */
export function checkSecret(secret: string): string {
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  const detail = !secret.startsWith(PREFIX)
    ? `A secret begins with ${PREFIX}.`
    : key.toString('base64') !== text
      ? `After ${PREFIX} comes plain base64.`
      : key.length < FEWEST || key.length > MOST
        ? `A secret holds ${FEWEST} to ${MOST} bytes; this one holds ${key.length}.`
        : undefined;
  if (detail) throw new Problem('invalid_request', `/secret: ${detail}`, { errors: [{ pointer: '/secret', detail }] });
  return secret;
}

/** The secret as it is stored: sealed, for this endpoint alone. */
export function sealSecret(vault: Vault, tenant: Tenant, endpoint: string, secret: string): Buffer {
  return vault.seal(Buffer.from(secret.slice(PREFIX.length), 'base64'), about(tenant, endpoint));
}

/** The key to sign with. */
export function openSecret(vault: Vault, tenant: Tenant, endpoint: string, sealed: Uint8Array): KeyObject {
  return createSecretKey(vault.open(sealed, about(tenant, endpoint)));
}

/** `webhook-signature` of Standard Webhooks: one `v1,…` for each key, separated by spaces. `at` in seconds. */
export function signatureOf(keys: readonly KeyObject[], id: string, at: number, body: string): string {
  return keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`).join(' ');
}

function about(tenant: Tenant, endpoint: string): string[] {
  return [String(tenant), endpoint, 'webhook_secret'];
}
