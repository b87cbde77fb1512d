import {
  allowInsecureRequests,
  type ClientAuth,
  Configuration,
  customFetch,
  type TokenEndpointResponse,
} from 'openid-client';
import type { ServerMetadata } from './metadata.ts';
import { OAuthRefused, reasonOf } from './refused.ts';

/** The way to the authorization server: client certificate, address checks, time and size limits are inside. */
export type OAuthTransport = (request: {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
}) => Promise<{ status: number; headers: Record<string, string>; body: Uint8Array }>;

/** Tokens as they are kept; `expiresAt` in milliseconds since 1970. */
export type OAuthTokens = { accessToken: string; refreshToken?: string; expiresAt?: number };

/** The library speaking through our transport. `escaped` tells the transport's own error from the library's. */
export type Line = { configuration: Configuration; escaped: { error?: unknown } };

/** Lifetime of a token in seconds that we believe at most: ten years. */
const LONGEST_LIFE_S = 315_360_000;

/** A configuration of the library that speaks through our transport and no other way. */
export function openLine(request: OAuthTransport, metadata: ServerMetadata, clientId: string, auth: ClientAuth): Line {
  const client = { use_mtls_endpoint_aliases: true };
  const configuration = new Configuration(metadata, clientId, client, auth);
  // Which addresses may be called, and that they are https, is the transport's decision: pretend banks have plain pages.
  allowInsecureRequests(configuration);
  const escaped: { error?: unknown } = {};
  configuration[customFetch] = async (url, { method, headers, body }) => {
    try {
      const text = body === undefined || body === null ? undefined : String(body);
      const reply = await request({
        method: method === 'GET' ? 'GET' : 'POST',
        url,
        headers,
        ...(text !== undefined && { body: text }),
      });
      const bare = reply.status === 204 || reply.status === 304;
      return new Response(bare ? null : mended(reply.body), { status: reply.status, headers: reply.headers });
    } catch (error) {
      escaped.error = error;
      throw error;
    }
  };
  return { configuration, escaped };
}

/** Waits for the library; what it throws becomes `OAuthRefused`, what the transport threw stays what it was. */
export async function settled<Result>(work: () => Promise<Result>, escaped: { error?: unknown }): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (escaped.error !== undefined) throw escaped.error;
    if (error instanceof OAuthRefused) throw error;
    throw new OAuthRefused(...reasonOf(error));
  }
}

/** A token answer in the form we keep. */
export function tokensOf(answer: TokenEndpointResponse, now: Date): OAuthTokens {
  const { access_token, refresh_token, expires_in } = answer;
  const lifeS = typeof expires_in === 'number' && expires_in >= 0 ? Math.min(expires_in, LONGEST_LIFE_S) : undefined;
  return {
    accessToken: access_token,
    ...(refresh_token && { refreshToken: refresh_token }),
    ...(lifeS !== undefined && { expiresAt: now.getTime() + lifeS * 1000 }),
  };
}

/** The return address as OAuth knows it: the registered address, and the state apart. */
export function splitReturnUrl(returnUrl: string): { redirectUri: string; state: string } {
  const url = new URL(returnUrl);
  const state = url.searchParams.get('state');
  if (!state) throw new TypeError('the return address carries no state');
  url.search = '';
  return { redirectUri: url.href, state };
}

/** `scope` of a token answer only informs; banks send it empty or as a list, which must not cost the token. */
function mended(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(body);
  if (!bytes.includes('"access_token"')) return bytes;
  try {
    const { scope, ...rest } = JSON.parse(bytes.toString()) as Record<string, unknown>;
    if (scope === undefined || (typeof scope === 'string' && scope !== '')) return bytes;
    return Buffer.from(JSON.stringify(rest));
  } catch {
    // Not JSON: the library says so.
    return bytes;
  }
}
