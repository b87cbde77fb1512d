import { BankError } from '../../banking/bank-error.ts';
import type { BankContext, BankTokens, Grant, TokenServer } from '../../banking/connector.ts';
import { translated } from '../../banking/oauth-refusal.ts';
import type { Json, Turn } from '../../banking/step.ts';
import { type GrantSecret, secretOf } from './consent.ts';
import { names, refusalOf } from './errors.ts';
import { asking, type Progress, type Talk } from './memory.ts';
import { type Call, isSuccess, type Reply, rightOf, send } from './wire.ts';

/** Tokens are renewed so long before their end that a call on its way does not outlive them. */
const EARLY_MS = 30_000;

const TOKEN_CODES = ['TOKEN_EXPIRED', 'TOKEN_INVALID', 'TOKEN_UNKNOWN'];

/** Sends the person to the bank's authorization server. XS2A 1.3 §13: our client id is the certificate's organisation. */
export async function beginOAuth(talk: Talk, progress: Progress, metadataUrl: string): Promise<Turn<Grant>> {
  const server = serverOf(talk, metadataUrl);
  const scope = talk.facts.oauth_scope.replace('{consent_id}', progress.consentId ?? '');
  return leave(talk, progress, server, scope);
}

/** The same before there is a consent, at banks that make none without a token. `found`: where their refusal pointed. */
export async function beginPreStep(talk: Talk, progress: Progress, found?: string): Promise<Turn<Grant>> {
  const { pre_step: step, oauth_endpoints: endpoints } = talk.facts;
  const written = step?.kind === 'oauth' ? step : undefined;
  const metadataUrl = written?.metadata_url ?? found ?? endpoints?.authorization;
  if (metadataUrl === undefined)
    throw new BankError('misconfigured', 'the bank wants a token first, and does not say from where');
  const server = serverOf(talk, metadataUrl, written?.client_id);
  return leave(talk, progress, server, written?.scope ?? 'AIS', true);
}

function serverOf(talk: Talk, metadataUrl: string, written?: string): TokenServer {
  const clientId = written ?? talk.context.requester.organizationId;
  if (clientId === undefined) throw new BankError('misconfigured', 'the certificate names no organizationIdentifier');
  const { oauth_endpoints: endpoints } = talk.facts;
  return { metadataUrl, clientId, ...(endpoints && { endpoints }) };
}

async function leave(
  talk: Talk,
  progress: Progress,
  server: TokenServer,
  scope: string,
  first?: true,
): Promise<Turn<Grant>> {
  const { oauth_parameters: parameters } = talk.facts;
  const others = Object.keys(parameters).length > 0 ? { parameters } : {};
  const begun = await translated(talk.context.oauth.begin({ ...server, scope, ...others }));
  const remembered = { ...progress, oauth: server };
  return asking(talk, remembered, { at: 'oauth', url: begun.url, begun: begun.memory, ...(first && { first }) });
}

/** A token in our own name, at banks that want one where a consent is made; undefined at all others. */
export async function ownTokens(talk: Talk): Promise<BankTokens | undefined> {
  const { pre_step: step } = talk.facts;
  if (step?.kind !== 'client_credentials') return undefined;
  if (step.registered) {
    const { registered } = talk.context.oauth;
    if (!registered) throw new BankError('misconfigured', 'the identity is not registered at this bank');
    const known = { metadataUrl: step.metadata_url, response: 'code' as const, pushed: false };
    return translated(registered.ownToken(known, step.scope));
  }
  const server = serverOf(talk, step.metadata_url, step.client_id);
  return translated(talk.context.oauth.own({ ...server, scope: step.scope }));
}

/** Redeems what the browser brought back; from here on every call carries the token. */
export async function finishOAuth(
  talk: Talk,
  progress: Progress,
  begun: Json,
  params: [string, string][],
): Promise<Progress> {
  return { ...progress, tokens: await translated(talk.context.oauth.finish(begun, params)) };
}

/**
 * Sends a call in the right of a grant: with a fresh token where there are tokens, renewing it ahead of its end and once
 * more when the bank refuses it. Renewal goes through `refreshGrant`, because a refresh token may work only once.
 */
export async function sendFor(context: BankContext, grant: Grant, call: Omit<Call, 'tokens' | 'pass'>): Promise<Reply> {
  const held = secretOf(grant);
  const { tokens } = held;
  if (!tokens) return send(context, { ...call, ...rightOf(held) });
  const ends = tokens.expiresAt;
  const old = ends !== undefined && ends - EARLY_MS <= context.now().getTime();
  const used = old && held.oauth && tokens.refreshToken ? await renew(context, tokens) : tokens;
  const reply = await send(context, { ...call, tokens: used });
  if (reply.status !== 401 || !names(reply, ...TOKEN_CODES)) return reply;
  if (used !== tokens || !held.oauth || !tokens.refreshToken) return reply;
  return send(context, { ...call, tokens: await renew(context, used) });
}

/** The same, throwing the bank's no. */
export async function askFor(context: BankContext, grant: Grant, call: Omit<Call, 'tokens' | 'pass'>): Promise<Reply> {
  const reply = await sendFor(context, grant, call);
  if (!isSuccess(reply.status)) throw refusalOf(reply, context.now());
  return reply;
}

async function renew(context: BankContext, used: BankTokens): Promise<BankTokens> {
  const renewed = await context.refreshGrant(async (grant) => {
    const secret = secretOf(grant);
    // Somebody else was faster: what is stored now is newer than what we hold.
    if (!secret.tokens || secret.tokens.accessToken !== used.accessToken) return grant;
    if (!secret.oauth || !secret.tokens.refreshToken)
      throw new BankError('consent_gone', 'the token cannot be renewed');
    const refreshToken = secret.tokens.refreshToken;
    const fresh = await translated(context.oauth.refresh({ ...secret.oauth, refreshToken }), 'consent_gone');
    // A server that does not rotate leaves the refresh token out (RFC 6749 §6).
    const next: GrantSecret = { ...secret, tokens: { ...fresh, refreshToken: fresh.refreshToken ?? refreshToken } };
    return { ...grant, secret: next as unknown as Json };
  });
  const { tokens } = secretOf(renewed);
  if (!tokens) throw new BankError('consent_gone', 'the grant has no tokens');
  return tokens;
}
