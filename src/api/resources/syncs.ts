import { isIP } from 'node:net';
import { z } from 'zod';
import { SYNC_STATUSES } from '../../platform/syncs/sync.ts';
import {
  type BankCall,
  getSyncState,
  listBankCalls,
  type Sync,
  type SyncState,
  startSync,
} from '../../platform/syncs/syncs.ts';
import { getBankAccount } from '../../platform/accounts/accounts.ts';
import { Problem } from '../../platform/problems.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { id, moment, paging, text } from '../input/fields.ts';
import { type Route, route } from '../route.ts';

const sync = z
  .strictObject({
    id: z.string(),
    object: z.literal('sync'),
    connection: z.string(),
    consent: z.string(),
    bank_account: z.string().nullable().describe('The only account it reads; `null` = all of the connection.'),
    status: z.enum(SYNC_STATUSES),
    attended: z.boolean().describe("The person's own action asked for it."),
    reason: z.enum(['connect', 'manual', 'session', 'planned']),
    created_at: moment(),
    started_at: moment().nullable(),
    finished_at: moment().nullable(),
    not_before: moment().nullable().describe('The bank asked for a delay until then.'),
    error: z.string().nullable(),
    added: z.int(),
    modified: z.int(),
    removed: z.int(),
    accounts: z.array(
      z.strictObject({
        bank_account: z.string(),
        resource: z.enum(['balances', 'transactions']),
        outcome: z.enum(['complete', 'incomplete', 'skipped', 'failed']),
        from: z.string().optional(),
        until: z.string().optional(),
        pages: z.int().optional(),
        added: z.int(),
        modified: z.int(),
        removed: z.int(),
        rejected: z.array(z.strictObject({ place: z.string(), reason: z.string() })).optional(),
        error: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Sync', description: 'One run of fetching for one connection, and what it did with each account.' });

const syncState = z
  .strictObject({
    object: z.literal('sync_state'),
    bank_account: z.string(),
    connection: z.string(),
    status: z.enum(['idle', 'queued', 'running']),
    current: sync.nullable(),
    recent: z.array(sync),
    last_synchronization: moment().nullable(),
    next_sync_at: moment().nullable(),
    reads_left: z
      .strictObject({ balances: z.int(), transactions: z.int() })
      .describe('Reads without the person that the bank still allows: four a day and account.'),
    balance_proofs: z
      .array(
        z.strictObject({
          type: z.enum(['booked', 'available', 'expected']),
          currency: z.string(),
          amount: z.string(),
          previous: z.string().nullable().describe('The balance as read before; `null` at first.'),
          moved: z.string().nullable().describe('What the transactions moved it by since.'),
          gap: z
            .string()
            .nullable()
            .describe('`amount` - `previous` - `moved`: not zero means that something is missing.'),
          reason: z
            .enum([
              'incomplete_reading',
              'entries_came_late',
              'entries_missing',
              'balance_not_renewed',
              'limits_or_reservations',
            ])
            .nullable()
            .describe('What is suspected where there is a gap.'),
          at: moment(),
        }),
      )
      .describe('Whether each balance follows from the one before and the transactions since.'),
  })
  .meta({ id: 'SyncState', description: 'What ran, what is running, when the next is planned.' });

const bankCall = z
  .strictObject({
    id: z.string(),
    object: z.literal('bank_call'),
    created_at: moment(),
    provider: z.string(),
    interface: z.string(),
    connection: z.string().nullable(),
    session: z.string().nullable(),
    sync: z.string().nullable(),
    bank_account: z.string().nullable(),
    purpose: z.string(),
    method: z.string(),
    attended: z.boolean(),
    person_address: z.string().nullable(),
    status: z.int().nullable().describe('HTTP status; `null` where no answer came.'),
    outcome: z.string().describe('`begun`: a read without the person whose end nobody saw, because the server died.'),
    duration_ms: z.int(),
    request_id: z.string().nullable().describe('Ours: of the visit or API request that caused it.'),
    bank_request_id: z.string().nullable().describe('The id the bank was sent.'),
  })
  .meta({ id: 'BankCall', description: 'One call to a bank: is it us, them or the bank?' });

const psu = z
  .strictObject({
    ip_address: z
      .string()
      .max(45)
      .refine((address) => isIP(address) !== 0, 'This is not an IP address.')
      .meta({ example: '203.0.113.7' }),
    user_agent: text(500).optional(),
  })
  .describe('The person who asked for it just now. Kept in the ledger. Say it only if it is so.');

/** The operations on syncs and on the ledger of calls to banks. */
export const SYNC_ROUTES: Route[] = [
  route({
    method: 'POST',
    path: '/v1/bank_accounts/{id}/sync',
    operation: 'start_sync',
    group: 'Synchronization',
    summary: 'Read an account now',
    description: 'With `psu` the read is attended; without, at most once an hour and four times a day.',
    id: 'bankAccount',
    body: z.strictObject({ psu: psu.optional() }),
    example: { psu: { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0' } },
    answer: sync,
    status: 202,
    creates: true,
    commitsAlone: true,
    problems: [
      'claim_needed',
      'account_merged',
      'connection_not_active',
      'consent_not_active',
      'sync_running',
      'sync_too_soon',
    ],
    handle: async ({ platform, caller, id: account, body }) => {
      const { mergedInto } = await getBankAccount(platform, caller, account);
      if (mergedInto !== null) throw new Problem('account_merged', `Read ${mergedInto}, which goes on for it.`);
      const person = body.psu && {
        ipAddress: body.psu.ip_address,
        ...(body.psu.user_agent === undefined ? {} : { userAgent: body.psu.user_agent }),
      };
      return present(await startSync(platform, caller, { account }, person ? { person } : {}));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/bank_accounts/{id}/sync',
    operation: 'get_sync_state',
    group: 'Synchronization',
    summary: 'How up to date an account is',
    id: 'bankAccount',
    answer: syncState,
    problems: ['claim_needed'],
    handle: async ({ platform, caller, id: account }) => {
      await getBankAccount(platform, caller, account);
      return presentState(account, await getSyncState(platform, caller, { account }));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/bank_calls',
    operation: 'list_bank_calls',
    group: 'Synchronization',
    summary: 'The ledger of calls to banks, newest first',
    query: z.strictObject({
      customer: id().optional(),
      consent: id().optional(),
      connection: id().optional(),
      session: id().optional(),
      sync: id().optional(),
      bank_account: id().optional(),
      request_id: id().optional(),
      ...paging(),
    }),
    answer: listOf(bankCall),
    problems: [],
    handle: async ({ platform, caller, query, cursors }) => {
      const { cursor: _cursor, bank_account, request_id, ...same } = query;
      const filter = { ...same, bankAccount: bank_account, requestId: request_id, after: readCreated(cursors) };
      const page = await listBankCalls(platform, caller, filter);
      return presentList(page, cursors, presentCall, (row) => [row.at, row.id]);
    },
  }),
];

function present(one: Sync): object {
  return {
    id: one.id,
    object: 'sync',
    connection: one.connection,
    consent: one.consent,
    bank_account: one.bankAccount,
    status: one.status,
    attended: one.attended,
    reason: one.reason,
    created_at: one.createdAt,
    started_at: one.startedAt,
    finished_at: one.finishedAt,
    not_before: one.notBefore,
    error: one.error,
    added: one.added,
    modified: one.modified,
    removed: one.removed,
    accounts: one.accounts,
  };
}

function presentState(account: string, state: SyncState): object {
  const left = state.readsLeft.find(({ bankAccount }) => bankAccount === account);
  return {
    object: 'sync_state',
    bank_account: account,
    connection: state.connection,
    status: state.current?.status ?? 'idle',
    current: state.current && present(state.current),
    recent: state.recent.map(present),
    last_synchronization: state.lastSynchronization,
    next_sync_at: state.nextSyncAt,
    reads_left: { balances: left?.balances ?? 0, transactions: left?.transactions ?? 0 },
    balance_proofs: state.proofs,
  };
}

function presentCall(row: BankCall): object {
  return {
    id: row.id,
    object: 'bank_call',
    created_at: row.at,
    provider: row.provider,
    interface: row.interface,
    connection: row.connection,
    session: row.session,
    sync: row.sync,
    bank_account: row.bankAccount,
    purpose: row.purpose,
    method: row.method,
    attended: row.attended,
    person_address: row.personAddress,
    status: row.status,
    outcome: row.outcome,
    duration_ms: row.durationMs,
    request_id: row.requestId,
    bank_request_id: row.bankRequestId,
  };
}
