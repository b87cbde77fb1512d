import type { Person } from '../../banking/connector.ts';
import { empty, join, type Sql, sql } from '../../base/database.ts';
import type { Details } from '../accounts/concealed/concealing.ts';
import { SEALED_ACCOUNT } from '../accounts/store.ts';
import { GRANT } from '../connections/store.ts';
import type { Tenant } from '../platform.ts';
import type { BankCallEnd, NewBankCall } from './ledger.ts';
import type { AccountReport, Reason } from './sync.ts';

const SYNC = sql`s.id, s.connection, s.consent, s.bank_account as "bankAccount", s.status, s.attended, s.reason,
  s.created_at as "createdAt", s.started_at as "startedAt", s.finished_at as "finishedAt", s.not_before as "notBefore",
  s.error, s.added, s.modified, s.removed, s.accounts`;

/** A sync as its taker works on it, with the consent it stands on. */
export type TakenSync = {
  id: string;
  connection: string;
  consent: string;
  bankAccount: string | null;
  lease: number;
  delays: number;
  reason: Reason;
  person: Person | null;
  attendedUntil: Date | null;
  requestId: string | null;
  accounts: AccountReport[];
  customer: string;
  provider: string;
  interface: string;
  recurring: boolean;
  scopes: string[];
  historyDays: number;
  accountsReadAt: Date | null;
};

/** An account a sync reads. */
export type AccountToRead = Details & {
  id: string;
  /** The bank's. */
  reference: string;
  customer: string;
  /** The customer's keys, for what the bank sends. */
  ring: Buffer | null;
  accountType: string;
  usage: string;
  currency: string;
  status: string;
  readsBalances: boolean;
  readsTransactions: boolean;
  lastCompleteAt: Date | null;
};

export type NewSync = {
  tenant: Tenant;
  id: string;
  connection: string;
  consent: string;
  bankAccount: string | null;
  reason: Reason;
  person: Person | null;
  attendedUntil: Date | null;
  requestId: string | null;
  at: Date;
};

/** No row when one waits or runs for this connection already. */
export function insertSync(sync: NewSync): Sql {
  return sql`insert into syncs (tenant, id, connection, consent, bank_account, status, attended, reason, person,
      attended_until, request_id, created_at)
    values (${sync.tenant}, ${sync.id}, ${sync.connection}, ${sync.consent}, ${sync.bankAccount}, 'queued',
      ${sync.person !== null}, ${sync.reason}, ${sync.person && JSON.stringify(sync.person)}::jsonb,
      ${sync.attendedUntil}, ${sync.requestId}, ${sync.at})
    on conflict (tenant, connection) where status in ('queued', 'running') do nothing
    returning id`;
}

/** A run that the server which writes it has taken. */
export function insertTaken(tenant: Tenant, sync: TakenSync, leaseS: number, at: Date): Sql {
  return sql`insert into syncs (tenant, id, connection, consent, status, attended, reason, person, attended_until,
      created_at, started_at, lease, lease_until)
    values (${tenant}, ${sync.id}, ${sync.connection}, ${sync.consent}, 'running', ${sync.person !== null}, ${sync.reason},
      ${sync.person && JSON.stringify(sync.person)}::jsonb, ${sync.attendedUntil}, ${at}, ${at}, ${sync.lease},
      now() + make_interval(secs => ${leaseS}))`;
}

/** What waits or runs under an earlier consent is over: its taker finds that out at its next step. */
export function supersede(tenant: Tenant, connection: string, consent: string, at: Date): Sql {
  return sql`update syncs set status = 'failed', error = 'superseded', finished_at = ${at}
    where tenant = ${tenant} and connection = ${connection} and status in ('queued', 'running') and consent <> ${consent}`;
}

export function lockUnfinished(tenant: Tenant, connection: string): Sql {
  return sql`select ${SYNC} from syncs s where s.tenant = ${tenant} and s.connection = ${connection}
    and s.status in ('queued', 'running') for update`;
}

