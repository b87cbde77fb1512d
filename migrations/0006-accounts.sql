create table bank_accounts (
  tenant int not null references tenants,
  id text not null,
  number bigint generated always as identity, -- its short name inside the database
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
  reads_balances boolean not null default true, -- what the consent covers here, where the bank says so
  reads_transactions boolean not null default true,
  stale_since timestamptz,
  last_complete_at timestamptz,
  change_seq bigint not null default 0, -- number of the latest change of its transactions; taken under this row's lock
  page_hash bytea, -- of the latest complete read that was one page: the same page again changes nothing
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id),
  foreign key (tenant, customer) references customers (tenant, id),
  foreign key (tenant, connection) references connections (tenant, id)
);
create unique index on bank_accounts (tenant, customer, fingerprint);
create index on bank_accounts (tenant, customer, created_at desc, id desc);
create index on bank_accounts (tenant, connection);
create unique index on bank_accounts (tenant, number);

-- Which consents covered which accounts, past ones included.
create table consent_accounts (
  tenant int not null references tenants,
  consent text not null,
  bank_account text not null,
  primary key (tenant, consent, bank_account),
  foreign key (tenant, consent) references consents (tenant, id),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade
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
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade
);

-- One row per real entry. Kept narrow and ready to send: there are more of these than of everything else together.
-- `seq` is the number of the change that added the row and orders entries of one day; `change_seq` is the number of its
-- latest change, taken under the account's lock, so that a reader of changes who knows one number has seen all below.
create table transactions (
  account bigint not null, -- bank_accounts.number
  seq bigint not null,
  change_seq bigint not null,
  tenant int not null,
  sort_on date not null, -- booked_on, else value_on, else the day it was first seen
  removed boolean not null default false,
  status text not null check (status in ('booked', 'pending')),
  currency text not null,
  amount numeric not null,
  identity bytea not null, -- 16 bytes: hash of what makes the entry itself, with its ordinal among equals
  -- The members of the JSON object that the API answers, from "id" on, without what is the same in all rows of an account
  -- ("object", "bank_account"): a page is these texts joined, nothing is parsed or built while reading.
  shown text not null,
  primary key (tenant, account, change_seq),
  foreign key (tenant, account) references bank_accounts (tenant, number) on delete cascade
);
create unique index on transactions (tenant, account, identity) where not removed;
create index on transactions (tenant, account, sort_on desc, seq desc) where not removed;
create index on transactions (tenant, account, sort_on desc, seq desc) where status = 'pending' and not removed;
create index on transactions (tenant, account, identity) where removed;
