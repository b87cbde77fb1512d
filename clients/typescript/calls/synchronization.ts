// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { BankCall, ListBankCallsQuery, StartSyncBody, Sync, SyncState } from '../api/synchronization.ts';
import type { List, Options, Send } from '../request.ts';

/** Synchronization. */
export const synchronization = (send: Send) => ({
  /** Read an account now. With `psu` the read is attended; without, at most once an hour and four times a day. */
  startSync: (id: string, body: StartSyncBody = {}, options: Options = {}): Promise<Sync> =>
    send(
      { method: 'POST', path: `/v1/bank_accounts/${encodeURIComponent(id)}/sync`, body, creates: true as const },
      options,
    ),

  /** How up to date an account is */
  getSyncState: (id: string, options: Options = {}): Promise<SyncState> =>
    send({ method: 'GET', path: `/v1/bank_accounts/${encodeURIComponent(id)}/sync` }, options),

  /** The ledger of calls to banks, newest first */
  listBankCalls: (query: ListBankCallsQuery = {}, options: Options = {}): Promise<List<BankCall>> =>
    send({ method: 'GET', path: '/v1/bank_calls', query }, options),
});
