import { empty, join, type Sql, sql } from '../../base/database.ts';
import { ringOf } from '../keys/store.ts';
import type { Tenant } from '../platform.ts';
import type { BalanceRow, BankAccount, PageRequest, Scope } from './accounts.ts';
import type { SealedAccount } from './concealed/concealing.ts';
import type { Sums } from './proof.ts';

/** An account row as one of its own transactions works on it. */
export type LockedAccount = {
  number: number;
  changeSeq: number;
  pageHash: Buffer | null;
  lastCompleteAt: Date | null;
  /** What its entries come to, per currency. */
  sums: Sums;
  customer: string;
  connection: string;
  consent: string;
  /** The customer's keys. */
  ring: Buffer | null;
};

/** A transaction row as the matching needs it. */
export type KnownRow = { changeSeq: number; seq: number; sortOn: string; identity: string; shown: string };

/** A row to write. `old` is the number of the change it replaces. */
export type RowToWrite = {
  old?: number;
  change_seq: number;
  sort_on: string;
  status: string;
  currency: string;
  amount: string;
  identity: string;
  shown: string;
};

/** A page of transactions, joined by the database: `rows` is null when there is none, and bytes when it is long. */
export type PageRow = {
  rows: string | Buffer | null;
  sortOn: string | null;
  seq: number | null;
  more: boolean;
  customer: string;
  ring: Buffer | null;
};

/** One change of one account, in its account's order. */
export type ChangeRow = {
  id: string;
  number: number;
  changeSeq: number;
  seq: number;
  removed: boolean;
  shown: string;
  /** The number of the account's latest change. */
  head: number;
};

/** What `openAccount` takes. */
export const SEALED_ACCOUNT = sql`a.id, a.customer, a.bank_reference as reference, a.name, a.holder_name as "holderName",
  a.identification, a.handle, a.details, ${ringOf('a.tenant', 'a.customer')} as "ring"`;

const ACCOUNT = sql`${SEALED_ACCOUNT}, a.connection, a.consent, a.provider, a.interface,
  a.account_type as "accountType", a.usage, a.currency, a.fingerprint, a.status, a.stale_since as "staleSince", a.last_complete_at as "lastCompleteAt", a.merged_into as "mergedInto",
  (select json_agg(json_build_object('bankAccount', case m.other when a.id then m.bank_account else m.other end,
      'reason', m.reason) order by m.suggested_at, m.other)
    from account_merges m where m.tenant = a.tenant and (m.bank_account = a.id or m.other = a.id)
      and m.status = 'suggested') as "maybeSame",
  a.created_at as "createdAt", a.updated_at as "updatedAt"`;

/** Newest first, one row more than the limit. */
export function selectAccounts(
  tenant: Tenant,
  scopes: Scope[],
  limit: number,
  after: { createdAt: Date; id: string } | undefined,
): Sql {
  return sql`select ${ACCOUNT} from bank_accounts a
    where a.tenant = ${tenant} and not a.closed ${
      scopes.length === 0
        ? empty
        : join(
            scopes.map((scope) => inScope(tenant, scope)),
            ' ',
          )
    }
    ${after ? sql`and (a.created_at, a.id) < (${after.createdAt}::timestamptz, ${after.id})` : empty}
    order by a.created_at desc, a.id desc limit ${limit + 1}`;
}

/** One account, where `consent` covers it if one is given. */
export function findAccount(tenant: Tenant, id: string, consent: string | undefined): Sql {
  return sql`select ${ACCOUNT} from bank_accounts a
    where a.tenant = ${tenant} and a.id = ${id} and not a.closed ${covered(tenant, consent)}`;
}

/** Whether the account is there and waits for a claim. */
export function findClosed(tenant: Tenant, id: string, consent: string | undefined): Sql {
  return sql`select a.id from bank_accounts a
    where a.tenant = ${tenant} and a.id = ${id} and a.closed ${covered(tenant, consent)}`;
}

