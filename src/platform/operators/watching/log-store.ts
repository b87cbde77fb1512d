import { empty, type Sql, sql } from '../../../base/database.ts';
import type { Tenant } from '../../platform.ts';

/** From where on, and how many. */
export type Slice = { limit: number; after?: { at: Date; id: string } | undefined; failed?: boolean };

export type RequestRow = {
  id: string;
  at: Date;
  key: string;
  method: string;
  route: string;
  object: string | null;
  status: number;
  problem: string | null;
  durationMs: number;
};

const REQUEST = sql`r.id, r.at, r.key, r.method, r.route, r.object, r.status, r.problem, r.duration_ms as "durationMs"`;

/** Newest first, one row more than the limit. */
export function selectRequests(tenant: Tenant, { limit, after, failed }: Slice): Sql {
  return sql`select ${REQUEST} from requests r where r.tenant = ${tenant} ${failed ? sql`and r.status >= 400` : empty}
    ${after ? sql`and (r.at, r.id) < (${after.at}::timestamptz, ${after.id}::text)` : empty}
    order by r.at desc, r.id desc limit ${limit + 1}`;
}

export function findRequest(tenant: Tenant, id: string): Sql {
  return sql`select ${REQUEST} from requests r where r.tenant = ${tenant} and r.id = ${id} limit 1`;
}

export type VisitRow = {
  id: string;
  kind: string;
  status: string;
  customer: string | null;
  consent: string | null;
  connection: string | null;
  provider: string | null;
  place: string;
  errorCode: string | null;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
  phases: { at: string; phase: string }[];
};

const VISIT = sql`s.id, s.kind, s.status, s.customer, s.consent, s.connection, coalesce(s.chosen_provider, s.provider) as provider,
  s.screen as place, s.error_code as "errorCode", s.created_at as "createdAt", s.updated_at as "updatedAt",
  s.finished_at as "finishedAt", s.phases`;

/** Newest first, one row more than the limit. */
export function selectVisits(tenant: Tenant, { limit, after, failed }: Slice): Sql {
  return sql`select ${VISIT} from sessions s where s.tenant = ${tenant}
    ${failed ? sql`and s.status in ('failed', 'canceled', 'expired')` : empty}
    ${after ? sql`and (s.created_at, s.id) < (${after.at}::timestamptz, ${after.id}::text)` : empty}
    order by s.created_at desc, s.id desc limit ${limit + 1}`;
}

export function findVisit(tenant: Tenant, id: string): Sql {
  return sql`select ${VISIT} from sessions s where s.tenant = ${tenant} and s.id = ${id}`;
}

/** The visits of a consent, latest first. */
export function selectVisitsOf(tenant: Tenant, consent: string): Sql {
  return sql`select ${VISIT} from sessions s where s.tenant = ${tenant} and s.consent = ${consent}
    order by s.created_at desc limit 20`;
}

export type CallRow = {
  id: string;
  at: Date;
  provider: string;
  interface: string;
  connection: string | null;
  session: string | null;
  sync: string | null;
  purpose: string;
  method: string;
  attended: boolean;
  status: number | null;
  outcome: string;
  durationMs: number;
  requestId: string | null;
  bankRequestId: string | null;
};

const CALL = sql`b.id, b.at, b.provider, b.interface, b.connection, b.session, b.sync, b.purpose, b.method, b.attended, b.status,
  b.outcome, b.duration_ms as "durationMs", b.request_id as "requestId", b.bank_request_id as "bankRequestId"`;

/** Newest first, one row more than the limit. */
export function selectCalls(
  tenant: Tenant,
  {
    limit,
    after,
    failed,
    session,
    request,
    connection,
  }: Slice & { session?: string; request?: string; connection?: string },
): Sql {
  return sql`select ${CALL} from bank_calls b where b.tenant = ${tenant}
    ${failed ? sql`and (b.status is null or b.status >= 400)` : empty}
    ${session ? sql`and b.session = ${session}` : empty}
    ${request ? sql`and b.request_id = ${request}` : empty}
    ${connection ? sql`and b.connection = ${connection}` : empty}
    ${after ? sql`and (b.at, b.id) < (${after.at}::timestamptz, ${after.id}::text)` : empty}
    order by b.at desc, b.id desc limit ${limit + 1}`;
}

/** How many calls each request or visit of a page caused, and how many of them failed. */
export function countCalls(tenant: Tenant, by: 'request' | 'session', ids: readonly string[]): Sql {
  const column = by === 'request' ? sql`b.request_id` : sql`b.session`;
  return sql`select ${column} as id, count(*)::int as calls,
      count(*) filter (where (b.status is null and b.outcome <> 'begun') or b.status >= 500)::int as failed
    from bank_calls b where b.tenant = ${tenant} and ${column} = any(${ids}::text[]) group by 1`;
}

/** Which of these apps an id belongs to: one look-up a table, never a search. */
export function findTenantOf(
  table:
    | 'customers'
    | 'consents'
    | 'sessions'
    | 'connections'
    | 'requests'
    | 'events'
    | 'bank_accounts'
    | 'webhook_endpoints'
    | 'references',
  id: string,
  tenants: readonly number[],
): Sql {
  const where = sql`tenant = any(${tenants}::int[])`;
  switch (table) {
    case 'customers':
      return sql`select tenant, id from customers where ${where} and id = ${id} limit 1`;
    case 'references':
      return sql`select tenant, id from customers where ${where} and reference = ${id} limit 1`;
    case 'consents':
      return sql`select tenant, id from consents where ${where} and id = ${id} limit 1`;
    case 'sessions':
      return sql`select tenant, id from sessions where ${where} and id = ${id} limit 1`;
    case 'connections':
      return sql`select tenant, consent as id from connections where ${where} and id = ${id} limit 1`;
    case 'bank_accounts':
      return sql`select tenant, consent as id from bank_accounts where ${where} and id = ${id} limit 1`;
    case 'requests':
      return sql`select tenant, id from requests where ${where} and id = ${id} limit 1`;
    case 'events':
      return sql`select tenant, id from events where ${where} and id = ${id} limit 1`;
    case 'webhook_endpoints':
      return sql`select tenant, id from webhook_endpoints where ${where} and id = ${id} limit 1`;
    default:
      return table satisfies never;
  }
}

/** Every tenant, or those of some apps. */
export function selectTenantsOf(apps: readonly string[] | null): Sql {
  return sql`select tenant, app, mode from tenants ${apps ? sql`where app = any(${apps}::text[])` : empty} order by tenant limit 5000`;
}

/** People by the beginning of their reference; newest first where none is given. */
export function selectPeople(
  tenant: Tenant,
  { limit, after, reference }: Slice & { reference?: string | undefined },
): Sql {
  return sql`select u.id, u.type, u.reference, u.name, u.email, u.created_at as "createdAt", u.erasing_since as "erasingSince"
    from customers u where u.tenant = ${tenant}
    ${reference ? sql`and u.reference >= ${reference} and u.reference < ${`${reference}\u{10ffff}`}` : empty}
    ${after ? sql`and (u.created_at, u.id) < (${after.at}::timestamptz, ${after.id}::text)` : empty}
    ${reference ? sql`order by u.reference` : sql`order by u.created_at desc, u.id desc`} limit ${limit + 1}`;
}
