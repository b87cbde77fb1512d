import { type Sql, sql } from '../../../base/database.ts';
import type { Details } from '../../accounts/concealed/concealing.ts';
import { SEALED_ACCOUNT } from '../../accounts/store.ts';
import type { Tenant } from '../../platform.ts';

/** An account with kept pages of an older mapping, and what a connector must know of it. */
export type AccountToReplay = Details & {
  tenant: Tenant;
  id: string;
  number: number;
  reference: string;
  customer: string;
  ring: Buffer | null;
  interface: string;
  accountType: string;
  usage: string;
  currency: string;
  status: string;
  readsBalances: boolean;
  readsTransactions: boolean;
  lastCompleteAt: Date | null;
};

/** A page as kept. `since` is the first day its sync asked for; `complete`: nothing was missing then. */
export type KeptPage = {
  sync: string;
  page: number;
  sealed: Buffer;
  readAt: Date;
  since: string | null;
  complete: boolean;
};

/** Accounts of a provider with pages below this version of the mapping, of all tenants, a batch at a time. */
export function selectAccountsToReplay(provider: string, mapping: number, after: number, limit: number): Sql {
  return sql`select ${SEALED_ACCOUNT}, a.tenant, a.number, a.interface, a.account_type as "accountType", a.usage, a.currency, a.status,
      a.reads_balances as "readsBalances", a.reads_transactions as "readsTransactions",
      a.last_complete_at as "lastCompleteAt"
    from bank_accounts a where a.provider = ${provider} and a.number > ${after}
      and exists (select from bank_pages p where p.tenant = a.tenant and p.bank_account = a.id and p.mapping < ${mapping})
    order by a.number limit ${limit}`;
}

/** The kept pages of an account in the order they were read. */
export function selectKeptPages(tenant: Tenant, account: string): Sql {
  return sql`select p.sync, p.page, p.sealed, p.read_at as "readAt", r.since, coalesce(r.complete, false) as complete
    from bank_pages p left join lateral (
      select x ->> 'from' as since, x ->> 'outcome' = 'complete' as complete
      from syncs s, jsonb_array_elements(s.accounts) x
      where s.tenant = p.tenant and s.id = p.sync and x ->> 'bank_account' = p.bank_account
        and x ->> 'resource' = 'transactions' limit 1) r on true
    where p.tenant = ${tenant} and p.bank_account = ${account} order by p.read_at, p.sync, p.page`;
}

export function markMapped(tenant: Tenant, account: string, mapping: number): Sql {
  return sql`update bank_pages set mapping = ${mapping} where tenant = ${tenant} and bank_account = ${account}`;
}
