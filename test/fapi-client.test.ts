import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OAuthRefused } from '../src/base/oauth/index.ts';
import { type FapiServer, fapiServer, half, ISSUER, STATE, type Tampering } from './fapi-server.ts';

// One local test for each applicable module of the OpenID Foundation's conformance suite for clients, under its name.

const INTENT = 'consent-1';
const WEEK_S = 7 * 24 * 3600;
const seconds = () => Math.floor(Date.now() / 1000);
const ask = {
  scope: 'openid accounts',
  claims: { id_token: { openbanking_intent_id: { value: INTENT, essential: true } } },
  expect: { openbanking_intent_id: { values: [INTENT], required: true } },
};

type Options = Parameters<typeof fapiServer>[0];

/** One whole flow; `front` spoils what the browser brings back, `back` the token answer. */
async function flow(bank: FapiServer, { front, back }: { front?: Tampering; back?: Tampering } = {}) {
  const begun = await bank.client.begin({ server: bank.server, ...ask });
  const params = bank.approve(begun.url, front);
  if (back) bank.next.back = back;
  return bank.client.finish(JSON.parse(JSON.stringify(begun.memory)), params);
}

/** The module passes when the flow is refused before anything is asked of the token endpoint (or, `late`, with its answer). */
function refuses(module: string, wrong: Tampering, options: Options & { late?: boolean } = {}) {
  const { late = false, ...how } = options;
  test(module, async () => {
    const bank = fapiServer(how);
    await assert.rejects(flow(bank, late ? { back: wrong } : { front: wrong }), OAuthRefused);
    assert.equal(bank.forms.length, late ? 1 : 0);
  });
}

const set = (name: string, value: unknown): Tampering => ({ claims: (claims) => put(claims, name, value) });
const answering = (name: string, value: unknown): Tampering => ({ token: (answer) => put(answer, name, value) });
function put(record: Record<string, unknown>, name: string, value: unknown): void {
  record[name] = value;
}
const unset = (name: string): Tampering => ({ claims: (claims) => void delete claims[name] });

/** An id token as RSA1_5 would leave it: five parts, of which nothing can be read without a key. */
const ENCRYPTED = [Buffer.from('{"alg":"RSA1_5","enc":"A256GCM"}'), 'key', 'iv', 'text', 'tag']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** What may be wrong with any id token: module suffix and what spoils it. */
const SPOILED: [string, Tampering][] = [
  ['invalid-nonce', set('nonce', 'another')],
  ['invalid-missing-nonce', unset('nonce')],
  ['invalid-iss', set('iss', 'https://other.example')],
  ['invalid-missing-iss', unset('iss')],
  ['invalid-aud', set('aud', 'client-2')],
  ['invalid-missing-aud', unset('aud')],
  ['invalid-secondary-aud', set('aud', ['client-1', 'client-2'])],
  ['invalid-signature', { signature: 'spoiled' }],
  ['invalid-null-alg', { header: { alg: 'none' }, signature: 'none' }],
  ['invalid-alternate-alg', { header: { alg: 'RS256' } }],
  ['invalid-expired-exp', set('exp', seconds() - 300)],
  ['invalid-missing-exp', unset('exp')],
  ['iat-is-week-in-past', set('iat', seconds() - WEEK_S)],
  ['invalid-openbanking-intent-id', set('openbanking_intent_id', 'consent-2')],
];

