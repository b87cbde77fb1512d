import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Tx } from '../base/database.ts';
import type { CertificateHolder } from './authority.ts';
import type { Stage } from './stage.ts';
import {
  type Authorisation,
  type Consent,
  endTokens,
  findConsent,
  findToken,
  hashOf,
  listAuthorisations,
  spendToken,
  storeAuthorisation,
  storeToken,
  type Token,
} from './store.ts';
import type { Bank } from './world/banks.ts';
import { addDays, momentOf } from './world/time.ts';
import type { Reply } from './xs2a/errors.ts';

const CODE_MS = 10 * 60_000;
const ACCESS_S = 900;

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
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['tls_client_auth'],
      tls_client_certificate_bound_access_tokens: true,
      authorization_response_iss_parameter_supported: true,
    },
  };
}

/** What an authorization request came to: an authorisation to go on with, an error for the caller, or one for the person. */
export type AuthorizationOutcome = { authorisation: Authorisation } | { sendTo: string } | { problem: string };

/**
 * Begins the person's part of an OAuth approval. An error goes back to the caller only once its return address is known
 * to be the one of the consent.
 */
export async function beginAuthorization(
  stage: Stage,
  bank: Bank,
  query: URLSearchParams,
): Promise<AuthorizationOutcome> {
  const scopes = (query.get('scope') ?? '').split(' ');
  const consentId = scopes.find((scope) => scope.startsWith('AIS:'))?.slice(4) ?? '';
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
    const consent = await findConsent(tx, bank.slug, token.consentId);
    if (consent?.status !== 'valid') return oauthError(400, 'invalid_grant');
    await spendToken(tx, token.hash);
    return issueTokens(tx, bank, consent, client, now);
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

async function issueTokens(tx: Tx, bank: Bank, consent: Consent, client: CertificateHolder, now: Date): Promise<Reply> {
  const access = randomBytes(32).toString('base64url');
  const refresh = randomBytes(32).toString('base64url');
  const { organizationId, thumbprint } = client;
  const shared = { bank: bank.slug, consentId: consent.id };
  await storeToken(tx, {
    ...shared,
    hash: hashOf(access),
    kind: 'access',
    expiresAt: new Date(now.getTime() + ACCESS_S * 1000),
    detail: { client: organizationId, thumbprint },
  });
  await storeToken(tx, {
    ...shared,
    hash: hashOf(refresh),
    kind: 'refresh',
    expiresAt: momentOf(addDays(consent.validUntil, 1), '00:00', bank.zone),
    detail: { client: organizationId },
  });
  const body = {
    access_token: access,
    token_type: 'Bearer',
    expires_in: ACCESS_S,
    refresh_token: refresh,
    scope: `AIS:${consent.id}`,
  };
  return { status: 200, body, headers: { 'cache-control': 'no-store' } };
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
