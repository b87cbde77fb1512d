import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createClock } from '../src/base/clock.ts';
import { createEgress, type Egress } from '../src/base/egress.ts';
import { createOAuthCache } from '../src/base/oauth/cache.ts';
import { createRegisteredOAuth, type ServerWay } from '../src/base/oauth/registered.ts';
import { openAuthority } from '../src/sandbox/authority.ts';

// oidc-provider is certified for FAPI 1.0 Advanced; nobody here wrote it. It judges what our client sends.

/** The package has no types of its own; this is what is used of it. */
type Provider = {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ prompt: { name: string }; params: Record<string, unknown> }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  Grant: new (about: {
    accountId: string;
    clientId: string;
  }) => { addOIDCScope(scope: string): void; addOIDCClaims(claims: string[]): void; save(): Promise<string> };
};
const NAME: string = 'oidc-provider';
const Provider = (await import(NAME)).default as new (issuer: string, configuration: object) => Provider;

const RETURN = 'https://tpp.example/back/bank';
const SUBJECT = { organization: 'Example Ltd', organizationId: 'PSDGB-FCA-123456', commonName: 'localhost' };
const KEYS = {
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};
const PEM = { type: 'pkcs8', format: 'pem' } as const;

describe('our client at an authorization server that nobody here wrote', () => {
  let folder: string;
  let server: Server;
  let egress: Egress;
  let issuer: string;
  let tls: { ca: string; cert: string; key: string };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fapi-'));
    const authority = await openAuthority(folder, createClock().now());
    const own = await authority.issue(SUBJECT, ['PSP_AI']);
    const host = authority.server;
    tls = { ca: authority.ca, cert: own.certificate, key: own.privateKey };
    let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
    server = createServer(
      { cert: host.certificate, key: host.privateKey, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      (request, response) => answer(request, response),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
    answer = startProvider(issuer);
    egress = createEgress({ allowPrivate: () => true });
  });
  after(async () => {
    await egress.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  for (const { id, way, key } of [
    { id: 'hybrid-PS256', key: 'PS256', way: { response: 'hybrid', pushed: false } },
    { id: 'hybrid-ES256', key: 'ES256', way: { response: 'hybrid', pushed: false } },
    { id: 'mtls-PS256', key: 'PS256', way: { response: 'hybrid', pushed: false } },
    { id: 'jarm-PS256', key: 'PS256', way: { response: 'jarm', pushed: true } },
    { id: 'jarm-ES256', key: 'ES256', way: { response: 'jarm', pushed: true } },
  ] as const) {
    test(`${id}: own token, authorisation, tokens bound to the certificate, refresh`, async () => {
      const clock = createClock();
      const host = new URL(issuer).host;
      const state = `state-${id}`;
      const client = createRegisteredOAuth({
        request: (request) => egress.request({ ...request, hosts: [host], tls }),
        client: async () => ({
          clientId: id,
          authMethod: id.startsWith('mtls') ? 'tls_client_auth' : 'private_key_jwt',
          signing: { privateKey: KEYS[key].export(PEM).toString(), keyId: key },
        }),
        returnUrl: `${RETURN}?state=${state}`,
        cache: createOAuthCache(),
        now: () => clock.now(),
        wireNow: () => clock.now(),
      });
      const at: ServerWay = { metadataUrl: `${issuer}/.well-known/openid-configuration`, ...way };
      assert.ok((await client.ownToken(at, 'accounts')).accessToken);
      const intent = { value: 'consent-1', essential: true };
      const begun = await client.begin({
        server: at,
        scope: 'openid accounts offline_access',
        claims: {
          id_token: { openbanking_intent_id: intent, acr: { essential: true, values: ['urn:openbanking:psd2:sca'] } },
        },
        extra: { prompt: 'consent' },
        expect: {
          openbanking_intent_id: { values: ['consent-1'], required: true },
          acr: { values: ['urn:openbanking:psd2:sca'], required: true },
        },
      });
      const tokens = await client.finish(begun.memory, await person(begun.url));
      assert.ok(tokens.accessToken && tokens.refreshToken);
      const renewed = await client.refresh(at, tokens.refreshToken!);
      assert.notEqual(renewed.accessToken, tokens.accessToken);
    });
  }

  /** A browser that follows every redirect until it is led back to us; returns what it brings. */
  async function person(url: string): Promise<[string, string][]> {
    const cookies = new Map<string, string>();
    let next = url;
    for (let hops = 0; hops < 12; hops += 1) {
      const reply = await egress.request({
        method: 'GET',
        url: next,
        hosts: [new URL(issuer).host],
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        tls: { ca: tls.ca },
      });
      for (const set of (reply.headers['set-cookie'] ?? '').split(/, (?=[\w.-]+=)/)) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (name) cookies.set(name, value ?? '');
      }
      assert.ok(reply.headers.location, `${reply.status} ${Buffer.from(reply.body)}`);
      next = new URL(reply.headers.location, next).href;
      if (!next.startsWith(RETURN)) continue;
      const { search, hash } = new URL(next);
      return [...new URLSearchParams(hash ? hash.slice(1) : search)].filter(([name]) => name !== 'state');
    }
    throw new Error('led in circles');
  }
});

function startProvider(issuer: string): (request: IncomingMessage, response: ServerResponse) => void {
  const algorithms = ['PS256', 'ES256'];
  const client = (id: string, key: 'PS256' | 'ES256', more: object) => ({
    client_id: id,
    redirect_uris: [RETURN],
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: key,
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: key,
    authorization_signed_response_alg: 'PS256',
    tls_client_certificate_bound_access_tokens: true,
    scope: 'openid offline_access accounts',
    jwks: { keys: [{ ...createPublicKey(KEYS[key]).export({ format: 'jwk' }), kid: key, use: 'sig' }] },
    ...more,
  });
  const provider = new Provider(issuer, {
    clients: [
      client('hybrid-PS256', 'PS256', { response_types: ['code id_token'] }),
      client('hybrid-ES256', 'ES256', { response_types: ['code id_token'] }),
      client('mtls-PS256', 'PS256', {
        response_types: ['code id_token'],
        token_endpoint_auth_method: 'tls_client_auth',
        token_endpoint_auth_signing_alg: undefined,
        tls_client_auth_subject_dn: 'CN=localhost',
      }),
      client('jarm-PS256', 'PS256', { response_types: ['code'] }),
      client('jarm-ES256', 'ES256', { response_types: ['code'] }),
    ],
    jwks: { keys: [{ ...KEYS.PS256.export({ format: 'jwk' }), kid: 'bank', alg: 'PS256', use: 'sig' }] },
    cookies: { keys: ['for this test only'] },
    scopes: ['openid', 'offline_access', 'accounts'],
    claims: { openid: ['sub', 'openbanking_intent_id'], acr: null },
    acrValues: ['urn:openbanking:psd2:sca'],
    responseTypes: ['code', 'code id_token'],
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth'],
    enabledJWA: {
      clientAuthSigningAlgValues: algorithms,
      idTokenSigningAlgValues: algorithms,
      requestObjectSigningAlgValues: algorithms,
      authorizationSigningAlgValues: algorithms,
    },
    features: {
      devInteractions: { enabled: false },
      fapi: { enabled: true, profile: '1.0 Final' },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      jwtResponseModes: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: (context: { req: { socket: TLSSocket } }) =>
          context.req.socket.getPeerX509Certificate?.()?.toString(),
        certificateAuthorized: (context: { req: { socket: TLSSocket } }) => context.req.socket.authorized,
        certificateSubjectMatches: () => true,
      },
    },
    pkce: { required: () => false },
    async findAccount(_context: unknown, sub: string) {
      return {
        accountId: sub,
        claims: async () => ({ sub, openbanking_intent_id: 'consent-1', acr: 'urn:openbanking:psd2:sca' }),
      };
    },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  });
  const callback = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    approve(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
  };
}

/** The person at this bank says yes to everything. */
async function approve(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === 'login') {
    const login = { accountId: 'person-1', acr: 'urn:openbanking:psd2:sca' };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: 'person-1', clientId: String(details.params.client_id) });
  grant.addOIDCScope('openid accounts offline_access');
  grant.addOIDCClaims(['openbanking_intent_id', 'acr']);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}
