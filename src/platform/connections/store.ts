import { empty, raw, type Sql, sql, type Tx } from '../../base/database.ts';
import { ringOf } from '../keys/store.ts';
import type { Tenant } from '../platform.ts';
import type { Connection, ConnectionStatus, Needs } from './connection.ts';

const COLUMNS = raw(`n.tenant, n.id, n.customer, n.provider, n.interface, n.status, n.needs, n.consent, n.recurring,
  n.grant_sealed is not null as "hasGrant", n.last_synchronization as "lastSynchronization",
  n.next_sync_at as "nextSyncAt", n.created_at as "createdAt", n.updated_at as "updatedAt",
  n.disconnected_at as "disconnectedAt"`);

export function findConnection(tenant: Tenant, id: string): Sql {
  return sql`select ${COLUMNS} from connections n where n.tenant = ${tenant} and n.id = ${id}`;
}

export function lockConnection(tx: Tx, tenant: Tenant, id: string): Promise<Connection | undefined> {
  return tx.first(sql`select ${COLUMNS} from connections n where n.tenant = ${tenant} and n.id = ${id} for update`);
}

export type ConnectionFilter = {
  customer?: string;
  status?: ConnectionStatus;
  reference?: string;
  consent?: string;
  limit: number;
  after?: { at: Date; id: string };
};

export function selectConnections(tenant: Tenant, filter: ConnectionFilter): Sql {
  const f = filter;
  return sql`select ${COLUMNS} from connections n
    where n.tenant = ${tenant}
    ${f.customer === undefined ? empty : sql`and n.customer = ${f.customer}`}
    ${f.status === undefined ? empty : sql`and n.status = ${f.status}`}
    ${
      f.consent === undefined
        ? empty
        : sql`and n.id = (select c.connection from consents c where c.tenant = ${tenant} and c.id = ${f.consent})`
    }
    ${
      f.reference === undefined
        ? empty
        : sql`and n.customer = (select u.id from customers u where u.tenant = ${tenant} and u.reference = ${f.reference})`
    }
    ${f.after === undefined ? empty : sql`and (n.created_at, n.id) < (${f.after.at}, ${f.after.id})`}
    order by n.created_at desc, n.id desc limit ${f.limit + 1}`;
}

export type NewConnection = {
  tenant: Tenant;
  id: string;
  customer: string;
  provider: string;
  interface: string;
  consent: string;
  recurring: boolean;
  grant: Buffer;
  at: Date;
};

export function insertConnection(c: NewConnection): Sql {
  return sql`insert into connections (tenant, id, customer, provider, interface, status, consent, recurring, grant_sealed,
      grant_version, created_at, updated_at)
    values (${c.tenant}, ${c.id}, ${c.customer}, ${c.provider}, ${c.interface}, 'active', ${c.consent}, ${c.recurring},
      ${c.grant}, 1, ${c.at}, ${c.at})`;
}

/** A renewed connection: the new consent and grant take the place of the old ones, ids and history stay. */
export function renewConnection(
  tenant: Tenant,
  id: string,
  consent: string,
  recurring: boolean,
  grant: Buffer,
  at: Date,
): Sql {
  return sql`update connections set status = 'active', needs = null, consent = ${consent}, recurring = ${recurring},
      grant_sealed = ${grant}, grant_version = grant_version + 1, grant_lease_until = null, disconnected_at = null,
      updated_at = ${at}
    where tenant = ${tenant} and id = ${id}`;
}

export function setConnectionStatus(
  tenant: Tenant,
  id: string,
  status: ConnectionStatus,
  needs: Needs | null,
  at: Date,
): Sql {
  return sql`update connections set status = ${status}, needs = ${needs === null ? null : JSON.stringify(needs)}, updated_at = ${at}
    where tenant = ${tenant} and id = ${id} and status <> 'disconnected'`;
}

/** Ends a connection and destroys its grant. */
export function disconnect(tenant: Tenant, id: string, at: Date): Sql {
  return sql`update connections set status = 'disconnected', needs = null, grant_sealed = null, next_sync_at = null,
      disconnected_at = ${at}, updated_at = ${at}
    where tenant = ${tenant} and id = ${id}`;
}

/** A sealed grant, its version, and whose keys open it. */
export type GrantRow = { sealed: Buffer; version: number; customer: string; ring: Buffer | null };
/** Its columns, of connections `n`. */
export const GRANT = sql`n.grant_sealed as "sealed", n.grant_version as "version", n.customer, ${ringOf('n.tenant', 'n.customer')} as "ring"`;

/** The sealed grant and its version; undefined when there is none. */
export function findGrant(tenant: Tenant, id: string): Sql {
  return sql`select ${GRANT} from connections n
    where n.tenant = ${tenant} and n.id = ${id} and n.grant_sealed is not null`;
}

/**
 * Takes the lease to refresh a grant: one row, or none while another server holds it. Bare `now()`: a lease is between
 * servers, and the database's time is the only one they share.
 */
