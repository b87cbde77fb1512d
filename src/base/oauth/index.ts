import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  randomPKCECodeVerifier,
  ResponseBodyError,
  refreshTokenGrant,
  TlsClientAuth,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { parseMetadata, type ServerMetadata } from './metadata.ts';

/** A value that survives JSON. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The way to the authorization server: client certificate, address checks, time and size limits are inside. */
export type OAuthTransport = (request: {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}) => Promise<{ status: number; headers: Record<string, string>; body: Uint8Array }>;

/** Why it did not work, whoever is asked: closed, so that a caller can have one table of what follows. */
export type OAuthReason =
  /** The person said no (`access_denied`). */
  | 'denied'
  /** The code or refresh token is used, expired or revoked (`invalid_grant`). */
  | 'grant_gone'
  /** The server does not accept us as a client. */
  | 'client_refused'
  /** The server has too much to do, or answered 5xx. */
  | 'server_away'
  /** The answer breaks the standard: wrong state or issuer, no code, no JSON … */
  | 'off_standard';

/** OAuth did not lead to a token. `code` is the server's own error code. Nothing else of its answer is in here. */
export class OAuthRefused extends Error {
  readonly reason: OAuthReason;
  readonly code: string | undefined;
  constructor(reason: OAuthReason, code?: string) {
    super(`the authorization server: ${reason}${code === undefined ? '' : ` (${code})`}`);
    this.name = 'OAuthRefused';
    this.reason = reason;
    this.code = code;
  }
}

/** Tokens as they are kept; `expiresAt` in milliseconds since 1970. */
export type OAuthTokens = { accessToken: string; refreshToken?: string; expiresAt?: number };

/** The client for one interface of one server and one conversation. What it remembers is JSON: any process can go on. */
export type OAuthClient = {
  /** The address to send the person to, and what must be there again in `finish`. */
  begin(request: { metadataUrl: string; clientId: string; scope: string }): Promise<{ url: string; memory: Json }>;
  /** Redeems what the browser brought back. State, issuer (RFC 9207) and PKCE are checked before any token call. */
  finish(memory: Json, params: [string, string][]): Promise<OAuthTokens>;
  /** Trades a refresh token; where the server does not rotate, the answer has none. */
  refresh(request: { metadataUrl: string; clientId: string; refreshToken: string }): Promise<OAuthTokens>;
};

/** What lies between `begin` and `finish`. */
type Begun = { metadata: ServerMetadata; clientId: string; verifier: string; state: string; redirectUri: string };

/** Lifetime of a token in seconds that we believe at most: ten years. */
const LONGEST_LIFE_S = 315_360_000;

/**
 * OAuth 2 authorization code with PKCE S256 over mutual TLS without a secret (RFC 6749, 7636, 8705, 9207). `returnUrl` is
 * `<redirect uri>?state=<token>`: it is split into the two parameters. Throws `OAuthRefused`, or what `request` throws.
 */
