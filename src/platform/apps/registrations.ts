import { newId } from '../../base/ids.ts';
import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import * as store from './registration-store.ts';

export type { RegistrationRow } from './registration-store.ts';

/** A registration to keep: how it came about, and what the bank knows us by since. */
export type NewRegistration = {
  identity: string;
  provider: string;
  clientId: string;
  authMethod: 'private_key_jwt' | 'tls_client_auth';
  issuer?: string;
  madeBy: 'register' | 'hand' | 'sandbox';
};

/** The name under which registrations at pretend banks are kept: their identity is in no table. */
export const SANDBOX_IDENTITY = 'sandbox';

/** Keeps a registration, in place of an earlier one of the same identity at the same provider. */
export async function keepRegistration(
  platform: Pick<Platform, 'database' | 'clock'>,
  given: NewRegistration,
): Promise<void> {
  const clientId = given.clientId.trim();
  if (!/^[\x21-\x7e]{1,255}$/.test(clientId))
    throw new Problem('invalid_request', 'A client id has 1 to 255 printable characters without spaces.');
  await platform.database.run(
    store.upsertRegistration({
      id: newId('registration'),
      identity: given.identity,
      provider: given.provider,
      client_id: clientId,
      auth_method: given.authMethod,
      issuer: given.issuer ?? null,
      made_by: given.madeBy,
      created_at: platform.clock.now(),
    }),
  );
}

/** What a provider knows an identity by; undefined where it was never registered there. */
export function findRegistration(
  platform: Pick<Platform, 'database'>,
  identity: string,
  provider: string,
): Promise<store.RegistrationRow | undefined> {
  return platform.database.read.first<store.RegistrationRow>(store.selectRegistration(identity, provider));
}

/** Forgets what a provider knows an identity by; its connections there cannot be read any more. */
export async function forgetRegistration(
  platform: Pick<Platform, 'database'>,
  identity: string,
  provider: string,
): Promise<void> {
  await platform.database.run(store.deleteRegistration(identity, provider));
}

/** All of an identity, by provider. */
export function listRegistrations(
  platform: Pick<Platform, 'database'>,
  identity: string,
): Promise<store.RegistrationRow[]> {
  return platform.database.rows<store.RegistrationRow>(store.selectRegistrations(identity));
}

/** What a software statement says, as far as we look at it. */
export type SoftwareStatement = { softwareId: string; endsAt?: Date };

/**
 * Reads a directory's software statement (a JWT; its signature is for the bank to check) and refuses one that no bank would
 * take: unreadable, expired, of a software or organisation that may not read accounts, or without our return address.
 */
export function readSoftwareStatement(text: string, at: Date, redirectUri: string): SoftwareStatement {
  const claims = claimsOf(text.trim());
  if (!claims) throw new Problem('invalid_request', 'This is not a software statement: a JWT of three parts.');
  const { software_id: id, software_client_id: client, exp, software_roles: roles, org_status: status } = claims;
  const softwareId = [id, client].find((one) => typeof one === 'string' && one !== '') as string | undefined;
  if (softwareId === undefined) throw new Problem('invalid_request', 'This software statement names no software_id.');
  const endsAt = typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  if (endsAt && endsAt <= at)
    throw new Problem('invalid_request', `This software statement ended on ${endsAt.toISOString().slice(0, 10)}.`);
  if (Array.isArray(roles) && !roles.includes('AISP'))
    throw new Problem('invalid_request', 'This software may not read accounts: its roles lack AISP.');
  if (typeof status === 'string' && status.toLowerCase() !== 'active')
    throw new Problem('invalid_request', `The organisation of this software statement is ${status.slice(0, 20)}.`);
  const uris = claims.software_redirect_uris;
  if (Array.isArray(uris) && !uris.includes(redirectUri))
    throw new Problem('invalid_request', `This software statement does not list our return address: ${redirectUri}`);
  return { softwareId, ...(endsAt && { endsAt }) };
}

function claimsOf(jwt: string): Record<string, unknown> | undefined {
  const parts = jwt.split('.');
  if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part))) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON: not a statement.
    return undefined;
  }
}
