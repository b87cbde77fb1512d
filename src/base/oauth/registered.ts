import {
  authorizationCodeGrant,
  type ClientAuth,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  enableDetachedSignatureResponseChecks,
  enableNonRepudiationChecks,
  genericGrantRequest,
  getJwksCache,
  initiateBackchannelAuthentication,
  modifyAssertion,
  type PrivateKey,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  refreshTokenGrant,
  setJwksCache,
  TlsClientAuth,
  useCodeIdTokenResponseType,
  useJwtResponseMode,
} from 'openid-client';
import type { OAuthCache } from './cache.ts';
import { type Claims, checkClaims, type ExpectedClaims, peek, strict } from './claims.ts';
import {
  type Line,
  type OAuthTokens,
  type OAuthTransport,
  openLine,
  settled,
  splitReturnUrl,
  tokensOf,
} from './connection.ts';
import { readMetadata } from './index.ts';
import { importKey, keyMark, type SigningKey, signJwt } from './keys.ts';
import type { ServerMetadata } from './metadata.ts';
import { OAuthRefused } from './refused.ts';
import { type AskRequest, authorizationUrl } from './request.ts';

/** A value that survives JSON. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a server knows us by. `certificate` tells apart the certificates that our tokens are bound to. */
export type RegisteredClient = {
  clientId: string;
  authMethod: 'private_key_jwt' | 'tls_client_auth';
  signing?: SigningKey;
  certificate?: string;
};

/** A server and how it wants to be spoken to. JSON: it comes from configuration. */
export type ServerWay = {
  /** Where its metadata stands (`…/.well-known/openid-configuration`). */
  metadataUrl: string;
  /** Its issuer, where that is not what the metadata's address says. */
  issuer?: string;
  /** `hybrid`: `code id_token`; `jarm`: a signed answer (`response_mode=jwt`); `code`: a code and the issuer (RFC 9207). */
  response: 'hybrid' | 'jarm' | 'code';
  /** The request is pushed first (RFC 9126) and the browser carries only its name. */
  pushed: boolean;
  /** `aud` of client assertions, where it is not the issuer. */
  audience?: string;
};

/** A backchannel request that waits for the person (CIBA); moments in milliseconds since 1970. */
export type Pending = { id: string; expiresAt: number; pollAfterMs: number };

/** A registered client at an OpenID provider, FAPI 1.0 Advanced and FAPI 2.0. Any process can go on where another began. */
export type RegisteredOAuth = {
  /** A token of our own (client credentials). Kept until it ends; `fresh` asks for another. */
  ownToken(server: ServerWay, scope: string, options?: { fresh?: boolean }): Promise<OAuthTokens>;
  /** The address to send the person to, with a signed request object; `expect` is held against every id token. */
  begin(request: AskRequest & { server: ServerWay; expect?: ExpectedClaims }): Promise<{ url: string; memory: Json }>;
  /** Redeems what the browser brought back, everything checked before and after the token call. */
  finish(memory: Json, params: [string, string][]): Promise<OAuthTokens>;
  /** Trades a refresh token; where the server does not rotate, the answer has none. */
  refresh(server: ServerWay, refreshToken: string): Promise<OAuthTokens>;
  /** Asks the server to ask the person on their own device. `claims` go into the signed request. */
  beginBackchannel(server: ServerWay, claims: { [name: string]: Json }): Promise<Pending>;
  /** Looks once: tokens, or when to look again. */
  pollBackchannel(server: ServerWay, pending: Pending, expect?: ExpectedClaims): Promise<OAuthTokens | Pending>;
};

/** What lies between `begin` and `finish`. */
type Begun = {
  metadata: ServerMetadata;
  server: ServerWay;
  expect: ExpectedClaims;
  nonce: string;
  state: string;
  redirectUri: string;
  verifier?: string;
};

/** Own tokens are taken from the shelf until so long before their end. */
const EARLY_MS = 30_000;

/** CIBA §11: `slow_down` adds five seconds. */
const SLOWER_MS = 5000;

