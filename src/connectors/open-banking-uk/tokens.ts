import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import type { AuthorizationServer, BankContext, BankTokens, Grant, RegisteredOAuth } from '../../banking/connector.ts';
import { translated } from '../../banking/oauth-refusal.ts';
import type { Json } from '../../banking/step.ts';
import { stateOf } from './consent.ts';
import { refusalOf, says } from './errors.ts';
import type { Facts } from './facts.ts';
import { type Call, isSuccess, type Reply, send } from './wire.ts';

/** What a grant holds: the consent and the tokens that carry it. `party`: the person's name may be asked for. */
export type GrantSecret = { consentId: string; tokens: BankTokens; party: boolean };

/** Tokens are renewed so long before their end that a call on its way does not outlive them. */
const EARLY_MS = 30_000;

/** The grant's secret, as this connector made it. */
export function secretOf(grant: Grant): GrantSecret {
  return grant.secret as unknown as GrantSecret;
}

/** The bank's authorization server as its facts describe it. */
export function serverOf({ facts }: Pick<BankContext, 'facts'>): AuthorizationServer {
  const { metadata_url, issuer, response, pushed, client_assertion_audience } = facts as unknown as Facts;
  return {
    metadataUrl: metadata_url,
    response,
    pushed,
    ...(issuer !== undefined && { issuer }),
    ...(client_assertion_audience !== undefined && { audience: client_assertion_audience }),
  };
}

/** Our registered client at the bank. Throws `misconfigured` where whoever calls has none. */
export function registeredAt({ oauth }: Pick<BankContext, 'oauth'>): RegisteredOAuth {
  if (!oauth.registered) throw new BankError('misconfigured', 'there is no registered client here');
  return oauth.registered;
}

/** Sends a call in our own right, with a token that is asked for anew once when the bank does not know the old one. */
export async function sendOwn(context: BankContext, call: Omit<Call, 'token'>): Promise<Reply> {
  const { own_scope: scope } = context.facts as unknown as Facts;
  const token = (options?: { fresh: boolean }) =>
    translated(registeredAt(context).ownToken(serverOf(context), scope, options), 'misconfigured');
  const reply = await send(context, { ...call, token: (await token()).accessToken });
  if (reply.status !== 401) return reply;
  return send(context, { ...call, token: (await token({ fresh: true })).accessToken });
}

/**
 * Reads account data in the right of a grant, renewing its token ahead of its end and once more when the bank refuses it.
 * Throws the bank's no; a 401 or 403 that the consent itself does not explain is not taken for its end.
 */
export async function read(context: BankContext, grant: Grant, call: Omit<Call, 'token'>): Promise<Reply> {
  const reply = await sendFor(context, grant, call);
  if (isSuccess(reply.status)) return reply;
  throw await explained(context, grant, reply);
}

/** The same, returning the bank's no. */
export async function sendFor(context: BankContext, grant: Grant, call: Omit<Call, 'token'>): Promise<Reply> {
  const { tokens } = secretOf(grant);
  const old = tokens.expiresAt !== undefined && tokens.expiresAt - EARLY_MS <= context.now().getTime();
  const used = old && tokens.refreshToken ? await renew(context, tokens) : tokens;
  const reply = await send(context, { ...call, token: used.accessToken });
  if (reply.status !== 401 || used !== tokens || !tokens.refreshToken) return reply;
  return send(context, { ...call, token: (await renew(context, used)).accessToken });
}

/** The bank's no about a grant: what it means is for the consent itself to say, where the answer alone proves nothing. */
export async function explained(context: BankContext, grant: Grant, reply: Reply): Promise<BankError> {
  const refusal = refusalOf(reply, context.now());
  if (![400, 401, 403].includes(reply.status) || refusal.kind !== 'unexpected' || says(reply, 'Reauthenticate'))
    return refusal;
  const state = await stateOf(context, secretOf(grant).consentId);
  const over = state === 'over' || state === 'refused' || state === 'undecided';
  // The token is refused though the consent lives, and there is nothing to renew it with: the person must come back.
  const kind: BankErrorKind =
    over || reply.status === 401 ? 'consent_gone' : reply.status === 403 ? 'unsupported' : 'unexpected';
  return new BankError(kind, refusal.message, refusal.facts);
}

async function renew(context: BankContext, used: BankTokens): Promise<BankTokens> {
  const renewed = await context.refreshGrant(async (grant) => {
    const secret = secretOf(grant);
    // Somebody else was faster: what is stored now is newer than what we hold.
    if (secret.tokens.accessToken !== used.accessToken) return grant;
    const { refreshToken } = secret.tokens;
    if (!refreshToken) throw new BankError('consent_gone', 'the token cannot be renewed');
    const fresh = await translated(registeredAt(context).refresh(serverOf(context), refreshToken), 'consent_gone');
    // A server that does not rotate leaves the refresh token out (RFC 6749 §6).
    const tokens = { ...fresh, refreshToken: fresh.refreshToken ?? refreshToken };
    return { ...grant, secret: { ...secret, tokens } as unknown as Json };
  });
  return secretOf(renewed).tokens;
}
