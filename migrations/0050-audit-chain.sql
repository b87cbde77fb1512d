-- The chain stands beside the audit: a link covers the rows since the link before, so that a row of the audit is written
-- once and never touched again. Rows that took their place in the chain before this keep it, and come first.
create table audit_chain (
  place bigint primary key, -- how many rows of the audit it and all before it cover
  last_id bigint not null unique, -- the last of them; they stand in the order of their ids
  hash bytea not null
);

drop index audit_id_idx;
alter table audit drop constraint audit_place_key;
create unique index on audit (place) where place is not null;

create or replace function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end $$;
create trigger audit_chain_is_append_only before update or delete on audit_chain
  for each row execute function audit_is_append_only();
create trigger audit_chain_is_not_emptied before truncate on audit_chain
  for each statement execute function audit_is_append_only();