describe('fapi1-advanced-final-client-test-plan', () => {
  const name = (suffix: string) => `fapi1-advanced-final-client-test${suffix && `-${suffix}`}`;

  for (const clientKey of ['PS256', 'ES256'] as const)
    for (const authMethod of ['private_key_jwt', 'tls_client_auth'] as const)
      test(`${name('')} (${authMethod}, ${clientKey})`, async () => {
        const bank = fapiServer({ authMethod, clientKey });
        const tokens = await flow(bank);
        assert.equal(tokens.refreshToken, 'r1');
        const asked = bank.asked();
        assert.deepEqual(
          [asked.iss, asked.aud, asked.response_type, asked.redirect_uri, asked.state, asked.client_id],
          ['client-1', ISSUER, 'code id_token', 'https://tpp.example/back/bank', STATE, 'client-1'],
        );
        assert.ok(Number(asked.exp) - Number(asked.nbf) <= 3600 && typeof asked.jti === 'string');
      });

  refuses(name('invalid-shash'), set('s_hash', half('another state')));
  refuses(name('invalid-missing-shash'), unset('s_hash'));
  refuses(name('invalid-chash'), set('c_hash', half('another code')));
  for (const [suffix, wrong] of SPOILED) {
    refuses(name(suffix), wrong);
    refuses(`${name(suffix)}, in the token answer`, wrong, { late: true });
  }
  // We publish no key to encrypt for, so that no id token may be encrypted; the module without its suffix is not applicable.
  refuses(name('encrypted-idtoken-usingrsa15'), { params: (params) => params.set('id_token', ENCRYPTED) });
  refuses(`${name('invalid-signature')} (a foreign key)`, { foreignKey: true });
  refuses(`${name('invalid-openbanking-intent-id')} (missing)`, unset('openbanking_intent_id'));

  test(name('valid-aud-as-array'), async () => {
    await flow(fapiServer(), { front: set('aud', ['client-1']), back: set('aud', ['client-1']) });
  });
  test(name('no-scope-in-token-endpoint-response'), async () => {
    await flow(fapiServer(), { back: { token: (answer) => void delete answer.scope } });
  });
  test(name('no-at-hash'), async () => {
    await flow(fapiServer(), { front: unset('at_hash') });
  });
  test('fapi1-advanced-final-client-refresh-token-test', async () => {
    const bank = fapiServer();
    const tokens = await bank.client.refresh(bank.server, 'r1');
    assert.equal(tokens.refreshToken, 'r1+');
  });
});

for (const [response, title] of [
  ['code', 'plain response'],
  ['jarm', 'JARM'],
] as const) {
  describe(`fapi2-security-profile-final-client-test-plan and fapi2-message-signing, ${title}`, () => {
    const name = (suffix: string) => `fapi2-security-profile-final-client-test-${suffix}`;
    const options = { response, pushed: true } as const;

    test(name('happy-path'), async () => {
      const bank = fapiServer(options);
      const tokens = await flow(bank);
      assert.ok(tokens.accessToken && bank.asked().code_challenge_method === 'S256');
      if (response === 'jarm') assert.equal(bank.asked().response_mode, 'jwt');
    });
    test(name('happy-path-no-mtls-endpoint-aliases'), async () => void (await flow(fapiServer(options))));
    for (const [suffix, wrong] of SPOILED) refuses(name(suffix), wrong, { ...options, late: true });
    test(name('valid-aud-as-array'), async () => {
      await flow(fapiServer(options), { back: set('aud', ['client-1']) });
    });
    test(name('token-type-case-insensitivity'), async () => {
      await flow(fapiServer(options), { back: answering('token_type', 'bEARER') });
    });
    test(name('discovery-issuer-mismatch'), async () => {
      const bank = fapiServer({ ...options, metadata: { issuer: 'https://other.example' } });
      await assert.rejects(flow(bank), OAuthRefused);
    });
    test(name('token-endpoint-response-without-expires_in'), async () => {
      const tokens = await flow(fapiServer(options), { back: { token: (answer) => void delete answer.expires_in } });
      assert.ok(tokens.accessToken && tokens.expiresAt === undefined);
    });
    test('fapi2-security-profile-final-client-refresh-token-test', async () => {
      const bank = fapiServer(options);
      assert.ok((await bank.client.refresh(bank.server, 'r1')).accessToken);
    });
  });
}

