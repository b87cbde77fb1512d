import { type Sql, sql } from '../../base/database.ts';
import type { RequestLine } from './requests.ts';

/** All lines by one statement. */
export function insertRequests(lines: readonly RequestLine[]): Sql {
  const all = <Value>(pick: (line: RequestLine) => Value) => lines.map(pick);
  return sql`insert into requests (tenant, at, id, key, method, route, object, status, problem, duration_ms)
    select * from unnest(${all(({ tenant }) => tenant)}::int[], ${all(({ at }) => at)}::timestamptz[], ${all(({ id }) => id)}::text[],
      ${all(({ key }) => key)}::text[], ${all(({ method }) => method)}::text[], ${all(({ route }) => route)}::text[],
      ${all(({ object }) => object)}::text[], ${all(({ status }) => status)}::int[], ${all(({ problem }) => problem)}::text[],
      ${all(({ durationMs }) => durationMs)}::int[]) on conflict do nothing`;
}

/** Some thousands at a time, of every tenant. */
export function deleteRequestsBefore(at: Date, limit: number): Sql {
  return sql`delete from requests where (tenant, at, id) in (
    select tenant, at, id from requests where at < ${at} limit ${limit})`;
}
