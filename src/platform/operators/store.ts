import { empty, type Sql, sql } from '../../base/database.ts';
import type { Role } from './roles.ts';

export type OperatorRow = {
  id: string;
  email: string;
  name: string;
  role: Role;
  apps: string[] | null;
  status: 'active' | 'disabled';
  password: string | null;
  totp: Buffer | null;
  totpStep: number;
  passkeys: number;
  createdAt: Date;
  updatedAt: Date;
};

const OPERATOR = sql`o.id, o.email, o.name, o.role, o.apps, o.status, o.password, o.totp, o.totp_step as "totpStep",
  (select count(*)::int from operator_passkeys k where k.operator = o.id) as passkeys,
  o.created_at as "createdAt", o.updated_at as "updatedAt"`;

export function countOperators(): Sql {
  return sql`select count(*)::int as count from (select 1 from operators limit 1) o`;
}

export function lockOperators(): Sql {
  return sql`select pg_advisory_xact_lock(hashtext('operators'))`;
}

export function findOperator(where: { id: string } | { email: string }): Sql {
  return sql`select ${OPERATOR} from operators o where ${'id' in where ? sql`o.id = ${where.id}` : sql`o.email = ${where.email}`}`;
}

export function selectOperators(): Sql {
  return sql`select ${OPERATOR} from operators o order by o.created_at, o.id limit 1000`;
}

export function insertOperator(o: Omit<OperatorRow, 'totp' | 'totpStep' | 'passkeys' | 'updatedAt'>): Sql {
  return sql`insert into operators (id, email, name, role, apps, status, password, created_at, updated_at)
    values (${o.id}, ${o.email}, ${o.name}, ${o.role}, ${o.apps}, ${o.status}, ${o.password}, ${o.createdAt}, ${o.createdAt})`;
}

export type OperatorChange = {
  name?: string;
  role?: Role;
  apps?: string[] | null;
  status?: 'active' | 'disabled';
  password?: string;
  totp?: Buffer | null;
};

export function updateOperator(id: string, change: OperatorChange, at: Date, unlessChangedSince?: Date): Sql {
  const c = change;
  return sql`update operators set updated_at = ${at}
    ${c.name === undefined ? empty : sql`, name = ${c.name}`}
    ${c.role === undefined ? empty : sql`, role = ${c.role}`}
    ${c.apps === undefined ? empty : sql`, apps = ${c.apps}::text[]`}
    ${c.status === undefined ? empty : sql`, status = ${c.status}`}
    ${c.password === undefined ? empty : sql`, password = ${c.password}`}
    ${c.totp === undefined ? empty : sql`, totp = ${c.totp}::bytea, totp_step = 0`}
    where id = ${id} ${unlessChangedSince ? sql`and date_trunc('milliseconds', updated_at) = ${unlessChangedSince}::timestamptz` : empty}`;
}

/** Takes a code's step: no row where that step, or a later one, was taken before. */
export function takeStep(id: string, step: number): Sql {
  return sql`update operators set totp_step = ${step} where id = ${id} and totp_step < ${step}`;
}

/** Owners who can get in. */
export function countOwners(): Sql {
  return sql`select count(*)::int as count from operators where role = 'owner' and status = 'active' and password is not null`;
}

export type SessionRow = {
  id: string;
  operator: string;
  stage: 'password' | 'set_up' | 'full';
  tries: number;
  challenge: string | null;
  draft: Buffer | null;
  address: string;
  userAgent: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
};

const SESSION = sql`s.id, s.operator, s.stage, s.tries, s.challenge, s.draft, s.address, s.user_agent as "userAgent",
  s.created_at as "createdAt", s.seen_at as "seenAt", s.expires_at as "expiresAt"`;

export function insertSession(hash: Buffer, s: Omit<SessionRow, 'tries' | 'challenge' | 'draft' | 'seenAt'>): Sql {
  return sql`insert into operator_sessions (hash, id, operator, stage, address, user_agent, created_at, seen_at, expires_at)
    values (${hash}, ${s.id}, ${s.operator}, ${s.stage}, ${s.address}, ${s.userAgent}, ${s.createdAt}, ${s.createdAt}, ${s.expiresAt})`;
}

