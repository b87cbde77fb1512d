import type { Account, Identification } from '../../banking/account.ts';
import type { Tx } from '../../base/database.ts';
import type { Platform } from '../platform.ts';
import type { MaybeSame } from './accounts.ts';
import { openAccount, type SealedAccount } from './concealed/concealing.ts';
import { fold } from './identity.ts';
import { insertSuggestion, selectComparable } from './merging-store.ts';
import type { AccountLink } from './storing.ts';
import { recordAccountEvent } from './storing.ts';

/** A known account as a new one is compared with it. `isRead`: its bank still lists it to us. */
export type Comparable = {
  id: string;
  name: string | null;
  holderName: string | null;
  accountType: string;
  currency: string;
  identification: Identification;
  isRead: boolean;
};

/**
 * Where a new account may be one that is known, both are told of it, once: nothing is joined before the app or the person
 * has decided. `others` carry another of its marks; what the same answer listed is another account for sure.
 */
export async function suggestMerges(
  platform: Pick<Platform, 'vault'>,
  tx: Tx,
  link: AccountLink & { at: Date },
  fresh: { id: string; account: Account; others: readonly { id: string }[]; listed: readonly string[] },
): Promise<void> {
  const { tenant, customer, provider, at } = link;
  const rows = await tx.rows<Comparable & SealedAccount>(selectComparable(tenant, customer, provider, fresh.listed));
  const known = rows.map((row) => openAccount(platform, tenant, row));
  for (const one of known) {
    const isMarked = fresh.others.some(({ id }) => id === one.id);
    const reason = isMarked ? 'same_number' : whyMaybeSame(one, fresh.account);
    if (!reason || (await tx.run(insertSuggestion(tenant, one.id, fresh.id, reason, at))) === 0) continue;
    await recordAccountEvent(tx, link, 'bank_account.merge_suggested', { id: fresh.id, other: one.id, reason });
  }
}

/** Why a known account may be a new one; undefined where they are two, as far as one can see. */
export function whyMaybeSame(known: Comparable, fresh: Account): MaybeSame | undefined {
  const currencies = [known.currency, fresh.currency];
  if (currencies[0] !== currencies[1] && !currencies.includes(NO_CURRENCY)) return undefined;
  const [mine, theirs] = [known.identification, fresh.identification];
  const equal = FULL.map((kind) => mine[kind] && theirs[kind] && plain(mine[kind]) === plain(theirs[kind]));
  // One number that both give and that differs makes two, unless the old one is not listed any more.
  const contradicts = equal.includes(false) && !equal.includes(true);
  if (equal.includes(true)) return 'same_number';
  if (!contradicts && ending(mine) && ending(mine) === ending(theirs) && sameHolder(known, fresh)) return 'same_ending';
  const isCalledAlike = known.name !== null && fold(known.name) !== '' && fold(known.name) === fold(fresh.name ?? '');
  const isReplaced = !known.isRead && isCalledAlike && known.accountType === fresh.type && sameHolder(known, fresh);
  return isReplaced ? 'same_name' : undefined;
}

/** ISO 4217: no currency; how a bank heads an account in several. */
const NO_CURRENCY = 'XXX';
const FULL = ['iban', 'bban', 'accountNumber'] as const;

function ending({ iban, bban, accountNumber, maskedPan }: Identification): string | undefined {
  const digits = (iban ?? bban ?? accountNumber ?? maskedPan ?? '').replace(/\D/g, '');
  return digits.length < 4 ? undefined : digits.slice(-4);
}

/** Silence is no contradiction. */
function sameHolder(known: Comparable, fresh: Account): boolean {
  const [mine, theirs] = [fold(known.holderName ?? ''), fold(fresh.holderName ?? '')];
  return mine === '' || theirs === '' || mine === theirs;
}

function plain(text: string): string {
  return text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}
