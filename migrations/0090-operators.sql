-- The people who run this server: their accounts, second factors, sessions and one-time links. They belong to no tenant.
create table operators (
  id text primary key,
  email text not null unique, -- lower case
  name text not null,
  role text not null check (role in ('owner', 'developer', 'support', 'read_only')),
  apps text[], -- the only apps to be seen; null = all
  status text not null default 'active' check (status in ('active', 'disabled')),
  password text, -- argon2id, as a PHC string; null until the one-time link was used
  totp bytea, -- sealed: the shared secret; null = none set up
  totp_step bigint not null default 0, -- of the latest code accepted: no code counts twice
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table operator_passkeys (
  id text primary key, -- the credential's id, base64url
  operator text not null references operators,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index on operator_passkeys (operator);

create table operator_recovery_codes (
  operator text not null references operators,
  hash bytea not null, -- SHA-256: a code has 80 random bits
  used_at timestamptz,
  primary key (operator, hash)
);

-- `password`: the second factor is still to come. `set_up`: there is none yet. `full`: in.
create table operator_sessions (
  hash bytea primary key, -- SHA-256 of the cookie
  id text not null unique, -- to name it in a list: tells nothing of the cookie
  operator text not null references operators,
  stage text not null check (stage in ('password', 'set_up', 'full')),
  tries int not null default 0, -- wrong codes at this stage
  challenge text, -- of the passkey ceremony under way
  draft bytea, -- sealed: a shared secret that is being set up
  address text not null,
  user_agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index on operator_sessions (operator);
create index on operator_sessions (expires_at);

-- One-time links: for the first operator of a server, for whom one invites, and back in for whom lost a factor.
create table operator_links (
  hash bytea primary key,
  id text not null unique,
  kind text not null check (kind in ('first', 'invitation', 'way_back')),
  operator text references operators, -- whose way back it is
  email text,
  role text not null,
  apps text[],
  created_by text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on operator_links (created_at desc);

-- Failed sign-ins in a row, by account and by address, over all servers.
create table operator_attempts (
  key bytea primary key, -- SHA-256 of what is counted
  failures int not null,
  failed_at timestamptz not null,
  blocked_until timestamptz
);
create index on operator_attempts (failed_at);
