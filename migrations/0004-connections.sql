-- The lasting link between a customer and one login at one interface of a provider.
create table connections (
  tenant int not null references tenants,
  id text not null,
  customer text not null,
  provider text not null,
  interface text not null,
  status text not null check (status in ('active', 'action_required', 'disconnected')),
  needs jsonb, -- {who, what, since, code}: who must do what before reading goes on
  consent text, -- the one valid consent, if any
  recurring boolean not null,
  grant_sealed bytea, -- sealed; null once destroyed
  grant_version int not null default 0,
  grant_lease_until timestamptz,
  last_synchronization timestamptz,
  next_sync_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  disconnected_at timestamptz,
  primary key (tenant, id),
  foreign key (tenant, customer) references customers (tenant, id),
  foreign key (tenant, consent) references consents (tenant, id)
);
create index on connections (tenant, customer, created_at desc);
create index on connections (tenant, created_at desc, id desc);
create index on connections (next_sync_at) where next_sync_at is not null;
alter table consents add foreign key (tenant, connection) references connections (tenant, id);

-- What still has to be told to a bank after reading has stopped: survives erasure, under a key of its own.
create table bank_revocations (
  tenant int not null references tenants,
  consent text not null,
  connection text,
  provider text not null,
  interface text not null,
  grant_sealed bytea not null, -- sealed
  first_tried_at timestamptz not null,
  attempts int not null default 0,
  primary key (tenant, consent)
);
