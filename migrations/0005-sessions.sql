-- One visit to the hosted page. Everything about a visit is in this row, so any server can go on with it at any turn.
create table sessions (
  tenant int not null,
  id text not null,
  kind text not null check (kind in ('connect', 'management', 'synchronization')),
  status text not null check (status in ('open', 'finished', 'canceled', 'failed', 'expired')),
  customer text,
  consent text, -- the consent this visit is about now
  consents text[] not null default '{}', -- all it made
  connection text, -- the connection to renew or refresh, or the one it made
  -- What the app asked for.
  provider text,
  return_url text,
  locale text,
  template text,
  recurring boolean not null default true,
  store_secrets boolean not null default false,
  request jsonb not null default '{}', -- scopes, history_days, valid_days, purpose, skip_info, skip_qr
  -- Who visits: hash of the browser's cookie, set by the first Continue.
  owner bytea,
  signing_in boolean not null default false, -- from here on no other browser may take over
  -- Where it stands.
  screen text not null default 'intro',
  chosen_provider text,
  chosen_interface text,
  query text,
  turn int not null default 0,
  turn_state text not null default 'asking' check (turn_state in ('asking', 'working')),
  working_since timestamptz,
  working_on text, -- what kind of answer is being worked on
  answers int not null default 0,
  tries int not null default 0, -- codes and passwords sent to the bank in this visit
  challenges int not null default 0,
  step bytea, -- sealed
  memory bytea, -- sealed
  way_back bytea, -- SHA-256 of the state the bank's redirect must bring; used once
  way_back_sealed bytea, -- sealed: the state itself, for the turns of the same conversation
  poll_at timestamptz,
  grant_sealed bytea, -- sealed: between authentication and grant
  found bytea, -- sealed: the accounts found, until the grant
  trouble jsonb,
  error text,
  error_code text,
  person jsonb, -- how the browser presented itself last: address, user agent, language
  phases jsonb not null default '[]',
  seen_at timestamptz, -- last time the person's own browser was there
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant, id),
  foreign key (tenant, customer) references customers (tenant, id),
  foreign key (tenant, consent) references consents (tenant, id),
  foreign key (tenant, connection) references connections (tenant, id)
);
create index on sessions (tenant, created_at desc, id desc);
create index on sessions (tenant, consent, created_at desc) where consent is not null;
create unique index on sessions (way_back) where way_back is not null;
create index on sessions (expires_at) where status = 'open';
create index on sessions (poll_at) where poll_at is not null;
create index on sessions (working_since) where turn_state = 'working';
