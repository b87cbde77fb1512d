-- What a bank's authorization server knows an identity by. A record, however it came about: made by `npm run register`
-- or typed in by hand. `identity` is `sandbox` for the identity that the pretend banks know: it is in no table.
create table registrations (
  id text primary key,
  identity text not null,
  provider text not null,
  client_id text not null,
  auth_method text not null check (auth_method in ('private_key_jwt', 'tls_client_auth')),
  issuer text,
  made_by text not null check (made_by in ('register', 'hand', 'sandbox')),
  created_at timestamptz not null,
  unique (identity, provider)
);

-- The id a directory gave a signing key (`kid`); none for keys of transport.
alter table identity_certificates add column key_id text;
