import { type Sql, sql } from '../../../base/database.ts';
import type { Tenant } from '../../platform.ts';

/** A living consent of somebody with an address, as they see it without their app: no account, no number. */
export type ControlledRow = {
  tenant: Tenant;
  consent: string;
  app: string;
  mode: 'test' | 'live';
  supportEmail: string | null;
  provider: string | null;
  scopes: string[];
  authorizedAt: Date;
  until: Date | null;
  reconfirmBy: Date | null;
};

/** Of every app: the address is what they have in common. */
export function selectControlled(email: string): Sql {
  return sql`select c.tenant, c.id as "consent", a.name as "app", t.mode, a.support_email as "supportEmail", c.provider,
      c.scopes, c.authorized_at as "authorizedAt", c.expires_at as "until", c.reconfirm_by as "reconfirmBy"
    from customers u
    join consents c on c.tenant = u.tenant and c.customer = u.id and c.status = 'authorized'
    join tenants t on t.tenant = u.tenant join apps a on a.id = t.app
    where lower(u.email) = lower(${email}::text)
    order by c.authorized_at desc, c.id limit 200`;
}

/** Until the transaction ends nobody else counts or makes links for this address. */
export function lockAddress(email: string): Sql {
  return sql`select pg_advisory_xact_lock(hashtextextended(${email}, 0))`;
}

export function insertControlLink(link: { hash: Buffer; email: string; at: Date; expiresAt: Date }): Sql {
  return sql`insert into control_links (hash, email, created_at, expires_at)
    values (${link.hash}, ${link.email}, ${link.at}, ${link.expiresAt})`;
}

export function findControlLink(hash: Buffer, now: Date): Sql {
  return sql`select email from control_links where hash = ${hash} and expires_at > ${now}`;
}

export function countControlLinks(email: string, since: Date): Sql {
  return sql`select count(*)::int as count from control_links where email = ${email} and created_at > ${since}`;
}

export function deleteControlLink(hash: Buffer): Sql {
  return sql`delete from control_links where hash = ${hash}`;
}

export function deleteControlLinks(now: Date): Sql {
  return sql`delete from control_links where hash in (select hash from control_links where expires_at <= ${now} limit 1000)`;
}