/** Whether the object a scope names exists for the tenant, and whether any of its accounts waits for a claim. */
export function findScope(tenant: Tenant, scope: Scope): Sql {
  const closed = sql`exists (select from bank_accounts a where a.tenant = ${tenant} and a.closed ${inScope(tenant, scope)}) as closed`;
  if ('consent' in scope) return sql`select ${closed} from consents where tenant = ${tenant} and id = ${scope.consent}`;
  if ('customer' in scope)
    return sql`select ${closed} from customers where tenant = ${tenant} and id = ${scope.customer}`;
  if ('connection' in scope)
    return sql`select ${closed} from connections where tenant = ${tenant} and id = ${scope.connection}`;
  return sql`select closed from bank_accounts where tenant = ${tenant} and id = ${scope.bankAccount}`;
}

/** No row: there is no such account. One row without a type: it has no balances yet. */
export function selectBalances(tenant: Tenant, account: string, consent: string | undefined): Sql {
  return sql`select b.type, b.amount, b.currency, b.at, b.credit_limit_included as "creditLimitIncluded",
      b.bank_type as "bankType", b.read_at as "readAt"
    from bank_accounts a left join balances b on b.tenant = a.tenant and b.bank_account = a.id
    where a.tenant = ${tenant} and a.id = ${account} and not a.closed ${covered(tenant, consent)}
    order by array_position(array['booked', 'available', 'expected'], b.type), b.currency`;
}

/**
 * A page newest first, by keyset: the same cost at any depth. The index gives rows in order, which is the order
 * string_agg joins them in. No row: there is no such account.
 */
export function selectPage(tenant: Tenant, account: string, request: PageRequest, between: string): Sql {
  const { status, from, to, after, limit, consent } = request;
  // The literal lets the partial index of pending entries serve; booked ones are nearly all.
  const state = status === 'pending' ? sql`and t.status = 'pending'` : status ? sql`and t.status = 'booked'` : empty;
  const matching = sql`t.tenant = ${tenant} and t.account = a.number and not t.removed ${state}
      ${from ? sql`and t.sort_on >= ${from}::date` : empty} ${to ? sql`and t.sort_on <= ${to}::date` : empty}`;
  return sql`select p.rows, p.last_on as "sortOn", p.last_seq as "seq",
      p.count = ${limit}::int and coalesce((select true from transactions t
        where ${matching} and (t.sort_on, t.seq) < (p.last_on, p.last_seq)
        order by t.sort_on desc, t.seq desc limit 1), false) as more,
      a.customer, ${ringOf('a.tenant', 'a.customer')} as "ring"
    from bank_accounts a left join lateral (
      select string_agg(r.shown, ${between}::text) as rows, count(*)::int as count, min(r.sort_on) as last_on,
        (array_agg(r.seq))[count(*)] as last_seq
      from (select t.shown, t.sort_on, t.seq from transactions t where ${matching}
        ${after ? sql`and (t.sort_on, t.seq) < (${after.sortOn}::date, ${after.seq}::bigint)` : empty}
        order by t.sort_on desc, t.seq desc limit ${limit}::int) r
    ) p on true
    where a.tenant = ${tenant} and a.id = ${account} and not a.closed ${covered(tenant, consent)}`;
}

/** The number of each account in a scope and of its latest change. */
export function selectHeads(tenant: Tenant, scope: Scope): Sql {
  return sql`select a.number, a.change_seq as "changeSeq" from bank_accounts a
    where a.tenant = ${tenant} ${inScope(tenant, scope)} order by a.number`;
}

/**
 * Changes after the positions given, account by account; accounts without a position from their beginning. One row more
 * than the limit. Each account's numbers are taken under its lock, so none can appear below one that was read.
 */
export function selectChanges(tenant: Tenant, scope: Scope, positions: Map<number, number>, limit: number): Sql {
  return sql`select x.id, x.number, x.head, t.change_seq as "changeSeq", t.seq, t.removed, t.shown
    from (select a.id, a.number, a.change_seq as head, coalesce(p.position, 0) as position
      from bank_accounts a
      left join unnest(${[...positions.keys()]}::bigint[], ${[...positions.values()]}::bigint[]) p (number, position)
        on p.number = a.number
      where a.tenant = ${tenant} ${inScope(tenant, scope)} and not a.closed and a.change_seq > coalesce(p.position, 0)
      order by a.number limit ${limit + 1}::int) x
    cross join lateral (select t.change_seq, t.seq, t.removed, t.shown from transactions t
      where t.tenant = ${tenant} and t.account = x.number and t.change_seq > x.position
      order by t.change_seq limit ${limit + 1}::int) t
    order by x.number, t.change_seq limit ${limit + 1}::int`;
}

