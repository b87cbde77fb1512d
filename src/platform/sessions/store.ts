import { empty, raw, rowsOf, type Sql, sql, type Tx } from '../../base/database.ts';
import { ringOf } from '../keys/store.ts';
import type { Tenant } from '../platform.ts';
import type { Session, SessionKind, SessionRequest, SessionStatus } from './session.ts';

const COLUMNS = sql`s.tenant, s.id, s.kind, s.status, s.customer, s.consent, s.consents, s.connection, s.provider,
  s.return_url as "returnUrl", s.locale, s.template, s.recurring, s.store_secrets as "storeSecrets", s.request, s.owner,
  s.signing_in as "signingIn", s.screen as "place", s.chosen_provider as "chosenProvider",
  s.chosen_interface as "chosenInterface", s.query_sealed as "querySealed", s.turn, s.turn_state as "turnState",
  s.working_since as "workingSince", s.working_on as "workingOn", s.answers, s.tries, s.challenges, s.step, s.memory,
  s.way_back_sealed as "wayBackSealed", s.grant_sealed as "grantSealed", s.found, s.handover,
  s.handover_tries as "handoverTries", s.phone, s.phone_holds as "phoneHolds", s.carries, s.trouble, s.login, s.error,
  s.error_code as "errorCode", s.person, s.phases, s.seen_at as "seenAt", s.expires_at as "expiresAt",
  s.created_at as "createdAt", s.updated_at as "updatedAt", s.finished_at as "finishedAt",
  ${ringOf('s.tenant', 's.customer')} as "ring"`;

export type NewSession = {
  tenant: Tenant;
  id: string;
  kind: SessionKind;
  customer: string;
  consent: string | null;
  connection: string | null;
  provider: string | null;
  returnUrl: string | null;
  locale: string | null;
  template: string | null;
  recurring: boolean;
  storeSecrets: boolean;
  request: SessionRequest;
  at: Date;
  expiresAt: Date;
};

/** The session alone, for a visit that begins by a consent's link. */
export function insertSession(session: NewSession): Sql {
  const s = session;
  return sessionRow({
    tenant: s.tenant,
    id: s.id,
    kind: s.kind,
    status: 'open',
    customer: s.customer,
    consent: s.consent,
    connection: s.connection,
    provider: s.provider,
    return_url: s.returnUrl,
    locale: s.locale,
    template: s.template,
    recurring: s.recurring,
    store_secrets: s.storeSecrets,
    request: s.request,
    expires_at: s.expiresAt,
    created_at: s.at,
    updated_at: s.at,
  });
}

const sessionRow = rowsOf('sessions', {
  tenant: 'int',
  id: 'text',
  kind: 'text',
  status: 'text',
  customer: 'text',
  consent: 'text',
  connection: 'text',
  provider: 'text',
  return_url: 'text',
  locale: 'text',
  template: 'text',
  recurring: 'boolean',
  store_secrets: 'boolean',
  request: 'jsonb',
  expires_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});
const linkRow = rowsOf('links', { hash: 'bytea', tenant: 'int', session: 'text', created_at: 'timestamptz' });
const openedRow = rowsOf('timeline', {
  tenant: 'int',
  session: 'text',
  at: 'timestamptz',
  what: 'text',
  to_status: 'text',
  initiator: 'text',
  request_id: 'text',
});

/** A session opened by an app, its link and its line in the timeline; committed as a whole with what else is handed over. */
export function insertOpenedSession(session: NewSession, link: Buffer, requestId: string): Sql[] {
  const s = session;
  return [
    insertSession(s),
    linkRow({ hash: link, tenant: s.tenant, session: s.id, created_at: s.at }),
    openedRow({
      tenant: s.tenant,
      session: s.id,
      at: s.at,
      what: 'created',
      to_status: 'open',
      initiator: 'app',
      request_id: requestId,
    }),
  ];
}

export function findSession(tenant: Tenant, id: string): Sql {
  return sql`select ${COLUMNS} from sessions s where s.tenant = ${tenant} and s.id = ${id}`;
}

export function lockSession(tx: Tx, tenant: Tenant, id: string): Promise<Session | undefined> {
  return tx.first(sql`select ${COLUMNS} from sessions s where s.tenant = ${tenant} and s.id = ${id} for update`);
}

