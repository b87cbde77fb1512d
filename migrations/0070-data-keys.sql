-- Keys of what is sealed for one customer, or for what a bank has yet to be told of one consent (`revocation:<consent>`):
-- wrapped under the vault's key, newest first. In no other table, so that erasing destroys them and a backup can leave them
-- out: what they sealed is then dead in every copy.
create table data_keys (
  tenant int not null,
  holder text not null,
  wrapped bytea not null,
  renewed_at timestamptz, -- a newer key was put in front: the older ones go when nothing is sealed with them any more
  primary key (tenant, holder)
);
create index on data_keys (renewed_at) where renewed_at is not null;

-- How far the sealing anew has come: under which key of the vault, in which form of storing, and when everything was.
create table key_rotations (
  one int primary key default 1 check (one = 1),
  current int not null,
  form int not null,
  finished_at timestamptz not null
);

-- What a bank calls an account, whose it is and what identifies it: sealed together. The bank's reference becomes a token
-- that the customer's keys open, and `bank_reference` a keyed hash of it, so that it can still be looked for. A job empties
-- the columns in which all this lay open.
alter table bank_accounts
  add column details bytea, -- sealed
  add column handle text,
  add column tokens_under smallint; -- which of the customer's keys hides the identifiers in its transactions; null = none yet

-- What was typed into the search for a bank can be an IBAN.
alter table sessions add column query_sealed bytea; -- sealed
update sessions set query = null where query is not null;
