import type { Stage } from '../stage.ts';
import type { Bank } from '../world/bank.ts';
import { ANSWER_MS } from './approval.ts';
import { findDialog, listWaitingDialogs, lockLogin, storeDialog } from './dialog-store.ts';

/** An approval that waits in the bank's app: its id, whose it is, and since when. */
export type WaitingApproval = { id: string; login: string; createdAt: string };

type At = Pick<Stage, 'database' | 'clock'>;

/** The approvals that wait on phones, oldest first; of one person when given. */
export async function listWaitingApprovals(at: At, bank: Bank, login?: string): Promise<WaitingApproval[]> {
  const since = at.clock.now().getTime() - ANSWER_MS;
  const dialogs = bank.fints ? await listWaitingDialogs(at.database, bank.slug, since, login) : [];
  return dialogs.map((dialog) => ({
    id: dialog.id,
    login: dialog.login,
    createdAt: new Date(dialog.pending!.askedAt).toISOString(),
  }));
}

/** Ends a waiting approval as the person says on their phone; false when it does not wait (any more). */
export async function decideApproval(
  { database }: At,
  bank: Bank,
  id: string,
  verdict: 'approve' | 'refuse',
  login?: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const seen = await findDialog(tx, bank.slug, id);
    if (!seen || (login !== undefined && seen.login !== login)) return false;
    await lockLogin(tx, bank.slug, seen.login);
    const dialog = await findDialog(tx, bank.slug, id);
    if (!dialog?.pending?.waiting) return false;
    dialog.pending.waiting = false;
    dialog.pending.verdict = verdict === 'approve' ? 'approved' : 'refused';
    await storeDialog(tx, dialog);
    return true;
  });
}