/** The living session of a cookie with its operator. */
export function findSession(hash: Buffer, at: Date, seenAfter: Date): Sql {
  return sql`select ${SESSION}, to_jsonb(o.apps) as "operatorApps", o.email, o.name, o.role, o.status
    from operator_sessions s join operators o on o.id = s.operator
    where s.hash = ${hash} and s.expires_at > ${at} and s.seen_at > ${seenAfter} and o.status = 'active'`;
}

export function touchSession(hash: Buffer, at: Date, before: Date): Sql {
  return sql`update operator_sessions set seen_at = ${at} where hash = ${hash} and seen_at < ${before}`;
}

export function noteTry(id: string): Sql {
  return sql`update operator_sessions set tries = tries + 1 where id = ${id} returning tries`;
}

export function setChallenge(id: string, challenge: string | null): Sql {
  return sql`update operator_sessions set challenge = ${challenge} where id = ${id}`;
}

/** The challenge, which is gone then: it counts once. */
export function takeChallenge(id: string): Sql {
  return sql`update operator_sessions s set challenge = null
    from (select id, challenge from operator_sessions where id = ${id} and challenge is not null for update) was
    where s.id = was.id returning was.challenge as challenge`;
}

export function setDraft(id: string, draft: Buffer | null): Sql {
  return sql`update operator_sessions set draft = ${draft} where id = ${id}`;
}

export function selectSessions(operator: string, at: Date): Sql {
  return sql`select ${SESSION} from operator_sessions s where s.operator = ${operator} and s.expires_at > ${at}
    order by s.seen_at desc limit 50`;
}

export function deleteSessionByHash(hash: Buffer): Sql {
  return sql`delete from operator_sessions where hash = ${hash}`;
}

/** One of an operator, or all but one. */
export function deleteSessions(operator: string, which: { only?: string; but?: string }): Sql {
  return sql`delete from operator_sessions where operator = ${operator}
    ${which.only ? sql`and id = ${which.only}` : empty} ${which.but ? sql`and id <> ${which.but}` : empty}`;
}

export function forgetOld(at: Date, attemptsBefore: Date, linksBefore: Date): Sql[] {
  return [
    sql`delete from operator_sessions where expires_at <= ${at}`,
    sql`delete from operator_attempts where failed_at < ${attemptsBefore}`,
    sql`delete from operator_links where created_at < ${linksBefore}`,
  ];
}

export type LinkRow = {
  id: string;
  kind: 'first' | 'invitation' | 'way_back';
  operator: string | null;
  email: string | null;
  role: Role;
  apps: string[] | null;
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
};

const LINK = sql`l.id, l.kind, l.operator, l.email, l.role, l.apps, l.created_by as "createdBy", l.created_at as "createdAt",
  l.expires_at as "expiresAt", l.used_at as "usedAt"`;

export function insertLink(hash: Buffer, l: Omit<LinkRow, 'usedAt'>): Sql {
  return sql`insert into operator_links (hash, id, kind, operator, email, role, apps, created_by, created_at, expires_at)
    values (${hash}, ${l.id}, ${l.kind}, ${l.operator}, ${l.email}, ${l.role}, ${l.apps}, ${l.createdBy}, ${l.createdAt}, ${l.expiresAt})`;
}

export function findLink(hash: Buffer): Sql {
  return sql`select ${LINK} from operator_links l where l.hash = ${hash}`;
}

/** No row where it was used before, or its time is over. */
export function useLink(hash: Buffer, at: Date): Sql {
  return sql`update operator_links l set used_at = ${at} where l.hash = ${hash} and l.used_at is null and l.expires_at > ${at}
    returning ${LINK}`;
}

export function selectOpenLinks(at: Date): Sql {
  return sql`select ${LINK} from operator_links l where l.used_at is null and l.expires_at > ${at} and l.kind <> 'first'
    order by l.created_at desc limit 200`;
}

/** Takes links back: by id, or those for one account. */
export function endLinks(which: { id?: string; operator?: string; kind?: 'first' }, at: Date): Sql {
  return sql`update operator_links set expires_at = ${at} where used_at is null and expires_at > ${at}
    ${which.id ? sql`and id = ${which.id}` : empty} ${which.operator ? sql`and operator = ${which.operator}` : empty}
    ${which.kind ? sql`and kind = ${which.kind}` : empty}`;
}

export function replaceRecoveryCodes(operator: string, hashes: readonly Buffer[]): Sql[] {
  return [
    sql`delete from operator_recovery_codes where operator = ${operator}`,
    sql`insert into operator_recovery_codes (operator, hash) select ${operator}, unnest(${hashes}::bytea[])`,
  ];
}

