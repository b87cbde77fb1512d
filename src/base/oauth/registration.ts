import { randomUUID } from 'node:crypto';
import type { OAuthTransport } from './connection.ts';
import { readMetadata } from './index.ts';
import { algorithmOf, type SigningKey, signJwt } from './keys.ts';
import { OAuthRefused, shortCode } from './refused.ts';

/** What a client wants to be registered as (RFC 7591, sent as a signed JWT with a directory's software statement). */
export type RegistrationRequest = {
  metadataUrl: string;
  /** Whose client it is: `iss` of the request. */
  softwareId: string;
  softwareStatement: string;
  signing: SigningKey;
  redirectUris: string[];
  scope: string;
  response: 'hybrid' | 'jarm' | 'code';
  authMethod: 'private_key_jwt' | 'tls_client_auth';
  /** The transport certificate's subject (RFC 4514), where that is how we prove who we are. */
  subjectDn?: string;
  mediaType: 'application/jwt' | 'application/jose';
  /** `aud` of the request, where it is not the server's issuer. */
  audience?: string;
};

/** How long a registration request is good for, in seconds. */
const LIFE_S = 300;

/** Registers a client. Throws `OAuthRefused`, its `code` the server's word, or what `request` throws. */
export async function registerClient(
  request: OAuthTransport,
  wanted: RegistrationRequest,
  wireNow: Date,
): Promise<{ clientId: string; issuer: string }> {
  const metadata = await readMetadata(request, wanted.metadataUrl);
  const url = metadata.mtls_endpoint_aliases?.registration_endpoint ?? metadata.registration_endpoint;
  if (url === undefined) throw new OAuthRefused('off_standard', 'no_registration_endpoint');
  const body = signJwt(wanted.signing, claimsOf(wanted, metadata.issuer, wireNow));
  const headers = { 'content-type': wanted.mediaType, accept: 'application/json' };
  const reply = await request({ method: 'POST', url, headers, body });
  const answer = readJson(reply.body);
  if (reply.status >= 500 || reply.status === 429) throw new OAuthRefused('server_away');
  if (reply.status !== 200 && reply.status !== 201) throw new OAuthRefused('client_refused', shortCode(answer.error));
  const { client_id: clientId } = answer;
  if (typeof clientId !== 'string' || clientId === '') throw new OAuthRefused('off_standard', 'no_client_id');
  return { clientId, issuer: metadata.issuer };
}

function claimsOf(wanted: RegistrationRequest, issuer: string, wireNow: Date): object {
  const iat = Math.floor(wireNow.getTime() / 1000);
  const algorithm = algorithmOf(wanted.signing.privateKey);
  const proof =
    wanted.authMethod === 'private_key_jwt'
      ? { token_endpoint_auth_signing_alg: algorithm }
      : { tls_client_auth_subject_dn: wanted.subjectDn };
  return {
    iss: wanted.softwareId,
    iat,
    exp: iat + LIFE_S,
    aud: wanted.audience ?? issuer,
    jti: randomUUID(),
    redirect_uris: wanted.redirectUris,
    token_endpoint_auth_method: wanted.authMethod,
    ...proof,
    grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
    response_types: [wanted.response === 'hybrid' ? 'code id_token' : 'code'],
    software_id: wanted.softwareId,
    scope: wanted.scope,
    software_statement: wanted.softwareStatement,
    application_type: 'web',
    id_token_signed_response_alg: algorithm,
    request_object_signing_alg: algorithm,
  };
}

function readJson(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // An answer that is no JSON holds neither a client id nor a reason.
    return {};
  }
}
