import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** What stays: that a consent was given, when, for what and in which words, without anything about the person. */
export function keepEvidence(tenant: Tenant, customer: string, at: Date): Sql {
  return sql`insert into consent_evidence
      (tenant, consent, customer, status, provider, scopes, history_days, valid_days, created_at, authorized_at, expires_at,
       ended_at, ended_by, ended_reason, agreed_at, agreed_locale, agreed_version, agreed_hash, states, erased_at)
    select c.tenant, c.id, c.customer, c.status, c.provider, c.scopes, c.history_days, c.valid_days, c.created_at,
      c.authorized_at, c.expires_at, c.ended_at, c.ended_by, c.ended_reason, c.agreed_at, c.agreed_locale, c.agreed_version,
      c.agreed_hash,
      coalesce((select jsonb_agg(jsonb_build_object('at', t.at, 'what', t.what, 'from', t.from_status, 'to', t.to_status,
        'initiator', t.initiator) order by t.seq) from timeline t where t.tenant = c.tenant and t.consent = c.id), '[]'),
      ${at}
    from consents c where c.tenant = ${tenant} and c.customer = ${customer}
    on conflict (tenant, consent) do nothing`;
}

/**
 * Everything that is deleted, in the order the foreign keys want. The grants that banks still have to be told about are
 * in `bank_revocations`, sealed, and stay until that is done.
 */
export function deletions(tenant: Tenant, customer: string): Sql[] {
  const accounts = sql`(select id from bank_accounts where tenant = ${tenant} and customer = ${customer})`;
  const connections = sql`(select id from connections where tenant = ${tenant} and customer = ${customer})`;
  const consents = sql`(select id from consents where tenant = ${tenant} and customer = ${customer})`;
  const sessions = sql`(select id from sessions where tenant = ${tenant} and customer = ${customer})`;
  const events = sql`(select id from events
    where tenant = ${tenant} and (customer = ${customer} or consent in ${consents} or connection in ${connections}))`;
  return [
    sql`update idempotency_keys set answer = '', status = 404 where tenant = ${tenant} and object in (
      select ${customer}::text union all select id from consents where tenant = ${tenant} and customer = ${customer}
      union all select id from sessions where tenant = ${tenant} and customer = ${customer})`,
    sql`delete from bank_calls where tenant = ${tenant} and connection in ${connections}`,
    sql`delete from bank_calls where tenant = ${tenant} and session in ${sessions}`,
    sql`delete from webhook_messages where tenant = ${tenant} and event in ${events}`,
    sql`update webhook_deliveries set answer = null where tenant = ${tenant} and event in ${events}`,
    // That something happened stays; to whom does not.
    sql`update events set data = '{}', customer = null, consent = null, connection = null, request_id = null
      where tenant = ${tenant} and (customer = ${customer} or consent in ${consents} or connection in ${connections})`,
    sql`delete from bank_pages where tenant = ${tenant} and bank_account in ${accounts}`,
    sql`delete from transactions where tenant = ${tenant} and account in
      (select number from bank_accounts where tenant = ${tenant} and customer = ${customer})`,
    sql`delete from balances where tenant = ${tenant} and bank_account in ${accounts}`,
    sql`delete from consent_accounts where tenant = ${tenant} and (bank_account in ${accounts} or consent in ${consents})`,
    sql`delete from bank_accounts where tenant = ${tenant} and customer = ${customer}`,
    sql`delete from syncs where tenant = ${tenant} and connection in ${connections}`,
    sql`delete from links where tenant = ${tenant} and (session in ${sessions} or consent in ${consents})`,
    sql`delete from timeline where tenant = ${tenant} and (session in ${sessions} or consent in ${consents} or connection in ${connections})`,
    sql`delete from sessions where tenant = ${tenant} and customer = ${customer}`,
    // Consents and connections point at each other.
    sql`update consents set connection = null where tenant = ${tenant} and customer = ${customer}`,
    sql`delete from connections where tenant = ${tenant} and customer = ${customer}`,
    sql`delete from mails where tenant = ${tenant} and consent in ${consents}`,
    sql`delete from consents where tenant = ${tenant} and customer = ${customer}`,
    // With its keys goes whatever a copy of this database still holds sealed for this person.
    sql`delete from data_keys where tenant = ${tenant} and holder = ${customer}`,
    sql`delete from customers where tenant = ${tenant} and id = ${customer}`,
  ];
}
