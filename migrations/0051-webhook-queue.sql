-- What waits is found by endpoint and number. A second index that begins like the primary key was taken for it as long as
-- the planner knew nothing of a queue that had just filled, and every write walked through all that waited.
drop index webhook_messages_tenant_endpoint_next_at_idx;
