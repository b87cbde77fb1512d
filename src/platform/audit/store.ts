import { type Sql, sql, type Tx } from '../../base/database.ts';

/** A row of the audit; `text` is all of it in one fixed form: what is hashed. */
export type AuditRow = { id: number; place: number | null; hash: Buffer | null; text: string };

// In UTC and as text, so that neither the session's time zone nor a reader's number format changes the hash.
const TEXT = sql`jsonb_build_array(id, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), tenant, initiator,
  what, object, from_status, to_status, request_id)::text as text`;

/** One chainer at a time, over all servers; false when another is at it. */
export async function lockChain(tx: Tx): Promise<boolean> {
  const row = await tx.first<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('audit.chain')) as mine`);
  return row?.mine === true;
}

export function lastOfChain(): Sql {
  return sql`select place, hash from audit where place is not null order by place desc limit 1`;
}

export function selectUnchained(limit: number): Sql {
  return sql`select id, place, hash, ${TEXT} from audit where place is null order by id limit ${limit}`;
}

export function chainRows(rows: readonly { id: number; place: number; hash: Buffer }[]): Sql {
  return sql`update audit a set place = r.place, hash = r.hash
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ place }) => place)}::bigint[],
      ${rows.map(({ hash }) => hash)}::bytea[]) r (id, place, hash) where a.id = r.id and a.place is null`;
}

export function selectChained(after: number, limit: number): Sql {
  return sql`select id, place, hash, ${TEXT} from audit where place > ${after} order by place limit ${limit}`;
}

export function selectForExport(after: number, limit: number): Sql {
  return sql`select id, place, encode(hash, 'hex') as hash, at, tenant, initiator, what, object, from_status, to_status, request_id
    from audit where id > ${after} order by id limit ${limit}`;
}
