import { raw, type Sql, sql } from '../../base/database.ts';

/** A place where something sealed lies: which column of which table, what finds its row, and what it is sealed about. */
export type SealedPlace = {
  table: string;
  column: string;
  key: string[];
  about: (key: string[]) => string[];
};

/** Every column that holds sealed values. A new one belongs here, or a rotation forgets it: a test compares. */
export const SEALED: readonly SealedPlace[] = [
  { table: 'connections', column: 'grant_sealed', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'grant'] },
  { table: 'sessions', column: 'grant_sealed', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'grant'] },
  { table: 'sessions', column: 'step', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'step'] },
  { table: 'sessions', column: 'memory', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'memory'] },
  { table: 'sessions', column: 'way_back_sealed', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'way_back'] },
  { table: 'sessions', column: 'found', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'found'] },
  { table: 'sessions', column: 'handover', key: ['tenant', 'id'], about: ([t, id]) => [t!, id!, 'handover'] },
  {
    table: 'bank_revocations',
    column: 'grant_sealed',
    key: ['tenant', 'consent'],
    about: ([t, consent]) => [t!, `revocation:${consent}`, 'grant'],
  },
  {
    table: 'bank_pages',
    column: 'sealed',
    key: ['tenant', 'bank_account', 'sync', 'page'],
    about: ([t, account, sync, page]) => [t!, account!, sync!, 'bank_page', page!],
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
    table: 'identity_certificates',
    column: 'private_key',
    key: ['identity', 'id'],
    about: ([identity, id]) => ['identity', identity!, id!, 'private_key'],
  },
  { table: 'operators', column: 'totp', key: ['id'], about: ([id]) => ['operator', id!, 'totp'] },
  { table: 'operator_sessions', column: 'draft', key: ['id'], about: ([id]) => ['operator_session', id!, 'draft'] },
];

/** How many values each key seals there: the second byte of a sealed value is its key's number. */
export function countByKey({ table, column }: SealedPlace): Sql {
  // tenant: over all of them, for the operator.
  return sql`select get_byte(${raw(column)}, 1) as key, count(*)::int as count from ${raw(table)}
    where ${raw(column)} is not null and length(${raw(column)}) > 1 group by 1 order by 1`;
}

/** Values that another key than this one sealed. */
export function selectStale({ table, column, key }: SealedPlace, current: number, limit: number): Sql {
  // tenant: over all of them, for the operator.
  return sql`select array[${raw(key.map((name) => `${name}::text`).join(', '))}] as key, ${raw(column)} as sealed
    from ${raw(table)} where ${raw(column)} is not null and get_byte(${raw(column)}, 1) <> ${current} limit ${limit}`;
}

/** Puts the value sealed anew in its place, unless it was changed meanwhile: then it is sealed anew already. */
export function replaceSealed(place: SealedPlace, key: string[], before: Buffer, after: Buffer): Sql {
  const found = place.key.map((name) => `${name}::text`).join(', ');
  return sql`update ${raw(place.table)} set ${raw(place.column)} = ${after}
    where array[${raw(found)}] = ${key}::text[] and ${raw(place.column)} = ${before}
      and ${raw(place.key[0]!)}::text = ${key[0]}`;
}
