-- Passwords and codes that were sent to a bank for one login and not accepted, over all apps and servers: the bank would
-- lock the person out. The login itself is not kept, only an HMAC of it; an hour later nothing is.
create table sign_in_limits (
  login bytea primary key,
  attempts timestamptz[] not null
);
alter table sessions add column login bytea; -- HMAC of bank and user name, as typed in this visit
