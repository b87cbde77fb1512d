-- A consent that waits for its app's server to claim it: until then nobody reads what it covers.
alter table consents
  add column claim text check (claim in ('needed', 'claimed')), -- null = none is asked for
  add column claim_hash bytea, -- SHA-256 of the one-use code that only the finishing browser got
  add column claim_since timestamptz,
  add column claim_told boolean not null default false;
create index on consents (claim_since) where claim = 'needed';
alter table bank_accounts add column closed boolean not null default false; -- its latest consent waits for a claim
create index on bank_accounts (tenant, consent) where closed;

-- Coming back from the bank in another browser: what it brought, until six digits are typed where the visit began.
alter table sessions
  add column handover bytea, -- sealed
  add column handover_tries int not null default 0;
