import { newId } from '../../base/ids.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { healthStatement } from './health.ts';
import { type BankCallFilter, insertBankCall, selectBankCalls } from './store.ts';

export type { BankCallFilter } from './store.ts';

/** One call to a bank, right after it was made. */
export type NewBankCall = {
  tenant: Tenant;
  /** When it began. */
  at: Date;
  provider: string;
  interface: string;
  connection: string | null;
  session: string | null;
  sync: string | null;
  /** `consent`, `authorisation`, `accounts`, `balances`, `transactions`, `revocation`, … */
  purpose: string;
  /** The bank's own handle of the account it was about. */
  /** The bank's handle of an account, as its row may hold it: hashed, and in rows from before that as it is. */
  bankReference: string[];
  method: string;
  /** A person was there, and the bank was told so. */
  attended: boolean;
  personAddress: string | null;
  /** HTTP status; null = no answer. */
  status: number | null;
  outcome: string;
  durationMs: number;
  /** Ours: of the visit or API request that caused it. */
  requestId: string | null;
  /** The id we sent the bank. */
  bankRequestId: string | null;
};

/** A call as kept, with our own id of the account. */
export type BankCall = Omit<NewBankCall, 'tenant' | 'bankReference'> & { id: string; bankAccount: string | null };

/** Writes a call into the ledger; durable when it resolves, and never part of a transaction that could take it back. */
export async function recordBankCall(platform: Pick<Platform, 'database'>, call: NewBankCall): Promise<void> {
  // An address of the bank's that we refused to call says nothing about how it answers.
  const health = call.outcome === 'address_refused' ? undefined : healthStatement(call, call.at, call.status);
  await platform.database.together(insertBankCall(newId('bankCall'), call, health));
}

/** Calls to banks, newest first; `after` is the last row of the page before. */
export async function listBankCalls(
  platform: Pick<Platform, 'database'>,
  caller: Pick<Caller, 'tenant'>,
  filter: BankCallFilter,
): Promise<{ rows: BankCall[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<BankCall>(selectBankCalls(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}
