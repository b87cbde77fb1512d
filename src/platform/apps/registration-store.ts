import { type Sql, sql } from '../../base/database.ts';

/** What a bank knows an identity by, as stored. `identity` is `sandbox` at pretend banks. */
export type RegistrationRow = {
  id: string;
  identity: string;
  provider: string;
  client_id: string;
  auth_method: 'private_key_jwt' | 'tls_client_auth';
  issuer: string | null;
  made_by: 'register' | 'hand' | 'sandbox';
  created_at: Date;
};

/** One per identity and provider: a new one takes the old one's place. */
export function upsertRegistration(row: RegistrationRow): Sql {
  return sql`insert into registrations (id, identity, provider, client_id, auth_method, issuer, made_by, created_at)
    values (${row.id}, ${row.identity}, ${row.provider}, ${row.client_id}, ${row.auth_method}, ${row.issuer},
      ${row.made_by}, ${row.created_at})
    on conflict (identity, provider) do update set client_id = excluded.client_id, auth_method = excluded.auth_method,
      issuer = excluded.issuer, made_by = excluded.made_by, created_at = excluded.created_at`;
}

/** The one of an identity at a provider. */
export function selectRegistration(identity: string, provider: string): Sql {
  return sql`select * from registrations where identity = ${identity} and provider = ${provider}`;
}

/** Forgets the one of an identity at a provider. */
export function deleteRegistration(identity: string, provider: string): Sql {
  return sql`delete from registrations where identity = ${identity} and provider = ${provider}`;
}

/** By provider, a thousand at most. */
export function selectRegistrations(identity: string): Sql {
  return sql`select * from registrations where identity = ${identity} order by provider limit 1000`;
}
