import { empty, rowsOf, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** A customer as stored. `erasing_since`: it is being erased and nothing new is made for it. */
export type CustomerRow = {
  id: string;
  type: 'person' | 'company';
  reference: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  expires_at: Date | null;
  metadata: Record<string, string>;
  created_at: Date;
  updated_at: Date;
  erasing_since: Date | null;
};

/** Which customers, and from where on. */
export type CustomerFilter = { reference?: string; limit: number; after?: { at: Date; id: string } };

const columns = sql`id, type, reference, name, email, locale, expires_at, metadata, created_at, updated_at, erasing_since`;

/** A plain insert, to be committed with others. */
export function insertCustomer(tenant: Tenant, row: CustomerRow): Sql {
  return customerRow({ tenant, ...row });
}

const customerRow = rowsOf('customers', {
  tenant: 'int',
  id: 'text',
  type: 'text',
  reference: 'text',
  name: 'text',
  email: 'text',
  locale: 'text',
  expires_at: 'timestamptz',
  metadata: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

/** One customer. */
export function findCustomerRow(tenant: Tenant, id: string): Sql {
  return sql`select ${columns} from customers where tenant = ${tenant} and id = ${id}`;
}

/** Customers by the apps' own ids for them, each with the place of its key, from 1. */
export function findCustomersByReference(keys: readonly { tenant: Tenant; reference: string }[]): Sql {
  // The limit keeps it one look into the index for each key, however wrong the planner's idea of the table is.
  return sql`select k.place::int, c.id, c.erasing_since
    from unnest(${keys.map(({ tenant }) => tenant)}::int[], ${keys.map(({ reference }) => reference)}::text[])
      with ordinality k (tenant, reference, place)
    cross join lateral (select id, erasing_since from customers
      where tenant = k.tenant and reference = k.reference limit 1) c`;
}

/** One customer by the app's own id for them. */
export function findCustomerByReference(tenant: Tenant, reference: string): Sql {
  return sql`select ${columns} from customers where tenant = ${tenant} and reference = ${reference}`;
}

/** Newest first, one row more than the limit. */
export function selectCustomers(tenant: Tenant, filter: CustomerFilter): Sql {
  return sql`select ${columns} from customers
    where tenant = ${tenant}
    ${filter.reference === undefined ? empty : sql`and reference = ${filter.reference}`}
    ${filter.after ? sql`and (created_at, id) < (${filter.after.at}::timestamptz, ${filter.after.id}::text)` : empty}
    order by created_at desc, id desc limit ${filter.limit + 1}`;
}

/** What can be changed; what is absent stays. */
export type CustomerChange = Partial<
  Pick<CustomerRow, 'type' | 'reference' | 'name' | 'email' | 'locale' | 'expires_at' | 'metadata'>
>;

/** Touches no customer that is being erased. */
export function updateCustomerRow(tenant: Tenant, id: string, change: CustomerChange, at: Date): Sql {
  const kept = <T>(value: T | undefined, column: Sql, type: Sql) =>
    value === undefined ? column : sql`${value}::${type}`;
  return sql`update customers set
    type = ${kept(change.type, sql`type`, sql`text`)},
    reference = ${kept(change.reference, sql`reference`, sql`text`)},
    name = ${kept(change.name, sql`name`, sql`text`)},
    email = ${kept(change.email, sql`email`, sql`text`)},
    locale = ${kept(change.locale, sql`locale`, sql`text`)},
    expires_at = ${kept(change.expires_at, sql`expires_at`, sql`timestamptz`)},
    metadata = ${change.metadata === undefined ? sql`metadata` : sql`${JSON.stringify(change.metadata)}::jsonb`},
    updated_at = ${at}
    where tenant = ${tenant} and id = ${id} and erasing_since is null returning ${columns}`;
}

/** Begins erasing; keeps the first moment when it was begun before. */
export function markErasing(tenant: Tenant, id: string, at: Date): Sql {
  return sql`update customers set erasing_since = coalesce(erasing_since, ${at}) where tenant = ${tenant} and id = ${id}
    returning ${columns}`;
}

/** Customers whose time is over, or whose erasing did not come to its end (a crash); claimed in no particular order. */
export function selectDue(at: Date, limit: number): Sql {
  return sql`select tenant, id from customers where (expires_at <= ${at} and erasing_since is null)
    or erasing_since <= ${at}::timestamptz - interval '1 minute' limit ${limit}`;
}
