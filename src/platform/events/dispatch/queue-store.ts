import { raw, type Sql, sql } from '../../../base/database.ts';
import type { Tenant } from '../../platform.ts';
import type { EventType } from '../event-types.ts';
import type { EventObject } from '../events.ts';

/** How long a server that says nothing keeps an endpoint to itself. */
const LEASE = raw(`interval '30 seconds'`);

/** Endpoints that have something due and that no server sends to: they are this one's now. */
export function leaseEndpoints(owner: string, now: Date, most: number): Sql {
  return sql`update webhook_endpoints w set lease_owner = ${owner}, leased_until = now() + ${LEASE}
    from (select e.tenant, e.id from webhook_endpoints e
      where e.status = 'active' and (e.leased_until is null or e.leased_until < now())
        and (e.resting_until is null or e.resting_until <= ${now})
        and exists (select from webhook_messages m where m.tenant = e.tenant and m.endpoint = e.id
          and (m.next_at <= ${now} or e.resting_until is not null))
      limit ${most} for update of e skip locked) due
    where w.tenant = due.tenant and w.id = due.id
    returning w.tenant, w.id`;
}

/** Keeps the endpoint, if it is still this server's; one row says that it is, and how it stands. */
export function holdEndpoint(tenant: Tenant, id: string, owner: string): Sql {
  return sql`update webhook_endpoints w set leased_until = now() + ${LEASE} from tenants t where ${isHeld(tenant, id, owner)}
    returning ${HELD}`;
}

/** The same for a lease that was renewed a moment ago: nothing is written. */
export function findHeldEndpoint(tenant: Tenant, id: string, owner: string): Sql {
  return sql`select ${HELD} from webhook_endpoints w, tenants t where ${isHeld(tenant, id, owner)} and leased_until > now()`;
}

const HELD = raw(`t.mode, w.url, w.secret, w.previous_secret as "previousSecret", w.previous_until as "previousUntil",
  w.failures, w.failing_since as "failingSince", w.rests, w.resting_until as "restingUntil"`);

function isHeld(tenant: Tenant, id: string, owner: string): Sql {
  return sql`w.tenant = ${tenant} and w.id = ${id} and w.lease_owner = ${owner} and w.status = 'active' and t.tenant = w.tenant`;
}

export type Held = {
  mode: 'test' | 'live';
  url: string;
  secret: Buffer;
  previousSecret: Buffer | null;
  previousUntil: Date | null;
  failures: number;
  failingSince: Date | null;
  rests: number;
  restingUntil: Date | null;
};

export function releaseEndpoint(tenant: Tenant, id: string, owner: string): Sql {
  return sql`update webhook_endpoints set lease_owner = null, leased_until = null
    where tenant = ${tenant} and id = ${id} and lease_owner = ${owner}`;
}

/** Something to tell, with the event it tells of. */
export type Message = {
  seq: number;
  event: string;
  line: string;
  attempts: number;
  firstAt: Date | null;
  type: EventType;
  data: EventObject;
  createdAt: Date;
};

const MESSAGE = raw(`m.seq, m.event, m.line, m.attempts, m.first_at as "firstAt", e.type, e.data,
  e.created_at as "createdAt"`);

/** What is due, in order, but for what is held already, and what stands behind one that has to wait. */
export function selectDue(tenant: Tenant, endpoint: string, held: readonly number[], now: Date, limit: number): Sql {
  return sql`select ${MESSAGE} from webhook_messages m join events e on e.tenant = m.tenant and e.id = m.event
    where m.tenant = ${tenant} and m.endpoint = ${endpoint} and m.next_at <= ${now} and m.seq not in (select unnest(${held}::bigint[]))
      and not exists (select from webhook_messages b where b.tenant = m.tenant and b.endpoint = m.endpoint
        and b.line = m.line and b.seq < m.seq and b.attempts > 0 and b.next_at > ${now})
    order by m.seq limit ${limit}`;
}

