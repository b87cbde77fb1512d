-- What all entries of an account come to, per currency, kept with each change: {"EUR": ["booked", "pending"]}.
alter table bank_accounts add column sums jsonb not null default '{}';
update bank_accounts a set sums = coalesce((
  select jsonb_object_agg(s.currency, jsonb_build_array(s.booked::text, s.pending::text))
  from (select t.currency, coalesce(sum(t.amount) filter (where t.status = 'booked'), 0) as booked,
      coalesce(sum(t.amount) filter (where t.status = 'pending'), 0) as pending
    from transactions t where t.tenant = a.tenant and t.account = a.number and not t.removed group by t.currency) s), '{}');

-- Does the previous balance and what was booked since make the new one? One row per balance: the latest answer.
create table balance_proofs (
  tenant int not null references tenants,
  bank_account text not null,
  type text not null check (type in ('booked', 'available', 'expected')),
  currency text not null,
  amount numeric not null, -- the balance as now read
  entries numeric not null, -- what all entries came to then
  previous numeric, -- the balance as read before; null at first
  moved numeric, -- what the entries moved it by since
  gap numeric, -- amount - previous - moved
  reason text, -- of a gap: what is suspected
  sync text not null,
  at timestamptz not null,
  primary key (tenant, bank_account, type, currency),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade
);