/** Takes the account's lock: numbers of changes are given only under it. */
export function lockAccount(tenant: Tenant, id: string): Sql {
  return sql`select a.number, a.change_seq as "changeSeq", a.page_hash as "pageHash", a.customer, a.connection, a.consent,
      a.last_complete_at as "lastCompleteAt", a.sums, ${ringOf('a.tenant', 'a.customer')} as "ring"
    from bank_accounts a where a.tenant = ${tenant} and a.id = ${id} for update`;
}

/** Live rows from a day on, everything pending, and what holds one of these identities. */
export function selectKnown(tenant: Tenant, account: number, from: string, identities: string[]): Sql {
  const live = sql`select change_seq as "changeSeq", seq, sort_on as "sortOn", encode(identity, 'hex') as identity, shown
    from transactions where tenant = ${tenant} and account = ${account} and not removed`;
  const found = sql`union all ${live} and sort_on < ${from}::date and status <> 'pending'
      and identity in (select decode(hex, 'hex') from unnest(${identities}::text[]) hex)`;
  return sql`${live} and sort_on >= ${from}::date
    union all ${live} and sort_on < ${from}::date and status = 'pending'
    ${identities.length > 0 ? found : empty}`;
}

/** Removed rows of these days that had one of these identities, latest first: an entry that comes back gets its id back. */
export function selectRemoved(tenant: Tenant, account: number, since: string, identities: string[]): Sql {
  return sql`select encode(identity, 'hex') as identity, shown from transactions
    where tenant = ${tenant} and account = ${account} and removed and sort_on >= ${since}::date
      and identity in (select decode(hex, 'hex') from unnest(${identities}::text[]) hex)
    order by change_seq desc`;
}

export function insertRows(tenant: Tenant, account: number, rows: RowToWrite[]): Sql {
  return sql`insert into transactions (account, seq, change_seq, tenant, sort_on, status, currency, amount, identity, shown)
    select ${account}::bigint, x.change_seq, x.change_seq, ${tenant}::int, x.sort_on, x.status, x.currency, x.amount,
      decode(x.identity, 'hex'), x.shown
    from json_to_recordset(${JSON.stringify(rows)}::json) x (change_seq bigint, sort_on date, status text,
      currency text, amount numeric, identity text, shown text)`;
}

export function updateRows(tenant: Tenant, account: number, rows: RowToWrite[]): Sql {
  return sql`update transactions t set change_seq = x.change_seq, sort_on = x.sort_on, status = x.status,
      currency = x.currency, amount = x.amount, identity = decode(x.identity, 'hex'), shown = x.shown
    from json_to_recordset(${JSON.stringify(rows)}::json) x (old bigint, change_seq bigint, sort_on date, status text,
      currency text, amount numeric, identity text, shown text)
    where t.tenant = ${tenant} and t.account = ${account} and t.change_seq = x.old`;
}

export function removeRows(tenant: Tenant, account: number, rows: { old: number; change_seq: number }[]): Sql {
  return sql`update transactions t set removed = true, change_seq = x.change_seq
    from json_to_recordset(${JSON.stringify(rows)}::json) x (old bigint, change_seq bigint)
    where t.tenant = ${tenant} and t.account = ${account} and t.change_seq = x.old`;
}

/** What a reading leaves on the account. Only a complete one says that nothing is missing. */
export function finishReading(
  tenant: Tenant,
  number: number,
  done: { changeSeq: number; pageHash: Buffer | null; completeAt: Date | null; sums: Sums },
): Sql {
  return sql`update bank_accounts set change_seq = ${done.changeSeq}::bigint, page_hash = ${done.pageHash}::bytea,
      sums = ${JSON.stringify(done.sums)}::jsonb,
      last_complete_at = coalesce(${done.completeAt}::timestamptz, last_complete_at),
      stale_since = case when ${done.completeAt}::timestamptz is null then stale_since end
    where tenant = ${tenant} and number = ${number}`;
}

