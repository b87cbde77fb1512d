import { empty, join, raw, rowsOf, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** A row's ring of keys, read with it: whose tenant and whose holder, as they stand in the statement around. */
export function ringOf(tenant: string, holder: string): Sql {
  return sql`(select k.wrapped from data_keys k where k.tenant = ${raw(tenant)} and k.holder = ${raw(holder)})`;
}

/** Of a new holder, for the same commit as its row. */
export const insertKeys = rowsOf('data_keys', { tenant: 'int', holder: 'text', wrapped: 'bytea' });

/** The same where it may have been done before: what was made first stays. */
export function insertKeysOnce(tenant: Tenant, holder: string, wrapped: Buffer): Sql {
  return sql`insert into data_keys (tenant, holder, wrapped) values (${tenant}, ${holder}, ${wrapped})
    on conflict (tenant, holder) do nothing`;
}

export function findRing(tenant: Tenant, holder: string): Sql {
  return sql`select wrapped as ring from data_keys where tenant = ${tenant} and holder = ${holder}`;
}

/**
 * A place where something sealed lies: which column of which table, what finds its row, what it is sealed about, and
 * whose keys seal it (an expression over the row; none: the tenant's).
 */
export type SealedPlace = {
  table: string;
  column: string;
  key: string[];
  about: (key: string[]) => string[];
  holder?: string;
  /** The column is text and holds base64. */
  text?: true;
};

const CUSTOMER_OF_ACCOUNT =
  '(select a.customer from bank_accounts a where a.tenant = r.tenant and a.id = r.bank_account)';
const ofSession = (column: string, field: string): SealedPlace => ({
  table: 'sessions',
  column,
  key: ['tenant', 'id'],
  about: ([t, id]) => [t!, id!, field],
  holder: 'r.customer',
});

/** Every column that holds sealed values. A new one belongs here, or a rotation forgets it: a test compares. */
export const SEALED: readonly SealedPlace[] = [
  {
    table: 'connections',
    column: 'grant_sealed',
    key: ['tenant', 'id'],
    about: ([t, id]) => [t!, id!, 'grant'],
    holder: 'r.customer',
  },
  ofSession('grant_sealed', 'grant'),
  ofSession('step', 'step'),
  ofSession('memory', 'memory'),
  ofSession('way_back_sealed', 'way_back'),
  ofSession('found', 'found'),
  ofSession('handover', 'handover'),
  ofSession('query_sealed', 'query'),
  {
    table: 'bank_accounts',
    column: 'details',
    key: ['tenant', 'id'],
    about: ([t, id]) => [t!, id!, 'account'],
    holder: 'r.customer',
  },
  {
    table: 'bank_revocations',
    column: 'grant_sealed',
    key: ['tenant', 'consent'],
    about: ([t, consent]) => [t!, `revocation:${consent}`, 'grant'],
    holder: "'revocation:' || r.consent",
  },
  {
    table: 'bank_pages',
    column: 'sealed',
    key: ['tenant', 'bank_account', 'sync', 'page'],
    about: ([t, account, sync, page]) => [t!, account!, sync!, 'bank_page', page!],
    holder: CUSTOMER_OF_ACCOUNT,
  },
  {
    table: 'webhook_endpoints',
    column: 'secret',
    key: ['tenant', 'id'],
    about: ([t, id]) => [t!, id!, 'webhook_secret'],
  },
  {
    table: 'webhook_endpoints',
    column: 'previous_secret',
    key: ['tenant', 'id'],
    about: ([t, id]) => [t!, id!, 'webhook_secret'],
  },
  {
    table: 'idempotency_keys',
    column: 'answer',
    key: ['tenant', 'key'],
    about: ([t, key]) => [t!, 'idempotency', key!],
    text: true,
  },
  {
    table: 'identity_certificates',
    column: 'private_key',
    key: ['identity', 'id'],
    about: ([identity, id]) => ['identity', identity!, id!, 'private_key'],
  },
  { table: 'operators', column: 'totp', key: ['id'], about: ([id]) => ['operator', id!, 'totp'] },
  { table: 'operator_sessions', column: 'draft', key: ['id'], about: ([id]) => ['operator_session', id!, 'draft'] },
];

/** The forms a sealed value begins with (src/base/vault.ts): under a holder's keys, and with a tenant's key inside. */
const KEYRING = 2;
const ENVELOPE = 3;

/** How many values lie there, by form and key: of a holder's keys only the form counts, the tenant's name the vault's. */
export function countByKey(place: SealedPlace): Sql {
  const value = sealedIn(place);
  // tenant: over all of them, for the operator.
  return sql`select get_byte(${value}, 0) as form, case when get_byte(${value}, 0) = ${KEYRING} then 0 else get_byte(${value}, 1) end as key,
      count(*)::int as count
    from ${raw(place.table)} r where length(${value}) > 1 group by 1, 2 order by 1, 2`;
}

/** Values after this row that are not sealed as they would be today: a row each, with the ring of its holder. */
export function selectStale(place: SealedPlace, current: number, after: string[] | null, limit: number): Sql {
  const value = sealedIn(place);
  const ring = place.holder ? ringOf('r.tenant', place.holder) : sql`null::bytea`;
  const stale = place.holder
    ? sql`(get_byte(${value}, 0) <> ${KEYRING} or get_byte(${value}, 1) <> get_byte(${ring}, 0))`
    : sql`(get_byte(${value}, 0) <> ${ENVELOPE} or get_byte(${value}, 1) <> ${current})`;
  // tenant: over all of them, for the operator.
  return sql`select array[${raw(place.key.map((name) => `r.${name}::text`).join(', '))}] as key, ${value} as sealed, ${ring} as ring,
      ${raw(place.holder ?? 'null')}::text as holder
    from ${raw(place.table)} r where length(${value}) > 1 and ${stale} ${after ? sql`and ${isAfter(place, after)}` : empty}
    order by ${raw(place.key.map((name) => `r.${name}`).join(', '))} limit ${limit}`;
}

const NUMBERS = ['tenant', 'page'];

/** In the order of the primary key, so that a table is gone through once, however much of it is in order already. */
function isAfter({ key }: SealedPlace, after: string[]): Sql {
  const values = key.map((name, n) => sql`${after[n]}::${raw(NUMBERS.includes(name) ? 'int' : 'text')}`);
  return sql`(${raw(key.map((name) => `r.${name}`).join(', '))}) > (${join(values, ', ')})`;
}

/** Puts the value sealed anew in its place, unless it was changed meanwhile: then it is sealed anew already. */
export function replaceSealed(place: SealedPlace, key: string[], before: Buffer, after: Buffer): Sql {
  const found = place.key.map((name) => `r.${name}::text`).join(', ');
  const column = raw(place.column);
  const value = place.text ? sql`encode(${after}, 'base64')` : sql`${after}`;
  return sql`update ${raw(place.table)} r set ${column} = ${value}
    where array[${raw(found)}] = ${key}::text[] and ${sealedIn(place)} = ${before}
      and r.${raw(place.key[0]!)}::text = ${key[0]}`;
}

function sealedIn({ column, text }: SealedPlace): Sql {
  return text ? sql`decode(r.${raw(column)}, 'base64')` : sql`r.${raw(column)}`;
}

/** Customers from before there were keys. */
export function selectWithoutKeys(limit: number): Sql {
  // tenant: over all of them, for the operator.
  return sql`select c.tenant, c.id as holder from customers c
      where not exists (select from data_keys k where k.tenant = c.tenant and k.holder = c.id)
    union all select r.tenant, 'revocation:' || r.consent from bank_revocations r
      where not exists (select from data_keys k where k.tenant = r.tenant and k.holder = 'revocation:' || r.consent)
    limit ${limit}`;
}

/** Where a walk through all rings is. */
export type RingPlace = { tenant: Tenant; holder: string };

/** Rings with a key that another than the vault's first one wraps: its number is the second byte. */
export function selectRingsToWrap(current: number, after: RingPlace, limit: number): Sql {
  return ringsAfter(after, limit, sql`get_byte(wrapped, 1) <> ${current}`);
}

/** How many rings each key of the vault wraps. */
export function countRings(): Sql {
  // tenant: over all of them, for the operator.
  return sql`select get_byte(wrapped, 1) as key, count(tenant)::int as count from data_keys group by 1 order by 1`;
}

/** Rings that have not been renewed since that moment. */
export function selectRingsToRenew(before: Date, after: RingPlace, limit: number): Sql {
  return ringsAfter(after, limit, sql`(renewed_at is null or renewed_at < ${before})`);
}

function ringsAfter(after: RingPlace, limit: number, condition: Sql): Sql {
  return sql`select tenant, holder, wrapped as ring from data_keys
    where (tenant, holder) > (${after.tenant}, ${after.holder}) and ${condition} order by tenant, holder limit ${limit}`;
}

/** Rings whose older keys have had their time. */
export function selectRingsToPrune(before: Date, after: RingPlace, limit: number): Sql {
  return ringsAfter(after, limit, sql`renewed_at < ${before}`);
}

/** Writes a ring that was changed, unless another server was faster. */
export function replaceRing(
  tenant: Tenant,
  holder: string,
  before: Buffer,
  after: Buffer,
  renewedAt: Date | null | 'unchanged',
): Sql {
  return sql`update data_keys set wrapped = ${after},
      renewed_at = ${renewedAt === 'unchanged' ? sql`renewed_at` : sql`${renewedAt}::timestamptz`}
    where tenant = ${tenant} and holder = ${holder} and wrapped = ${before}`;
}

/** Under which key and in which form everything was last sealed, and when. */
export function findRotation(): Sql {
  return sql`select current, form, finished_at as "finishedAt" from key_rotations`;
}

export function finishRotation(current: number, form: number, at: Date): Sql {
  return sql`insert into key_rotations (current, form, finished_at) values (${current}, ${form}, ${at})
    on conflict (one) do update set current = excluded.current, form = excluded.form, finished_at = excluded.finished_at`;
}
