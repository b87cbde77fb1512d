-- What was changed, by whom, when: one row for each change of state and each act of the operator, without anything about a
-- person. Rows are only added; a job chains them by their hashes, so that one changed or taken away shows.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  tenant int,
  initiator text not null,
  what text not null,
  object text,
  from_status text,
  to_status text,
  request_id text,
  place bigint unique, -- in the chain, from 1 without a gap
  hash bytea,
  check ((place is null) = (hash is null))
);
create index on audit (id) where place is null;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  -- The one change allowed: taking its place in the chain.
  if tg_op = 'UPDATE' and old.place is null and new.place is not null
    and (old.id, old.at, old.what, old.initiator) = (new.id, new.at, new.what, new.initiator)
    and (old.tenant, old.object, old.from_status, old.to_status, old.request_id)
      is not distinct from (new.tenant, new.object, new.from_status, new.to_status, new.request_id) then
    return new;
  end if;
  raise exception 'the audit is append-only';
end $$;
create trigger audit_is_append_only before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_is_not_emptied before truncate on audit for each statement execute function audit_is_append_only();

create function audit_timeline() returns trigger language plpgsql as $$
begin
  insert into audit (at, tenant, initiator, what, object, from_status, to_status, request_id)
  select at, tenant, initiator, what, coalesce(consent, session, connection), from_status, to_status, request_id
  from fresh order by seq;
  return null;
end $$;
create trigger timeline_is_audited after insert on timeline referencing new table as fresh
  for each statement execute function audit_timeline();

create function audit_operator() returns trigger language plpgsql as $$
declare
  row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  said text := tg_table_name || '.' || lower(tg_op);
begin
  if tg_table_name = 'api_keys' and tg_op = 'UPDATE' then said := 'api_keys.revoke'; end if;
  insert into audit (at, tenant, initiator, what, object)
  values (coalesce((row ->> 'revoked_at')::timestamptz, (row ->> 'created_at')::timestamptz, clock_timestamp()),
    (row ->> 'tenant')::int, 'operator', said, coalesce(row ->> 'id', row ->> 'app'));
  return null;
end $$;
create trigger api_keys_are_audited after insert or update or delete on api_keys
  for each row execute function audit_operator();
create trigger apps_are_audited after insert or update or delete on apps
  for each row execute function audit_operator();
create trigger tenants_are_audited after insert or update or delete on tenants
  for each row execute function audit_operator();
create trigger identities_are_audited after insert or update or delete on identities
  for each row execute function audit_operator();
create trigger certificates_are_audited after insert or update or delete on identity_certificates
  for each row execute function audit_operator();

create function audit_erased() returns trigger language plpgsql as $$
begin
  insert into audit (at, tenant, initiator, what, object)
  values (coalesce(old.erasing_since, clock_timestamp()), old.tenant, 'app', 'customer.erased', old.id);
  return null;
end $$;
create trigger erasing_is_audited after delete on customers for each row execute function audit_erased();