/** From now on what is stored may be behind the bank; an earlier such moment stays. */
export function markStale(tenant: Tenant, which: { connection: string } | { account: string }, at: Date): Sql {
  const condition = 'account' in which ? sql`id = ${which.account}` : sql`connection = ${which.connection}`;
  return sql`update bank_accounts set stale_since = coalesce(stale_since, ${at}::timestamptz)
    where tenant = ${tenant} and ${condition}`;
}

/** The balances as read replace all of before. */
export function replaceBalances(tenant: Tenant, account: string, rows: BalanceRow[]): Sql {
  return sql`with read as (select * from json_to_recordset(${JSON.stringify(rows)}::json) x (type text, currency text,
        amount numeric, at timestamptz, "creditLimitIncluded" boolean, "bankType" text, "readAt" timestamptz)),
      gone as (delete from balances b where b.tenant = ${tenant} and b.bank_account = ${account}
        and not exists (select from read where read.type = b.type and read.currency = b.currency))
    insert into balances (tenant, bank_account, type, currency, amount, at, credit_limit_included, bank_type, read_at)
    select ${tenant}::int, ${account}::text, type, currency, amount, at, "creditLimitIncluded", "bankType", "readAt" from read
    on conflict (tenant, bank_account, type, currency) do update set amount = excluded.amount, at = excluded.at,
      credit_limit_included = excluded.credit_limit_included, bank_type = excluded.bank_type, read_at = excluded.read_at`;
}

/** Everything the bank sent in one page, compressed and sealed. */
export type SealedPage = { page: number; hash: Buffer; sealed: Buffer };

export function insertPage(
  tenant: Tenant,
  account: string,
  read: { sync: string; mapping: number; at: Date },
  page: SealedPage,
): Sql {
  return sql`insert into bank_pages (tenant, bank_account, resource, page, sync, mapping, hash, sealed, read_at)
    values (${tenant}, ${account}, 'transactions', ${page.page}, ${read.sync}, ${read.mapping}, ${page.hash},
      ${page.sealed}, ${read.at})
    on conflict (tenant, bank_account, sync, page) do update set hash = excluded.hash, sealed = excluded.sealed,
      mapping = excluded.mapping, read_at = excluded.read_at`;
}

/** An account of one answer, as it will be kept. */
export type AccountToStore = {
  id: string;
  /** Keyed hash of the bank's. */
  reference: string;
  handle: string | null;
  fingerprint: string;
  /** Sealed, in hex. */
  details: string;
  tokens_under: number | null;
  account_type: string;
  usage: string;
  currency: string;
  status: BankAccount['status'];
  reads_balances: boolean;
  reads_transactions: boolean;
  marks: string[];
  /** The account it took in that its bank lists it by; null = its own. */
  read_as: string | null;
};

/** An account as it stood before, with the marks it was found by and the account each of them came with. */
export type KnownAccount = BankAccount & SealedAccount & { found: { mark: string; home: string }[] };

/**
 * The customer's accounts that carry one of these marks, locked; with `by`, also those a connection reads under a
 * consent. One that was taken in by another is found as that.
 */
export function lockKnownAccounts(
  tenant: Tenant,
  customer: string,
  marks: string[],
  by?: { connection: string; consent: string },
): Sql {
  const marked = sql`select m.bank_account from account_marks m
    where m.tenant = ${tenant} and m.customer = ${customer} and m.mark = any(${marks}::text[])`;
  return sql`select ${ACCOUNT}, coalesce((select json_agg(json_build_object('mark', m.mark, 'home', m.home)) from account_marks m
        where m.tenant = a.tenant and m.bank_account = a.id and m.mark = any(${marks}::text[])), '[]') as found
    from bank_accounts a where a.tenant = ${tenant} and a.customer = ${customer} and a.merged_into is null
      and (a.id in (${marked})
        ${by ? sql`or (a.connection = ${by.connection} and a.consent = ${by.consent})` : empty})
    order by a.id for update of a`;
}

