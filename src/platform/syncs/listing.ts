import type { Account } from '../../banking/account.ts';
import { BankError } from '../../banking/bank-error.ts';
import { hashReference } from '../accounts/concealed/concealing.ts';
import { identify } from '../accounts/identity.ts';
import { type KnownAccount, lockKnownAccounts, renameAccount } from '../accounts/store.ts';
import { closeAccounts, storeAccounts } from '../accounts/storing.ts';
import { ask, LEASE_S, type Run, SyncLost } from './reading.ts';
import * as store from './store.ts';

/** Often enough to notice within a day; banks count this call like any other. */
const EVERY_MS = 20 * 3_600_000;

/**
 * Asks the bank once a day which accounts there are: names and states follow, one that is no longer listed is closed, and
 * a new one is read where the person left the choice to the bank's own page. An account keeps its id when the bank gives
 * it another number or another handle.
 */
export async function rereadAccounts(run: Run): Promise<void> {
  const { platform, tenant, sync } = run;
  const now = platform.clock.now();
  const isDue = sync.accountsReadAt === null || now.getTime() - sync.accountsReadAt.getTime() >= EVERY_MS;
  if (sync.reason === 'connect' || sync.bankAccount !== null || !isDue) return;
  // Asked for, whatever comes of it: a list that cannot be read is not asked for again today.
  await platform.database.run(store.noteAccountsRead(tenant, sync.connection, now));
  let listed: Account[];
  let takesNew = false;
  try {
    const { result } = await ask(run, '', 'balances', (connector, context, grant) => {
      takesNew = grant.chosenAtBank === true;
      return connector.accounts(context, { grant });
    });
    listed = result;
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    // The accounts that are known can still be read.
    if (error.kind === 'unexpected' || error.kind === 'unsupported') return;
    run.failures.push(error);
    run.halted ??= error;
    return;
  }
  if (listed.length > 0) await apply(run, listed, takesNew);
}

async function apply(run: Run, listed: Account[], takesNew: boolean): Promise<void> {
  const { platform, tenant, sync } = run;
  const { connection, consent, customer, provider, requestId } = sync;
  const link = { tenant, customer, connection, consent, provider, interface: sync.interface, requestId };
  const identities = identify({ vault: platform.vault, tenant, provider }, listed);
  const marks = identities.flatMap((one) => one.marks);
  const at = platform.clock.now();
  await platform.database.transaction(async (tx) => {
    if ((await tx.run(store.keepLease(tenant, sync.id, sync.lease, at, LEASE_S))) === 0) throw new SyncLost();
    const held = await tx.rows<KnownAccount>(lockKnownAccounts(tenant, customer, marks, { connection, consent }));
    const ours = held.filter((one) => one.connection === connection && one.consent === consent);
    const seen = new Set<KnownAccount>();
    const kept: Account[] = [];
    for (const [index, account] of listed.entries()) {
      const identity = identities[index]!;
      const same = held.find(({ found }) => found.some(({ mark }) => identity.marks.includes(mark)));
      const handles = [hashReference(platform, tenant, account.reference), account.reference];
      const known = same ?? ours.find(({ reference }) => handles.includes(reference));
      // What another connection reads is not taken from it, and what the person did not tick stays unread.
      if (known ? !ours.includes(known) : !takesNew) continue;
      if (known && !same) await tx.run(renameAccount(tenant, customer, known.id, identity.fingerprint));
      if (known) seen.add(known);
      kept.push(account);
    }
    // Fingerprints depend on what else is listed, so all of the list's are made together.
    await storeAccounts(platform, tx, { ...link, accounts: kept, among: listed });
    await closeAccounts(
      tx,
      { ...link, at },
      ours.filter((one) => !seen.has(one) && one.status !== 'closed'),
    );
  });
}
