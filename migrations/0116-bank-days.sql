-- The days on which an interface of a bank was called: where nobody called, nothing is known of how it answers.
create table bank_days (
  provider text not null,
  interface text not null,
  day date not null,
  primary key (provider, interface, day)
);
insert into bank_days (provider, interface, day)
  select distinct provider, interface, (at at time zone 'UTC')::date from bank_calls where at > now() - interval '30 days';
