import assert from 'node:assert/strict';
import { createPrivateKey, randomUUID, webcrypto, X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import * as client from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import type { Applicant, Enrolment, Sandbox } from '../src/sandbox/index.ts';
import { publicJwkOf, signJwt } from '../src/sandbox/open-banking-uk/server/jwt.ts';

/** What a bank answered. */
export type UkAnswer = {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers wherever they please
  body: any;
  text: string;
};

/** How a client and a bank agree to talk. */
export type UkWay = {
  response: 'hybrid' | 'jarm';
  auth: 'private_key_jwt' | 'tls_client_auth';
  algorithm: 'PS256' | 'ES256';
  /** People are asked in the bank's app (CIBA) as well. */
  decoupled?: true;
};

/** Someone with papers of the directory: registers, authorises by openid-client, and reads. */
export type UkClient = {
  papers: Enrolment;
  clientId: string;
  config: client.Configuration;
  /** At the bank's address, with the client certificate. */
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string>; type?: string },
  ): Promise<UkAnswer>;
  /** The client's own token. */
  ownToken(): Promise<string>;
  /** A new consent's id. */
  consent(permissions: readonly string[], more?: object): Promise<string>;
  /** The address to send a person to, and what has to be known when they come back. */
  begin(
    consentId: string,
    more?: Record<string, string>,
  ): Promise<{ url: string; checks: client.AuthorizationCodeGrantChecks }>;
  /** Asks a person in their app (CIBA), in a signed request. */
  asks(consentId: string, more: object): Promise<client.BackchannelAuthenticationResponse>;
  /** Tokens for the address that the browser was sent back to. */
  finish(
    address: string,
    checks: client.AuthorizationCodeGrantChecks,
  ): ReturnType<typeof client.authorizationCodeGrant>;
  /** A whole flow in which the person approves: tokens and the consent's id. */
  approved(
    login: string,
    permissions?: readonly string[],
    more?: object,
  ): Promise<{ consentId: string; accessToken: string; refreshToken: string }>;
  close(): Promise<void>;
};

/** Everything that both pretend banks support. */
export const USUAL_PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
  'ReadParty',
  'ReadPartyPSU',
];

/** Where the browser is sent back to. */
export const UK_RETURN = 'http://127.0.0.1:8400/back/bank';

/** Papers of the directory as they should be, unless said otherwise. */
export function enrol(sandbox: Sandbox, more: Partial<Applicant> = {}): Promise<Enrolment> {
  return sandbox.enrol({
    organization: 'Trial Ltd',
    organizationId: 'PSDGB-FCA-123456',
    redirectUris: [UK_RETURN],
    ...more,
  });
}

/** The claims of a registration as the standard wants them. */
export function registrationClaims(
  sandbox: Sandbox,
  bank: string,
  papers: Enrolment,
  way: UkWay,
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const { organisationId } = sandbox.banks.find(({ slug }) => slug === bank)!.openBanking!;
  return {
    iss: papers.softwareId,
    iat: now,
    exp: now + 300,
    aud: organisationId,
    jti: randomUUID(),
    redirect_uris: [UK_RETURN],
    token_endpoint_auth_method: way.auth,
    ...(way.auth === 'private_key_jwt'
      ? { token_endpoint_auth_signing_alg: way.algorithm }
      : { tls_client_auth_subject_dn: subjectOf(papers.transport.certificate) }),
    grant_types: [
      'client_credentials',
      'authorization_code',
      'refresh_token',
      ...(way.decoupled ? ['urn:openid:params:grant-type:ciba'] : []),
    ],
    ...(way.decoupled && {
      backchannel_token_delivery_mode: 'poll',
      backchannel_authentication_request_signing_alg: way.algorithm,
      backchannel_user_code_parameter_supported: false,
    }),
    response_types: [way.response === 'hybrid' ? 'code id_token' : 'code'],
    software_id: papers.softwareId,
    scope: 'openid accounts',
    software_statement: papers.softwareStatement,
    application_type: 'web',
    id_token_signed_response_alg: way.algorithm,
    request_object_signing_alg: way.algorithm,
  };
}

/** Signs a registration with the software's key. */
export function signRegistration(papers: Enrolment, claims: object): string {
  return signJwt(claims, keyOf(papers));
}

