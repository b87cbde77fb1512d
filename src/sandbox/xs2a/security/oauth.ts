import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Tx } from '../../../base/database.ts';
import type { CertificateHolder } from '../../authority.ts';
import type { Stage } from '../../stage.ts';
import {
  type Authorisation,
  type Consent,
  endSignIn,
  endTokens,
  findConsent,
  findToken,
  hashOf,
  isBlocked,
  listAuthorisations,
  type SignIn,
  spendToken,
  storeAuthorisation,
  storeSignIn,
  storeToken,
  type Token,
} from '../../store.ts';
import { type Bank, findPerson } from '../../world/banks.ts';
import type { Face } from '../../world/face.ts';
import { addDays, dayOf, momentOf } from '../../world/time.ts';
import { Refused, type Reply } from '../errors.ts';
import { OF_CLIENT, OF_PERSON } from './demands.ts';

const CODE_MS = 10 * 60_000;
const ACCESS_S = 900;
const LONGEST_SIGN_IN_DAYS = 180;

/** The scope of a sign-in before there is a consent. */
export const SIGN_IN_SCOPE = 'AIS';

/** True where a bank has an authorization server. */
export const hasAuthorizationServer = (face: Face): boolean =>
  face.approach === 'oauth' || face.preStep === 'oauth' || face.preStep === 'client_credentials';

