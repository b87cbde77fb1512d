import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';
import type { MaybeSame } from './accounts.ts';
import type { Sums } from './proof.ts';
import { SEALED_ACCOUNT } from './store.ts';

/** An account as merging and splitting work on it, locked. */
export type Merging = {
  id: string;
  number: number;
  customer: string;
  connection: string;
  consent: string;
  currency: string;
  status: string;
  isConnected: boolean;
  staleSince: Date | null;
  mergedInto: string | null;
  readAs: string | null;
  changeSeq: number;
  sums: Sums;
  closed: boolean;
};

/** A live row as merging compares it. */
export type MergingRow = {
  changeSeq: number;
  seq: number;
  sortOn: string;
  status: 'booked' | 'pending';
  currency: string;
  amount: string;
  identity: string;
  shown: string;
};

/** How a pair of accounts stands. */
export type Pair = { status: 'suggested' | 'merged' | 'apart'; firstSeq: number | null; lastSeq: number | null };

/** In the order of their ids, so that two who merge the same accounts cannot wait for each other. */
export function lockForMerging(tenant: Tenant, ids: string[]): Sql {
  return sql`select a.id, a.number, a.customer, a.connection, a.consent, a.currency, a.status, a.closed,
      n.status <> 'disconnected' as "isConnected", a.stale_since as "staleSince", a.merged_into as "mergedInto",
      a.read_as as "readAs", a.change_seq as "changeSeq", a.sums
    from bank_accounts a join connections n on n.tenant = a.tenant and n.id = a.connection
    where a.tenant = ${tenant} and a.id = any(${ids}::text[]) order by a.id for update of a`;
}

export function selectLiveRows(tenant: Tenant, account: number): Sql {
  return sql`select change_seq as "changeSeq", seq, sort_on as "sortOn", status, currency, amount,
      encode(identity, 'hex') as identity, shown
    from transactions where tenant = ${tenant} and account = ${account} and not removed order by sort_on, seq`;
}

/** Live rows that were added by these changes. */
export function selectRowsOf(tenant: Tenant, account: number, firstSeq: number, lastSeq: number | null): Sql {
  return sql`select change_seq as "changeSeq", seq, sort_on as "sortOn", status, currency, amount,
      encode(identity, 'hex') as identity, shown
    from transactions where tenant = ${tenant} and account = ${account} and not removed and seq >= ${firstSeq}
      and (${lastSeq}::bigint is null or seq <= ${lastSeq}) order by change_seq`;
}

/**
 * The account goes on with other sums. Its balances are proven anew from the next reading on: that one decides which of the
 * entries that came its bank lists too, and what it takes away again moved no balance.
 */
export function setSums(tenant: Tenant, account: string, changeSeq: number, sums: Sums): Sql {
  return sql`with changed as (
      update bank_accounts a set change_seq = ${changeSeq}::bigint, sums = ${JSON.stringify(sums)}::jsonb, page_hash = null
      where a.tenant = ${tenant}::int and a.id = ${account}::text returning a.tenant, a.id)
    delete from balance_proofs p using changed a where p.tenant = a.tenant and p.bank_account = a.id`;
}

/** Marks of the one lead to the other from now on. */
export function moveMarks(tenant: Tenant, home: string, to: string): Sql {
  return sql`update account_marks set bank_account = ${to} where tenant = ${tenant} and home = ${home}`;
}

export function markMerged(tenant: Tenant, id: string, into: string | null, at: Date): Sql {
  return sql`update bank_accounts set merged_into = ${into}::text, stale_since = coalesce(stale_since, ${at}), updated_at = ${at}
    where tenant = ${tenant} and id = ${id}`;
}

