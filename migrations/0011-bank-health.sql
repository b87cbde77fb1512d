-- How a bank's interface answers, whoever asks: the breaker, and what was learnt about it. Belongs to no tenant.
create table bank_health (
  provider text not null,
  interface text not null,
  failures int not null default 0, -- calls in a row without a usable answer
  failed_since timestamptz, -- when the first of them was
  failed_at timestamptz, -- when the latest was
  open_until timestamptz, -- nobody calls without the person before; then one does, and says how it went
  degraded_at timestamptz, -- apps were told
  late_days int not null default 0, -- how far back the bank books, as seen
  late_at timestamptz, -- when that was last seen
  primary key (provider, interface)
);
