import { type Database, gather, type Sql, type Tx } from '../../base/database.ts';
import { isId, newId } from '../../base/ids.ts';
import type { Commit } from '../commit.ts';
import { makeKeys } from '../keys/data-keys.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import type { CustomerFilter, CustomerRow } from './store.ts';
import * as store from './store.ts';

export { type EndEverything, eraseCustomer, eraseDueCustomers } from './erasing.ts';
export type { CustomerRow } from './store.ts';

/** What an app says about a customer. `expiresInS`: erased so many seconds from now; null in a change = never. */
export type CustomerInput = {
  type?: 'person' | 'company';
  reference?: string | null;
  name?: string | null;
  email?: string | null;
  locale?: string | null;
  expiresInS?: number | null;
  metadata?: Record<string, string>;
};

/** Makes a customer. Throws `customer_reference_taken` when another one of this tenant has the reference. */
export async function createCustomer(
  platform: Platform,
  caller: Caller,
  input: CustomerInput,
  commit: Commit<CustomerRow>,
): Promise<CustomerRow> {
  const row = rowOf(input, platform.clock.now());
  try {
    await commit(asStatements(platform, caller.tenant, row), row);
  } catch (error) {
    throw isReferenceTaken(error) ? referenceTaken() : error;
  }
  return row;
}

/**
 * The customer with that reference, or a new one (seed A: a session makes its user). For a new one the insert is handed
 * back, to be committed together with what is made for it: when that fails with `isReferenceTaken` another request was
 * quicker, and doing it all again finds its customer.
 */
export async function prepareCustomer(
  platform: Platform,
  tenant: Tenant,
  input: CustomerInput & { reference: string },
): Promise<{ customer: string; created: boolean; statements: Sql[] }> {
  const found = await findByReference(platform.database, { tenant, reference: input.reference });
  if (found) return { customer: usable(found).id, created: false, statements: [] };
  const customer = rowOf(input, platform.clock.now());
  return { customer: customer.id, created: true, statements: asStatements(platform, tenant, customer) };
}

type Known = Pick<CustomerRow, 'id' | 'erasing_since'>;

const findByReference = gather(async (database: Database, keys: readonly { tenant: Tenant; reference: string }[]) => {
  const found: Known[] = [];
  for (const row of await database.read.rows<Known & { place: number }>(store.findCustomersByReference(keys)))
    found[row.place - 1] = row;
  return found;
});

/** The same inside a transaction, done at once. */
export async function ensureCustomer(
  platform: Pick<Platform, 'vault'>,
  tx: Tx,
  tenant: Tenant,
  input: CustomerInput & { reference: string },
  at: Date,
): Promise<{ customer: CustomerRow; created: boolean }> {
  const found = await tx.first<CustomerRow>(store.findCustomerByReference(tenant, input.reference));
  if (found) return { customer: usable(found), created: false };
  const customer = rowOf(input, at);
  for (const statement of asStatements(platform, tenant, customer)) await tx.run(statement);
  return { customer, created: true };
}

/** True for the database's no to a second customer with one reference. */
export function isReferenceTaken(error: unknown): boolean {
  return (error as { constraint?: string } | null)?.constraint === 'customers_tenant_reference_key';
}

/** The customer; throws `not_found` when there is none. One being erased is still shown, with `erasing_since`. */
export async function getCustomer(
  platform: Platform,
  caller: Pick<Caller, 'tenant'>,
  id: string,
): Promise<CustomerRow> {
  const row = await platform.database.read.first<CustomerRow>(store.findCustomerRow(caller.tenant, id));
  if (!row) throw notFound('customer');
  return row;
}

/** The id itself where that customer exists and is not being erased: the cheap question before something is made. */
export async function findCustomerId(tx: Pick<Tx, 'first'>, tenant: Tenant, id: string): Promise<string | undefined> {
  const row = isId('customer', id) ? await tx.first<CustomerRow>(store.findCustomerRow(tenant, id)) : undefined;
  return row && !row.erasing_since ? row.id : undefined;
}

/** Newest first. */
export async function listCustomers(
  platform: Platform,
  caller: Caller,
  filter: CustomerFilter,
): Promise<{ rows: CustomerRow[]; hasMore: boolean }> {
  const rows = await platform.database.read.rows<CustomerRow>(store.selectCustomers(caller.tenant, filter));
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** Changes what is named; the rest stays. */
export async function updateCustomer(
  platform: Platform,
  caller: Caller,
  id: string,
  input: CustomerInput,
): Promise<CustomerRow> {
  const at = platform.clock.now();
  const { expiresInS, ...rest } = input;
  const change = { ...rest, ...(expiresInS === undefined ? {} : { expires_at: expiryOf(expiresInS, at) }) };
  try {
    const row = await platform.database.first<CustomerRow>(store.updateCustomerRow(caller.tenant, id, change, at));
    if (!row) throw notFound('customer');
    return row;
  } catch (error) {
    throw isReferenceTaken(error) ? referenceTaken() : error;
  }
}

/** A customer has keys from the beginning: what is sealed for them can be destroyed with these. */
function asStatements(platform: Pick<Platform, 'vault'>, tenant: Tenant, row: CustomerRow): Sql[] {
  return [store.insertCustomer(tenant, row), makeKeys(platform, tenant, row.id)];
}

function rowOf(input: CustomerInput, at: Date): CustomerRow {
  return {
    id: newId('customer'),
    type: input.type ?? 'person',
    reference: input.reference ?? null,
    name: input.name ?? null,
    email: input.email ?? null,
    locale: input.locale ?? null,
    expires_at: expiryOf(input.expiresInS ?? null, at),
    metadata: input.metadata ?? {},
    created_at: at,
    updated_at: at,
    erasing_since: null,
  };
}

function expiryOf(inS: number | null, at: Date): Date | null {
  return inS === null ? null : new Date(at.getTime() + inS * 1000);
}

/** Nothing new may be made for a person who is being erased. */
function usable<One extends Known>(customer: One): One {
  if (customer.erasing_since) throw notFound('customer');
  return customer;
}

function referenceTaken(): Problem {
  return new Problem(
    'customer_reference_taken',
    'Use the customer that has this reference: GET /v1/customers?reference=….',
    {
      errors: [{ pointer: '/reference', detail: 'Taken by another customer of yours.' }],
    },
  );
}
