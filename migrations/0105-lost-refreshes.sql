-- Leases of servers that died while they refreshed a grant are looked for every few seconds.
create index on connections (grant_lease_until) where grant_lease_until is not null;