/** The visit a consent's link goes on with: the latest that is still open. */
export function findOpenSessionOfConsent(tenant: Tenant, consent: string): Sql {
  return sql`select ${COLUMNS} from sessions s where s.tenant = ${tenant} and s.consent = ${consent}
    order by (s.status = 'open') desc, s.created_at desc limit 1`;
}

export type SessionFilter = {
  customer?: string;
  status?: SessionStatus;
  reference?: string;
  consent?: string;
  limit: number;
  after?: { at: Date; id: string };
};

export function selectSessions(tenant: Tenant, filter: SessionFilter): Sql {
  const f = filter;
  return sql`select ${COLUMNS} from sessions s
    where s.tenant = ${tenant}
    ${f.customer === undefined ? empty : sql`and s.customer = ${f.customer}`}
    ${f.status === undefined ? empty : sql`and s.status = ${f.status}`}
    ${f.consent === undefined ? empty : sql`and ${f.consent} = any(s.consents || s.consent)`}
    ${
      f.reference === undefined
        ? empty
        : sql`and s.customer = (select u.id from customers u where u.tenant = ${tenant} and u.reference = ${f.reference})`
    }
    ${f.after === undefined ? empty : sql`and (s.created_at, s.id) < (${f.after.at}, ${f.after.id})`}
    order by s.created_at desc, s.id desc limit ${f.limit + 1}`;
}

/** What a link opens. The hash is the key; the tenant comes from it. */
export function findLink(hash: Buffer): Sql {
  return sql`select tenant, consent, session from links where hash = ${hash}`;
}

/** Makes a browser the owner of a visit: the first, or another one as long as signing in has not begun. */
export function bindSession(
  tx: Tx,
  session: Pick<Session, 'tenant' | 'id'>,
  owner: Buffer,
  changes: {
    person: unknown;
    provider: string | null;
    locale: string | null;
    template: string | null;
    request: SessionRequest;
    expiresAt: Date;
    at: Date;
  },
): Promise<Session | undefined> {
  const c = changes;
  return tx.first(sql`update sessions s set owner = ${owner}, person = ${JSON.stringify(c.person)}, seen_at = ${c.at},
      expires_at = ${c.expiresAt}, updated_at = ${c.at}, provider = ${c.provider}, locale = ${c.locale},
      template = ${c.template}, request = ${JSON.stringify(c.request)}
    where s.tenant = ${session.tenant} and s.id = ${session.id} and s.status = 'open'
      and (s.owner is null or s.owner = ${owner} or not s.signing_in)
    returning ${COLUMNS}`);
}

/**
 * Whether the first balances of a consent have been read, or will not be, and a run that this visit asked for has ended:
 * nothing more to wait for.
 */
export function isReadOver(tenant: Tenant, consent: string): Sql {
  return sql`select not exists (
        select 1 from syncs y where y.tenant = ${tenant} and y.consent = ${consent} and y.reason = 'session' and y.finished_at is null)
      and (not exists (
          select 1 from consent_accounts a where a.tenant = ${tenant} and a.consent = ${consent} and not exists (
            select 1 from balances b where b.tenant = a.tenant and b.bank_account = a.bank_account))
        or not exists (select 1 from consents c where c.tenant = ${tenant} and c.id = ${consent} and 'balances' = any(c.scopes))
        or exists (select 1 from syncs y where y.tenant = ${tenant} and y.consent = ${consent} and y.finished_at is not null))
      as over`;
}

/** How many accounts a consent shares. */
export function countShared(tenant: Tenant, consent: string): Sql {
  return sql`select count(*)::int as count from consent_accounts where tenant = ${tenant} and consent = ${consent}`;
}

/** The visit that waits for this way back. Used once: whoever claims the turn clears it. */
export function findWayBack(hash: Buffer): Sql {
  return sql`select ${COLUMNS} from sessions s where s.way_back = ${hash}`;
}

