import { empty, type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** A tenant with its app, as one row. */
export type TenantRow = {
  tenant: Tenant;
  app: string;
  app_name: string;
  mode: 'test' | 'live';
  support_email: string | null;
  identity: string | null;
  return_urls: string[];
  default_return_url: string | null;
  settings: Record<string, unknown>;
  created_at: Date;
};

/** Whose key it is, as one row. */
export type CallerRow = {
  tenant: Tenant;
  app: string;
  app_name: string;
  mode: 'test' | 'live';
  key: string;
  revoked_at: Date | null;
  needs_return_url: boolean;
};

const tenantColumns = sql`t.tenant, t.app, a.name as app_name, t.mode, a.support_email, t.identity, t.return_urls,
  t.default_return_url, t.settings, t.created_at`;

/** The key with its tenant and app, revoked ones too. */
export function findCallerByHash(hash: Buffer): Sql {
  return sql`select t.tenant, t.app, a.name as app_name, t.mode, k.id as key, k.revoked_at,
      t.default_return_url is null and coalesce(t.settings->>'claim', 'off') = 'required' as needs_return_url
    from api_keys k join tenants t on t.tenant = k.tenant join apps a on a.id = t.app where k.hash = ${hash}`;
}

/** One tenant with its app. */
export function findTenant(tenant: Tenant): Sql {
  return sql`select ${tenantColumns} from tenants t join apps a on a.id = t.app where t.tenant = ${tenant}`;
}

/** Test first, then live. */
export function selectTenants(app: string): Sql {
  return sql`select ${tenantColumns} from tenants t join apps a on a.id = t.app where t.app = ${app} order by t.tenant`;
}

/** Newest first. */
export function selectApps(limit: number): Sql {
  return sql`select a.id, a.name, a.support_email, a.created_at from apps a order by a.created_at desc limit ${limit}`;
}

/** Nobody else changes the tenant, or its app, until the transaction ends. */
export function lockTenant(tenant: Tenant): Sql {
  return sql`select 1 from tenants t join apps a on a.id = t.app where t.tenant = ${tenant} for update`;
}

/** How many keys of live mode are valid, over all tenants. */
export function countLiveKeys(now: Date): Sql {
  return sql`select count(*)::int as count from api_keys k join tenants t on t.tenant = k.tenant
    where t.mode = 'live' and (k.revoked_at is null or k.revoked_at > ${now})`;
}

/** The app itself, common to both modes. */
export function insertApp(app: { id: string; name: string; supportEmail: string | null; at: Date }): Sql {
  return sql`insert into apps (id, name, support_email, created_at) values (${app.id}, ${app.name}, ${app.supportEmail}, ${app.at})`;
}

/** The app in one mode; returns the number it is known by. */
export function insertTenant(app: string, mode: 'test' | 'live', settings: object, at: Date): Sql {
  return sql`insert into tenants (app, mode, settings, created_at)
    values (${app}, ${mode}, ${JSON.stringify(settings)}::jsonb, ${at}) returning tenant`;
}

/** What is absent stays; a setting that is null goes back to its default. */
export function updateTenant(
  tenant: Tenant,
  change: { returnUrls?: string[]; defaultReturnUrl?: string | null; settings?: object; identity?: string | null },
): Sql {
  return sql`update tenants set
    return_urls = ${change.returnUrls === undefined ? sql`return_urls` : sql`${change.returnUrls}::text[]`},
    default_return_url = ${change.defaultReturnUrl === undefined ? sql`default_return_url` : sql`${change.defaultReturnUrl}::text`},
    settings = ${change.settings === undefined ? sql`settings` : sql`jsonb_strip_nulls(settings || ${JSON.stringify(change.settings)}::jsonb)`},
    identity = ${change.identity === undefined ? sql`identity` : sql`${change.identity}::text`}
    where tenant = ${tenant}`;
}

/** What is absent stays. */
export function updateApp(app: string, change: { name?: string; supportEmail?: string | null }): Sql {
  return sql`update apps set
    name = ${change.name === undefined ? sql`name` : sql`${change.name}::text`},
    support_email = ${change.supportEmail === undefined ? sql`support_email` : sql`${change.supportEmail}::text`}
    where id = ${app}`;
}

/** A key is stored hashed only. */
export function insertKey(key: {
  id: string;
  tenant: Tenant;
  hash: Buffer;
  prefix: string;
  name: string;
  at: Date;
}): Sql {
  return sql`insert into api_keys (id, tenant, hash, prefix, name, created_at)
    values (${key.id}, ${key.tenant}, ${key.hash}, ${key.prefix}, ${key.name}, ${key.at})`;
}

/** Newest first, revoked ones too. */
export function selectKeys(tenant: Tenant): Sql {
  return sql`select id, prefix, name, created_at, revoked_at from api_keys where tenant = ${tenant} order by created_at desc`;
}

/** Touches no row where it is revoked already. */
export function revokeKeyRow(tenant: Tenant, key: string, when: { now: Date; at: Date }): Sql {
  return sql`update api_keys set revoked_at = ${when.at} where tenant = ${tenant} and id = ${key}
    and (revoked_at is null or revoked_at > ${when.now})`;
}

/** In whose name banks are asked, as stored. */
export type IdentityRow = {
  id: string;
  legal_name: string;
  register_number: string | null;
  authority: string | null;
  role: 'own_licence' | 'agent' | 'own_accounts_only';
  agent_of: string | null;
  organization_id: string | null;
  fints_product_id: string | null;
  created_at: Date;
};

/** A certificate as stored: the key sealed. */
export type CertificateRow = {
  id: string;
  use: 'transport' | 'signature';
  certificate: string;
  private_key: Buffer;
  /** What the directory calls a signing key (`kid`). */
  key_id: string | null;
  not_before: Date;
  not_after: Date;
};

/** Without certificates. */
export function insertIdentity(identity: IdentityRow): Sql {
  return sql`insert into identities
    (id, legal_name, register_number, authority, role, agent_of, organization_id, fints_product_id, created_at)
    values (${identity.id}, ${identity.legal_name}, ${identity.register_number}, ${identity.authority}, ${identity.role},
      ${identity.agent_of}, ${identity.organization_id}, ${identity.fints_product_id}, ${identity.created_at})`;
}

/** One identity. */
export function findIdentityRow(identity: string): Sql {
  return sql`select * from identities where id = ${identity}`;
}

/** Newest first. */
export function selectIdentities(limit: number): Sql {
  return sql`select * from identities order by created_at desc limit ${limit}`;
}

/** Fills in what the certificate says, where nothing was said before. */
export function setOrganizationId(identity: string, organizationId: string): Sql {
  return sql`update identities set organization_id = ${organizationId} where id = ${identity} and organization_id is null`;
}

/** Several of one use may be valid at once. */
export function insertCertificate(identity: string, certificate: CertificateRow, at: Date): Sql {
  return sql`insert into identity_certificates (id, identity, use, certificate, private_key, key_id, not_before, not_after, created_at)
    values (${certificate.id}, ${identity}, ${certificate.use}, ${certificate.certificate}, ${certificate.private_key}, ${certificate.key_id},
      ${certificate.not_before}, ${certificate.not_after}, ${at})`;
}

/** Newest end first; with `at` only those that are valid then. */
export function selectCertificates(identity: string, filter: { use?: 'transport' | 'signature'; at?: Date } = {}): Sql {
  return sql`select id, use, certificate, private_key, key_id, not_before, not_after from identity_certificates
    where identity = ${identity}
    ${filter.use ? sql`and use = ${filter.use}` : empty}
    ${filter.at ? sql`and not_before <= ${filter.at} and not_after > ${filter.at}` : empty}
    order by ${filter.at ? sql`(use = 'signature' and created_at > ${filter.at}::timestamptz - interval '1 day'), ` : empty}not_after desc, created_at desc`;
}

/** Asks nothing: whether there is an answer is the answer. */
export function ask(): Sql {
  return sql`select 1 as answer`;
}