/** The bank's metadata, RFC 8414. */
export function authorizationServerMetadata(stage: Stage, bank: Bank): Reply {
  const issuer = stage.machineUrl(bank.slug);
  return {
    status: 200,
    body: {
      issuer,
      authorization_endpoint: `${stage.peopleUrl(bank.slug)}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ['code'],
      scopes_supported: ['AIS', SIGN_IN_SCOPE],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['tls_client_auth'],
      tls_client_certificate_bound_access_tokens: true,
      authorization_response_iss_parameter_supported: true,
    },
  };
}

/** What an authorization request came to: an authorisation to go on with, an error for the caller, or one for the person. */
export type AuthorizationOutcome =
  | { authorisation: Authorisation }
  | { signIn: string }
  | { sendTo: string }
  | { problem: string };

/**
 * Begins the person's part of an OAuth approval. An error goes back to the caller only once its return address is known
 * to be the one of the consent.
 */
export async function beginAuthorization(
  stage: Stage,
  bank: Bank,
  asked: URLSearchParams,
): Promise<AuthorizationOutcome> {
  const face = stage.facts.facesOf(bank).find(hasAuthorizationServer);
  if (!face) return { problem: 'This bank has no such page.' };
  const query = face.oauthParameters === 'standard' ? asked : standardNames(asked);
  if (face.preStep === 'oauth') return beginSignIn(stage, bank, query);
  const [before = '', behind = ''] = face.oauthScope.split('{consent_id}');
  const scope = query.get('scope') ?? '';
  const fits = scope.startsWith(before) && scope.endsWith(behind);
  const consentId = fits ? scope.slice(before.length, scope.length - behind.length).split(' ')[0]! : '';
  return stage.database.transaction(async (tx): Promise<AuthorizationOutcome> => {
    const consent = await findConsent(tx, bank.slug, consentId, 'lock');
    if (!consent || consent.client !== query.get('client_id')) return { problem: 'This consent is not known.' };
    const redirectUri = query.get('redirect_uri');
    if (!redirectUri || !isReturnAddress(redirectUri, consent))
      return { problem: 'The return address is not allowed.' };
    const state = query.get('state') ?? undefined;
    const refuse = (error: string) => ({
      sendTo: returnWith(redirectUri, { error, state, iss: stage.machineUrl(bank.slug) }),
    });
    if (query.get('response_type') !== 'code') return refuse('unsupported_response_type');
    const codeChallenge = query.get('code_challenge') ?? '';
    const withPkce = query.get('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(codeChallenge);
    if (!withPkce) return refuse('invalid_request');
    const authorisation = (await listAuthorisations(tx, bank.slug, consent.id)).findLast(
      (one) => one.approach === 'oauth',
    );
    if (!authorisation || authorisation.status === 'failed') return refuse('access_denied');
    const begun: Authorisation = {
      ...authorisation,
      oauth: { redirectUri, codeChallenge, ...(state ? { state } : {}) },
    };
    await storeAuthorisation(tx, begun);
    return { authorisation: begun };
  });
}

/** Banks that call the parameters otherwise know no other names. */
function standardNames(asked: URLSearchParams): URLSearchParams {
  const names: Record<string, string> = {
    responseType: 'response_type',
    clientId: 'client_id',
    redirectUri: 'redirect_uri',
    codeChallenge: 'code_challenge',
    codeChallengeMethod: 'code_challenge_method',
  };
  const known = [...asked].filter(([name]) => !Object.values(names).includes(name));
  const query = new URLSearchParams(known.map(([name, value]) => [names[name] ?? name, value]));
  if (query.get('response_type') === 'CODE') query.set('response_type', 'code');
  else query.delete('response_type');
  return query;
}

/** A person who signs in before there is a consent: the return address is only known to be http or https. */
async function beginSignIn(stage: Stage, bank: Bank, query: URLSearchParams): Promise<AuthorizationOutcome> {
  const redirectUri = query.get('redirect_uri') ?? '';
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !stage.mayReturnTo(url))
    return { problem: 'The return address is not allowed.' };
  const state = query.get('state') ?? undefined;
  const refuse = (error: string) => ({
    sendTo: returnWith(redirectUri, { error, state, iss: stage.machineUrl(bank.slug) }),
  });
  const client = query.get('client_id');
  const codeChallenge = query.get('code_challenge') ?? '';
  const withPkce = query.get('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(codeChallenge);
  if (query.get('response_type') !== 'code') return refuse('unsupported_response_type');
  if (query.get('scope') !== SIGN_IN_SCOPE) return refuse('invalid_scope');
  if (!client || !withPkce) return refuse('invalid_request');
  const id = randomBytes(24).toString('base64url');
  await storeSignIn(stage.database, bank.slug, id, {
    client,
    clientName: client,
    redirectUri,
    codeChallenge,
    tries: 0,
    ...(state ? { state } : {}),
  });
  return { signIn: id };
}

/** Where the browser goes when the person has signed in, or would not. */
export async function endSigningIn(
  stage: Stage,
  bank: Bank,
  id: string,
  signIn: SignIn,
  person: string | undefined,
): Promise<string> {
  const { client, redirectUri, codeChallenge, state } = signIn;
  const iss = stage.machineUrl(bank.slug);
  await endSignIn(stage.database, id);
  if (!person) return returnWith(redirectUri, { error: 'access_denied', state, iss });
  const code = randomBytes(32).toString('base64url');
  await storeToken(stage.database, {
    hash: hashOf(code),
    bank: bank.slug,
    consentId: `${OF_PERSON}${id}`,
    kind: 'code',
    expiresAt: new Date(stage.clock.now().getTime() + CODE_MS),
    detail: { client, redirectUri, codeChallenge, person },
  });
  return returnWith(redirectUri, { code, state, iss });
}

/** A token for a person who gave name and password to the caller (standards §13.1, 5), or a refusal. */
export async function signInByPassword(
  stage: Stage,
  bank: Bank,
  client: CertificateHolder,
  body: unknown,
): Promise<Reply> {
  const { username, password } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const person = findPerson(bank, String(username));
  const blocked = person && (await isBlocked(stage.database, bank.slug, person.login));
  if (!person || blocked || person.password !== password) {
    throw new Refused(401, 'PSU_CREDENTIALS_INVALID', 'The login name or the password is wrong.');
  }
  const at = { bank: bank.slug, consentId: `${OF_PERSON}${randomBytes(12).toString('hex')}` };
  const access = randomBytes(32).toString('base64url');
  await storeToken(stage.database, {
    ...at,
    hash: hashOf(access),
    kind: 'access',
    expiresAt: momentOf(addDays(dayOf(stage.clock.now(), bank.zone), LONGEST_SIGN_IN_DAYS), '00:00', bank.zone),
    detail: { client: client.organizationId, thumbprint: client.thumbprint, person: person.login },
  });
  return {
    status: 200,
    body: { access_token: access, token_type: 'Bearer' },
    headers: { 'cache-control': 'no-store' },
  };
}

/** Where the browser goes when the person has decided: with a fresh code, or with `access_denied`. */
export async function endAuthorization(
  tx: Tx,
  stage: Stage,
  bank: Bank,
  authorisation: Authorisation,
  client: string,
): Promise<string> {
  const { redirectUri, state, codeChallenge } = authorisation.oauth!;
  const iss = stage.machineUrl(bank.slug);
  if (authorisation.status === 'failed') return returnWith(redirectUri, { error: 'access_denied', state, iss });
  const code = randomBytes(32).toString('base64url');
  await storeToken(tx, {
    hash: hashOf(code),
    bank: bank.slug,
    consentId: authorisation.consentId,
    kind: 'code',
    expiresAt: new Date(stage.clock.now().getTime() + CODE_MS),
    detail: { client, redirectUri, codeChallenge },
  });
  return returnWith(redirectUri, { code, state, iss });
}

/** The token endpoint: codes and refresh tokens against access tokens bound to the client certificate. */
export async function exchangeToken(
  stage: Stage,
  bank: Bank,
  client: CertificateHolder,
  text: string,
  request: IncomingMessage,
): Promise<Reply> {
  if (request.method !== 'POST') return oauthError(405, 'invalid_request');
  const form = new URLSearchParams(text);
  if (form.get('client_id') !== client.organizationId) return oauthError(401, 'invalid_client');
  if (form.get('grant_type') === 'client_credentials') {
    const shared = { bank: bank.slug, consentId: `${OF_CLIENT}${client.organizationId}` };
    const { access_token } = await issueAccess(stage.database, shared, client, stage.clock.now());
    const body = { access_token, token_type: 'Bearer', expires_in: ACCESS_S };
    return { status: 200, body, headers: { 'cache-control': 'no-store' } };
  }
  const grant = GRANTS[form.get('grant_type') ?? ''];
  if (!grant) return oauthError(400, 'unsupported_grant_type');
  const now = stage.clock.now();
  return stage.database.transaction(async (tx) => {
    const token = await findToken(tx, bank.slug, hashOf(form.get(grant.field) ?? ''), 'lock');
    if (!token || token.kind !== grant.kind || token.detail.client !== client.organizationId)
      return oauthError(400, 'invalid_grant');
    if (token.spent) {
      // RFC 6749 §4.1.2 and RFC 9700 §4.14: used twice means stolen, so everything that came of it ends.
      await endTokens(tx, bank.slug, token.consentId);
      return oauthError(400, 'invalid_grant');
    }
    if (token.expiresAt <= now || !grant.holds(token, form)) return oauthError(400, 'invalid_grant');
    if (token.consentId.startsWith(OF_PERSON)) {
      await spendToken(tx, token.hash);
      const until = addDays(dayOf(now, bank.zone), LONGEST_SIGN_IN_DAYS);
      return issueTokens(
        tx,
        bank,
        { id: token.consentId, validUntil: until, scope: SIGN_IN_SCOPE },
        client,
        now,
        token.detail.person,
      );
    }
    const consent = await findConsent(tx, bank.slug, token.consentId);
    if (consent?.status !== 'valid') return oauthError(400, 'invalid_grant');
    await spendToken(tx, token.hash);
    return issueTokens(tx, bank, { ...consent, scope: `AIS:${consent.id}` }, client, now);
  });
}

type Grant = { field: string; kind: Token['kind']; holds: (token: Token, form: URLSearchParams) => boolean };

const GRANTS: Record<string, Grant> = {
  authorization_code: {
    field: 'code',
    kind: 'code',
    holds: ({ detail }, form) =>
      detail.redirectUri === form.get('redirect_uri') &&
      detail.codeChallenge ===
        createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url'),
  },
  refresh_token: { field: 'refresh_token', kind: 'refresh', holds: () => true },
};

async function issueTokens(
  tx: Tx,
  bank: Bank,
  of: { id: string; validUntil: string; scope: string },
  client: CertificateHolder,
  now: Date,
  person?: string,
): Promise<Reply> {
  const refresh = randomBytes(32).toString('base64url');
  const shared = { bank: bank.slug, consentId: of.id };
  const { access_token } = await issueAccess(tx, shared, client, now, person);
  await storeToken(tx, {
    ...shared,
    hash: hashOf(refresh),
    kind: 'refresh',
    expiresAt: momentOf(addDays(of.validUntil, 1), '00:00', bank.zone),
    detail: { client: client.organizationId, ...(person ? { person } : {}) },
  });
  const body = {
    access_token,
    token_type: 'Bearer',
    expires_in: ACCESS_S,
    refresh_token: refresh,
    scope: of.scope,
  };
  return { status: 200, body, headers: { 'cache-control': 'no-store' } };
}

async function issueAccess(
  tx: Tx,
  shared: { bank: string; consentId: string },
  { organizationId, thumbprint }: CertificateHolder,
  now: Date,
  person?: string,
): Promise<{ access_token: string }> {
  const access = randomBytes(32).toString('base64url');
  await storeToken(tx, {
    ...shared,
    hash: hashOf(access),
    kind: 'access',
    expiresAt: new Date(now.getTime() + ACCESS_S * 1000),
    detail: { client: organizationId, thumbprint, ...(person ? { person } : {}) },
  });
  return { access_token: access };
}

const oauthError = (status: number, error: string): Reply => ({
  status,
  body: { error },
  headers: { 'cache-control': 'no-store' },
});

/**
 * The consent's return address, where the query may differ: a caller that puts its state into the `TPP-Redirect-URI` sends
 * it as the parameter `state` here.
 */
function isReturnAddress(redirectUri: string, consent: Consent): boolean {
  if (!consent.redirectUri || !URL.canParse(redirectUri)) return false;
  const [asked, known] = [new URL(redirectUri), new URL(consent.redirectUri)];
  return (
    redirectUri === consent.redirectUri ||
    (asked.origin + asked.pathname === known.origin + known.pathname && !asked.search && !asked.hash)
  );
}

function returnWith(address: string, parameters: Record<string, string | undefined>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