/** A registered client for one conversation. Throws `OAuthRefused`, or what `request` throws. */
export function createRegisteredOAuth(options: {
  request: OAuthTransport;
  client: () => Promise<RegisteredClient>;
  returnUrl: string;
  cache: OAuthCache;
  now: () => Date;
  /** The machine's own time: what tokens say of time is held against that. */
  wireNow: () => Date;
}): RegisteredOAuth {
  const { request, cache, now, wireNow } = options;

  return {
    async ownToken(server, scope, { fresh = false } = {}) {
      const client = await options.client();
      const name = JSON.stringify([server.metadataUrl, client.clientId, client.certificate, scope]);
      const kept = fresh ? undefined : cache.tokens.get(name);
      if (kept !== undefined) return { accessToken: kept };
      const { configuration, escaped } = await lineTo(server, client);
      const answer = await settled(() => clientCredentialsGrant(configuration, { scope }), escaped);
      const forMs = (answer.expires_in ?? 0) * 1000 - EARLY_MS;
      if (forMs > 0) cache.tokens.keep(name, answer.access_token, Math.min(forMs, 3_600_000));
      return tokensOf(answer, now());
    },

    async begin({ server, expect = {}, ...asked }) {
      const client = await options.client();
      const { redirectUri, state } = splitReturnUrl(options.returnUrl);
      const metadata = await metadataOf(server);
      const line = await lineTo(server, client, metadata);
      const key = await keyOf(client);
      const nonce = randomNonce();
      const verifier = server.pushed || server.response !== 'hybrid' ? randomPKCECodeVerifier() : undefined;
      const challenge = verifier === undefined ? undefined : await calculatePKCECodeChallenge(verifier);
      const url = await settled(
        () => authorizationUrl(line.configuration, key, server, { ...asked, redirectUri, state, nonce, challenge }),
        line.escaped,
      );
      const begun: Begun = { metadata, server, expect, nonce, state, redirectUri, ...(verifier && { verifier }) };
      return { url, memory: JSON.parse(JSON.stringify(begun)) as Json };
    },

    async finish(memory, params) {
      const begun = memory as unknown as Begun;
      const { server, metadata, expect, nonce } = begun;
      const line = await lineTo(server, await options.client(), metadata);
      const front = params.find(([name]) => name === 'id_token')?.[1];
      // Looked at before the code is spent; that it is the server's own word is checked with the code, below.
      const early = server.response === 'hybrid' ? peek(front) : undefined;
      if (early) checkClaims(early, expect, wireNow());
      const checks = {
        expectedState: begun.state,
        expectedNonce: nonce,
        idTokenExpected: true,
        ...(begun.verifier && { pkceCodeVerifier: begun.verifier }),
      };
      const answer = await withKeys(line, metadata, () =>
        authorizationCodeGrant(line.configuration, currentUrl(begun, params), checks),
      );
      const claims = (answer.claims() ?? {}) as Claims;
      checkClaims(claims, expect, wireNow());
      if (early && early.sub !== claims.sub) throw new OAuthRefused('off_standard', 'sub');
      return tokensOf(answer, now());
    },

    async refresh(server, refreshToken) {
      const metadata = await metadataOf(server);
      const line = await lineTo(server, await options.client(), metadata);
      const answer = await withKeys(line, metadata, () => refreshTokenGrant(line.configuration, refreshToken));
      return tokensOf(answer, now());
    },

    async beginBackchannel(server, claims) {
      const client = await options.client();
      if (!client.signing) throw new OAuthRefused('client_refused', 'no_signing_key');
      const metadata = await metadataOf(server);
      const line = await lineTo(server, client, metadata);
      const iat = Math.floor(wireNow().getTime() / 1000);
      const jti = randomNonce();
      const base = { iss: client.clientId, aud: metadata.issuer, iat, nbf: iat, exp: iat + 300, jti };
      const signed = signJwt(client.signing, { ...claims, ...base });
      const answer = await settled(
        () => initiateBackchannelAuthentication(line.configuration, { request: signed }),
        line.escaped,
      );
      const pollAfterMs = (answer.interval ?? 5) * 1000;
      return { id: answer.auth_req_id, expiresAt: now().getTime() + answer.expires_in * 1000, pollAfterMs };
    },

    async pollBackchannel(server, pending, expect = {}) {
      const metadata = await metadataOf(server);
      const line = await lineTo(server, await options.client(), metadata);
      try {
        const answer = await withKeys(line, metadata, () =>
          genericGrantRequest(line.configuration, 'urn:openid:params:grant-type:ciba', { auth_req_id: pending.id }),
        );
        if (answer.id_token) checkClaims((answer.claims() ?? {}) as Claims, expect, wireNow());
        return tokensOf(answer, now());
      } catch (error) {
        const code = error instanceof OAuthRefused ? error.code : undefined;
        if (code === 'authorization_pending') return pending;
        if (code === 'slow_down') return { ...pending, pollAfterMs: pending.pollAfterMs + SLOWER_MS };
        if (code === 'access_denied') throw new OAuthRefused('denied', code);
        if (code === 'expired_token') throw new OAuthRefused('grant_gone', code);
        throw error;
      }
    },
  };

  async function metadataOf(server: ServerWay): Promise<ServerMetadata> {
    const kept = cache.metadata.get(server.metadataUrl);
    const metadata = kept ?? strict(await readMetadata(request, server.metadataUrl));
    const issuer = server.issuer ?? server.metadataUrl.replace(/\/\.well-known\/openid-configuration$/, '');
    // A document that speaks for another issuer could lead us to mix two servers up (RFC 8414 §3.3).
    if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
      throw new OAuthRefused('off_standard', 'issuer');
    if (!kept) cache.metadata.keep(server.metadataUrl, metadata);
    return metadata;
  }

  async function lineTo(server: ServerWay, client: RegisteredClient, known?: ServerMetadata): Promise<Line> {
    const metadata = known ?? (await metadataOf(server));
    const line = openLine(request, metadata, client.clientId, await authOf(client, server));
    if (server.response === 'jarm') useJwtResponseMode(line.configuration);
    if (server.response === 'hybrid') {
      useCodeIdTokenResponseType(line.configuration);
      enableDetachedSignatureResponseChecks(line.configuration);
    }
    enableNonRepudiationChecks(line.configuration);
    return line;
  }

  async function authOf(client: RegisteredClient, { audience }: ServerWay): Promise<ClientAuth> {
    if (client.authMethod === 'tls_client_auth') return TlsClientAuth();
    const key = await keyOf(client);
    return PrivateKeyJwt(key, {
      [modifyAssertion]: (_header, payload) => {
        if (audience !== undefined) payload.aud = audience;
      },
    });
  }

  async function keyOf({ signing }: RegisteredClient): Promise<PrivateKey> {
    if (!signing) throw new OAuthRefused('client_refused', 'no_signing_key');
    const mark = keyMark(signing);
    const kept = cache.keys.get(mark) ?? importKey(signing);
    cache.keys.keep(mark, kept);
    return kept;
  }

  /** The server's keys, as they are known. An unknown one makes the library read them again, once: to it they are old. */
  async function withKeys<Result>(line: Line, metadata: ServerMetadata, work: () => Promise<Result>): Promise<Result> {
    const { configuration, escaped } = line;
    const name = metadata.jwks_uri ?? '';
    const kept = cache.jwks.get(name);
    const seconds = Math.floor(wireNow().getTime() / 1000);
    if (kept) setJwksCache(configuration, { jwks: kept.jwks, uat: seconds - OLD_ENOUGH_TO_READ_AGAIN_S });
    try {
      return await settled(work, escaped);
    } finally {
      const used = getJwksCache(configuration);
      if (used && used.uat > seconds - OLD_ENOUGH_TO_READ_AGAIN_S) cache.jwks.keep(name, used);
    }
  }
}

/** The library reads keys again that are this old when one is missing, and trusts none above 300 seconds. */
const OLD_ENOUGH_TO_READ_AGAIN_S = 90;

/** What came back, where the library looks for it; the state is compared already and was kept by whoever did. */
function currentUrl(begun: Begun, params: [string, string][]): URL {
  const url = new URL(begun.redirectUri);
  const given = new URLSearchParams(params);
  if (begun.server.response === 'jarm') {
    url.search = given.toString();
    return url;
  }
  given.set('state', begun.state);
  if (begun.server.response === 'hybrid') url.hash = given.toString();
  else url.search = given.toString();
  return url;
}
