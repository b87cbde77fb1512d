-- Logins that an identity for own accounts only may sign in with: a keyed hash of provider and login, and a few letters of it
-- for the operator's eye.
create table own_logins (
  identity text not null references identities,
  provider text not null,
  login bytea not null,
  hint text not null,
  created_at timestamptz not null,
  primary key (identity, login)
);
