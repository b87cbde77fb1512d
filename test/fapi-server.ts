import assert from 'node:assert/strict';
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  verify,
} from 'node:crypto';
import { createOAuthCache } from '../src/base/oauth/cache.ts';
import type { OAuthTransport } from '../src/base/oauth/index.ts';
import { algorithmOf, signJwt } from '../src/base/oauth/keys.ts';
import { createRegisteredOAuth, type RegisteredOAuth, type ServerWay } from '../src/base/oauth/registered.ts';

/** What goes wrong in one answer: changes to a token's claims and header, to what is returned, or to the token answer. */
export type Tampering = {
  claims?: (claims: Record<string, unknown>) => void;
  header?: object;
  /** Signs with a key the server never published. */
  foreignKey?: true;
  /** Leaves the signature out (`alg: none`), or spoils it. */
  signature?: 'none' | 'spoiled';
  params?: (params: URLSearchParams) => void;
  token?: (answer: Record<string, unknown>) => void;
};

/** An authorization server at the edge of the process, with a client that talks to it. */
export type FapiServer = {
  client: RegisteredOAuth;
  /** What the server answers, without a client. */
  handle: OAuthTransport;
  server: ServerWay;
  /** Requests to the token endpoint, checked for a proof of the client. */
  forms: URLSearchParams[];
  /** Claims of the last request object, its signature checked. */
  asked: () => Record<string, unknown>;
  reads: { metadata: number; keys: number };
  metadata: Record<string, unknown>;
  /** Goes to the address as a person who approves; returns what the browser brings back, without the state. */
  approve(url: string, front?: Tampering): [string, string][];
  /** What the next token answer does wrong. */
  next: { back?: Tampering; error?: { status: number; error: string } };
  /** The server signs with another key from now on, under another id. */
  rotateKeys(): void;
};

/** The server's issuer. */
export const ISSUER = 'https://as.bank.example';
const CLIENT = 'client-1';
const RETURN = 'https://tpp.example/back/bank';
/** The state our pretended visit was given. */
export const STATE = 'st4te-of-the-visit';

/** Keys are slow to make: one of each for all servers of a test file. */
const keys = { PS256: newKey('PS256'), ES256: newKey('ES256'), foreign: newKey('PS256'), next: newKey('PS256') };

