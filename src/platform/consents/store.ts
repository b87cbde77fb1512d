import type { AccountType, Scope } from '../../banking/account.ts';
import type { Json } from '../../banking/step.ts';
import { empty, raw, type Sql, sql, type Tx } from '../../base/database.ts';
import type { Initiator, Tenant } from '../platform.ts';
import type { ConsentFacts } from '../sessions/screen.ts';
import type { Consent, ConsentStatus, TimelineEntry } from './consent.ts';

const COLUMNS = raw(`c.tenant, c.id, c.status, c.customer, c.provider, c.interface, c.account_types as "accountTypes",
  c.connection, c.scopes, c.history_days as "historyDays", c.valid_days as "validDays", c.recurring,
  c.store_secrets as "storeSecrets", c.purpose, c.return_url as "returnUrl", c.metadata, c.renews,
  c.waiting_for as "waitingFor", c.created_at as "createdAt", c.updated_at as "updatedAt",
  c.authorized_at as "authorizedAt", c.expires_at as "expiresAt", c.reconfirm_by as "reconfirmBy", c.notice_at as "noticeAt",
  c.ended_at as "endedAt", c.ended_by as "endedBy", c.ended_reason as "endedReason", c.replaced_by as "replacedBy",
  c.failure_code as "failureCode", c.failure_message as "failureMessage", c.bank_revocation as "bankRevocation",
  c.agreed_at as "agreedAt", c.agreed_locale as "agreedLocale", c.agreed_version as "agreedVersion",
  c.agreed_facts as "agreedFacts", c.claim`);

/** What a new consent consists of. `link` is the SHA-256 of its link's token. */
export type NewConsent = {
  tenant: Tenant;
  id: string;
  status: 'new' | 'pending';
  customer: string | null;
  provider: string | null;
  scopes: readonly Scope[];
  historyDays: number;
  validDays: number;
  recurring: boolean;
  purpose: string | null;
  returnUrl: string | null;
  metadata: Record<string, string>;
  renews: string | null;
  link: Buffer;
  initiator: Initiator;
  requestId: string;
  at: Date;
};

/** One statement: the consent, its link, its first line of the timeline and its event are durable together or not at all. */
export function insertConsent(consent: NewConsent, event: Sql): Sql {
  const c = consent;
  return sql`with c as (
      insert into consents (tenant, id, status, customer, provider, scopes, history_days, valid_days, recurring, purpose,
        return_url, metadata, renews, created_at, updated_at, pending_since)
      values (${c.tenant}, ${c.id}, ${c.status}, ${c.customer}, ${c.provider}, ${c.scopes}, ${c.historyDays}, ${c.validDays},
        ${c.recurring}, ${c.purpose}, ${c.returnUrl}, ${JSON.stringify(c.metadata)}, ${c.renews}, ${c.at}, ${c.at}, ${c.at})
    ), l as (
      insert into links (hash, tenant, consent, created_at) values (${c.link}, ${c.tenant}, ${c.id}, ${c.at})
    ), t as (
      insert into timeline (tenant, consent, at, what, to_status, initiator, request_id)
      values (${c.tenant}, ${c.id}, ${c.at}, 'created', ${c.status}, ${c.initiator}, ${c.requestId})
    ), ${event}
    select 1`;
}

export function findConsent(tenant: Tenant, id: string): Sql {
  return sql`select ${COLUMNS} from consents c where c.tenant = ${tenant} and c.id = ${id}`;
}

/** The consent, with its row locked until the transaction ends. */
export function lockConsent(tx: Tx, tenant: Tenant, id: string): Promise<Consent | undefined> {
  return tx.first(sql`select ${COLUMNS} from consents c where c.tenant = ${tenant} and c.id = ${id} for update`);
}

export type ConsentFilter = {
  customer?: string;
  status?: ConsentStatus;
  /** The customer's reference, as the app calls them. */
  reference?: string;
  connection?: string;
  provider?: string;
  limit: number;
  after?: { at: Date; id: string };
};

export function selectConsents(tenant: Tenant, filter: ConsentFilter): Sql {
  const f = filter;
  return sql`select ${COLUMNS} from consents c
    where c.tenant = ${tenant}
    ${f.customer === undefined ? empty : sql`and c.customer = ${f.customer}`}
    ${f.status === undefined ? empty : sql`and c.status = ${f.status}`}
    ${f.connection === undefined ? empty : sql`and c.connection = ${f.connection}`}
    ${f.provider === undefined ? empty : sql`and c.provider = ${f.provider}`}
    ${
      f.reference === undefined
        ? empty
        : sql`and c.customer = (select u.id from customers u where u.tenant = ${tenant} and u.reference = ${f.reference})`
    }
    ${f.after === undefined ? empty : sql`and (c.created_at, c.id) < (${f.after.at}, ${f.after.id})`}
    order by c.created_at desc, c.id desc limit ${f.limit + 1}`;
}

/** What may be set together with a change of status, or alone. Absent = stays. */
export type ConsentChanges = {
  status?: ConsentStatus;
  customer?: string;
  provider?: string | null;
  interface?: string;
  accountTypes?: readonly AccountType[];
  connection?: string;
  scopes?: readonly Scope[];
  historyDays?: number;
  validDays?: number;
  storeSecrets?: boolean;
  purpose?: string | null;
  returnUrl?: string | null;
  metadata?: Record<string, string>;
  waitingFor?: 'signers' | null;
  authorizedAt?: Date;
  expiresAt?: Date | null;
  reconfirmBy?: Date | null;
  noticeAt?: Date | null;
  endedAt?: Date;
  endedBy?: Initiator;
  endedReason?: string;
  replacedBy?: string;
  failureCode?: string;
  failureMessage?: string;
  bankRevocation?: 'pending' | 'done' | 'failed' | 'not_applicable';
  agreedAt?: Date;
  agreedLocale?: string;
  agreedVersion?: string;
  agreedFacts?: ConsentFacts;
  agreedText?: string;
  agreedHash?: Buffer;
};