describe('fapi2 client tests of the authorization response', () => {
  const name = (suffix: string) => `fapi2-security-profile-final-client-test-${suffix}`;
  const plain = { response: 'code', pushed: true } as const;
  refuses(
    name('invalid-authorization-response-iss'),
    { params: (params) => params.set('iss', 'https://evil.example') },
    plain,
  );
  refuses(name('remove-authorization-response-iss'), { params: (params) => params.delete('iss') }, plain);
  const jarm = { response: 'jarm', pushed: true } as const;
  for (const [suffix, wrong] of [
    ['ensure-jarm-signature-alg-is-not-none', { header: { alg: 'none' }, signature: 'none' }],
    ['ensure-jarm-with-expired-exp-fails', set('exp', seconds() - 300)],
    ['ensure-jarm-without-exp-fails', unset('exp')],
    ['ensure-jarm-with-invalid-aud-fails', set('aud', 'client-2')],
    ['ensure-jarm-without-aud-fails', unset('aud')],
    ['ensure-jarm-with-invalid-iss-fails', set('iss', 'https://evil.example')],
    ['ensure-jarm-without-iss-fails', unset('iss')],
    ['ensure-jarm-with-invalid-sig-fails', { signature: 'spoiled' }],
    ['ensure-authorization-response-with-invalid-state-fails', set('state', 'another')],
    ['ensure-authorization-response-with-invalid-missing-state-fails', unset('state')],
  ] as [string, Tampering][])
    refuses(name(suffix), wrong, jarm);
});

describe('a registered client besides', () => {
  test('a person who refuses has refused, whatever the way of the answer', async () => {
    const refused = (params: URLSearchParams) => {
      for (const key of [...params.keys()]) params.delete(key);
      params.set('error', 'access_denied');
      params.set('iss', ISSUER);
    };
    for (const response of ['hybrid', 'code'] as const)
      await assert.rejects(flow(fapiServer({ response }), { front: { params: refused } }), { reason: 'denied' });
    const inside: Tampering = {
      claims: (claims) => {
        delete claims.code;
        claims.error = 'access_denied';
      },
    };
    await assert.rejects(flow(fapiServer({ response: 'jarm' }), { front: inside }), { reason: 'denied' });
  });

  test('metadata and keys are read once for many flows, and keys once more when the server has new ones', async () => {
    const bank = fapiServer();
    await flow(bank);
    await flow(bank);
    assert.deepEqual(bank.reads, { metadata: 1, keys: 1 });
    bank.rotateKeys();
    await flow(bank);
    await flow(bank);
    assert.deepEqual(bank.reads, { metadata: 1, keys: 2 });
  });

  test('an unknown key makes the keys be read once more and no oftener', async () => {
    const bank = fapiServer();
    await flow(bank);
    await assert.rejects(flow(bank, { front: { header: { kid: 'never-seen' } } }), OAuthRefused);
    assert.equal(bank.reads.keys, 2);
  });

  test('a token of our own is kept while it lives, unless a fresh one is asked for', async () => {
    const bank = fapiServer();
    const first = await bank.client.ownToken(bank.server, 'accounts');
    assert.equal((await bank.client.ownToken(bank.server, 'accounts')).accessToken, first.accessToken);
    const fresh = await bank.client.ownToken(bank.server, 'accounts', { fresh: true });
    assert.notEqual(fresh.accessToken, first.accessToken);
    assert.equal(bank.forms.length, 2);
  });

  test('an audience of its own for client assertions, an empty scope, a list of scopes', async () => {
    await flow(fapiServer({ audience: 'https://brand.bank.example/token' }));
    for (const scope of ['', ['openid', 'accounts'], null])
      await flow(fapiServer(), { back: answering('scope', scope) });
  });

  test('a used code or a dead refresh token is a grant that is gone', async () => {
    const bank = fapiServer();
    const begun = await bank.client.begin({ server: bank.server, ...ask });
    const params = bank.approve(begun.url);
    await bank.client.finish(begun.memory, params);
    await assert.rejects(bank.client.finish(begun.memory, params), { reason: 'grant_gone' });
    bank.next.error = { status: 400, error: 'invalid_grant' };
    await assert.rejects(bank.client.refresh(bank.server, 'r1'), { reason: 'grant_gone' });
  });

  test('what another server answered is not taken, though it was sent to the same address', async () => {
    const bank = fapiServer();
    const other = fapiServer();
    const begun = await bank.client.begin({ server: bank.server, ...ask });
    const elsewhere = await other.client.begin({ server: other.server, ...ask });
    await assert.rejects(bank.client.finish(begun.memory, other.approve(elsewhere.url)), OAuthRefused);
    assert.equal(bank.forms.length, 0);
  });
});