/** A waiting sync takes in another request: for more accounts, and with the person where there is one now. */
export function widen(tenant: Tenant, id: string, by: NewSync): Sql {
  return sql`update syncs set
      bank_account = case when bank_account = ${by.bankAccount} then bank_account end,
      attended = attended or ${by.person !== null},
      person = coalesce(${by.person && JSON.stringify(by.person)}::jsonb, person),
      attended_until = coalesce(${by.attendedUntil}, attended_until),
      not_before = case when ${by.person !== null} then null else not_before end
    where tenant = ${tenant} and id = ${id} and status = 'queued'`;
}

/**
 * Takes a sync, or takes it over from a taker that has died; in the same statement everything that must hold for a call
 * to the bank. Bare `now()`: a lease is between servers, and the database's time is the only one they share.
 */
export function takeSync(tenant: Tenant, id: string, now: Date, leaseS: number): Sql {
  return sql`update syncs s set status = 'running', lease = s.lease + 1, not_before = null,
      lease_until = now() + make_interval(secs => ${leaseS}), started_at = coalesce(s.started_at, ${now})
    from connections n, consents c
    where s.tenant = ${tenant} and s.id = ${id}
      and (s.status = 'queued' or (s.status = 'running' and s.lease_until < now()))
      and n.tenant = s.tenant and n.id = s.connection and c.tenant = s.tenant and c.id = s.consent
      and ${stands(now)}
    returning s.id, s.connection, s.consent, s.bank_account as "bankAccount", s.lease, s.delays, s.reason, s.person,
      s.attended_until as "attendedUntil", s.request_id as "requestId", s.accounts, n.customer, n.provider, n.interface,
      n.recurring, c.scopes, c.history_days as "historyDays", n.accounts_read_at as "accountsReadAt"`;
}

/**
 * What must hold before each call to the bank, and the grant to call with. No row: the lease was lost, or there is no
 * consent any more.
 */
export function checkLease(tenant: Tenant, id: string, lease: number, now: Date): Sql {
  return sql`select ${GRANT}
    from syncs s join connections n on n.tenant = s.tenant and n.id = s.connection
    join consents c on c.tenant = s.tenant and c.id = s.consent
    where s.tenant = ${tenant} and s.id = ${id} and s.lease = ${lease} and s.status = 'running' and s.lease_until > now()
      and ${stands(now)}`;
}

/** Lengthens the lease of a sync that is still ours. No row: it was lost, or there is no consent any more. */
export function keepLease(tenant: Tenant, id: string, lease: number, now: Date, leaseS: number): Sql {
  return sql`update syncs s set lease_until = now() + make_interval(secs => ${leaseS})
    from connections n, consents c
    where s.tenant = ${tenant} and s.id = ${id} and s.lease = ${lease} and s.status = 'running'
      and n.tenant = s.tenant and n.id = s.connection and c.tenant = s.tenant and c.id = s.consent
      and ${stands(now)}`;
}

/** The consent guard: what is read must be allowed now, and without the person also confirmed by them. */
function stands(now: Date): Sql {
  return sql`n.status <> 'disconnected' and n.consent = s.consent and c.status = 'authorized' and c.expires_at > ${now}
      and (s.attended_until > ${now} or (n.status = 'active' and coalesce(c.reconfirm_by > ${now}, true)))`;
}

/** Where a sync stands, to say why it could not be taken. `leaseEndsInMs`: somebody else has it for so long. */
export type Standing = {
  status: string;
  connection: string;
  consent: string;
  customer: string;
  requestId: string | null;
  leaseEndsInMs: number;
};

export function findStanding(tenant: Tenant, id: string): Sql {
  return sql`select s.status, s.connection, s.consent, n.customer, s.request_id as "requestId",
      greatest(0, coalesce(extract(epoch from s.lease_until - now()) * 1000, 0))::int as "leaseEndsInMs"
    from syncs s join connections n on n.tenant = s.tenant and n.id = s.connection
    where s.tenant = ${tenant} and s.id = ${id}`;
}