/** Sends something to a bank over TLS with those papers' certificate, or without one (`null`). */
export function caller(sandbox: Sandbox, bank: string, papers: Enrolment | null): UkClient['call'] {
  const pem = papers ? { cert: papers.transport.certificate, key: papers.transport.privateKey } : {};
  const agent = new HttpsAgent({ ca: sandbox.ca, ...pem });
  return (method, path, { token, body, headers = {}, type = 'application/json' } = {}) =>
    new Promise((resolve, reject) => {
      const url = path.startsWith('https:') ? path : sandbox.machineUrl(bank) + path;
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const sent = httpsRequest(url, {
        method,
        agent,
        headers: {
          accept: 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      });
      sent.once('error', reject);
      sent.once('response', (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('end', () => {
          const said = Buffer.concat(chunks).toString();
          const json = reply.headers['content-type']?.includes('json') ? JSON.parse(said) : undefined;
          resolve({
            status: reply.statusCode!,
            headers: reply.headers as Record<string, string>,
            body: json,
            text: said,
          });
        });
      });
      sent.end(text);
    });
}

/** Registers at the bank and gives the client that talks to it. */
export async function ukClient(
  sandbox: Sandbox,
  bank: string,
  way: UkWay,
  more: Partial<Applicant> = {},
): Promise<UkClient> {
  const papers = await enrol(sandbox, { algorithm: way.algorithm, ...more });
  const call = caller(sandbox, bank, papers);
  const jwt = signRegistration(papers, registrationClaims(sandbox, bank, papers, way));
  const registered = await call('POST', '/register', { body: jwt, type: 'application/jwt' });
  assert.equal(registered.status, 201, registered.text);
  const clientId = String(registered.body.client_id);
  const agent = new Agent({
    connect: { ca: sandbox.ca, cert: papers.transport.certificate, key: papers.transport.privateKey },
  });
  const key = { key: await cryptoKey(papers), kid: papers.signing.keyId };
  const config = await client.discovery(
    new URL(sandbox.machineUrl(bank)),
    clientId,
    { id_token_signed_response_alg: way.algorithm, authorization_signed_response_alg: way.algorithm },
    way.auth === 'private_key_jwt' ? client.PrivateKeyJwt(key) : client.TlsClientAuth(),
    {
      [client.customFetch]: (url, options) =>
        undiciFetch(url, { ...(options as object), dispatcher: agent }) as unknown as Promise<Response>,
      execute: [
        // The bank's pages for people are plain HTTP on this machine; everything else is TLS.
        client.allowInsecureRequests,
        ...(way.response === 'hybrid'
          ? [client.useCodeIdTokenResponseType, client.enableDetachedSignatureResponseChecks]
          : [client.useJwtResponseMode]),
        client.enableNonRepudiationChecks,
      ],
    },
  );
  const base = sandbox.banks.find(({ slug }) => slug === bank)!.openBanking!.url;

  const here: UkClient = {
    papers,
    clientId,
    config,
    call,
    async ownToken() {
      return (await client.clientCredentialsGrant(config, { scope: 'accounts' })).access_token;
    },
    async consent(permissions, data = {}) {
      const made = await call('POST', `${base}/account-access-consents`, {
        token: await here.ownToken(),
        body: { Data: { Permissions: permissions, ...data }, Risk: {} },
      });
      assert.equal(made.status, 201, made.text);
      return made.body.Data.ConsentId;
    },
    async begin(consentId, parameters = {}) {
      const state = client.randomState();
      const nonce = client.randomNonce();
      const verifier = client.randomPKCECodeVerifier();
      const intent = { value: consentId, essential: true };
      const acr = { essential: true, values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'] };
      const asked = {
        redirect_uri: UK_RETURN,
        scope: 'openid accounts',
        state,
        nonce,
        max_age: '3600',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        claims: JSON.stringify({
          userinfo: { openbanking_intent_id: intent },
          id_token: { openbanking_intent_id: intent, acr },
        }),
        ...parameters,
      };
      const byValue = await client.buildAuthorizationUrlWithJAR(config, asked, key);
      const url =
        way.response === 'hybrid' ? byValue : await client.buildAuthorizationUrlWithPAR(config, byValue.searchParams);
      return {
        url: url.href,
        checks: {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          maxAge: 3600,
          idTokenExpected: true,
        },
      };
    },
    asks(consentId, parameters) {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: clientId,
        aud: sandbox.machineUrl(bank),
        iat: now,
        nbf: now,
        exp: now + 300,
        jti: randomUUID(),
        scope: 'openid accounts',
        'openbanking-intent-id': consentId,
        ...parameters,
      };
      return client.initiateBackchannelAuthentication(config, { request: signRegistration(papers, claims) });
    },
    finish: (address, checks) => client.authorizationCodeGrant(config, new URL(address), checks),
    async approved(login, permissions = USUAL_PERMISSIONS, data = {}) {
      const consentId = await here.consent(permissions, data);
      const { url, checks } = await here.begin(consentId);
      const person = sandbox.banks.find(({ slug }) => slug === bank)!.logins.find((one) => one.login === login)!;
      const page = await ukPerson(url);
      await page.press('log-in', { username: login, password: person.password });
      const back = await page.press('approve', { account: person.accounts.map(({ number }) => number) });
      const tokens = await here.finish(back!, checks);
      assert.equal(tokens.claims()!.openbanking_intent_id, consentId);
      return { consentId, accessToken: tokens.access_token, refreshToken: tokens.refresh_token! };
    },
    close: () => agent.close(),
  };
  return here;
}

/** A person in a browser without scripts at one of the banks. */
export type UkPerson = {
  readonly text: string;
  readonly status: number;
  /** Presses the button of that id, with its form filled in; the address elsewhere, if that is where it ends. */
  press(id: string, fields?: Record<string, string | string[]>): Promise<string | undefined>;
  /** Sends an empty form to an address of the bank. */
  send(action: string): Promise<string | undefined>;
};

/** Opens an address of a bank. */
export async function ukPerson(url: string): Promise<UkPerson> {
  const origin = new URL(url).origin;
  const jar = new Map<string, string>();
  const shown = { text: '', status: 0 };

  async function go(address: string, form?: URLSearchParams): Promise<string | undefined> {
    const next = new URL(address, origin);
    if (next.origin !== origin) return next.href;
    const reply = await ask(next, [...jar].map(([name, value]) => `${name}=${value}`).join('; '), form);
    for (const set of reply.cookies) {
      const [name, value] = set.split(';')[0]!.split('=') as [string, string];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    if (reply.location) return go(reply.location);
    Object.assign(shown, { text: reply.text, status: reply.status });
    return undefined;
  }

  assert.equal(await go(url), undefined, 'the bank shows a page');
  return {
    get text() {
      return shown.text;
    },
    get status() {
      return shown.status;
    },
    send: (action) => go(action, new URLSearchParams()),
    press(id, fields = {}) {
      const button = new RegExp(`<button[^>]*id="${id}"[^>]*>`).exec(shown.text);
      assert.ok(button, `there is no button "${id}" on the page:\n${shown.text}`);
      const before = shown.text.slice(0, button.index);
      const action = /.*<form method="post" action="([^"]+)"/s.exec(before)?.[1];
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
      const [, name] = /name="([^"]+)"/.exec(button[0]) ?? [];
      const [, value] = /value="([^"]+)"/.exec(button[0]) ?? [];
      if (name && value) form.append(name, value);
      return go(action!, form);
    },
  };
}

