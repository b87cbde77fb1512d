-- By what an account is known: keyed hashes of its numbers, per customer. `home` is the account that a mark came with;
-- after a merge it leads to the account that took that one in.
create table account_marks (
  tenant int not null references tenants,
  customer text not null,
  mark text not null,
  bank_account text not null,
  home text not null,
  primary key (tenant, customer, mark),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade,
  foreign key (tenant, home) references bank_accounts (tenant, id) on delete cascade
);
create index on account_marks (tenant, bank_account);
create index on account_marks (tenant, home);
insert into account_marks (tenant, customer, mark, bank_account, home)
select tenant, customer, fingerprint, id, id from bank_accounts;

alter table bank_accounts
  add column merged_into text, -- the account that goes on for it
  add column read_as text, -- the account it took in whose number its bank lists it by; null = its own
  add foreign key (tenant, merged_into) references bank_accounts (tenant, id);

-- Two accounts of a customer that may be one, and what was decided. `other` was, or would be, taken in.
create table account_merges (
  tenant int not null references tenants,
  bank_account text not null,
  other text not null,
  status text not null check (status in ('suggested', 'merged', 'apart')),
  reason text, -- of a suggestion
  suggested_at timestamptz,
  decided_at timestamptz,
  decided_by text check (decided_by in ('app', 'person')),
  first_seq bigint, -- of the entries taken over
  last_seq bigint,
  primary key (tenant, bank_account, other),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade,
  foreign key (tenant, other) references bank_accounts (tenant, id) on delete cascade
);
create index on account_merges (tenant, other);
