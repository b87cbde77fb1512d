-- One line per API request, for fourteen days: which app asked what, when, and what it was told. Neither body nor query.
create table requests (
  tenant int not null,
  at timestamptz not null,
  id text not null,
  key text not null, -- which key of the app
  method text not null,
  route text not null,
  object text, -- the id in the address
  status int not null,
  problem text, -- the code of the problem it was answered with
  duration_ms int not null,
  primary key (tenant, at, id)
);
create index on requests (tenant, at desc, id desc) where status >= 400;
create index on requests using hash (id);
create index on requests using brin (at);

-- From a request to the calls to banks it caused; lists by what stands out.
create index on bank_calls (tenant, request_id, at desc) where request_id is not null;
create index on bank_calls (tenant, at desc, id desc) where status is null or status >= 400;
create index on consents (tenant, status, created_at desc, id desc);
create index on sessions (tenant, created_at desc, id desc) where status in ('failed', 'canceled', 'expired');
create index on connections (tenant, last_synchronization) where status <> 'disconnected';
