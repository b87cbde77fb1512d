import { type Sql, sql } from '../../../base/database.ts';
import type { Scope } from '../../../banking/account.ts';
import type { Tenant } from '../../platform.ts';
import type { MailKind } from './mail.ts';

/** What a mail about a consent is written from. */
export type MailRow = {
  status: string;
  provider: string | null;
  scopes: Scope[];
  until: Date | null;
  reconfirmBy: Date | null;
  agreedLocale: string | null;
  email: string | null;
  locale: string | null;
};

export function findMailRow(tenant: Tenant, consent: string): Sql {
  return sql`select c.status, c.provider, c.scopes, c.expires_at as "until", c.reconfirm_by as "reconfirmBy",
      c.agreed_locale as "agreedLocale", u.email, u.locale
    from consents c join customers u on u.tenant = c.tenant and u.id = c.customer
    where c.tenant = ${tenant} and c.id = ${consent} and u.erasing_since is null`;
}

type Sent = { tenant: Tenant; consent: string; kind: MailKind; about: Date };

export function findMail({ tenant, consent, kind, about }: Sent): Sql {
  return sql`select 1 from mails where tenant = ${tenant} and consent = ${consent} and kind = ${kind} and about = ${about}`;
}

export function insertMail({ tenant, consent, kind, about }: Sent, at: Date): Sql {
  return sql`insert into mails (tenant, consent, kind, about, sent_at) values (${tenant}, ${consent}, ${kind}, ${about}, ${at})
    on conflict do nothing`;
}

/** That something was told once need not be known for ever. */
export function deleteMailsBefore(at: Date): Sql {
  // tenant: across all of them.
  return sql`delete from mails where (tenant, consent, kind, about) in (
    select tenant, consent, kind, about from mails where sent_at < ${at} limit 1000)`;
}

export function findRefusal(tenant: Tenant, address: Buffer): Sql {
  return sql`select 1 from mail_refusals where tenant = ${tenant} and address = ${address}`;
}

export function insertRefusal(tenant: Tenant, address: Buffer, at: Date): Sql {
  return sql`insert into mail_refusals (tenant, address, created_at) values (${tenant}, ${address}, ${at}) on conflict do nothing`;
}

export function deleteRefusal(tenant: Tenant, address: Buffer): Sql {
  return sql`delete from mail_refusals where tenant = ${tenant} and address = ${address}`;
}
