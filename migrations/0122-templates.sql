-- The look of the hosted page for an app in one mode. Checked when it is saved: what is here can be shown.
create table templates (
  tenant int not null references tenants,
  id text not null,
  name text not null,
  look jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id)
);