export function leaseGrant(tenant: Tenant, id: string, leaseS: number): Sql {
  return sql`update connections n set grant_lease_until = now() + make_interval(secs => ${leaseS}), grant_version = grant_version + 1
    where n.tenant = ${tenant} and n.id = ${id} and n.grant_sealed is not null
      and (n.grant_lease_until is null or n.grant_lease_until < now())
    returning ${GRANT}`;
}

/** Makes a lease last longer, if it is still ours. */
export function lengthenLease(tenant: Tenant, id: string, version: number, leaseS: number): Sql {
  return sql`update connections set grant_lease_until = now() + make_interval(secs => ${leaseS})
    where tenant = ${tenant} and id = ${id} and grant_version = ${version} and grant_lease_until is not null`;
}

/** Stores a refreshed grant, if the lease is still ours and the grant was not destroyed meanwhile. */
export function storeGrant(tenant: Tenant, id: string, version: number, grant: Buffer | null, at: Date): Sql {
  return sql`update connections set grant_lease_until = null, updated_at = ${at}
      ${grant === null ? empty : sql`, grant_sealed = ${grant}`}
    where tenant = ${tenant} and id = ${id} and grant_version = ${version} and grant_sealed is not null`;
}

/** A connection of the same customer at the same interface that already reads one of these accounts. */
export function findConnectionReading(
  tx: Tx,
  tenant: Tenant,
  where: { customer: string; provider: string; interface: string; marks: string[] },
): Promise<Connection | undefined> {
  return tx.first(sql`select ${COLUMNS} from connections n
    where n.tenant = ${tenant} and n.customer = ${where.customer} and n.provider = ${where.provider} and n.interface = ${where.interface}
      and exists (select 1 from account_marks m join bank_accounts a on a.tenant = m.tenant and a.id in (m.bank_account, m.home)
        where m.tenant = ${tenant} and m.customer = ${where.customer} and m.mark = any(${where.marks}::text[]) and a.connection = n.id)
    order by n.created_at desc limit 1`);
}

/** Other working connections at a bank, of the same customer or to one of the same accounts. */
export function selectOthersAtBank(
  tenant: Tenant,
  granted: { customer: string; provider: string; connection: string },
): Sql {
  const { customer, provider, connection } = granted;
  return sql`select n.id from connections n
    where n.tenant = ${tenant} and n.provider = ${provider} and n.id <> ${connection} and n.status = 'active'
      and n.id in (
        select o.id from connections o where o.tenant = ${tenant} and o.customer = ${customer}
        union
        select a.connection from bank_accounts b join bank_accounts a on a.tenant = b.tenant and a.fingerprint = b.fingerprint
        where b.tenant = ${tenant} and b.connection = ${connection})
    order by n.id limit 100`;
}

export function insertBankRevocation(
  tenant: Tenant,
  revocation: {
    consent: string;
    connection: string | null;
    provider: string;
    interface: string;
    grant: Buffer;
    at: Date;
  },
): Sql {
  const r = revocation;
  return sql`insert into bank_revocations (tenant, consent, connection, provider, interface, grant_sealed, first_tried_at)
    values (${tenant}, ${r.consent}, ${r.connection}, ${r.provider}, ${r.interface}, ${r.grant}, ${r.at})
    on conflict (tenant, consent) do nothing`;
}

export type BankRevocation = {
  consent: string;
  connection: string | null;
  provider: string;
  interface: string;
  sealed: Buffer;
  ring: Buffer | null;
  firstTriedAt: Date;
  attempts: number;
};

/** Whether the bank has yet to be told of this consent. */
export function findBankRevocation(tenant: Tenant, consent: string): Sql {
  return sql`select consent from bank_revocations where tenant = ${tenant} and consent = ${consent}`;
}

/** Counts the try before it is made: a crash in the middle is a try too. */
export function beginBankRevocation(tenant: Tenant, consent: string): Sql {
  return sql`update bank_revocations set attempts = attempts + 1 where tenant = ${tenant} and consent = ${consent}
    returning consent, connection, provider, interface, grant_sealed as "sealed", first_tried_at as "firstTriedAt", attempts,
      ${ringOf('bank_revocations.tenant', "'revocation:' || bank_revocations.consent")} as "ring"`;
}

export function deleteBankRevocation(tenant: Tenant, consent: string): Sql {
  return sql`with told as (delete from bank_revocations where tenant = ${tenant} and consent = ${consent})
    delete from data_keys where tenant = ${tenant} and holder = 'revocation:' || ${consent}::text`;
}

/** Accounts a connection no longer reads: what is stored stays readable, and says since when it is old. */
export function markAccountsStale(tenant: Tenant, connection: string, at: Date): Sql {
  return sql`update bank_accounts set stale_since = coalesce(stale_since, ${at}), updated_at = ${at}
    where tenant = ${tenant} and connection = ${connection}`;
}

/** Connections of a customer that have not ended. */
export function selectLivingConnections(tenant: Tenant, customer: string): Sql {
  return sql`select id, consent from connections where tenant = ${tenant} and customer = ${customer} and status <> 'disconnected'`;
}
