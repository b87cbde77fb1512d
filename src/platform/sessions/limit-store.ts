import { type Sql, sql } from '../../base/database.ts';

/** Adds an attempt unless there are `most` since then; one statement, so that many servers count as one. */
export function reserveAttempt(login: Buffer, at: Date, since: Date, most: number): Sql {
  return sql`insert into sign_in_limits as l (login, attempts) values (${login}, array[${at}::timestamptz])
    on conflict (login) do update set
      attempts = array(select a from unnest(l.attempts) a where a > ${since}) || ${at}::timestamptz
    where (select count(*) from unnest(l.attempts) a where a > ${since}) < ${most}
    returning true as reserved`;
}

/** Takes one attempt of that moment away again. */
export function releaseAttempt(login: Buffer, at: Date): Sql {
  return sql`update sign_in_limits set attempts =
      attempts[:array_position(attempts, ${at}::timestamptz) - 1] || attempts[array_position(attempts, ${at}::timestamptz) + 1:]
    where login = ${login} and array_position(attempts, ${at}::timestamptz) is not null`;
}

export function forgetAttempts(before: Date): Sql {
  return sql`delete from sign_in_limits where not exists (select 1 from unnest(attempts) a where a > ${before})`;
}
