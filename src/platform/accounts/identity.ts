import { createHmac } from 'node:crypto';
import type { Account } from '../../banking/account.ts';
import type { Vault } from '../../base/vault.ts';
import type { Tenant } from '../platform.ts';

/** What an account's marks are made with: our key, whose account, and the bank it was read at. */
export type MarkGround = { vault: Vault; tenant: Tenant; provider: string };

/** By what an account is known. Each mark alone is enough to know it again; the first is its fingerprint. */
export type Identity = { fingerprint: string; marks: string[] };

/**
 * By what the accounts of one answer are known, in their order. An account keeps its id and history across consents,
 * connections, interfaces and connectors, as long as one of its marks is the same. Keyed per tenant: nobody can try IBANs
 * against them, and two apps cannot compare. A mark that two accounts of one answer share names neither: we are unsure,
 * and unsure means two accounts.
 */
export function identify(ground: MarkGround, accounts: readonly Account[]): Identity[] {
  const key = ground.vault.derive('fingerprint', String(ground.tenant));
  const sign = (parts: readonly string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  const names = accounts.map((account) =>
    namesOf(account, ground.provider).map((parts) => [...parts, account.currency]),
  );
  const count = new Map<string, number>();
  for (const name of names.flat().map(String)) count.set(name, (count.get(name) ?? 0) + 1);
  return names.map((all, index) => {
    const own = all.filter((parts) => count.get(String(parts)) === 1);
    const [best] = all as [string[]];
    const first = own[0] === best ? best : [...best, accounts[index]!.reference];
    const marks = [first, ...own.filter((parts) => parts !== best)].map(sign);
    return { fingerprint: marks[0]!, marks };
  });
}

/**
 * All names the bank gave, the surest first: what names the account worldwide, then within the country, then within the
 * bank; only where there is none of these, the bank's own handle.
 */
function namesOf({ identification, holderName, reference }: Account, provider: string): string[][] {
  const { iban, bban, sortCode, accountNumber, rollNumber, maskedPan } = identification;
  const names: string[][] = [];
  const full = compact(iban ?? '');
  if (full) names.push(['iban', full]);
  const [, code, number] = /^(?:GB|IE)\d\d[A-Z]{4}(\d{6})(\d{8})$/.exec(full) ?? [];
  if (sortCode && accountNumber)
    names.push(['sort_code', digits(sortCode), digits(accountNumber), compact(rollNumber ?? '')]);
  else if (code && number) names.push(['sort_code', code, number, '']);
  // What an IBAN holds after its check digits is what the bank's other interface may call the account by.
  const within = bban || accountNumber ? [compact(bban ?? ''), compact(accountNumber ?? '')] : [full.slice(4), ''];
  if (within.some(Boolean) && !(sortCode && accountNumber)) names.push(['bban', provider, ...within]);
  // Banks mask the middle differently from one interface to the next; the last four digits are always there.
  if (maskedPan) names.push(['card', provider, digits(maskedPan).slice(-4), fold(holderName ?? '')]);
  return names.length > 0 ? names : [['reference', provider, reference]];
}

function compact(text: string): string {
  return text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

function digits(text: string): string {
  return text.replace(/\D/g, '');
}

/** A name as banks spell it alike: no accents, no case, no punctuation. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}