/** What can be set on a session, by column. `phase` appends to the dated phases. */
export type SessionChanges = Partial<{
  status: SessionStatus;
  consent: string | null;
  addConsent: string;
  connection: string | null;
  owner: Buffer;
  signing_in: boolean;
  screen: string;
  chosen_provider: string | null;
  chosen_interface: string | null;
  query_sealed: Buffer | null;
  turn_state: 'asking' | 'working';
  working_since: Date | null;
  working_on: string | null;
  tries: number;
  challenges: number;
  step: Buffer | null;
  memory: Buffer | null;
  way_back: Buffer | null;
  way_back_sealed: Buffer | null;
  poll_at: Date | null;
  grant_sealed: Buffer | null;
  found: Buffer | null;
  handover: Buffer | null;
  handover_tries: number;
  phone: Buffer;
  phone_holds: boolean;
  carries: number;
  trouble: unknown;
  login: Buffer | null;
  error: string | null;
  error_code: string | null;
  person: unknown;
  request: SessionRequest;
  locale: string | null;
  template: string | null;
  provider: string | null;
  seen_at: Date;
  expires_at: Date;
  finished_at: Date;
  phase: { phase: string; at: string; [fact: string]: string };
}>;

const AS_JSON = new Set(['trouble', 'person', 'request']);

/**
 * Changes a session that is open and stands at this turn. `next: true` begins a new turn. Undefined when another
 * answer, tab or server was first.
 */
export function changeSession(
  tx: Tx,
  session: Pick<Session, 'tenant' | 'id' | 'turn' | 'turnState'>,
  changes: SessionChanges,
  options: { next: boolean; at: Date; answered?: boolean },
): Promise<Session | undefined> {
  let assignments = sql`updated_at = ${options.at}`;
  if (options.next) assignments = sql`${assignments}, turn = turn + 1`;
  if (options.answered) assignments = sql`${assignments}, answers = answers + 1`;
  for (const [column, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    if (column === 'phase')
      assignments = sql`${assignments}, phases = case when jsonb_array_length(phases) < 200
      then phases || ${JSON.stringify([value])}::jsonb else phases end`;
    else if (column === 'addConsent')
      assignments = sql`${assignments}, consents = array_append(consents, ${value as string})`;
    else
      assignments = sql`${assignments}, ${raw(column)} = ${AS_JSON.has(column) && value !== null ? JSON.stringify(value) : (value as string | null)}`;
  }
  return tx.first(sql`update sessions s set ${assignments}
    where s.tenant = ${session.tenant} and s.id = ${session.id} and s.status = 'open'
      and s.turn = ${session.turn} and s.turn_state = ${session.turnState}
    returning ${COLUMNS}`);
}

/** The person's own browser was here: the visit lives on, whatever turn it is at. */
export function touchSession(session: Pick<Session, 'tenant' | 'id'>, person: unknown, at: Date, expiresAt: Date): Sql {
  return sql`update sessions set seen_at = ${at}, expires_at = greatest(expires_at, ${expiresAt}), person = ${JSON.stringify(person)}
    where tenant = ${session.tenant} and id = ${session.id} and status = 'open'`;
}

/** The person chose another language on the page: it stays for the rest of the visit, whatever turn it is at. */
export function speakIn(session: Pick<Session, 'tenant' | 'id'>, locale: string): Sql {
  return sql`update sessions set locale = ${locale} where tenant = ${session.tenant} and id = ${session.id} and status = 'open'`;
}

/** How each of these visits stands, in a few letters: they differ when it has moved. */
export function selectMarks(visits: readonly { tenant: Tenant; id: string }[]): Sql {
  const tenants = visits.map(({ tenant }) => tenant);
  const ids = visits.map(({ id }) => id);
  return sql`select s.id, concat_ws(' ', s.turn, s.turn_state, s.status, s.phone_holds::text, (s.handover is not null)::text) as mark
    from unnest(${tenants}::int[], ${ids}::text[]) as asked (tenant, id)
    join sessions s on s.tenant = asked.tenant and s.id = asked.id`;
}

/** Visits that were left, turns that lost their server, and polls that are overdue. */
export function selectDueSessions(tx: Tx, now: Date, workingBefore: Date): Promise<Session[]> {
  // tenant: across all of them; each is then moved within its own.
  return tx.rows(sql`(select ${COLUMNS} from sessions s where s.status = 'open' and s.expires_at <= ${now} order by s.expires_at limit 100)
    union all
    (select ${COLUMNS} from sessions s where s.status = 'open' and s.turn_state = 'working' and s.working_since < ${workingBefore} limit 100)`);
}