/**
 * Adds what one account's reading brought, in the transaction that stores it. No row: the taker is late or the consent
 * has ended, and the transaction must be undone.
 */
export function reportAccount(tenant: Tenant, id: string, lease: number, report: AccountReport): Sql {
  const { added, modified, removed } = report;
  return sql`update syncs s set accounts = s.accounts || ${JSON.stringify([report])}::jsonb, added = s.added + ${added},
      modified = s.modified + ${modified}, removed = s.removed + ${removed}
    where s.tenant = ${tenant} and s.id = ${id} and s.lease = ${lease} and s.status = 'running'
      and exists (select from consents c where c.tenant = s.tenant and c.id = s.consent and c.status = 'authorized')
    returning s.id`;
}

/** No row when the sync was taken from us. */
export function endSync(
  tenant: Tenant,
  id: string,
  lease: number | null,
  end: { status: 'completed' | 'failed'; error: string | null; at: Date },
): Sql {
  return sql`update syncs set status = ${end.status}, error = ${end.error}, finished_at = ${end.at}, lease_until = null
    where tenant = ${tenant} and id = ${id} and status in ('queued', 'running')
      ${lease === null ? empty : sql`and lease = ${lease}`}
    returning added, modified, removed`;
}

/** Back into the queue: the bank asked for a delay, or was not there. Unattended from now on. */
export function delaySync(tenant: Tenant, id: string, lease: number, until: Date, accounts: AccountReport[]): Sql {
  return sql`update syncs set status = 'queued', not_before = ${until}, delays = delays + 1, lease_until = null,
      accounts = ${JSON.stringify(accounts)}::jsonb
    where tenant = ${tenant} and id = ${id} and lease = ${lease} and status = 'running'`;
}

/** Waits for the person's answer in their visit; what was read and what failed is remembered. */
export function restSync(tenant: Tenant, id: string, lease: number, until: Date, accounts: AccountReport[]): Sql {
  return sql`update syncs set status = 'queued', not_before = ${until}, lease_until = null,
      accounts = ${JSON.stringify(accounts)}::jsonb
    where tenant = ${tenant} and id = ${id} and lease = ${lease} and status = 'running'`;
}

export function noteSynchronization(
  tenant: Tenant,
  connection: string,
  note: { lastAt: Date | null; nextAt: Date | null },
): Sql {
  return sql`update connections set last_synchronization = coalesce(${note.lastAt}, last_synchronization),
      next_sync_at = ${note.nextAt}
    where tenant = ${tenant} and id = ${connection} and status <> 'disconnected'`;
}

export function noteAccountsRead(tenant: Tenant, connection: string, at: Date): Sql {
  return sql`update connections set accounts_read_at = ${at} where tenant = ${tenant} and id = ${connection}`;
}

/** The accounts of a connection that its present consent covers and that are still open. */
export function selectAccountsToRead(tenant: Tenant, connection: string, consent: string, only: string | null): Sql {
  return sql`select ${SEALED_ACCOUNT}, a.account_type as "accountType", a.usage, a.currency, a.status,
      a.reads_balances as "readsBalances", a.reads_transactions as "readsTransactions", a.last_complete_at as "lastCompleteAt"
    from bank_accounts a
    where a.tenant = ${tenant} and a.connection = ${connection} and a.consent = ${consent} and a.status <> 'closed'
      and a.merged_into is null
      ${only === null ? empty : sql`and a.id = ${only}`}
    order by a.created_at, a.id`;
}

export function selectSyncs(tenant: Tenant, connection: string, account: string | null, limit: number): Sql {
  return sql`select ${SYNC} from syncs s where s.tenant = ${tenant} and s.connection = ${connection}
      ${account === null ? empty : sql`and (s.bank_account is null or s.bank_account = ${account})`}
    order by s.created_at desc, s.id desc limit ${limit}`;
}