const CHANGEABLE: Record<keyof ConsentChanges, string> = {
  status: 'status',
  customer: 'customer',
  provider: 'provider',
  interface: 'interface',
  accountTypes: 'account_types',
  connection: 'connection',
  scopes: 'scopes',
  historyDays: 'history_days',
  validDays: 'valid_days',
  storeSecrets: 'store_secrets',
  purpose: 'purpose',
  returnUrl: 'return_url',
  metadata: 'metadata',
  waitingFor: 'waiting_for',
  authorizedAt: 'authorized_at',
  expiresAt: 'expires_at',
  reconfirmBy: 'reconfirm_by',
  noticeAt: 'notice_at',
  endedAt: 'ended_at',
  endedBy: 'ended_by',
  endedReason: 'ended_reason',
  replacedBy: 'replaced_by',
  failureCode: 'failure_code',
  failureMessage: 'failure_message',
  bankRevocation: 'bank_revocation',
  agreedAt: 'agreed_at',
  agreedLocale: 'agreed_locale',
  agreedVersion: 'agreed_version',
  agreedFacts: 'agreed_facts',
  agreedText: 'agreed_text',
  agreedHash: 'agreed_hash',
};

const AS_JSON = new Set(['metadata', 'agreedFacts']);

/** Changes a consent if it stands in one of `from`; the changed row, or undefined when it does not. */
export function changeConsent(
  tx: Tx,
  tenant: Tenant,
  id: string,
  from: readonly ConsentStatus[],
  changes: ConsentChanges,
  at: Date,
): Promise<Consent | undefined> {
  return tx.first(consentChange(tenant, id, from, changes, at));
}

/** The same as a statement. */
export function consentChange(
  tenant: Tenant,
  id: string,
  from: readonly ConsentStatus[],
  changes: ConsentChanges,
  at: Date,
): Sql {
  let assignments = sql`updated_at = ${at}`;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const column = CHANGEABLE[name as keyof ConsentChanges];
    assignments = sql`${assignments}, ${raw(column)} = ${AS_JSON.has(name) ? JSON.stringify(value) : value}`;
  }
  return sql`update consents c set ${assignments}
    where c.tenant = ${tenant} and c.id = ${id} and c.status = any(${from}) returning ${COLUMNS}`;
}

/** What a line of the timeline says. */
export type NewTimelineEntry = {
  tenant: Tenant;
  consent?: string | null;
  session?: string | null;
  connection?: string | null;
  at: Date;
  what: string;
  from?: string | null;
  to?: string | null;
  initiator: Initiator;
  requestId?: string | null;
  detail?: Record<string, Json>;
};

export function insertTimeline(entry: NewTimelineEntry): Sql {
  const e = entry;
  return sql`insert into timeline (tenant, consent, session, connection, at, what, from_status, to_status, initiator, request_id, detail)
    values (${e.tenant}, ${e.consent ?? null}, ${e.session ?? null}, ${e.connection ?? null}, ${e.at}, ${e.what}, ${e.from ?? null},
      ${e.to ?? null}, ${e.initiator}, ${e.requestId ?? null}, ${JSON.stringify(e.detail ?? {})})`;
}

export function selectTimeline(tenant: Tenant, consent: string): Sql {
  return sql`select seq, at, what, from_status as "fromStatus", to_status as "toStatus", initiator,
      request_id as "requestId", detail
    from timeline where tenant = ${tenant} and consent = ${consent} order by seq limit 1000`;
}

export type TimelineRow = TimelineEntry;

/** Consents whose time has come, a batch at a time: unfinished for too long, or past the bank's end. */
export function selectDueConsents(
  tx: Tx,
  now: Date,
  pendingBefore: Date,
): Promise<Pick<Consent, 'tenant' | 'id' | 'status'>[]> {
  // tenant: across all of them, oldest first; each is then moved within its own.
  return tx.rows(sql`(select c.tenant, c.id, c.status from consents c
      where c.status in ('new', 'pending') and c.pending_since < ${pendingBefore} and c.waiting_for is null order by c.pending_since limit 100)
    union all
    (select c.tenant, c.id, c.status from consents c
      where c.status = 'authorized' and c.expires_at <= ${now} order by c.expires_at limit 100)`);
}

/** Consents that have something to announce, a batch at a time. */
export function selectConsentsToAnnounce(tx: Tx, now: Date): Promise<Pick<Consent, 'tenant' | 'id'>[]> {
  // tenant: across all of them, oldest first; each is then changed within its own.
  return tx.rows(sql`select c.tenant, c.id from consents c where c.status = 'authorized' and c.notice_at <= ${now}
    order by c.notice_at limit 200`);
}

/** The text a consent was agreed to with, as it was shown. */
export function findAgreedText(tenant: Tenant, id: string): Sql {
  return sql`select agreed_text as "text", agreed_hash as "hash" from consents
    where tenant = ${tenant} and id = ${id} and agreed_text is not null`;
}

/** Consents of a customer that have not ended. */
export function selectLivingConsents(tenant: Tenant, customer: string): Sql {
  return sql`select id from consents where tenant = ${tenant} and customer = ${customer}
    and status in ('new', 'pending', 'authorized')`;
}