/** From now on `to` is read where `from` was: by its connection, under its consent and the bank's handle for it. */
export function takeReading(tenant: Tenant, from: string, to: string, readAs: string | null, at: Date): Sql {
  return sql`with moved as (
      update bank_accounts t set connection = f.connection, consent = f.consent, provider = f.provider,
        interface = f.interface, bank_reference = f.bank_reference, handle = f.handle, status = f.status,
        reads_balances = f.reads_balances, reads_transactions = f.reads_transactions, stale_since = f.stale_since,
        read_as = ${readAs}::text, updated_at = ${at}::timestamptz
      from bank_accounts f where f.tenant = ${tenant} and f.id = ${from} and t.tenant = f.tenant and t.id = ${to}
      returning t.tenant, t.consent, t.id)
    insert into consent_accounts (tenant, consent, bank_account) select tenant, consent, id from moved
    on conflict do nothing`;
}

/**
 * The account is nobody's to read, as if its bank had closed it, until an account list or a consent finds it by a number of
 * its own. The latest connection that covered it under its own name has it again.
 */
export function readByItself(tenant: Tenant, id: string, at: Date): Sql {
  return sql`update bank_accounts a set read_as = null, bank_reference = '', handle = null, status = 'closed',
      stale_since = coalesce(a.stale_since, ${at}::timestamptz), updated_at = ${at}::timestamptz,
      connection = coalesce(f.connection, a.connection), consent = coalesce(f.consent, a.consent)
    from (select 1) one left join lateral (
      select c.connection, c.id as consent from consent_accounts x
      join consents c on c.tenant = x.tenant and c.id = x.consent
      join bank_accounts b on b.tenant = x.tenant and b.id = x.bank_account
      where x.tenant = ${tenant} and x.bank_account = ${id} and c.connection is not null and c.connection <> b.connection
      order by c.authorized_at desc nulls last limit 1) f on true
    where a.tenant = ${tenant} and a.id = ${id}`;
}

/** Nothing where the pair is known already, whatever was decided. */
export function insertSuggestion(tenant: Tenant, one: string, other: string, reason: MaybeSame, at: Date): Sql {
  return sql`insert into account_merges (tenant, bank_account, other, status, reason, suggested_at)
    select ${tenant}, ${one}, ${other}, 'suggested', ${reason}, ${at}
    where not exists (select from account_merges where tenant = ${tenant} and bank_account = ${other} and other = ${one})
    on conflict do nothing`;
}

/** How a pair stands, whichever of them took the other in. */
export function findPair(tenant: Tenant, one: string, other: string): Sql {
  return sql`select status, first_seq as "firstSeq", last_seq as "lastSeq" from account_merges
    where tenant = ${tenant} and ((bank_account = ${one} and other = ${other}) or (bank_account = ${other} and other = ${one}))`;
}

/** Writes down what was decided, in place of how the pair stood. */
export function decidePair(
  tenant: Tenant,
  into: string,
  other: string,
  decided: { status: 'merged' | 'apart'; by: 'app' | 'person'; at: Date; firstSeq?: number; lastSeq?: number },
): Sql {
  return sql`with turned as (
      delete from account_merges where tenant = ${tenant}::int and bank_account = ${other}::text and other = ${into}::text
      returning reason, suggested_at)
    insert into account_merges (tenant, bank_account, other, status, reason, suggested_at, decided_at, decided_by,
      first_seq, last_seq)
    select ${tenant}::int, ${into}::text, ${other}::text, ${decided.status}, t.reason, t.suggested_at,
      ${decided.at}::timestamptz, ${decided.by}, ${decided.firstSeq ?? null}::bigint, ${decided.lastSeq ?? null}::bigint
    from (select 1) one left join turned t on true
    on conflict (tenant, bank_account, other) do update set status = excluded.status, decided_at = excluded.decided_at,
      decided_by = excluded.decided_by, first_seq = excluded.first_seq, last_seq = excluded.last_seq`;
}

/** The customer's other accounts at a bank that a new one may be. */
export function selectComparable(tenant: Tenant, customer: string, provider: string, listed: readonly string[]): Sql {
  return sql`select ${SEALED_ACCOUNT}, a.account_type as "accountType", a.currency, a.status <> 'closed' and a.stale_since is null as "isRead"
    from bank_accounts a
    where a.tenant = ${tenant} and a.customer = ${customer} and a.provider = ${provider} and a.merged_into is null
      and a.id <> all(${[...listed]}::text[])
    order by a.created_at, a.id limit 100`;
}