/** The connection that reads an account, or a connection by its id, with what a sync of it stands on. */
export function findTarget(tenant: Tenant, target: { account: string } | { connection: string }): Sql {
  const which =
    'account' in target
      ? sql`n.id = (select a.connection from bank_accounts a where a.tenant = ${tenant} and a.id = ${target.account})`
      : sql`n.id = ${target.connection}`;
  return sql`select n.id as connection, n.customer, n.provider, n.interface, n.status, n.consent, n.recurring,
      n.next_sync_at as "nextSyncAt", n.last_synchronization as "lastSynchronization", c.status as "consentStatus",
      c.expires_at as "expiresAt", c.reconfirm_by as "reconfirmBy"
    from connections n left join consents c on c.tenant = n.tenant and c.id = n.consent
    where n.tenant = ${tenant} and ${which}`;
}

/** The latest run asked for by hand without the person that read this account. */
export function findLatestManual(tenant: Tenant, connection: string, account: string | null, since: Date): Sql {
  return sql`select s.created_at as "createdAt" from syncs s
    where s.tenant = ${tenant} and s.connection = ${connection} and s.reason = 'manual' and not s.attended
      and s.created_at > ${since}
      ${account === null ? empty : sql`and (s.bank_account is null or s.bank_account = ${account})`}
    order by s.created_at desc limit 1`;
}

export function selectAccountIds(tenant: Tenant, connection: string): Sql {
  return sql`select id from bank_accounts where tenant = ${tenant} and connection = ${connection} order by created_at, id`;
}

/** Connections whose planned time has come, of all tenants; skipping those another server is at. */
export function lockDue(now: Date, limit: number): Sql {
  return sql`select n.tenant, n.id as connection, n.consent, n.status = 'active' and n.recurring and c.recurring
      and c.status = 'authorized' and c.expires_at > ${now} and coalesce(c.reconfirm_by > ${now}, true) as "isDue"
    from connections n left join consents c on c.tenant = n.tenant and c.id = n.consent
    where n.next_sync_at <= ${now} order by n.next_sync_at limit ${limit} for update of n skip locked`;
}

/** Syncs whose taker has died, of all tenants. */
export function selectAbandoned(limit: number): Sql {
  return sql`select tenant, id from syncs where status = 'running' and lease_until < now() order by lease_until limit ${limit}`;
}

/**
 * Refreshes of grants whose server died in the middle, from the lease it left: the lease is over, and so is that of the
 * sync it was for, which can be taken at once. Bare `now()`: leases live by the database's time.
 */
export function freeLostRefreshes(): Sql {
  return sql`with lost as (
      update connections set grant_lease_until = null, grant_version = grant_version + 1
      where grant_lease_until < now() returning tenant, id)
    update syncs s set lease_until = now() - interval '1 second' from lost
    where s.tenant = lost.tenant and s.connection = lost.id and s.status = 'running'
    returning s.tenant, s.id`;
}

/** The reads without the person since a moment: all calls of one taking of a sync for one account and purpose are one. */
export function selectReads(tenant: Tenant, connection: string, since: Date): Sql {
  return sql`select b.bank_account as "bankAccount", b.purpose as resource, min(b.at) as oldest, count(*)::int as calls,
      count(distinct coalesce(b.sync || '.' || b.sync_lease, b.id))::int as count,
      (count(distinct b.sync || '.' || b.sync_lease) filter (where s.reason = 'planned'))::int as planned
    from bank_accounts a
    join bank_calls b on b.tenant = a.tenant and b.bank_account = a.id and not b.attended and b.at > ${since}
      and b.purpose in ('balances', 'transactions') and b.outcome <> 'address_refused'
    left join syncs s on s.tenant = b.tenant and s.id = b.sync
    where a.tenant = ${tenant} and a.connection = ${connection}
    group by b.bank_account, b.purpose`;
}