/** The same account is identified in another way from now on; what it was known by stays. */
export function renameAccount(tenant: Tenant, customer: string, id: string, fingerprint: string): Sql {
  return sql`with renamed as (
      update bank_accounts set fingerprint = ${fingerprint}::text where tenant = ${tenant}::int and id = ${id}::text)
    insert into account_marks (tenant, customer, mark, bank_account, home)
    values (${tenant}::int, ${customer}::text, ${fingerprint}::text, ${id}::text, ${id}::text) on conflict do nothing`;
}

export function closeAccount(tenant: Tenant, id: string, at: Date): Sql {
  return sql`update bank_accounts set status = 'closed', stale_since = coalesce(stale_since, ${at}), updated_at = ${at}
    where tenant = ${tenant} and id = ${id}`;
}

/** Stores accounts under the connection that reads them now; those known keep their id. */
export function upsertAccounts(
  link: {
    tenant: Tenant;
    customer: string;
    connection: string;
    consent: string;
    provider: string;
    interface: string;
    at: Date;
  },
  accounts: AccountToStore[],
): Sql {
  return sql`with read as (select * from json_to_recordset(${JSON.stringify(accounts)}::json) x (id text, reference text,
      handle text, fingerprint text, details text, tokens_under smallint, account_type text, usage text, currency text,
      status text, reads_balances boolean, reads_transactions boolean, marks text[], read_as text)),
    kept as (
      insert into bank_accounts (tenant, id, customer, connection, consent, provider, interface, bank_reference,
        handle, fingerprint, details, tokens_under, account_type, usage, currency, status, reads_balances,
        reads_transactions, read_as, created_at, updated_at)
      select ${link.tenant}::int, id, ${link.customer}::text, ${link.connection}::text, ${link.consent}::text,
        ${link.provider}::text, ${link.interface}::text, reference, handle, fingerprint,
        decode(details, 'hex'), tokens_under, account_type, usage, currency, status, reads_balances, reads_transactions, read_as, ${link.at}::timestamptz, ${link.at}::timestamptz
      from read
      on conflict (tenant, customer, fingerprint) do update set connection = excluded.connection,
        consent = excluded.consent, provider = excluded.provider, interface = excluded.interface,
        bank_reference = excluded.bank_reference, handle = excluded.handle, details = excluded.details, name = null,
        holder_name = null, identification = '{}', account_type = excluded.account_type, usage = excluded.usage,
        status = excluded.status, reads_balances = excluded.reads_balances,
        reads_transactions = excluded.reads_transactions, read_as = excluded.read_as, updated_at = excluded.updated_at
      returning id, fingerprint),
    covered as (insert into consent_accounts (tenant, consent, bank_account)
      select ${link.tenant}::int, ${link.consent}::text, id from kept on conflict do nothing),
    marked as (insert into account_marks (tenant, customer, mark, bank_account, home)
      select ${link.tenant}::int, ${link.customer}::text, m, kept.id, coalesce(read.read_as, kept.id)
      from kept join read using (fingerprint) cross join unnest(read.marks) m on conflict do nothing)
    select id, fingerprint from kept`;
}

/** Seals what identifies an account for the id it turned out to have. */
export function replaceDetails(tenant: Tenant, id: string, details: string): Sql {
  return sql`update bank_accounts set details = decode(${details}, 'hex') where tenant = ${tenant} and id = ${id}`;
}

/** The customers of these accounts, with their keys. */
export function selectRings(tenant: Tenant, accounts: string[]): Sql {
  return sql`select a.id, a.customer as holder, ${ringOf('a.tenant', 'a.customer')} as ring
    from bank_accounts a where a.tenant = ${tenant} and a.id = any(${accounts}::text[])`;
}

function inScope(tenant: Tenant, scope: Scope): Sql {
  if ('consent' in scope) return covered(tenant, scope.consent);
  if ('customer' in scope) return sql`and a.customer = ${scope.customer}`;
  if ('connection' in scope) return sql`and a.connection = ${scope.connection}`;
  return sql`and a.id = ${scope.bankAccount}`;
}

function covered(tenant: Tenant, consent: string | undefined): Sql {
  if (consent === undefined) return empty;
  return sql`and exists (select from consent_accounts c
    where c.tenant = ${tenant} and c.consent = ${consent} and c.bank_account = a.id)`;
}
