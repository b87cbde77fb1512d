import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** A login linked in advance, as stored: `login` is a keyed hash. */
export type OwnLoginRow = { identity: string; provider: string; login: Buffer; hint: string; created_at: Date };

/** Linked twice is linked once. */
export function insertOwnLogin(row: OwnLoginRow): Sql {
  return sql`insert into own_logins (identity, provider, login, hint, created_at)
    values (${row.identity}, ${row.provider}, ${row.login}, ${row.hint}, ${row.created_at})
    on conflict (identity, login) do nothing`;
}

/** Touches no row where it was not linked. */
export function deleteOwnLogin(identity: string, login: Buffer): Sql {
  return sql`delete from own_logins where identity = ${identity} and login = ${login}`;
}

/** By provider, a thousand at most. */
export function selectOwnLogins(identity: string): Sql {
  return sql`select * from own_logins where identity = ${identity} order by provider, created_at limit 1000`;
}

/** Which of these logins are linked; no row for a tenant whose identity is not restricted. */
export function selectRestriction(tenant: Tenant, logins: Buffer[]): Sql {
  return sql`select array(select o.login from own_logins o where o.identity = i.id and o.login = any(${logins}::bytea[])) as linked
    from tenants t join identities i on i.id = t.identity where t.tenant = ${tenant} and i.role = 'own_accounts_only'`;
}
