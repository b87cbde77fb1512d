import { join, type Sql, sql } from './database.ts';

/**
 * Several writes as one statement, so that they are one round trip and one commit: `with … as (insert …), … select 1`.
 * Each must be a plain insert, update or delete (no `with` of its own) and none may touch a row another one touches:
 * all of them see the database as it was before.
 */
export function asOne(statements: readonly Sql[]): Sql {
  const [first, ...others] = statements;
  if (!first) throw new RangeError('nothing to write');
  if (others.length === 0) return first;
  const parts = statements.map((statement, index) => sql([`part_${index} as (`, ')'], statement));
  return sql`with ${join(parts, ', ')} select 1 as done`;
}
