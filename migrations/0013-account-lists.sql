-- When the bank was last asked which accounts there are.
alter table connections add column accounts_read_at timestamptz;
