import { randomUUID } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { readHolder } from '../../authority.ts';
import type { Stage } from '../../stage.ts';
import type { Reply } from '../data/refusals.ts';
import { DIRECTORY, openStatement, type Software } from '../directory.ts';
import { settingsOf } from '../settings.ts';
import { dropPayload, dropState, findState, type Payload, storePayload, storeState } from '../state-store.ts';
import { claimsOf, openJwt } from './jwt.ts';
import { type IssuedToken, providerOf, type UkBank, wireNow } from './provider.ts';

type Claims = Record<string, unknown>;

/** A registration as the bank keeps it: what it answers. */
type Registration = { clientId: string; softwareId: string; organizationId: string; answer: Claims };

/** RFC 7591 §3.2.2. */
class RegistrationError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

const unapproved = (text: string) => new RegistrationError('unapproved_software_statement', text);
const statementError = (text: string) => new RegistrationError('invalid_software_statement', text);
const metadataError = (text: string) => new RegistrationError('invalid_client_metadata', text);

/** A request at `/register` or `/register/{ClientId}`; `token` is the own token of a client, where one was sent. */
export type RegistrationCall = {
  stage: Stage;
  bank: UkBank;
  method: string;
  clientId: string | undefined;
  contentType: string;
  text: string;
  socket: TLSSocket;
  token: IssuedToken | undefined;
};

/** Dynamic client registration 3.3 and 3.4: the same conversation at both. */
export async function register(call: RegistrationCall): Promise<Reply> {
  const { stage, bank, method, clientId } = call;
  if (!(await settingsOf(stage, bank)).registration.open) return { status: 404 };
  try {
    if (clientId === undefined) {
      if (method !== 'POST') return { status: 405 };
      return { status: 201, body: await keepClient(call, randomUUID(), Math.floor(wireNow(stage).getTime() / 1000)) };
    }
    if (!call.token) return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
    if (call.token.clientId !== clientId) return { status: 403 };
    const known = await findState<Registration>(stage.database, bank.slug, 'registration', clientId);
    if (!known) return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
    if (method === 'GET') return { status: 200, body: known.answer };
    if (method === 'DELETE') {
      await dropPayload(stage.database, bank.slug, 'Client', clientId);
      await dropState(stage.database, bank.slug, 'registration', clientId);
      return { status: 204 };
    }
    if (method !== 'PUT') return { status: 405 };
    return { status: 200, body: await keepClient(call, clientId, Number(known.answer.client_id_issued_at), known) };
  } catch (error) {
    if (!(error instanceof RegistrationError)) throw error;
    return { status: 400, body: { error: error.code, error_description: error.message.slice(0, 500) } };
  }
}

async function keepClient(
  call: RegistrationCall,
  clientId: string,
  issuedAt: number,
  before?: Registration,
): Promise<Claims> {
  const { stage, bank } = call;
  const { claims, statement } = await openRequest(call);
  const software = await checkStatement(call, claims, statement);
  if (before && before.softwareId !== software.softwareId) throw metadataError('A client stays with its software.');
  const provider = await providerOf(stage, bank);
  let kept: Payload;
  try {
    kept = new provider.Client(metadataOf(claims, clientId, statement)).metadata();
  } catch (error) {
    const { error: code, error_description: text } = error as { error?: string; error_description?: string };
    if (!code) throw error;
    throw new RegistrationError(code === 'invalid_redirect_uri' ? code : 'invalid_client_metadata', text ?? code);
  }
  const answer: Claims = { ...claims, client_id: clientId, client_id_issued_at: issuedAt };
  const registration: Registration = {
    clientId,
    softwareId: software.softwareId,
    organizationId: software.organizationId,
    answer,
  };
  await storePayload(stage.database, bank.slug, 'Client', clientId, kept, undefined);
  await storeState(stage.database, bank.slug, 'registration', clientId, registration);
  return answer;
}

