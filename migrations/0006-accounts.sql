create table bank_accounts (
  tenant int not null references tenants,
  id text not null,
  customer text not null,
  connection text not null, -- the one that reads it now
  consent text not null, -- the latest that covered it
  provider text not null,
  interface text not null,
  bank_reference text not null, -- the bank's handle under the present grant
  fingerprint text not null, -- keyed hash of what identifies it, per tenant
  name text,
  holder_name text,
  account_type text not null,
  usage text not null default 'unknown',
  currency text not null,
  identification jsonb not null default '{}',
  status text not null check (status in ('active', 'closed', 'blocked')),
  stale_since timestamptz,
  last_complete_at timestamptz,
  change_seq bigint not null default 0, -- number of the latest change of its transactions; taken under this row's lock
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id),
  foreign key (tenant, customer) references customers (tenant, id),
  foreign key (tenant, connection) references connections (tenant, id)
);
create unique index on bank_accounts (tenant, customer, fingerprint);
create index on bank_accounts (tenant, customer, created_at desc, id desc);
create index on bank_accounts (tenant, connection);

-- Which consents covered which accounts, past ones included.
create table consent_accounts (
  tenant int not null references tenants,
  consent text not null,
  bank_account text not null,
  primary key (tenant, consent, bank_account),
  foreign key (tenant, consent) references consents (tenant, id),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id)
);
create index on consent_accounts (tenant, bank_account);

create table balances (
  tenant int not null references tenants,
  bank_account text not null,
  type text not null check (type in ('booked', 'available', 'expected')),
  currency text not null,
  amount numeric not null,
  at timestamptz not null,
  credit_limit_included boolean,
  bank_type text not null,
  read_at timestamptz not null,
  primary key (tenant, bank_account, type, currency),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id)
);

-- One row per real entry. `seq` orders entries of one day; `change_seq` numbers changes for the feed, under the account's lock.
create table transactions (
  tenant int not null references tenants,
  bank_account text not null,
  seq bigint generated always as identity,
  id text not null,
  status text not null check (status in ('booked', 'pending')),
  sort_on date not null, -- booked_on, else value_on, else the day it was first seen
  booked_on date,
  value_on date,
  amount numeric not null,
  currency text not null,
  identity bytea not null, -- hash of what makes the entry itself, with its ordinal among equals of the day
  content bytea not null, -- hash of everything shown: another hash is another version
  body jsonb not null, -- description, reference, counterparty, …
  version int not null default 1,
  change_seq bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant, bank_account, seq),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id)
);
create unique index on transactions (tenant, id);
create unique index on transactions (tenant, bank_account, identity) where removed_at is null;
create index on transactions (tenant, bank_account, sort_on desc, seq desc) where removed_at is null;
create index on transactions (tenant, bank_account, change_seq);
