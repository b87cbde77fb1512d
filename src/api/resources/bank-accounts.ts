import { z } from 'zod';
import {
  type BalanceRow,
  type BankAccount,
  getBankAccount,
  listBalances,
  listBankAccounts,
} from '../../platform/accounts/accounts.ts';
import { mergeAccounts, splitAccounts } from '../../platform/accounts/merging.ts';
import { listOf, presentList, readCreated } from '../answers/list.ts';
import { accountType, amount, currency, id, moment, paging } from '../input/fields.ts';
import { type Asked, type Route, route } from '../route.ts';

const identification = z
  .strictObject({
    iban: z.string().nullable(),
    bban: z.string().nullable(),
    sort_code: z.string().nullable(),
    account_number: z.string().nullable(),
    roll_number: z.string().nullable(),
    masked_pan: z.string().nullable(),
  })
  .meta({
    id: 'Identification',
    description: 'What identifies an account to the world. A bank may give only one of them.',
  });

const bankAccount = z
  .strictObject({
    id: z.string().describe('Stays the same across consents, reconnections and a change of interface.'),
    object: z.literal('bank_account'),
    customer: z.string(),
    connection: z.string().describe('The one that reads it now, or read it last.'),
    consent: z.string().describe('The latest that covered it.'),
    provider: z.string(),
    interface: z.string(),
    name: z.string().nullable(),
    holder_name: z.string().nullable(),
    account_type: accountType(),
    usage: z.enum(['personal', 'business', 'unknown']),
    currency: currency(),
    identification,
    fingerprint: z.string().describe('The same for the same account of the bank, within your app only.'),
    status: z.enum(['active', 'closed', 'blocked']),
    stale_since: moment().nullable().describe('Since when it may be behind the bank; `null` while reading goes on.'),
    last_complete_at: moment().nullable().describe('When its transactions were last read completely.'),
    merged_into: z
      .string()
      .nullable()
      .describe('The account that goes on for this one, since both were found to be one.'),
    maybe_same: z
      .array(z.strictObject({ bank_account: z.string(), reason: z.enum(['same_number', 'same_ending', 'same_name']) }))
      .describe('Accounts that may be this one. Decide with `merge` or `split`; until then they are two.'),
    created_at: moment(),
    updated_at: moment(),
  })
  .meta({ id: 'BankAccount', description: 'An account at a bank.' });

const balance = z
  .strictObject({
    object: z.literal('balance'),
    type: z.enum(['booked', 'available', 'expected']),
    amount: amount(),
    currency: currency(),
    at: moment(),
    credit_limit_included: z.boolean().nullable(),
    bank_type: z.string().describe("The bank's own word for it."),
  })
  .meta({ id: 'Balance', description: 'A balance as last read.' });

const filters = {
  consent: id().optional().describe('The accounts this consent covers.'),
  customer: id().optional().describe('All accounts of this customer, of past and recent consents.'),
  connection: id().optional().describe('The accounts of this connection.'),
  ...paging(),
};
type Filters = z.output<ReturnType<typeof z.strictObject<typeof filters>>>;

const other = z.strictObject({ bank_account: id().describe('The other account, of the same customer.') });

