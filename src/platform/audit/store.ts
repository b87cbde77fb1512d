import { type Sql, sql, type Tx } from '../../base/database.ts';

/** A row that took its place before links were kept beside the audit; `text` is all of it in one fixed form: what is hashed. */
export type PlacedRow = { place: number; hash: Buffer; text: string };

/** A link of the chain: `place` rows are covered by it and all before it, `lastId` the last of them. */
export type Link = { place: number; lastId: number; hash: Buffer };

// In UTC and as text, so that neither the session's time zone nor a reader's number format changes the hash.
const TEXT = sql`jsonb_build_array(a.id, to_char(a.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.tenant, a.initiator,
  a.what, a.object, a.from_status, a.to_status, a.request_id)::text`;

/** One chainer at a time, over all servers; false when another is at it. */
export async function lockChain(tx: Tx): Promise<boolean> {
  const row = await tx.first<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('audit.chain')) as mine`);
  return row?.mine === true;
}

export function lastPlaced(): Sql {
  return sql`select place, hash from audit where place is not null order by place desc limit 1`;
}

export function lastLink(): Sql {
  return sql`select place, last_id as "lastId", hash from audit_chain order by place desc limit 1`;
}

export function selectPlaced(after: number, limit: number): Sql {
  return sql`select a.place, a.hash, ${TEXT} as text from audit a where a.place > ${after} order by a.place limit ${limit}`;
}

/** The newest row there is. */
export function newestRow(): Sql {
  return sql`select coalesce(max(id), 0) as id from audit`;
}

const WRITERS = sql`from pg_locks where locktype = 'relation' and relation = 'audit'::regclass and pid <> pg_backend_pid()
  and database = (select oid from pg_database where datname = current_database()) and mode <> 'AccessShareLock'`;

/** The transactions that may have numbered a row of the audit without having ended: they hold its lock from before until then. */
export function listWriters(): Sql {
  return sql`select distinct virtualtransaction as writer ${WRITERS}`;
}

/** Those of them that have not ended yet. */
export function listLeft(writers: readonly string[]): Sql {
  return sql`select distinct virtualtransaction as writer ${WRITERS} and virtualtransaction = any(${writers})`;
}

/** The next rows to be covered, at most so many: how many, the last of them, and the hash of their texts, a line each. */
export function digestRows(after: number, until: number, limit: number): Sql {
  return sql`select count(*) as count, max(r.id) as "lastId",
      sha256(convert_to(coalesce(string_agg(r.text || e'\n', '' order by r.id), ''), 'UTF8')) as digest
    from (select a.id, ${TEXT} as text from audit a
      where a.id > ${after} and a.id <= ${until} and a.place is null order by a.id limit ${limit}) r`;
}

/** The texts of the rows a link covers. */
export function selectCovered(after: number, until: number): Sql {
  return sql`select a.id, ${TEXT} as text from audit a
    where a.id > ${after} and a.id <= ${until} and a.place is null order by a.id`;
}

export function countUncovered(after: number): Sql {
  return sql`select count(*) as count from audit where id > ${after} and place is null`;
}

export function addLink(link: Link): Sql {
  return sql`insert into audit_chain (place, last_id, hash) values (${link.place}, ${link.lastId}, ${link.hash})`;
}

export function selectLinks(after: number, limit: number): Sql {
  return sql`select place, last_id as "lastId", hash from audit_chain where place > ${after} order by place limit ${limit}`;
}

/** Rows in order, with place and hash where a link ends or, in older ones, where the row has its own. */
export function selectForExport(after: number, limit: number): Sql {
  return sql`select a.id, coalesce(a.place, c.place) as place, encode(coalesce(a.hash, c.hash), 'hex') as hash, a.at, a.tenant,
      a.initiator, a.what, a.object, a.from_status, a.to_status, a.request_id
    from audit a left join audit_chain c on c.last_id = a.id where a.id > ${after} order by a.id limit ${limit}`;
}
