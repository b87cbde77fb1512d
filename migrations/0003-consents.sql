-- What a person allowed. The states and moves are in platform/consents/consent.ts; the database only guards the words.
create table consents (
  tenant int not null,
  id text not null,
  status text not null check (status in ('new', 'pending', 'authorized', 'expired', 'canceled', 'failed')),
  customer text,
  provider text,
  interface text,
  account_types text[],
  connection text,
  scopes text[] not null,
  history_days int not null,
  valid_days int not null,
  recurring boolean not null default true,
  store_secrets boolean not null default false, -- the app permits it and the person ticked it
  purpose text,
  return_url text,
  metadata jsonb not null default '{}',
  renews text, -- the connection it was opened to renew
  waiting_for text check (waiting_for in ('signers')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  pending_since timestamptz,
  authorized_at timestamptz,
  expires_at timestamptz, -- the bank's end
  reconfirm_by timestamptz, -- UK: ours
  ended_at timestamptz,
  ended_by text check (ended_by in ('person', 'app', 'operator', 'bank', 'system')),
  ended_reason text,
  replaced_by text,
  failure_code text,
  failure_message text,
  bank_revocation text check (bank_revocation in ('pending', 'done', 'failed', 'not_applicable')),
  -- The very text the person agreed to, byte for byte as JSON, with its facts; the hash proves it after erasure too.
  agreed_at timestamptz,
  agreed_locale text,
  agreed_version text,
  agreed_facts jsonb,
  agreed_text text,
  agreed_hash bytea,
  primary key (tenant, id),
  foreign key (tenant, customer) references customers (tenant, id)
);
create index on consents (tenant, created_at desc, id desc);
create index on consents (tenant, customer, created_at desc) where customer is not null;
create index on consents (tenant, connection) where connection is not null;
create index on consents (pending_since) where status in ('new', 'pending');
create index on consents (expires_at) where status = 'authorized';

-- Links hold a 256-bit token, stored hashed. A link opens a consent or a session, never both.
create table links (
  hash bytea primary key,
  tenant int not null,
  consent text,
  session text,
  created_at timestamptz not null,
  check ((consent is null) <> (session is null))
);

-- Append-only: every change of a consent, session or connection, with who caused it.
create table timeline (
  tenant int not null,
  seq bigint generated always as identity,
  consent text,
  session text,
  connection text,
  at timestamptz not null,
  what text not null,
  from_status text,
  to_status text,
  initiator text not null check (initiator in ('person', 'app', 'operator', 'bank', 'system')),
  request_id text,
  detail jsonb not null default '{}',
  primary key (tenant, seq)
);
create index on timeline (tenant, consent, seq) where consent is not null;
create index on timeline (tenant, connection, seq) where connection is not null;
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the timeline is append-only';
end $$;
create trigger timeline_is_append_only before update on timeline for each statement execute function refuse_change();
