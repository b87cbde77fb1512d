import { type Sql, sql } from '../../../base/database.ts';
import { ringOf } from '../../keys/store.ts';
import type { Tenant } from '../../platform.ts';
import { SEALED_ACCOUNT } from '../store.ts';

/** An account whose row or whose transactions are not as they would be stored today. */
export type AccountToConceal = { tenant: Tenant; id: string; number: number; customer: string };

/** Accounts that lie open, or are concealed under an older key of their customer, in their order. */
export function selectToConceal(after: number, limit: number): Sql {
  // tenant: over all of them, for the operator.
  return sql`select a.tenant, a.id, a.number, a.customer from bank_accounts a
    where a.number > ${after} and (a.details is null
      or a.tokens_under is distinct from get_byte(${ringOf('a.tenant', 'a.customer')}, 0))
    order by a.number limit ${limit}`;
}

/** The row with its customer's keys, locked: nobody stores transactions meanwhile. */
export function lockToConceal(tenant: Tenant, id: string): Sql {
  return sql`select ${SEALED_ACCOUNT} from bank_accounts a where a.tenant = ${tenant} and a.id = ${id} for update`;
}

/** What identifies it goes into one sealed column, and out of those it lay in. */
export function sealRow(
  tenant: Tenant,
  id: string,
  { reference, handle }: { reference: string; handle: string | null },
  details: Buffer,
): Sql {
  return sql`update bank_accounts set details = ${details}, bank_reference = ${reference}, handle = ${handle}::text,
      name = null, holder_name = null, identification = '{}' where tenant = ${tenant} and id = ${id}`;
}

/** Transactions in the order they were written, removed ones too. */
export function selectTexts(tenant: Tenant, account: number, after: number, limit: number): Sql {
  return sql`select change_seq as "changeSeq", shown from transactions
    where tenant = ${tenant} and account = ${account} and change_seq > ${after} order by change_seq limit ${limit}`;
}

/** Nothing a reader sees changes: the number of the change stays. */
export function replaceTexts(tenant: Tenant, account: number, rows: { changeSeq: number; shown: string }[]): Sql {
  return sql`update transactions t set shown = x.shown
    from json_to_recordset(${JSON.stringify(rows)}::json) x ("changeSeq" bigint, shown text)
    where t.tenant = ${tenant} and t.account = ${account} and t.change_seq = x."changeSeq"`;
}

/** All of its transactions are concealed under this key. */
export function noteConcealed(tenant: Tenant, id: string, number: number): Sql {
  return sql`update bank_accounts set tokens_under = ${number} where tenant = ${tenant} and id = ${id}`;
}
