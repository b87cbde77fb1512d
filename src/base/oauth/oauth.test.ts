import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { createOAuthClient, type OAuthTransport } from './index.ts';

const ISSUER = 'https://bank.example';
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: 'http://bank.localhost:8401/authorize',
  token_endpoint: `${ISSUER}/token`,
  authorization_response_iss_parameter_supported: true,
  code_challenge_methods_supported: ['S256'],
};
const AT = `${ISSUER}/.well-known/oauth-authorization-server/c1`;
const NOW = new Date('2026-11-20T10:00:00Z');

/** An authorization server at the edge: answers metadata, and tokens when code and verifier belong together. */
function server(answers: { metadata?: unknown; token?: { status: number; json: unknown } } = {}) {
  const forms: URLSearchParams[] = [];
  const transport: OAuthTransport = async ({ method, url, body }) => {
    const json = (status: number, value: unknown) => ({
      status,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(value)),
    });
    if (method === 'GET' && url === AT) return json(200, answers.metadata ?? METADATA);
    assert.equal(url, METADATA.token_endpoint);
    forms.push(new URLSearchParams(body));
    const { status, json: value } = answers.token ?? {
      status: 200,
      json: { access_token: 'a1', token_type: 'Bearer', expires_in: 900, refresh_token: 'r1' },
    };
    return json(status, value);
  };
  const client = createOAuthClient({
    request: transport,
    returnUrl: 'https://tpp.example/back/bank?state=s-1',
    now: () => NOW,
  });
  return { client, forms };
}
const begin = { metadataUrl: AT, clientId: 'PSDDE-BAFIN-123456', scope: 'AIS:c1' };

describe('OAuth with a bank', () => {
  test('the person is sent with PKCE, state and a return address without query', async () => {
    const { url } = await server().client.begin(begin);
    const query = Object.fromEntries(new URL(url).searchParams);
    assert.match(query.code_challenge ?? '', /^[\w-]{43}$/);
    assert.deepEqual(
      { ...query, code_challenge: '' },
      {
        client_id: 'PSDDE-BAFIN-123456',
        code_challenge: '',
        code_challenge_method: 'S256',
        redirect_uri: 'https://tpp.example/back/bank',
        response_type: 'code',
        scope: 'AIS:c1',
        state: 's-1',
      },
    );
  });

  test('the code is redeemed with the verifier that belongs to the challenge, and no secret', async () => {
    const { client, forms } = server();
    const { url, memory } = await client.begin(begin);
    const params: [string, string][] = [
      ['code', 'c-1'],
      ['iss', ISSUER],
    ];
    const tokens = await client.finish(JSON.parse(JSON.stringify(memory)), params);
    assert.deepEqual(tokens, { accessToken: 'a1', refreshToken: 'r1', expiresAt: NOW.getTime() + 900_000 });
    const form = Object.fromEntries(forms[0] ?? []);
    assert.equal(form.redirect_uri, 'https://tpp.example/back/bank');
    assert.equal(form.client_id, 'PSDDE-BAFIN-123456');
    assert.equal(form.client_secret, undefined);
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    assert.equal(new URL(url).searchParams.get('code_challenge'), challenge);
  });

  for (const [what, params, reason] of [
    [
      'another issuer',
      [
        ['code', 'c'],
        ['iss', 'https://evil.example'],
      ],
      'off_standard',
    ],
    ['no issuer where the server promises one', [['code', 'c']], 'off_standard'],
    ['no code', [['iss', ISSUER]], 'off_standard'],
    [
      'two codes',
      [
        ['code', 'a'],
        ['code', 'b'],
        ['iss', ISSUER],
      ],
      'off_standard',
    ],
    [
      'access_denied',
      [
        ['error', 'access_denied'],
        ['iss', ISSUER],
      ],
      'denied',
    ],
    [
      'server_error',
      [
        ['error', 'server_error'],
        ['iss', ISSUER],
      ],
      'server_away',
    ],
    [
      'unauthorized_client',
      [
        ['error', 'unauthorized_client'],
        ['iss', ISSUER],
      ],
      'client_refused',
    ],
  ] as [string, [string, string][], string][]) {
    test(`a return with ${what} is ${reason}, and no token is asked for`, async () => {
      const { client, forms } = server();
      const { memory } = await client.begin(begin);
      await assert.rejects(client.finish(memory, params), { reason });
      assert.equal(forms.length, 0);
    });
  }

  for (const [status, error, reason] of [
    [400, 'invalid_grant', 'grant_gone'],
    [401, 'invalid_client', 'client_refused'],
    [503, 'temporarily_unavailable', 'server_away'],
    [400, 'invalid_request', 'off_standard'],
  ] as const) {
    test(`a token endpoint that answers ${status} ${error} is ${reason}`, async () => {
      const { client } = server({ token: { status, json: { error } } });
      const refreshing = client.refresh({ metadataUrl: AT, clientId: 'x', refreshToken: 'r0' });
      await assert.rejects(refreshing, { reason });
    });
  }

  test('a refresh that does not rotate brings no new refresh token', async () => {
    const json = { access_token: 'a2', token_type: 'bearer' };
    const { client, forms } = server({ token: { status: 200, json } });
    assert.deepEqual(await client.refresh({ metadataUrl: AT, clientId: 'x', refreshToken: 'r0' }), {
      accessToken: 'a2',
    });
    assert.equal(forms[0]?.get('refresh_token'), 'r0');
  });

  test('metadata without endpoints is refused', async () => {
    const { client } = server({ metadata: { issuer: ISSUER, token_endpoint: 'javascript:alert(1)' } });
    await assert.rejects(client.begin(begin), { reason: 'off_standard' });
  });

  test('an error of the way there arrives as it is', async () => {
    const away = new Error('no connection');
    const client = createOAuthClient({
      request: async ({ method }) => {
        if (method === 'POST') throw away;
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(METADATA)) };
      },
      returnUrl: 'https://tpp.example/back/bank?state=s',
      now: () => NOW,
    });
    await assert.rejects(
      client.refresh({ metadataUrl: AT, clientId: 'x', refreshToken: 'r' }),
      (error) => error === away,
    );
  });
});
