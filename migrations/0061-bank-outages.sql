-- When an interface of a bank did not answer, for as long as that is told: it belongs to no tenant.
create table bank_outages (
  provider text not null,
  interface text not null,
  began_at timestamptz not null,
  ended_at timestamptz, -- null while it lasts
  primary key (provider, interface, began_at)
);
alter table bank_health add column answered_at timestamptz; -- when the latest row of failures ended