export function useRecoveryCode(operator: string, hash: Buffer, at: Date): Sql {
  return sql`update operator_recovery_codes set used_at = ${at} where operator = ${operator} and hash = ${hash} and used_at is null`;
}

export function countRecoveryCodes(operator: string): Sql {
  return sql`select count(*)::int as count from operator_recovery_codes where operator = ${operator} and used_at is null`;
}

export type PasskeyRow = {
  id: string;
  operator: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  name: string;
  createdAt: Date;
  usedAt: Date | null;
};

const PASSKEY = sql`k.id, k.operator, k.public_key as "publicKey", k.counter, k.transports, k.name,
  k.created_at as "createdAt", k.used_at as "usedAt"`;

export function insertPasskey(k: Omit<PasskeyRow, 'usedAt'>): Sql {
  return sql`insert into operator_passkeys (id, operator, public_key, counter, transports, name, created_at)
    values (${k.id}, ${k.operator}, ${k.publicKey}, ${k.counter}, ${k.transports}, ${k.name}, ${k.createdAt})`;
}

export function selectPasskeys(operator: string): Sql {
  return sql`select ${PASSKEY} from operator_passkeys k where k.operator = ${operator} order by k.created_at limit 50`;
}

export function findPasskey(id: string): Sql {
  return sql`select ${PASSKEY} from operator_passkeys k where k.id = ${id}`;
}

export function notePasskeyUse(id: string, counter: number, at: Date): Sql {
  return sql`update operator_passkeys set counter = ${counter}, used_at = ${at} where id = ${id}`;
}

export function deletePasskeys(operator: string, id?: string): Sql {
  return sql`delete from operator_passkeys where operator = ${operator} ${id ? sql`and id = ${id}` : empty}`;
}

export function findBlocks(keys: readonly Buffer[], at: Date): Sql {
  return sql`select max(blocked_until) as until from operator_attempts where key = any(${keys}::bytea[]) and blocked_until > ${at}`;
}

/**
 * Counts a failure; from the `free`th on, each blocks for twice as long as the one before, `most` seconds at most. A day
 * without one, and the count begins again.
 */
export function noteFailure(key: Buffer, rule: { free: number; firstS: number; mostS: number }, at: Date): Sql {
  const { free, firstS, mostS } = rule;
  const blocked = (
    failures: Sql,
  ) => sql`case when ${failures} >= ${free}::int then ${at}::timestamptz + make_interval(secs =>
    least(${mostS}::int, ${firstS}::int * power(2, least(20, ${failures} - ${free}::int)))) end`;
  const failures = sql`case when a.failed_at < ${at}::timestamptz - interval '1 day' then 1 else a.failures + 1 end`;
  return sql`insert into operator_attempts as a (key, failures, failed_at, blocked_until) values (${key}, 1, ${at}, ${blocked(sql`1`)})
    on conflict (key) do update set failures = ${failures}, failed_at = ${at}, blocked_until = ${blocked(sql`(${failures})`)}`;
}

export function forgiveFailures(key: Buffer): Sql {
  return sql`delete from operator_attempts where key = ${key}`;
}

/** A line of the audit: who did what to which object, of which tenant. */
export function insertAct(act: {
  at: Date;
  tenant: number | null;
  operator: string;
  what: string;
  object: string | null;
  requestId: string | null;
}): Sql {
  return sql`insert into audit (at, tenant, initiator, what, object, request_id)
    values (${act.at}, ${act.tenant}::int, ${`operator:${act.operator}`}, ${act.what}, ${act.object}, ${act.requestId})`;
}

export type ActRow = {
  id: number;
  at: Date;
  tenant: number | null;
  initiator: string;
  what: string;
  object: string | null;
  requestId: string | null;
};

/** The audit, newest first, `before` an id. `mine`: only what operators did. */
export function selectActs(filter: { before?: number; object?: string; operators: boolean; limit: number }): Sql {
  return sql`select id, at, tenant, initiator, what, object, request_id as "requestId" from audit
    where ${filter.before ? sql`id < ${filter.before}::bigint` : sql`true`}
    ${filter.operators ? sql`and initiator like 'operator%'` : empty}
    ${filter.object ? sql`and object = ${filter.object}` : empty}
    and id > (select coalesce(max(id), 0) from audit) - 200000
    order by id desc limit ${filter.limit + 1}`;
}