/** A server that answers as told. `clientKey` is what our client signs with. */
export function fapiServer(
  options: {
    response?: ServerWay['response'];
    pushed?: boolean;
    authMethod?: 'private_key_jwt' | 'tls_client_auth';
    clientKey?: 'PS256' | 'ES256';
    /** The client's key in PEM, where another process holds the client. */
    clientPem?: string;
    expect?: string;
    audience?: string;
    metadata?: Record<string, unknown>;
  } = {},
): FapiServer {
  const { response = 'hybrid', pushed = false, authMethod = 'private_key_jwt', clientKey = 'PS256' } = options;
  const forms: URLSearchParams[] = [];
  const reads = { metadata: 0, keys: 0 };
  const next: FapiServer['next'] = {};
  const clientPem = options.clientPem ?? keys[clientKey].pem;
  let signer = { pem: keys.PS256.pem, kid: 'k1' };
  let asked: Record<string, unknown> = {};
  const codes = new Map<string, Record<string, unknown>>();
  const metadata: Record<string, unknown> = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
    pushed_authorization_request_endpoint: `${ISSUER}/par`,
    backchannel_authentication_endpoint: `${ISSUER}/backchannel`,
    id_token_signing_alg_values_supported: ['PS256', 'RS256', 'HS256', 'none'],
    authorization_signing_alg_values_supported: ['PS256'],
    ...(response === 'code' && { authorization_response_iss_parameter_supported: true }),
    ...options.metadata,
  };
  const server: ServerWay = {
    metadataUrl: `${ISSUER}/.well-known/openid-configuration`,
    response,
    pushed,
    ...(options.audience && { audience: options.audience }),
  };

  const sign = (claims: Record<string, unknown>, tampering: Tampering = {}) => {
    tampering.claims?.(claims);
    const pem = tampering.foreignKey ? keys.foreign.pem : signer.pem;
    const signed = signJwt({ privateKey: pem, keyId: signer.kid }, claims, tampering.header);
    const [head, body, signature = ''] = signed.split('.');
    if (tampering.signature === 'none') return `${head}.${body}.`;
    // Somewhere in the middle: the last character may hold unused bits.
    if (tampering.signature === 'spoiled')
      return `${head}.${body}.${signature.slice(0, 20)}${signature[20] === 'A' ? 'B' : 'A'}${signature.slice(21)}`;
    return signed;
  };
  const idToken = (more: Record<string, unknown>, tampering?: Tampering) => {
    const now = seconds();
    const { nonce, claims } = asked as { nonce: string; claims?: { id_token?: Record<string, { value?: string }> } };
    const intent = claims?.id_token?.openbanking_intent_id?.value;
    const base = { iss: ISSUER, aud: CLIENT, sub: 'person-1', iat: now, exp: now + 300, nonce };
    return sign({ ...base, ...(intent && { openbanking_intent_id: intent }), ...more }, tampering);
  };
  const proven = (form: URLSearchParams) => {
    assert.equal(form.get('client_secret'), null);
    if (authMethod === 'tls_client_auth') return assert.equal(form.get('client_id'), CLIENT);
    const claims = opened(form.get('client_assertion') ?? '', clientPem);
    assert.deepEqual([claims.iss, claims.sub, claims.aud], [CLIENT, CLIENT, options.audience ?? ISSUER]);
    assert.ok(Number(claims.exp) - Number(claims.iat) <= 300 && typeof claims.jti === 'string');
  };

  const request: OAuthTransport = async ({ method, url, body }) => {
    const path = url.slice(ISSUER.length);
    assert.ok(url.startsWith(`${ISSUER}/`), url);
    if (method === 'GET' && path === '/.well-known/openid-configuration') {
      reads.metadata++;
      return json(200, metadata);
    }
    if (method === 'GET' && path === '/jwks') {
      reads.keys++;
      return json(200, { keys: [{ ...jwk(signer.pem), kid: signer.kid, use: 'sig' }] });
    }
    const form = new URLSearchParams(body);
    proven(form);
    if (path === '/par') {
      asked = opened(form.get('request') ?? '', clientPem);
      assert.deepEqual([...form.keys()].sort(), expectedParKeys(authMethod));
      return json(201, { request_uri: 'urn:ietf:params:oauth:request_uri:1', expires_in: 60 });
    }
    if (path === '/backchannel') {
      asked = opened(form.get('request') ?? '', clientPem);
      const { error } = next;
      delete next.error;
      if (error) return json(error.status, { error: error.error });
      return json(200, { auth_req_id: 'req-1', expires_in: 120, interval: 2 });
    }
    assert.equal(path, '/token');
    forms.push(form);
    const { back, error } = next;
    delete next.back;
    delete next.error;
    if (error) return json(error.status, { error: error.error });
    const grant = form.get('grant_type');
    const answer: Record<string, unknown> = { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300 };
    if (grant === 'authorization_code') {
      const issued = codes.get(form.get('code') ?? '');
      if (!issued) return json(400, { error: 'invalid_grant' });
      codes.delete(form.get('code') ?? '');
      asked = issued;
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (issued.code_challenge !== undefined) assert.equal(challenge, issued.code_challenge);
      assert.equal(form.get('redirect_uri'), RETURN);
      Object.assign(answer, { refresh_token: 'r1', id_token: idToken({}, back), scope: 'openid accounts' });
    } else if (grant === 'urn:openid:params:grant-type:ciba') {
      assert.equal(form.get('auth_req_id'), 'req-1');
      const intent = asked['openbanking-intent-id'] as string;
      const claims = { nonce: undefined, openbanking_intent_id: intent };
      Object.assign(answer, { refresh_token: 'r1', id_token: idToken(claims, back) });
    } else if (grant === 'refresh_token') Object.assign(answer, { refresh_token: `${form.get('refresh_token')}+` });
    else assert.equal(grant, 'client_credentials');
    back?.token?.(answer);
    return json(200, answer);
  };

  return {
    handle: request,
    client: createRegisteredOAuth({
      request,
      client: async () => ({ clientId: CLIENT, authMethod, signing: { privateKey: clientPem, keyId: 'c1' } }),
      returnUrl: `${RETURN}?state=${STATE}`,
      cache: createOAuthCache(),
      now: () => new Date('2026-11-20T10:00:00Z'),
      wireNow: () => new Date(),
    }),
    server,
    forms,
    asked: () => asked,
    reads,
    metadata,
    next,
    approve(address, front) {
      const query = new URL(address).searchParams;
      assert.equal(query.get('client_id'), CLIENT);
      const byValue = query.get('request');
      assert.equal(byValue === null, pushed);
      if (byValue !== null) asked = opened(byValue, clientPem);
      const code = randomUUID();
      codes.set(code, asked);
      const params = new URLSearchParams();
      const now = seconds();
      if (response === 'jarm') {
        const claims = { iss: ISSUER, aud: CLIENT, exp: now + 300, iat: now, code, state: STATE };
        params.set('response', sign(claims, front));
      } else if (response === 'hybrid') {
        const hashes = { c_hash: half(code), s_hash: half(STATE) };
        params.set('id_token', idToken(hashes, front));
        params.set('code', code);
      } else {
        params.set('code', code);
        params.set('iss', ISSUER);
      }
      front?.params?.(params);
      return [...params];
    },
    rotateKeys() {
      signer = { pem: keys.next.pem, kid: 'k2' };
    },
  };
}

/** Claims of a JWT that our client signed: algorithm, key and signature are right, or the test fails. */
function opened(jwt: string, pem: string): Record<string, unknown> {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const algorithm = algorithmOf(pem);
  assert.deepEqual([header.alg, header.kid], [algorithm, 'c1']);
  const key = createPublicKey(pem);
  const how =
    algorithm === 'PS256'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { key, dsaEncoding: 'ieee-p1363' as const };
  assert.ok(verify('sha256', Buffer.from(`${head}.${body}`), how, Buffer.from(signature, 'base64url')));
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

function expectedParKeys(authMethod: string): string[] {
  return authMethod === 'tls_client_auth'
    ? ['client_id', 'request']
    : ['client_assertion', 'client_assertion_type', 'client_id', 'request'];
}

/** Left half of a SHA-256, as `c_hash` and `s_hash` are made. */
export function half(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

function json(status: number, value: unknown) {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function newKey(kind: 'PS256' | 'ES256'): { pem: string } {
  const pair: { privateKey: KeyObject } =
    kind === 'PS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { pem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function jwk(pem: string): object {
  return createPublicKey(pem).export({ format: 'jwk' });
}
