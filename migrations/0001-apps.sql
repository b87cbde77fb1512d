-- Apps, their two tenants (test and live), keys, and the identities in whose name banks are asked.
-- A tenant is an app in one mode. Every row of a person or an app belongs to one; nothing crosses.
-- Tables that are written with every request have no foreign key to `tenants`: the tenant comes from the key that was just
-- looked up and never goes away, and the four checks were a quarter of the database's work for a new session.

create table identities (
  id text primary key,
  legal_name text not null,
  register_number text,
  authority text,
  role text not null default 'own_licence' check (role in ('own_licence', 'agent', 'own_accounts_only')),
  agent_of text,
  organization_id text,
  fints_product_id text,
  created_at timestamptz not null
);

-- Several certificates of one identity may be valid at once: renewal overlaps.
create table identity_certificates (
  id text primary key,
  identity text not null references identities,
  use text not null check (use in ('transport', 'signature')),
  certificate text not null,
  private_key bytea not null, -- sealed
  not_before timestamptz not null,
  not_after timestamptz not null,
  created_at timestamptz not null
);
create index on identity_certificates (identity, use, not_after desc);

create table apps (
  id text primary key,
  name text not null check (length(name) between 1 and 100),
  support_email text,
  created_at timestamptz not null
);

create table tenants (
  tenant int generated always as identity primary key,
  app text not null references apps,
  mode text not null check (mode in ('test', 'live')),
  identity text references identities,
  return_urls text[] not null default '{}',
  default_return_url text,
  -- Page defaults and permissions: skip_info, skip_qr, template, locale, store_secrets, headless, mail, claim.
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  unique (app, mode)
);

create table api_keys (
  id text primary key,
  tenant int not null references tenants,
  hash bytea not null unique, -- SHA-256 of the key; the key itself is shown once and kept nowhere
  prefix text not null, -- first characters, to recognise it by
  name text not null default '',
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index on api_keys (tenant, created_at desc);

-- One idempotency key is one object: the answer is kept with the hash of the request that made it.
create table idempotency_keys (
  tenant int not null,
  key text not null,
  request_hash bytea not null,
  status int not null,
  answer text not null,
  created_at timestamptz not null,
  primary key (tenant, key)
);
create index on idempotency_keys (created_at);
