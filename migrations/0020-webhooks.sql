-- Where apps are told what happened, what still has to be told, and every attempt to tell.
create table webhook_endpoints (
  tenant int not null references tenants,
  id text not null,
  url text not null,
  events text[], -- null = every type
  description text not null default '',
  status text not null default 'active' check (status in ('active', 'paused', 'disabled')),
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  secret bytea not null, -- sealed
  previous_secret bytea, -- sealed; signs beside the new one until previous_until
  previous_until timestamptz,
  -- The breaker: attempts in a row that failed, since when, and until when nothing is sent.
  failures int not null default 0,
  failing_since timestamptz,
  rests int not null default 0,
  resting_until timestamptz,
  -- One server at a time sends to an endpoint, so that order holds across servers.
  lease_owner text,
  leased_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id)
);

-- What waits to be told. Written with the event, gone when the endpoint has said yes.
create table webhook_messages (
  tenant int not null,
  endpoint text not null,
  seq bigint generated always as identity,
  event text not null,
  line text not null, -- the connection: within one line the order holds
  attempts int not null default 0,
  first_at timestamptz, -- of the first attempt
  next_at timestamptz not null,
  primary key (tenant, endpoint, seq),
  foreign key (tenant, endpoint) references webhook_endpoints (tenant, id) on delete cascade
);
create index on webhook_messages (tenant, endpoint, next_at);
create index on webhook_messages (tenant, endpoint, line, seq) where attempts > 0;
create index on webhook_messages (tenant, event);

-- Every attempt, for thirty days.
create table webhook_deliveries (
  tenant int not null,
  endpoint text not null,
  seq bigint generated always as identity,
  id text not null,
  event text not null,
  attempt int not null,
  at timestamptz not null,
  outcome text not null,
  status int,
  ms int not null,
  answer text, -- its first 500 bytes
  next_at timestamptz, -- when it is tried again
  primary key (tenant, endpoint, seq),
  foreign key (tenant, endpoint) references webhook_endpoints (tenant, id) on delete cascade
);
create index on webhook_deliveries (tenant, event);
create index on webhook_deliveries using brin (at);