export function createOAuthClient(options: {
  request: OAuthTransport;
  returnUrl: string;
  now: () => Date;
}): OAuthClient {
  const { now } = options;

  return {
    async begin({ metadataUrl, clientId, scope }) {
      const { redirectUri, state } = splitReturnUrl(options.returnUrl);
      const metadata = await readMetadata(metadataUrl);
      const verifier = randomPKCECodeVerifier();
      const address = new URL(metadata.authorization_endpoint);
      const query = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      // By hand: the library wants https, and the pages of pretend banks for people are plain http on this machine.
      for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
      const memory: Begun = { metadata, clientId, verifier, state, redirectUri };
      return { url: address.href, memory };
    },

    async finish(memory, params) {
      const begun = memory as unknown as Begun;
      const current = new URL(begun.redirectUri);
      for (const [name, value] of params) current.searchParams.append(name, value);
      // Whoever received the browser has compared the state already and keeps it to itself; the library wants to see it.
      current.searchParams.set('state', begun.state);
      const { configuration, escaped } = configure(begun.metadata, begun.clientId);
      const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state };
      return tokensOf(() => authorizationCodeGrant(configuration, current, checks), escaped);
    },

    async refresh({ metadataUrl, clientId, refreshToken }) {
      const { configuration, escaped } = configure(await readMetadata(metadataUrl), clientId);
      return tokensOf(() => refreshTokenGrant(configuration, refreshToken), escaped);
    },
  };

  async function readMetadata(url: string): Promise<ServerMetadata> {
    const reply = await options.request({ method: 'GET', url, headers: { accept: 'application/json' } });
    if (reply.status >= 500 || reply.status === 429) throw new OAuthRefused('server_away');
    const metadata = reply.status >= 200 && reply.status < 300 ? parseMetadata(reply.body) : undefined;
    if (!metadata) throw new OAuthRefused('off_standard', 'metadata');
    return metadata;
  }

  /** A configuration that speaks through our transport; `escaped` tells the transport's own error from the library's. */
  function configure(metadata: ServerMetadata, clientId: string) {
    const client = { use_mtls_endpoint_aliases: true };
    const configuration = new Configuration(metadata, clientId, client, TlsClientAuth());
    const escaped: { error?: unknown } = {};
    configuration[customFetch] = async (url, { method, headers, body }) => {
      try {
        const text = body === undefined || body === null ? undefined : String(body);
        const reply = await options.request({
          method: method === 'GET' ? 'GET' : 'POST',
          url,
          headers,
          ...(text !== undefined && { body: text }),
        });
        const bare = reply.status === 204 || reply.status === 304;
        const init = { status: reply.status, headers: reply.headers };
        return new Response(bare ? null : Buffer.from(reply.body), init);
      } catch (error) {
        escaped.error = error;
        throw error;
      }
    };
    return { configuration, escaped };
  }

  async function tokensOf(
    ask: () => Promise<TokenEndpointResponse>,
    escaped: { error?: unknown },
  ): Promise<OAuthTokens> {
    try {
      const { access_token, refresh_token, expires_in } = await ask();
      const lifeS =
        typeof expires_in === 'number' && expires_in >= 0 ? Math.min(expires_in, LONGEST_LIFE_S) : undefined;
      return {
        accessToken: access_token,
        ...(refresh_token && { refreshToken: refresh_token }),
        ...(lifeS !== undefined && { expiresAt: now().getTime() + lifeS * 1000 }),
      };
    } catch (error) {
      if (escaped.error !== undefined) throw escaped.error;
      throw new OAuthRefused(...reasonOf(error));
    }
  }
}

/** RFC 6749 §4.1.2.1 and §5.2: what the server's words mean. */
function reasonOf(error: unknown): [OAuthReason, string?] {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return ['denied', error.error];
    if (['server_error', 'temporarily_unavailable'].includes(error.error)) return ['server_away', error.error];
    return [isAboutClient(error.error) ? 'client_refused' : 'off_standard', shortCode(error.error)];
  }
  if (error instanceof ResponseBodyError) {
    if (error.status >= 500 || error.status === 429) return ['server_away', shortCode(error.error)];
    if (error.error === 'invalid_grant') return ['grant_gone', error.error];
    return [isAboutClient(error.error) ? 'client_refused' : 'off_standard', shortCode(error.error)];
  }
  if (error instanceof WWWAuthenticateChallengeError) return ['client_refused', String(error.status)];
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  if (cause instanceof Response && (cause.status >= 500 || cause.status === 429)) return ['server_away'];
  return ['off_standard', shortCode(code)];
}

function isAboutClient(code: string): boolean {
  return ['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_grant_type'].includes(code);
}

/** Codes go into logs: only what looks like one is passed on. */
function shortCode(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(code) ? code : undefined;
}

function splitReturnUrl(returnUrl: string): { redirectUri: string; state: string } {
  const url = new URL(returnUrl);
  const state = url.searchParams.get('state');
  if (!state) throw new TypeError('the return address carries no state');
  url.search = '';
  return { redirectUri: url.href, state };
}
