import {
  buildAuthorizationUrl,
  buildAuthorizationUrlWithJAR,
  buildAuthorizationUrlWithPAR,
  type Configuration,
  modifyAssertion,
  type PrivateKey,
} from 'openid-client';

/** What the person is asked to allow. `claims` is the OpenID request parameter of that name. */
export type AskRequest = { scope: string; claims?: object; extra?: { [name: string]: string } };

/** Lifetime of a request object in seconds; FAPI allows an hour. The person may read our page before going on. */
const LIFE_S = 45 * 60;

/**
 * The address with a signed request object (RFC 9101), or with the name of one that was pushed (RFC 9126). By value the
 * client, response type and scope are said twice, as OpenID Connect §6.1 wants it.
 */
export async function authorizationUrl(
  configuration: Configuration,
  key: PrivateKey,
  way: { pushed: boolean; response: 'hybrid' | 'jarm' | 'code' },
  ask: AskRequest & { redirectUri: string; state: string; nonce: string; challenge: string | undefined },
): Promise<string> {
  const responseType = way.response === 'hybrid' ? 'code id_token' : 'code';
  const parameters = {
    response_type: responseType,
    redirect_uri: ask.redirectUri,
    scope: ask.scope,
    state: ask.state,
    nonce: ask.nonce,
    ...(ask.claims && { claims: JSON.stringify(ask.claims) }),
    ...(ask.challenge && { code_challenge: ask.challenge, code_challenge_method: 'S256' }),
    ...ask.extra,
  };
  const signed = await buildAuthorizationUrlWithJAR(configuration, parameters, key, {
    [modifyAssertion]: (_header, payload) => {
      payload.exp = Number(payload.nbf) + LIFE_S;
    },
  });
  const request = signed.searchParams.get('request') ?? '';
  const url = way.pushed
    ? await buildAuthorizationUrlWithPAR(configuration, { request })
    : buildAuthorizationUrl(configuration, { request });
  if (!way.pushed) {
    url.searchParams.set('response_type', responseType);
    url.searchParams.set('scope', ask.scope);
  }
  return url.href;
}
