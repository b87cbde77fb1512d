-- For writes that go together with an update that must find its row: where it finds none, the whole transaction fails.
create function must_touch(touched bigint) returns boolean language plpgsql as $$
begin
  if touched = 0 then
    raise exception 'the row has moved on' using errcode = 'DB001';
  end if;
  return true;
end $$;
