import sql, { type Sql } from 'sql-template-tag';

/**
 * An update whose row must still be there: when it touches none, the transaction it is part of fails (`isUntouched`). So
 * it can be sent together with what follows from it, without a look in between. Gives what the update returns.
 */
export function touching(update: Sql): Sql {
  return sql`with touched as (${update})
    select t.* from (select must_touch(count(*)) from touched) found left join touched t on true`;
}

/** Whether a transaction failed because a `touching` update found nothing. */
export function isUntouched(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'DB001';
}
