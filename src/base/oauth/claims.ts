import { ALGORITHMS } from './keys.ts';
import type { ServerMetadata } from './metadata.ts';
import { OAuthRefused } from './refused.ts';

/** What a claim of every id token must say: one of these values. `required: false` forgives a server that leaves it out. */
export type ExpectedClaims = { [claim: string]: { values: string[]; required: boolean } };

/** Claims of a JWT, as they stand there. */
export type Claims = { [claim: string]: unknown };

/** How long ago a token may have been issued, in seconds, when it is taken as the answer to a request of this visit. */
const OLDEST_S = 3600;

/** The claims of a JWT, its signature not looked at; undefined when it is none. */
export function peek(jwt: string | undefined): Claims | undefined {
  try {
    const [, payload = ''] = jwt?.split('.') ?? [];
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : undefined;
  } catch {
    // Not a JWT: the caller says so.
    return undefined;
  }
}

/** Holds the claims of an id token against what was asked for. Throws `OAuthRefused('off_standard')`. */
export function checkClaims(claims: Claims, expected: ExpectedClaims, wireNow: Date): void {
  for (const [name, { values, required }] of Object.entries(expected)) {
    const value = claims[name];
    if (value === undefined && !required) continue;
    if (typeof value !== 'string' || !values.includes(value)) throw new OAuthRefused('off_standard', name);
  }
  const { iat } = claims;
  if (typeof iat === 'number' && iat < wireNow.getTime() / 1000 - OLDEST_S)
    throw new OAuthRefused('off_standard', 'iat');
}

/** The server's metadata with nothing but the algorithms of FAPI in it: whatever else it would sign with is refused. */
export function strict(metadata: ServerMetadata): ServerMetadata {
  const only = (offered: string[] | undefined) => {
    const both = ALGORITHMS.filter((name) => !offered || offered.includes(name));
    return both.length > 0 ? both : [...ALGORITHMS];
  };
  return {
    ...metadata,
    id_token_signing_alg_values_supported: only(metadata.id_token_signing_alg_values_supported),
    authorization_signing_alg_values_supported: only(metadata.authorization_signing_alg_values_supported),
  };
}
