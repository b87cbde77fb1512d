create table events (
  tenant int not null,
  id text not null,
  type text not null,
  customer text,
  consent text,
  connection text,
  data jsonb not null, -- ids and states, no account data
  request_id text,
  created_at timestamptz not null,
  primary key (tenant, id)
);
create index on events (tenant, created_at desc, id desc);
create index on events (tenant, customer) where customer is not null;
