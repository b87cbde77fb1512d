-- Connections of other customers that read the same accounts are found by what identifies the accounts: a new consent at a
-- bank that keeps one for each person may have ended theirs.
create index on bank_accounts (tenant, fingerprint);
