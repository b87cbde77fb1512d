import type { Rejected } from '../../banking/account.ts';

/** Why a run was begun: at the grant, by the API, in a session, or at its planned time. */
export type Reason = 'connect' | 'manual' | 'session' | 'planned';

/** What a run can be in. */
export const SYNC_STATUSES = ['queued', 'running', 'completed', 'failed'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** What a run did with one resource of one account. Kept with the sync; places and reasons, nothing of the content. */
export type AccountReport = {
  bank_account: string;
  resource: 'balances' | 'transactions';
  /** `skipped`: no read without the person was left. `incomplete`: kept what came, but pages or entries are missing. */
  outcome: 'complete' | 'incomplete' | 'skipped' | 'failed';
  /** The days asked for, both inclusive. */
  from?: string;
  until?: string;
  pages?: number;
  added: number;
  modified: number;
  removed: number;
  rejected?: Rejected[];
  /** The kind of the bank's no. */
  error?: string;
};

/** One run of fetching for one connection. */
export type Sync = {
  id: string;
  connection: string;
  consent: string;
  /** The only account it reads; null = all of the connection. */
  bankAccount: string | null;
  status: SyncStatus;
  /** The person's own action asked for it. */
  attended: boolean;
  reason: Reason;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The bank asked for a delay until then. */
  notBefore: Date | null;
  error: string | null;
  added: number;
  modified: number;
  removed: number;
  accounts: AccountReport[];
};
