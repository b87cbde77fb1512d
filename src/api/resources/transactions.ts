import { z } from 'zod';
import { listTransactions, type Position, readChanges, type Scope } from '../../platform/accounts/accounts.ts';
import { Problem } from '../../platform/problems.ts';
import { listOf } from '../answers/list.ts';
import { amount, currency, day, id, moment, paging } from '../input/fields.ts';
import { JsonText, type Route, route } from '../route.ts';

const MOST = 500;

const transaction = z
  .strictObject({
    object: z.literal('transaction'),
    bank_account: z.string(),
    id: z.string().describe('Never changes, also when a pending entry is booked.'),
    version: z.int().describe('Counts up whenever the content changes.'),
    created_at: moment(),
    updated_at: moment(),
    status: z.enum(['booked', 'pending']),
    amount: amount(),
    currency: currency(),
    booked_on: day().optional(),
    value_on: day().optional(),
    description: z.string(),
    reference: z.string().optional(),
    counterparty: z
      .strictObject({
        name: z.string().optional(),
        iban: z.string().optional(),
        bban: z.string().optional(),
        sort_code: z.string().optional(),
        account_number: z.string().optional(),
      })
      .optional(),
    bank_code: z.string().optional().describe("ISO 20022 or the bank's own code."),
    merchant_category_code: z.string().optional(),
    end_to_end_id: z.string().optional(),
    balance_after: z.string().optional(),
    original: z
      .strictObject({ amount: z.string().optional(), currency: z.string(), rate: z.string().optional() })
      .optional(),
  })
  .meta({ id: 'Transaction', description: 'One entry. What the bank did not say is left out.' });

const changes = z
  .strictObject({
    object: z.literal('transaction_changes'),
    added: z.array(transaction),
    modified: z.array(transaction),
    removed: z.array(z.strictObject({ id: z.string(), object: z.literal('transaction'), bank_account: z.string() })),
    next_cursor: z.string().describe('Keep it, and ask with it next time; also when nothing changed.'),
    has_more: z.boolean(),
  })
  .meta({
    id: 'TransactionChanges',
    description:
      'Apply `removed`, then keep `added` and `modified` under their ids: then you hold exactly what the lists say.',
  });

const SCOPES = ['consent', 'customer', 'connection', 'bank_account'] as const;

/** The operations on transactions. */
export const TRANSACTION_ROUTES: Route[] = [
  route({
    method: 'GET',
    path: '/v1/bank_accounts/{id}/transactions',
    operation: 'list_transactions',
    group: 'Transactions',
    summary: 'List transactions of an account, newest first',
    id: 'bankAccount',
    query: z.strictObject({
      status: z.enum(['booked', 'pending']).optional(),
      from: day().optional().describe('First day, inclusive.'),
      to: day().optional().describe('Last day, inclusive.'),
      consent: id().optional().describe('Only if this consent covers the account.'),
      ...paging(MOST),
    }),
    answer: listOf(transaction),
    problems: ['claim_needed'],
    handle: async ({ platform, caller, id: account, query, cursors }) => {
      const { cursor: _cursor, ...request } = query;
      const after = cursors.read<Position>();
      const page = await listTransactions(platform, caller, account, { ...request, ...(after ? { after } : {}) });
      const next = page.next ? JSON.stringify(cursors.write(page.next)) : 'null';
      return JsonText.joined([
        '{"object":"list","data":[',
        ...page.elements,
        `],"has_more":${page.hasMore},"next_cursor":${next}}`,
      ]);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/transactions/sync',
    operation: 'read_changes',
    group: 'Transactions',
    summary: 'What changed since last time',
    description:
      'Name exactly one of `consent`, `customer`, `connection` and `bank_account`. Without a cursor everything there is; with `cursor=now` nothing, only where to begin.',
    query: z.strictObject({
      consent: id().optional(),
      customer: id().optional(),
      connection: id().optional(),
      bank_account: id().optional(),
      ...paging(MOST),
      limit: z.int().min(1).max(MOST).default(100),
    }),
    answer: changes,
    problems: ['not_found', 'claim_needed'],
    handle: async ({ platform, caller, query, cursors }) => {
      const cursor = query.cursor === 'now' ? 'now' : cursors.read<string>();
      const found = await readChanges(platform, caller, {
        scope: scopeOf(query),
        limit: query.limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const removed = found.removed.map((one) => ({
        id: one.id,
        object: 'transaction',
        bank_account: one.bankAccount,
      }));
      return new JsonText(
        `{"object":"transaction_changes","added":[${found.added}],"modified":[${found.modified}],"removed":${JSON.stringify(removed)},` +
          `"next_cursor":${JSON.stringify(cursors.write(found.next))},"has_more":${found.hasMore}}`,
      );
    },
  }),
];

/** The one thing named; throws `invalid_request` for none or several. */
function scopeOf(query: { [Name in (typeof SCOPES)[number]]?: string | undefined }): Scope {
  const named = SCOPES.filter((name) => query[name] !== undefined);
  if (named.length !== 1) {
    const errors = (named.length ? named : SCOPES).map((name) => ({
      pointer: `?${name}`,
      detail: 'Exactly one of these.',
    }));
    throw new Problem('invalid_request', 'Name exactly one of consent, customer, connection and bank_account.', {
      errors,
    });
  }
  const { consent, customer, connection, bank_account } = query;
  if (consent !== undefined) return { consent };
  if (customer !== undefined) return { customer };
  if (connection !== undefined) return { connection };
  return { bankAccount: bank_account! };
}