/** The request is a JWT that the software's key signed, and carries the directory's statement, which names that key. */
async function openRequest({
  stage,
  bank,
  contentType,
  text,
}: RegistrationCall): Promise<{ claims: Claims; statement: Claims }> {
  const { registration } = await settingsOf(stage, bank);
  if (contentType !== registration.mediaType) throw metadataError(`The request must be ${registration.mediaType}.`);
  const unchecked = claimsOf(text);
  if (typeof unchecked?.software_statement !== 'string') throw statementError('software_statement is missing.');
  const statement = await openStatement(stage, unchecked.software_statement);
  if (!statement) throw statementError('The software statement is not signed by the directory.');
  const software = await findState<Software>(stage.database, DIRECTORY, 'software', String(statement.software_id));
  const claims = software && openJwt(text, software.keys);
  if (!claims) throw metadataError('The request is not signed with a key that the directory lists for the software.');
  const audience = registration.audience === 'issuer' ? stage.machineUrl(bank.slug) : bank.openBanking.organisationId;
  const now = wireNow(stage).getTime() / 1000;
  const { iss, aud, iat, exp, jti } = claims;
  if (iss !== statement.software_id) throw metadataError('iss must be the software id.');
  if (aud !== audience) throw metadataError(`aud must be ${audience}.`);
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp <= now || iat > now + 60)
    throw metadataError('iat and exp must be seconds, and the request must not have ended.');
  if (!/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(String(jti)))
    throw metadataError('jti must be a UUID of version 4.');
  return { claims, statement };
}

async function checkStatement(
  { stage, socket }: RegistrationCall,
  claims: Claims,
  statement: Claims,
): Promise<Software> {
  if (typeof statement.exp === 'number' && statement.exp <= wireNow(stage).getTime() / 1000)
    throw statementError('The software statement has ended.');
  if (String(statement.org_status) !== 'Active') throw unapproved(`The organisation is ${statement.org_status}.`);
  if (!list(statement.software_roles).includes('AISP')) throw unapproved('The software lacks the role AISP.');
  const certificate = socket.getPeerX509Certificate?.();
  if (!certificate) throw unapproved('A client certificate is needed.');
  if (!socket.authorized) throw unapproved('The client certificate is not accepted.');
  const holder = await readHolder(certificate.raw);
  if (holder?.organizationId !== statement.org_id) throw unapproved('The certificate belongs to another organisation.');
  if (!holder?.roles.includes('PSP_AI')) throw unapproved('The certificate lacks the role PSP_AI.');
  const allowed = list(statement.software_redirect_uris);
  if (list(claims.redirect_uris).length === 0 || !list(claims.redirect_uris).every((uri) => allowed.includes(uri)))
    throw new RegistrationError('invalid_redirect_uri', 'redirect_uris must stand in the software statement.');
  return (await findState<Software>(stage.database, DIRECTORY, 'software', String(statement.software_id)))!;
}

const NEEDED = [
  'token_endpoint_auth_method',
  'grant_types',
  'scope',
  'application_type',
  'id_token_signed_response_alg',
  'request_object_signing_alg',
];

function metadataOf(claims: Claims, clientId: string, statement: Claims): Claims {
  const missing = NEEDED.find((name) => claims[name] === undefined);
  if (missing) throw metadataError(`${missing} is missing.`);
  const { id_token_signed_response_alg: algorithm } = claims;
  const asked = [
    'redirect_uris',
    'token_endpoint_auth_method',
    'token_endpoint_auth_signing_alg',
    'grant_types',
    'scope',
    'application_type',
    'id_token_signed_response_alg',
    'request_object_signing_alg',
    'tls_client_auth_subject_dn',
    'backchannel_token_delivery_mode',
    'backchannel_authentication_request_signing_alg',
  ].filter((name) => claims[name] !== undefined);
  return {
    ...Object.fromEntries(asked.map((name) => [name, claims[name]])),
    client_id: clientId,
    client_name: statement.software_client_name,
    response_types: claims.response_types ?? ['code id_token'],
    authorization_signed_response_alg: algorithm,
    tls_client_certificate_bound_access_tokens: true,
    jwks_uri: statement.software_jwks_endpoint,
  };
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