/** The operations on accounts and balances. */
export const BANK_ACCOUNT_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/bank_accounts',
    operation: 'list_bank_accounts',
    group: 'Bank accounts',
    summary: 'List bank accounts, newest first',
    query: z.strictObject(filters),
    answer: listOf(bankAccount),
    problems: ['not_found', 'claim_needed'],
    handle: (asked) => list(asked, asked.query),
  }),
  route({
    method: 'POST',
    path: '/v1/bank_accounts',
    operation: 'list_bank_accounts_by_form',
    group: 'Bank accounts',
    summary: 'List bank accounts, asked for by a body',
    description: 'The same as by GET; it creates nothing.',
    body: z.strictObject(filters),
    example: { consent: 'cst_8sVb1Qm3Zt6RkXy0Lp9WcD' },
    answer: listOf(bankAccount),
    problems: ['not_found', 'claim_needed', 'invalid_cursor'],
    handle: (asked) => list(asked, asked.body),
  }),
  route({
    method: 'GET',
    path: '/v1/bank_accounts/{id}',
    operation: 'get_bank_account',
    group: 'Bank accounts',
    summary: 'Get a bank account',
    id: 'bankAccount',
    query: z.strictObject({ consent: id().optional().describe('Only if this consent covers it.') }),
    answer: bankAccount,
    problems: ['claim_needed'],
    handle: async ({ platform, caller, id: account, query }) =>
      present(await getBankAccount(platform, caller, account, query.consent)),
  }),
  route({
    method: 'GET',
    path: '/v1/bank_accounts/{id}/balances',
    operation: 'list_balances',
    group: 'Bank accounts',
    summary: 'The balances of an account',
    id: 'bankAccount',
    query: z.strictObject({ consent: id().optional().describe('Only if this consent covers it.') }),
    answer: listOf(balance),
    problems: ['claim_needed'],
    handle: async ({ platform, caller, id: account, query }) => ({
      object: 'list',
      data: (await listBalances(platform, caller, account, query.consent)).map(presentBalance),
      has_more: false,
      next_cursor: null,
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/bank_accounts/{id}/merge',
    operation: 'merge_bank_accounts',
    group: 'Bank accounts',
    summary: 'Say that two accounts are one',
    description:
      'This account goes on: it takes over the booked history it lacks, and is known by the numbers of both. The other keeps its id and rows, and is not read any more.',
    id: 'bankAccount',
    body: other,
    example: { bank_account: 'acc_3pYt8Kc0Xq5LmR2vW9ZaQs' },
    answer: bankAccount,
    problems: ['claim_needed', 'merge_refused'],
    handle: async ({ platform, caller, id: into, body }) =>
      present(await mergeAccounts(platform, { caller, by: 'app' }, into, body.bank_account)),
  }),
  route({
    method: 'POST',
    path: '/v1/bank_accounts/{id}/split',
    operation: 'split_bank_accounts',
    group: 'Bank accounts',
    summary: 'Say that two accounts are two',
    description:
      'Undoes a merge of the named account into this one, or answers a suggestion with no, for good. Returns the named account.',
    id: 'bankAccount',
    body: other,
    example: { bank_account: 'acc_3pYt8Kc0Xq5LmR2vW9ZaQs' },
    answer: bankAccount,
    problems: ['claim_needed'],
    handle: async ({ platform, caller, id: into, body }) =>
      present(await splitAccounts(platform, { caller, by: 'app' }, into, body.bank_account)),
  }),
];

async function list(
  { platform, caller, cursors }: Asked,
  { consent, customer, connection, limit }: Filters,
): Promise<object> {
  const after = readCreated(cursors);
  const page = await listBankAccounts(platform, caller, {
    ...(consent === undefined ? {} : { consent }),
    ...(customer === undefined ? {} : { customer }),
    ...(connection === undefined ? {} : { connection }),
    limit,
    ...(after ? { after: { createdAt: after.at, id: after.id } } : {}),
  });
  return presentList(page, cursors, present, (row) => [row.createdAt, row.id]);
}

function present(one: BankAccount): object {
  return {
    id: one.id,
    object: 'bank_account',
    customer: one.customer,
    connection: one.connection,
    consent: one.consent,
    provider: one.provider,
    interface: one.interface,
    name: one.name,
    holder_name: one.holderName,
    account_type: one.accountType,
    usage: one.usage,
    currency: one.currency,
    identification: {
      iban: one.identification.iban ?? null,
      bban: one.identification.bban ?? null,
      sort_code: one.identification.sortCode ?? null,
      account_number: one.identification.accountNumber ?? null,
      roll_number: one.identification.rollNumber ?? null,
      masked_pan: one.identification.maskedPan ?? null,
    },
    fingerprint: one.fingerprint,
    status: one.status,
    stale_since: one.staleSince,
    last_complete_at: one.lastCompleteAt,
    merged_into: one.mergedInto,
    maybe_same: (one.maybeSame ?? []).map(({ bankAccount: bank_account, reason }) => ({ bank_account, reason })),
    created_at: one.createdAt,
    updated_at: one.updatedAt,
  };
}

function presentBalance(row: BalanceRow): object {
  return {
    object: 'balance',
    type: row.type,
    amount: row.amount,
    currency: row.currency,
    at: row.at,
    credit_limit_included: row.creditLimitIncluded,
    bank_type: row.bankType,
  };
}
