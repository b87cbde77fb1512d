create table customers (
  tenant int not null references tenants,
  id text not null,
  type text not null default 'person' check (type in ('person', 'company')),
  reference text,
  name text,
  email text,
  locale text,
  expires_at timestamptz, -- erased after it
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  erasing_since timestamptz,
  primary key (tenant, id),
  unique (tenant, reference)
);
create index on customers (tenant, created_at desc, id desc);
create index on customers (expires_at) where expires_at is not null;
