-- Keys are forgotten in the order they came, which is the order they lie in: a summary of each stretch of the table is enough,
-- and costs nothing while they are written.
drop index idempotency_keys_created_at_idx;
create index on idempotency_keys using brin (created_at) with (pages_per_range = 16, autosummarize = on);
