import { createHmac } from 'node:crypto';
import type { Account } from '../../banking/account.ts';
import type { Vault } from '../../base/vault.ts';
import type { Tenant } from '../platform.ts';

/** What an account's fingerprint is made with: our key, whose account, and the bank it was read at. */
export type FingerprintGround = { vault: Vault; tenant: Tenant; provider: string };

/**
 * Fingerprints of the accounts of one answer, in their order. An account keeps its fingerprint, and with it its id and
 * history, across consents, connections and interfaces. Keyed per tenant: nobody can try IBANs against it, and two apps
 * cannot compare. Where two accounts of one answer look the same we are unsure, and unsure means two accounts.
 */
export function fingerprints(ground: FingerprintGround, accounts: readonly Account[]): string[] {
  const key = ground.vault.derive('fingerprint', String(ground.tenant));
  const sign = (parts: readonly string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  const identities = accounts.map((account) => [...identityOf(account, ground.provider), account.currency]);
  const seen = new Map<string, number>();
  for (const parts of identities) seen.set(parts.join('\n'), (seen.get(parts.join('\n')) ?? 0) + 1);
  return identities.map((parts, index) =>
    seen.get(parts.join('\n')) === 1 ? sign(parts) : sign([...parts, accounts[index]!.reference]),
  );
}

/** The best the bank gave: what names the account worldwide, else within the bank, else only the bank's own handle. */
function identityOf({ identification, holderName, reference }: Account, provider: string): string[] {
  const { iban, bban, sortCode, accountNumber, rollNumber, maskedPan } = identification;
  if (iban) return ['iban', compact(iban)];
  if (sortCode && accountNumber)
    return ['sort_code', digits(sortCode), digits(accountNumber), compact(rollNumber ?? '')];
  if (bban || accountNumber) return ['bban', provider, compact(bban ?? ''), compact(accountNumber ?? '')];
  // Banks mask the middle differently from one interface to the next; the last four digits are always there.
  if (maskedPan) return ['card', provider, digits(maskedPan).slice(-4), fold(holderName ?? '')];
  return ['reference', provider, reference];
}

function compact(text: string): string {
  return text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

function digits(text: string): string {
  return text.replace(/\D/g, '');
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}
