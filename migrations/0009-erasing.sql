-- What stays of a consent when its customer is erased: that it was given, pseudonymous. No name, no account, no address.
create table consent_evidence (
  tenant int not null references tenants,
  consent text not null,
  customer text not null, -- the erased customer's id: a random number that points nowhere any more
  status text not null,
  provider text,
  scopes text[] not null,
  history_days int not null,
  valid_days int not null,
  created_at timestamptz not null,
  authorized_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  ended_reason text,
  agreed_at timestamptz,
  agreed_locale text,
  agreed_version text,
  agreed_hash bytea,
  states jsonb not null default '[]', -- the timeline without its details: at, what, from, to, initiator
  erased_at timestamptz not null,
  primary key (tenant, consent)
);

-- Several events of one millisecond keep the order they were written in.
alter table events add column seq bigint generated always as identity;
drop index events_tenant_created_at_id_idx;
create index on events (tenant, created_at desc, seq desc);
create index on events (tenant, consent) where consent is not null;
create index on events (tenant, connection) where connection is not null;

-- An idempotency key remembers which object its answer shows, so that erasing reaches the answer too.
alter table idempotency_keys add column object text;
create index on idempotency_keys (tenant, object) where object is not null;
create index on customers (erasing_since) where erasing_since is not null;
create index on bank_calls (tenant, session) where session is not null;
