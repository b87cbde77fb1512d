import type { Identification } from '../../../banking/account.ts';
import type { HolderKeys } from '../../../base/vault/keyring.ts';
import { keysOf } from '../../keys/data-keys.ts';
import type { Platform, Tenant } from '../../platform.ts';

/** What a bank calls an account, whose it is and what identifies it: stored sealed, for its row alone. */
export type Details = { name: string | null; holderName: string | null; identification: Identification };

/**
 * As its row holds it: `handle` is the bank's reference as a token of the customer's keys, `reference` a keyed hash of it.
 * In rows from before there were keys both are absent and everything lies open, until a job seals it.
 */
export type SealedAccount = Details & {
  id: string;
  customer: string;
  reference: string;
  handle: string | null;
  details: Buffer | null;
  ring: Buffer | null;
};

/** Seals what identifies an account, for its row alone. */
export function sealDetails(keys: HolderKeys, tenant: Tenant, id: string, details: Details): Buffer {
  return keys.seal(JSON.stringify(details), about(tenant, id));
}

/** The row with what identifies the account and the bank's reference in clear, and without what opened it. */
export function openAccount<Row extends SealedAccount>(
  platform: Pick<Platform, 'vault'>,
  tenant: Tenant,
  row: Row,
): Omit<Row, 'details' | 'ring' | 'handle'> {
  const { details, ring, handle, ...rest } = row;
  if (details === null) return rest;
  const keys = keysOf(platform, { tenant, holder: row.customer, ring });
  const opened = JSON.parse(keys.open(details, about(tenant, row.id)).toString()) as Details;
  return { ...rest, ...opened, ...(handle === null ? {} : { reference: keys.reveal(handle) }) };
}

/** The bank's reference as a row holds it: a hash to look for, and a token that can be opened. */
export function concealReference(
  { platform, keys, tenant }: { platform: Pick<Platform, 'vault'>; keys: HolderKeys; tenant: Tenant },
  reference: string,
): { reference: string; handle: string | null } {
  const handle = keys.conceal(reference);
  return handle === undefined
    ? { reference, handle: null }
    : { reference: hashReference(platform, tenant, reference), handle };
}

/** By what a row is found although the bank's reference in it is concealed: the same for the same one, and no way back. */
export function hashReference(platform: Pick<Platform, 'vault'>, tenant: Tenant, reference: string): string {
  return platform.vault.derive('account reference', `${tenant}\n${reference}`);
}

// Quotes inside of JSON texts are escaped, so these can only be members.
const OPEN =
  /"counterparty":\{((?:"name":"(?:[^"\\]|\\.)*",)?)((?:"(?:iban|bban|sort_code|account_number)":"(?:[^"\\]|\\.)*",?)+)\}/g;
const HIDDEN = '"sealed":"';
const HIDDEN_BYTES = Buffer.from(HIDDEN);
const QUOTE = '"'.charCodeAt(0);
const TOKENS = /"sealed":"([\w-]+)"/g;

/** A transaction's kept text with what identifies the other side's account replaced by a token that its customer's keys open. */
export function concealIn(keys: HolderKeys, text: string): string {
  return text.replace(OPEN, (whole, name: string, identifiers: string) => {
    const token = keys.conceal(identifiers);
    return token === undefined ? whole : `"counterparty":{${name}${HIDDEN}${token}"}`;
  });
}

/** The same text as it was; one or a thousand of them joined. */
export function revealIn(keys: () => HolderKeys, text: string): string {
  if (!isConcealed(text)) return text;
  const opened = keys();
  return text.replace(TOKENS, (_, token: string) => opened.reveal(token));
}

/** The same for UTF-8 that has not been decoded. Bytes are overwritten: a token is longer than what it stands for. */
export function revealBytes(keys: () => HolderKeys, text: string | Buffer): string | Buffer {
  if (typeof text === 'string') return revealIn(keys, text);
  let found = text.indexOf(HIDDEN_BYTES);
  if (found < 0) return text;
  const opened = keys();
  let [read, written] = [0, 0];
  for (; found >= 0; found = text.indexOf(HIDDEN_BYTES, read)) {
    const begin = found + HIDDEN_BYTES.length;
    const end = text.indexOf(QUOTE, begin);
    written += text.copy(text, written, read, found);
    written += text.write(opened.reveal(text.toString('latin1', begin, end)), written);
    read = end + 1;
  }
  written += text.copy(text, written, read);
  return text.subarray(0, written);
}

/** Whether something is concealed in it. */
export function isConcealed(text: string): boolean {
  return text.includes(HIDDEN);
}

function about(tenant: Tenant, id: string): string[] {
  return [String(tenant), id, 'account'];
}
