create schema if not exists sandbox;

create table if not exists sandbox.consents (
  bank text not null,
  id text not null,
  client text not null,
  person text,
  status text not null,
  created_at timestamptz not null,
  detail jsonb not null,
  primary key (bank, id)
);
create index if not exists consents_by_person on sandbox.consents (bank, person, status);

create table if not exists sandbox.authorisations (
  bank text not null,
  id text not null,
  consent_id text not null,
  person text,
  waiting boolean not null,
  created_at timestamptz not null,
  detail jsonb not null,
  primary key (id),
  foreign key (bank, consent_id) references sandbox.consents (bank, id)
);
create index if not exists authorisations_by_consent on sandbox.authorisations (bank, consent_id);
create index if not exists authorisations_waiting on sandbox.authorisations (bank, person) where waiting;

-- Authorization codes and tokens, looked up by their SHA-256.
create table if not exists sandbox.tokens (
  hash text primary key,
  bank text not null,
  consent_id text not null,
  kind text not null,
  expires_at timestamptz not null,
  spent boolean not null default false,
  detail jsonb not null
);
create index if not exists tokens_by_consent on sandbox.tokens (bank, consent_id);

-- Reads without a person, counted per consent, resource and day of the bank.
create table if not exists sandbox.reads (
  bank text not null,
  consent_id text not null,
  resource text not null,
  day date not null,
  count integer not null,
  primary key (bank, consent_id, resource, day)
);

create table if not exists sandbox.blocked (
  bank text not null,
  login text not null,
  primary key (bank, login)
);

-- Transactions that control added, changed or removed; they lie over the generated ones.
create table if not exists sandbox.transactions (
  bank text not null,
  account text not null,
  id text not null,
  detail jsonb not null,
  primary key (bank, account, id)
);

create table if not exists sandbox.behaviours (
  id bigint generated always as identity primary key,
  bank text not null,
  operation text not null,
  times integer,
  detail jsonb not null
);

create table if not exists sandbox.visits (
  hash text primary key,
  bank text not null,
  person text not null,
  expires_at timestamptz not null
);

-- The banks' own log of requests. Unlogged: it is read in tests, and must not cost a disk flush for each call.
create unlogged table if not exists sandbox.calls (
  id bigint generated always as identity primary key,
  bank text not null,
  at timestamptz not null,
  detail jsonb not null
);
create index if not exists calls_by_bank on sandbox.calls (bank, id);

-- What the banks that speak FinTS keep: dialogs, logins (counters, systems), settings.
create table if not exists sandbox.fints (
  bank text not null,
  kind text not null,
  id text not null,
  detail jsonb not null,
  primary key (bank, kind, id)
);

-- What of a bank's interfaces control has changed.
create table if not exists sandbox.facts (
  bank text not null,
  face text not null,
  detail jsonb not null,
  primary key (bank, face)
);

-- People who sign in at a bank before there is a consent (pre-step).
create table if not exists sandbox.sign_ins (
  id text primary key,
  bank text not null,
  detail jsonb not null
);

-- What the banks that speak UK Open Banking and their directory keep: keys, software, registrations, consents, settings.
create table if not exists sandbox.open_banking_uk (
  bank text not null,
  kind text not null,
  id text not null,
  detail jsonb not null,
  primary key (bank, kind, id)
);

-- What their authorization servers keep: clients, browser sessions, grants, codes and tokens.
create table if not exists sandbox.oidc (
  bank text not null,
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  consumed boolean not null default false,
  expires_at timestamptz,
  primary key (bank, model, id)
);
create index if not exists oidc_by_grant on sandbox.oidc (bank, grant_id) where grant_id is not null;
create index if not exists oidc_by_uid on sandbox.oidc (bank, uid) where uid is not null;
