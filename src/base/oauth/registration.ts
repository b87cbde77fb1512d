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
  /** People are asked in the server's app, and it is polled for their answer (CIBA). */
  decoupled?: boolean;
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
  const { url, issuer } = await findEndpoint(request, wanted.metadataUrl);
  const headers = { 'content-type': wanted.mediaType, accept: 'application/json' };
  const body = signJwt(wanted.signing, claimsOf(wanted, issuer, wireNow));
  const answer = await accepted(request({ method: 'POST', url, headers, body }));
  return { clientId: clientIdIn(answer), issuer };
}

/** A registration that a server keeps, and a token of our own with which it may be managed (RFC 7592, DCR 3.3 and 3.4). */
export type KeptRegistration = { metadataUrl: string; clientId: string; token: string };

/** What the server knows of a client. Throws `OAuthRefused`; its code is `not_offered` where nothing can be managed. */
export async function readRegistration(
  request: OAuthTransport,
  kept: KeptRegistration,
): Promise<Record<string, unknown>> {
  return managed(request, kept, 'GET');
}

/** Registers the same client differently. Throws like `readRegistration`. */
export async function changeRegistration(
  request: OAuthTransport,
  kept: KeptRegistration,
  wanted: RegistrationRequest,
  wireNow: Date,
): Promise<{ clientId: string }> {
  const { issuer } = await findEndpoint(request, kept.metadataUrl);
  const body = signJwt(wanted.signing, claimsOf(wanted, issuer, wireNow));
  return { clientId: clientIdIn(await managed(request, kept, 'PUT', { type: wanted.mediaType, body })) };
}

/** Ends a registration at the server; its tokens end with it. Throws like `readRegistration`. */
export async function endRegistration(request: OAuthTransport, kept: KeptRegistration): Promise<void> {
  await managed(request, kept, 'DELETE');
}

async function managed(
  request: OAuthTransport,
  { metadataUrl, clientId, token }: KeptRegistration,
  method: 'GET' | 'PUT' | 'DELETE',
  content?: { type: string; body: string },
): Promise<Record<string, unknown>> {
  const { url } = await findEndpoint(request, metadataUrl);
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    ...(content && { 'content-type': content.type }),
  };
  const at = `${url.replace(/\/$/, '')}/${encodeURIComponent(clientId)}`;
  return accepted(request({ method, url: at, headers, ...(content && { body: content.body }) }));
}

async function findEndpoint(request: OAuthTransport, metadataUrl: string): Promise<{ url: string; issuer: string }> {
  const metadata = await readMetadata(request, metadataUrl);
  const url = metadata.mtls_endpoint_aliases?.registration_endpoint ?? metadata.registration_endpoint;
  if (url === undefined) throw new OAuthRefused('off_standard', 'no_registration_endpoint');
  return { url, issuer: metadata.issuer };
}

/** Managing a registration is optional for a bank: these statuses mean that it cannot be done. */
const NOT_OFFERED = [404, 405, 501];

async function accepted(sending: ReturnType<OAuthTransport>): Promise<Record<string, unknown>> {
  const { status, body } = await sending;
  const answer = readJson(body);
  if (NOT_OFFERED.includes(status)) throw new OAuthRefused('client_refused', shortCode(answer.error) ?? 'not_offered');
  if (status >= 500 || status === 429) throw new OAuthRefused('server_away');
  if (![200, 201, 204].includes(status)) throw new OAuthRefused('client_refused', shortCode(answer.error));
  return answer;
}

function clientIdIn({ client_id: clientId }: Record<string, unknown>): string {
  if (typeof clientId !== 'string' || clientId === '') throw new OAuthRefused('off_standard', 'no_client_id');
  return clientId;
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
    grant_types: [
      'authorization_code',
      'client_credentials',
      'refresh_token',
      ...(wanted.decoupled ? ['urn:openid:params:grant-type:ciba'] : []),
    ],
    ...(wanted.decoupled && {
      backchannel_token_delivery_mode: 'poll',
      backchannel_authentication_request_signing_alg: algorithm,
      backchannel_user_code_parameter_supported: false,
    }),
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