/** One statement: the call, and what it says about the bank. */
export function insertBankCall(id: string, call: NewBankCall, health: Sql | undefined): Sql {
  return sql`${health ? sql`with health as (${health})` : empty} insert into bank_calls (tenant, id, at, provider, interface, connection, session, sync, sync_lease, purpose,
      bank_account, method, attended, person_address, status, outcome, duration_ms, request_id, bank_request_id)
    select ${call.tenant}::int, ${id}::text, ${call.at}::timestamptz, ${call.provider}::text, ${call.interface}::text,
      ${call.connection}::text, ${call.session}::text, ${call.sync}::text,
      (select s.lease from syncs s where s.tenant = ${call.tenant}::int and s.id = ${call.sync}::text),
      ${call.purpose}::text,
      (select a.id from bank_accounts a where a.tenant = ${call.tenant}::int and a.connection = ${call.connection}::text
        and a.bank_reference = any(${call.bankReference}::text[]) limit 1),
      ${call.method}::text, ${call.attended}::boolean, ${call.personAddress}::text, ${call.status}::int,
      ${call.outcome}::text, ${call.durationMs}::int, ${call.requestId}::text, ${call.bankRequestId}::text`;
}

/** The end of a call that was written down before it was made, and what it says about the bank. */
export function endBankCall(tenant: Tenant, id: string, end: BankCallEnd, health: Sql | undefined): Sql {
  return sql`${health ? sql`with health as (${health})` : empty} update bank_calls set status = ${end.status}::int,
      outcome = ${end.outcome}::text, duration_ms = ${end.durationMs}::int
    where tenant = ${tenant}::int and id = ${id}::text`;
}

/** Which calls: all conditions hold. */
export type BankCallFilter = {
  customer?: string;
  consent?: string;
  connection?: string;
  session?: string;
  sync?: string;
  bankAccount?: string;
  requestId?: string;
  limit: number;
  after?: { at: Date; id: string };
};

/** Newest first, one row more than the limit. */
export function selectBankCalls(tenant: Tenant, filter: BankCallFilter): Sql {
  const { customer, consent, connection, session, sync, bankAccount, requestId, after } = filter;
  const conditions = [
    sql`true`,
    connection === undefined ? [] : sql`b.connection = ${connection}`,
    session === undefined ? [] : sql`b.session = ${session}`,
    sync === undefined ? [] : sql`b.sync = ${sync}`,
    bankAccount === undefined ? [] : sql`b.bank_account = ${bankAccount}`,
    requestId === undefined ? [] : sql`b.request_id = ${requestId}`,
    customer === undefined
      ? []
      : sql`(b.connection in (select n.id from connections n where n.tenant = ${tenant} and n.customer = ${customer})
          or b.session in (select v.id from sessions v where v.tenant = ${tenant} and v.customer = ${customer}))`,
    consent === undefined
      ? []
      : sql`(b.sync in (select y.id from syncs y where y.tenant = ${tenant} and y.consent = ${consent})
          or b.session in (select v.id from sessions v where v.tenant = ${tenant} and ${consent} = any(v.consents || v.consent)))`,
    after === undefined ? [] : sql`(b.at, b.id) < (${after.at}, ${after.id})`,
  ].flat();
  return sql`select b.id, b.at, b.provider, b.interface, b.connection, b.session, b.sync, b.purpose,
      b.bank_account as "bankAccount", b.method, b.attended, b.person_address as "personAddress", b.status, b.outcome,
      b.duration_ms as "durationMs", b.request_id as "requestId", b.bank_request_id as "bankRequestId"
    from bank_calls b where b.tenant = ${tenant} and ${join(conditions, ' and ')}
    order by b.at desc, b.id desc limit ${filter.limit + 1}`;
}