function ask(url: URL, cookie: string, form?: URLSearchParams) {
  return new Promise<{ text: string; status: number; location: string | undefined; cookies: string[] }>(
    (resolve, reject) => {
      const headers = {
        host: url.host,
        ...(cookie ? { cookie } : {}),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded', origin: url.origin } : {}),
      };
      const path = url.pathname + url.search;
      const sent = httpRequest(
        { host: '127.0.0.1', port: url.port, path, headers, method: form ? 'POST' : 'GET' },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.once('end', () =>
            resolve({
              text: Buffer.concat(chunks).toString(),
              status: reply.statusCode!,
              location: reply.headers.location,
              cookies: reply.headers['set-cookie'] ?? [],
            }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(form?.toString());
    },
  );
}

function keyOf({ signing }: Enrolment) {
  const jwk = publicJwkOf(signing.privateKey);
  return { ...jwk, ...privateJwk(signing.privateKey) };
}

function privateJwk(pem: string) {
  return createPrivateKey(pem).export({ format: 'jwk' });
}

function cryptoKey({ signing }: Enrolment): Promise<client.CryptoKey> {
  const der = createPrivateKey(signing.privateKey).export({ type: 'pkcs8', format: 'der' });
  const algorithm =
    signing.algorithm === 'PS256' ? { name: 'RSA-PSS', hash: 'SHA-256' } : { name: 'ECDSA', namedCurve: 'P-256' };
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, [
    'sign',
  ]) as Promise<client.CryptoKey>;
}

/** RFC 4514: the last part of the subject first. */
function subjectOf(certificate: string): string {
  return new X509Certificate(certificate).subject.split('\n').reverse().join(',');
}
