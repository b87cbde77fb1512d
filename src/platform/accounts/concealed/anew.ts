import type { Tx } from '../../../base/database.ts';
import type { HolderKeys } from '../../../base/vault/keyring.ts';
import { keysOf } from '../../keys/data-keys.ts';
import type { Platform } from '../../platform.ts';
import * as store from './anew-store.ts';
import { concealIn, concealReference, openAccount, revealIn, type SealedAccount, sealDetails } from './concealing.ts';

const ACCOUNTS = 50;
const TEXTS = 500;

type Ground = Pick<Platform, 'database' | 'vault'>;

/**
 * Conceals what identifies accounts, theirs and those on the other side of their transactions, where it lies open or under
 * an older key of its customer. An account is done in pieces of some hundred transactions, each under its lock; one that
 * was begun is begun again. Returns how many were done.
 */
export async function concealAccounts(platform: Ground, signal?: AbortSignal): Promise<number> {
  let done = 0;
  for (let after = 0; ; ) {
    const accounts = await platform.database.rows<store.AccountToConceal>(store.selectToConceal(after, ACCOUNTS));
    for (const account of accounts) {
      for (let at: number | undefined = 0; at !== undefined; ) {
        signal?.throwIfAborted();
        at = await concealSome(platform, account, at);
      }
      done += 1;
    }
    if (accounts.length < ACCOUNTS) return done;
    after = accounts.at(-1)!.number;
  }
}

/** Returns where to go on, undefined at the end. */
async function concealSome(
  platform: Ground,
  { tenant, id, number, customer }: store.AccountToConceal,
  after: number,
): Promise<number | undefined> {
  return platform.database.transaction(async (tx) => {
    const row = await tx.first<SealedAccount>(store.lockToConceal(tenant, id));
    const keys = row && keysOf(platform, { tenant, holder: customer, ring: row.ring });
    // Erased meanwhile, or its customer is about to be given keys: the next round finds it again.
    if (keys?.number === undefined) return undefined;
    const { name, holderName, identification, reference } = openAccount(platform, tenant, row!);
    if (after === 0) {
      const details = sealDetails(keys, tenant, id, { name, holderName, identification });
      // One that is read by nobody has no reference.
      const at =
        reference === '' ? { reference, handle: null } : concealReference({ platform, keys, tenant }, reference);
      await tx.run(store.sealRow(tenant, id, at, details));
    }
    const last = await concealTexts(tx, { tenant, number, keys }, after);
    if (last === undefined) await tx.run(store.noteConcealed(tenant, id, keys.number));
    return last;
  });
}

async function concealTexts(
  tx: Tx,
  { tenant, number, keys }: { tenant: number; number: number; keys: HolderKeys },
  after: number,
): Promise<number | undefined> {
  const rows = await tx.rows<{ changeSeq: number; shown: string }>(store.selectTexts(tenant, number, after, TEXTS));
  const changed = rows
    .map((row) => ({
      ...row,
      now: concealIn(
        keys,
        revealIn(() => keys, row.shown),
      ),
    }))
    .filter(({ shown, now }) => shown !== now)
    .map(({ changeSeq, now }) => ({ changeSeq, shown: now }));
  if (changed.length > 0) await tx.run(store.replaceTexts(tenant, number, changed));
  return rows.length < TEXTS ? undefined : rows.at(-1)!.changeSeq;
}
