import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** Whether a balance follows from the one before. Amounts are signed decimal strings; `previous` is null at first. */
export type BalanceProof = {
  type: 'booked' | 'available' | 'expected';
  currency: string;
  amount: string;
  previous: string | null;
  /** What the entries moved it by since. */
  moved: string | null;
  /** `amount` − `previous` − `moved`; not zero means that something is missing on one side. */
  gap: string | null;
  /** What is suspected where there is a gap. */
  reason: string | null;
  at: Date;
};

/**
 * Booked balances are moved by booked entries, the others by pending ones too. One statement for all balances of an
 * account, over sums kept with the account.
 */
export function storeProofs(read: { tenant: Tenant; account: string; sync: string; at: Date; suspicion: string }): Sql {
  return sql`insert into balance_proofs as p (tenant, bank_account, type, currency, amount, entries, sync, at)
    select b.tenant, b.bank_account, b.type, b.currency, b.amount,
      coalesce((a.sums -> b.currency ->> 0)::numeric, 0)
        + case b.type when 'booked' then 0 else coalesce((a.sums -> b.currency ->> 1)::numeric, 0) end,
      ${read.sync}::text, ${read.at}::timestamptz
    from balances b join bank_accounts a on a.tenant = b.tenant and a.id = b.bank_account
    where b.tenant = ${read.tenant} and b.bank_account = ${read.account}
    on conflict (tenant, bank_account, type, currency) do update set previous = p.amount,
      moved = excluded.entries - p.entries, gap = excluded.amount - p.amount - (excluded.entries - p.entries),
      reason = case when excluded.amount - p.amount = excluded.entries - p.entries then null
        when p.type = 'available' then 'limits_or_reservations'
        when excluded.amount = p.amount then 'balance_not_renewed'
        else ${read.suspicion}::text end,
      amount = excluded.amount, entries = excluded.entries, sync = excluded.sync, at = excluded.at`;
}

export function selectProofs(tenant: Tenant, account: string): Sql {
  return sql`select type, currency, amount, previous, moved, gap, reason, at from balance_proofs
    where tenant = ${tenant} and bank_account = ${account}
    order by array_position(array['booked', 'available', 'expected'], type), currency`;
}