/** The message to try an endpoint with that did not answer: the first of its line, rather a fresh one than one it refused. */
export function selectProbe(tenant: Tenant, endpoint: string): Sql {
  return sql`select ${MESSAGE} from webhook_messages m join events e on e.tenant = m.tenant and e.id = m.event
    where m.tenant = ${tenant} and m.endpoint = ${endpoint}
      and not exists (select from webhook_messages b where b.tenant = m.tenant and b.endpoint = m.endpoint
        and b.line = m.line and b.seq < m.seq and b.attempts > 0)
    order by m.attempts, m.seq limit 1`;
}

/** An attempt to be kept. Without `nextAt` the message is done with, one way or the other. */
export type Kept = {
  seq: number;
  id: string;
  event: string;
  attempt: number;
  at: Date;
  outcome: string;
  status: number | null;
  ms: number;
  answer: string | null;
  nextAt: Date | null;
};

/** How the endpoint stands after these attempts. */
export type Standing = {
  failures: number;
  failingSince: Date | null;
  rests: number;
  restingUntil: Date | null;
  disabled: 'gone' | 'failing' | null;
};

/** Keeps attempts, takes away what was told, and notes how the endpoint stands: one statement for hundreds. */
export function keepAttempts(
  tenant: Tenant,
  endpoint: string,
  owner: string,
  attempts: readonly Kept[],
  standing: Standing,
  at: Date,
): Sql {
  const s = standing;
  // Named by number and range: the queue fills and empties quicker than the planner learns of it, and in a join it might
  // walk through all that waits for each.
  const are = (those: readonly Kept[]) => {
    const seqs = those.map(({ seq }) => seq);
    const [first, last] = seqs.length > 0 ? [Math.min(...seqs), Math.max(...seqs)] : [0, 0];
    return sql`m.tenant = ${tenant} and m.endpoint = ${endpoint} and m.seq between ${first}::bigint and ${last}::bigint
      and m.seq = any(${seqs}::bigint[])`;
  };
  return sql`with r as (
      select * from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) as r(seq bigint, id text, event text, attempt int,
        at timestamptz, outcome text, status int, ms int, answer text, "nextAt" timestamptz)
    ), told as (
      delete from webhook_messages m where ${are(attempts.filter(({ nextAt }) => nextAt === null))}
    ), later as (
      update webhook_messages m set attempts = r.attempt, first_at = coalesce(m.first_at, r.at), next_at = r."nextAt" from r
      where ${are(attempts.filter(({ nextAt }) => nextAt !== null))} and m.seq = r.seq
    ), kept as (
      insert into webhook_deliveries (tenant, endpoint, id, event, attempt, at, outcome, status, ms, answer, next_at)
      select ${tenant}::int, ${endpoint}::text, r.id, r.event, r.attempt, r.at, r.outcome, r.status, r.ms, r.answer, r."nextAt"
      from r where exists (select from webhook_endpoints w where w.tenant = ${tenant} and w.id = ${endpoint})
    )
    update webhook_endpoints set leased_until = now() + ${LEASE}, failures = ${s.failures},
      failing_since = ${s.failingSince}::timestamptz, rests = ${s.rests}, resting_until = ${s.restingUntil}::timestamptz,
      status = case when ${s.disabled}::text is null then status else 'disabled' end,
      disabled_reason = coalesce(${s.disabled}::text, disabled_reason),
      updated_at = case when ${s.disabled}::text is null then updated_at else ${at}::timestamptz end
    where tenant = ${tenant} and id = ${endpoint} and lease_owner = ${owner}`;
}

/** The endpoint answers again: what had to wait because of it is due now. */
export function wakeMessages(tenant: Tenant, endpoint: string, now: Date): Sql {
  return sql`update webhook_messages set next_at = ${now} where tenant = ${tenant} and endpoint = ${endpoint} and next_at > ${now}`;
}
