create table syncs (
  tenant int not null references tenants,
  id text not null,
  connection text not null,
  consent text not null,
  bank_account text, -- the only one to read; null = all of the connection
  status text not null check (status in ('queued', 'running', 'completed', 'failed')),
  attended boolean not null,
  reason text not null check (reason in ('connect', 'manual', 'session', 'planned')),
  person jsonb, -- how the person of an attended run presented themselves
  attended_until timestamptz,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  lease int not null default 0, -- counts the takers: a late one cannot write any more
  lease_until timestamptz,
  not_before timestamptz, -- the bank asked for a delay
  delays int not null default 0,
  request_id text, -- of the visit or API request that asked for it
  error text, -- kind of the bank's no
  added int not null default 0,
  modified int not null default 0,
  removed int not null default 0,
  accounts jsonb not null default '[]', -- per account: from, until, added, rejected entries with their place
  primary key (tenant, id),
  foreign key (tenant, connection) references connections (tenant, id)
);
create index on syncs (tenant, connection, created_at desc);
-- One waiting or running per connection, whatever replicas do.
create unique index on syncs (tenant, connection) where status in ('queued', 'running');
create index on syncs (lease_until) where status = 'running';

-- The bank's pages as they came: compressed, then sealed as one block.
create table bank_pages (
  tenant int not null references tenants,
  bank_account text not null,
  resource text not null check (resource in ('transactions')),
  page int not null,
  sync text not null,
  mapping int not null, -- version of the mapping that read it
  hash bytea not null,
  sealed bytea not null,
  read_at timestamptz not null,
  primary key (tenant, bank_account, sync, page),
  foreign key (tenant, bank_account) references bank_accounts (tenant, id) on delete cascade
);

-- The ledger of calls to banks: is it us, them or the bank?
create table bank_calls (
  tenant int not null,
  id text not null,
  at timestamptz not null,
  provider text not null,
  interface text not null,
  connection text,
  session text,
  sync text,
  sync_lease int, -- which taking of that sync: its calls for one account and purpose are one read
  purpose text not null,
  bank_account text,
  method text not null,
  attended boolean not null,
  person_address text,
  status int, -- HTTP status; null = no answer
  outcome text not null,
  duration_ms int not null,
  request_id text, -- ours: of the visit or API request that caused it
  bank_request_id text, -- the id we sent the bank
  primary key (tenant, id)
);
create index on bank_calls (tenant, at desc, id desc);
create index on bank_calls (tenant, connection, at desc);
create index on bank_calls (tenant, bank_account, purpose, at desc) where not attended;
