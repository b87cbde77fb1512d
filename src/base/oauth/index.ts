import {
  authorizationCodeGrant,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  randomPKCECodeVerifier,
  refreshTokenGrant,
  TlsClientAuth,
} from 'openid-client';
import { type OAuthTokens, type OAuthTransport, openLine, settled, splitReturnUrl, tokensOf } from './connection.ts';
import { parseMetadata, type ServerMetadata } from './metadata.ts';
import { OAuthRefused } from './refused.ts';

export type { OAuthTokens, OAuthTransport } from './connection.ts';
export { type OAuthReason, OAuthRefused } from './refused.ts';

/** A value that survives JSON. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The client for one interface of one server and one conversation. What it remembers is JSON: any process can go on. */
export type OAuthClient = {
  /** The address to send the person to, and what must be there again in `finish`. */
  begin(request: Server & { scope: string; parameters?: Parameters }): Promise<{ url: string; memory: Json }>;
  /** Redeems what the browser brought back. State, issuer (RFC 9207) and PKCE are checked before any token call. */
  finish(memory: Json, params: [string, string][]): Promise<OAuthTokens>;
  /** Trades a refresh token; where the server does not rotate, the answer has none. */
  refresh(request: Server & { refreshToken: string }): Promise<OAuthTokens>;
  /** A token in our own name (RFC 6749 §4.4); nobody has to be there. */
  own(request: Server & { scope: string }): Promise<OAuthTokens>;
};

/** Where the server is, and who we are there. `endpoints` takes the place of metadata at servers that have none. */
type Server = { metadataUrl: string; clientId: string; endpoints?: { authorization: string; token: string } };

/** Parameters that the server calls or fills otherwise, by their names in RFC 6749. */
type Parameters = { [name: string]: { name?: string | undefined; value?: string | undefined } };

/** What lies between `begin` and `finish`. */
type Begun = { metadata: ServerMetadata; clientId: string; verifier: string; state: string; redirectUri: string };

/**
 * OAuth 2 authorization code with PKCE S256 over mutual TLS without a secret (RFC 6749, 7636, 8705, 9207). `returnUrl` is
 * `<redirect uri>?state=<token>`: it is split into the two parameters. Throws `OAuthRefused`, or what `request` throws.
 */
export function createOAuthClient(options: {
  request: OAuthTransport;
  returnUrl: string;
  now: () => Date;
}): OAuthClient {
  const { request, now } = options;

  return {
    async begin({ scope, parameters = {}, ...server }) {
      const { clientId } = server;
      const { redirectUri, state } = splitReturnUrl(options.returnUrl);
      const metadata = await findMetadata(request, server);
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
      for (const [name, value] of Object.entries(query)) {
        const other = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
        address.searchParams.set(other?.name ?? name, other?.value ?? value);
      }
      const memory: Begun = { metadata, clientId, verifier, state, redirectUri };
      return { url: address.href, memory };
    },

    async finish(memory, params) {
      const begun = memory as unknown as Begun;
      const current = new URL(begun.redirectUri);
      for (const [name, value] of params) current.searchParams.append(name, value);
      // Whoever received the browser has compared the state already and keeps it to itself; the library wants to see it.
      current.searchParams.set('state', begun.state);
      const { configuration, escaped } = openLine(request, begun.metadata, begun.clientId, TlsClientAuth());
      const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state };
      return tokensOf(await settled(() => authorizationCodeGrant(configuration, current, checks), escaped), now());
    },

    async refresh({ refreshToken, ...server }) {
      const metadata = await findMetadata(request, server);
      const { configuration, escaped } = openLine(request, metadata, server.clientId, TlsClientAuth());
      return tokensOf(await settled(() => refreshTokenGrant(configuration, refreshToken), escaped), now());
    },

    async own({ scope, ...server }) {
      const metadata = await findMetadata(request, server);
      const { configuration, escaped } = openLine(request, metadata, server.clientId, TlsClientAuth());
      return tokensOf(await settled(() => clientCredentialsGrant(configuration, { scope }), escaped), now());
    },
  };
}

/** What is known of a server without metadata is where its two doors are; its issuer is the host of the first. */
async function findMetadata(request: OAuthTransport, { metadataUrl, endpoints }: Server): Promise<ServerMetadata> {
  if (!endpoints) return readMetadata(request, metadataUrl);
  const { authorization, token } = endpoints;
  return { issuer: new URL(authorization).origin, authorization_endpoint: authorization, token_endpoint: token };
}

/** Reads RFC 8414 or OpenID metadata; throws `OAuthRefused` when there is none. */
export async function readMetadata(request: OAuthTransport, url: string): Promise<ServerMetadata> {
  const reply = await request({ method: 'GET', url, headers: { accept: 'application/json' } });
  if (reply.status >= 500 || reply.status === 429) throw new OAuthRefused('server_away');
  const metadata = reply.status >= 200 && reply.status < 300 ? parseMetadata(reply.body) : undefined;
  if (!metadata) throw new OAuthRefused('off_standard', 'metadata');
  return metadata;
}
