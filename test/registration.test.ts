import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import requestValidator from 'openapi-request-validator';
import { parse } from 'yaml';
import { createClock } from '../src/base/clock.ts';
import { type Database, openDatabase } from '../src/base/database.ts';
import { EgressRefused } from '../src/base/egress.ts';
import { createLog } from '../src/base/log.ts';
import { signJwt } from '../src/base/oauth/keys.ts';
import { createVault } from '../src/base/vault.ts';
import { registerAtBank, type Tools } from '../src/commands/register/registering.ts';
import { openBankingUk } from '../src/connectors/open-banking-uk/index.ts';
import { addCertificate, createIdentity, findCredentials } from '../src/platform/apps/identities.ts';
import { findRegistration, keepRegistration, readSoftwareStatement } from '../src/platform/apps/registrations.ts';
import type { Provider } from '../src/platform/providers/provider.ts';
import { openAuthority } from '../src/sandbox/authority.ts';
import { readSettings } from '../src/settings.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';

const clock = createClock();
const now = clock.now();
const seconds = Math.floor(now.getTime() / 1000);
const RETURN = 'https://tpp.example/back/gb-example';
const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const GOOD = {
  iss: 'OpenBanking Ltd',
  iat: seconds,
  exp: seconds + 3600,
  software_id: 'Abc123Abc123Abc123Abc1',
  software_roles: ['AISP'],
  software_redirect_uris: [RETURN],
  org_status: 'Active',
};
const statement = (more: object = {}) => signJwt({ privateKey: key }, { ...GOOD, ...more });

describe('a software statement', () => {
  test('that a bank would take is taken', () => {
    assert.equal(readSoftwareStatement(`${statement()}\n`, now, RETURN).softwareId, GOOD.software_id);
  });
  for (const [what, text, said] of [
    ['that is none', 'hello', /not a software statement/],
    ['that holds no JSON', 'a.b.c', /not a software statement/],
    ['that ended', statement({ exp: seconds - 1 }), /ended on/],
    ['of software for payments only', statement({ software_roles: ['PISP'] }), /AISP/],
    ['of an organisation that was withdrawn', statement({ org_status: 'Withdrawn' }), /Withdrawn/],
    ['without our return address', statement({ software_redirect_uris: ['https://x.example/'] }), /return address/],
    ['without a software id', statement({ software_id: undefined }), /software_id/],
  ] as const)
    test(`${what} is refused with what is wrong`, () => {
      assert.throws(() => readSoftwareStatement(text, now, RETURN), said);
    });
});

describe('registering at a bank', () => {
  let folder: string;
  let fresh: FreshDatabase;
  let database: Database;
  let transport: { certificate: string; privateKey: string };
  let sent: { url: string; headers: Record<string, string>; body: string }[];
  let reply: { status: number; json: unknown };
  let metadata: Record<string, unknown>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'register-'));
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url, { log: createLog('silent'), named: true, size: 2 });
    const authority = await openAuthority(folder, now);
    transport = await authority.issue({ organization: 'Ex', organizationId: 'PSDGB-FCA-1', commonName: 'tpp.example' });
  });
  after(async () => {
    await database.close();
    await fresh.drop();
    rmSync(folder, { recursive: true });
  });

  function bank(facts: object = {}): { tools: Tools; provider: Provider } {
    sent = [];
    reply = { status: 201, json: { client_id: 'client-9' } };
    metadata = {
      issuer: 'https://as.example',
      authorization_endpoint: 'https://as.example/authorize',
      token_endpoint: 'https://as.example/token',
      registration_endpoint: 'https://as.example/register',
    };
    const request: Tools['egress']['request'] = async ({ method, url, headers = {}, body, tls, hosts }) => {
      if (!hosts.includes(new URL(url).host)) throw new EgressRefused('its host is not listed');
      const answer = (status: number, value: unknown) => ({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(value)),
        url,
      });
      if (method === 'GET') return answer(200, metadata);
      assert.equal(tls?.cert, transport.certificate);
      sent.push({ url, headers, body: String(body) });
      return answer(reply.status, reply.json);
    };
    const way = {
      standard: 'open-banking-uk',
      hosts: ['as.example'],
      facts: openBankingUk.facts.parse({
        metadata_url: 'https://as.example/.well-known/openid-configuration',
        ...facts,
      }),
    };
    const provider = { id: 'gb-example', name: 'Example Bank', interfaces: [way] } as unknown as Provider;
    return { tools: { database, clock, publicUrl: 'https://tpp.example', egress: { request } }, provider };
  }
  const applicant = (more: object = {}) => ({
    identity: 'idn_1',
    transport,
    signing: { privateKey: key, keyId: 'k1' },
    statement: statement(),
    madeBy: 'register' as const,
    ...more,
  });

  for (const version of ['3.3', '3.4'] as const)
    test(`what is sent is what the official file of ${version} describes, and the client id is kept`, async () => {
      const { tools, provider } = bank({ registration_audience: '0015800000abcdEFGH' });
      assert.equal(await registerAtBank(tools, provider, applicant()), 'client-9');
      const kept = await findRegistration({ database }, 'idn_1', 'gb-example');
      assert.deepEqual(
        [kept?.client_id, kept?.auth_method, kept?.issuer],
        ['client-9', 'private_key_jwt', 'https://as.example'],
      );
      const claims = JSON.parse(Buffer.from(sent[0]!.body.split('.')[1]!, 'base64url').toString());
      assert.deepEqual(
        [claims.aud, claims.iss, claims.redirect_uris],
        ['0015800000abcdEFGH', GOOD.software_id, [RETURN]],
      );
      assert.equal(sent[0]!.headers['content-type'], 'application/jwt');
      assert.deepEqual(judged(version, claims), []);
    });

  test('with a certificate as proof, under another media type and audience', async () => {
    const facts = {
      client_authentication: 'tls_client_auth',
      registration_type: 'application/jose',
      registration_audience: 'org1',
    };
    const { tools, provider } = bank(facts);
    await registerAtBank(tools, provider, applicant());
    const claims = JSON.parse(Buffer.from(sent[0]!.body.split('.')[1]!, 'base64url').toString());
    assert.match(claims.tls_client_auth_subject_dn, /^CN=tpp\.example/);
    assert.deepEqual([claims.aud, sent[0]!.headers['content-type']], ['org1', 'application/jose']);
    assert.deepEqual(judged('3.4', claims), []);
  });

  test('a bank’s no is told in its own word, and nothing is kept', async () => {
    const { tools, provider } = bank();
    reply = { status: 400, json: { error: 'unapproved_software_statement' } };
    await assert.rejects(
      registerAtBank(tools, provider, applicant({ identity: 'idn_2' })),
      /unapproved_software_statement/,
    );
    assert.equal(await findRegistration({ database }, 'idn_2', 'gb-example'), undefined);
    reply = { status: 201, json: {} };
    await assert.rejects(registerAtBank(tools, provider, applicant({ identity: 'idn_2' })), /no_client_id/);
  });

  test('a registration address on another host is never called', async () => {
    const { tools, provider } = bank();
    metadata.registration_endpoint = 'https://evil.example/register';
    await assert.rejects(registerAtBank(tools, provider, applicant()), EgressRefused);
    assert.equal(sent.length, 0);
  });

  test('a bank that registers by hand says so, and what is typed in is kept', async () => {
    const { tools, provider } = bank({ registration: 'none' });
    await assert.rejects(registerAtBank(tools, provider, applicant()), /by hand/);
    const typed = { identity: 'idn_1', provider: 'gb-hand', authMethod: 'tls_client_auth', madeBy: 'hand' } as const;
    await keepRegistration({ database, clock }, { ...typed, clientId: ' c-1 ' });
    assert.equal((await findRegistration({ database }, 'idn_1', 'gb-hand'))?.client_id, 'c-1');
    await assert.rejects(keepRegistration({ database, clock }, { ...typed, clientId: 'two words' }), /client id/);
  });

  test('a certificate of the wrong role or a key that cannot sign is refused when it is saved', async () => {
    const vault = createVault([{ id: 1, key: createHash('sha256').update('test').digest() }]);
    const platform = { database, clock, vault };
    const { id } = await createIdentity(platform, { legalName: 'Example Ltd' });
    const authority = await openAuthority(folder, now);
    const payer = await authority.issue({ organization: 'Ex', organizationId: 'PSDGB-FCA-1', commonName: 'x' }, [
      'PSP_PI',
    ]);
    await assert.rejects(addCertificate(platform, id, { use: 'transport', ...payer }), /PSP_AI/);
    await addCertificate(platform, id, { use: 'transport', ...transport });
    await addCertificate(platform, id, { use: 'signature', ...transport, keyId: 'k9' });
  });

  test('a new certificate takes over at once, a new key to sign with when banks have read of it', async () => {
    const vault = createVault([{ id: 1, key: createHash('sha256').update('test').digest() }]);
    const platform = (days: number) => ({
      database,
      vault,
      clock: { ...clock, now: () => new Date(now.getTime() + days * 86_400_000) },
    });
    const { id } = await createIdentity(platform(0), { legalName: 'Example Ltd' });
    const authority = await openAuthority(folder, now);
    const subject = { organization: 'Ex', organizationId: 'PSDGB-FCA-1', commonName: 'tpp.example' };
    const used = async (days: number, use: 'transport' | 'signature') =>
      (await findCredentials(platform(days), id, use))?.keyId;
    const adds = async (days: number, keyId: string) => {
      const issued = await authority.issue(subject);
      await addCertificate(platform(days), id, { use: 'transport', ...issued, keyId });
      await addCertificate(platform(days), id, { use: 'signature', ...issued, keyId });
    };
    await adds(0, 'k1');
    assert.deepEqual([await used(0, 'signature'), await used(0, 'transport')], ['k1', 'k1'], 'the only one is used');
    await adds(10, 'k2');
    assert.deepEqual([await used(10.5, 'signature'), await used(10.5, 'transport')], ['k1', 'k2']);
    assert.deepEqual([await used(11.5, 'signature'), await used(11.5, 'transport')], ['k2', 'k2']);
  });
});

/** What the official file says against these claims; nothing where there is no file. */
function judged(version: '3.3' | '3.4', claims: object): string[] {
  const folder = readSettings(process.env).bankSpecs;
  const place = folder && join(folder, 'obie-dcr', `client-registration-openapi_v${version}.yaml`);
  if (!place || !existsSync(place)) return [];
  const file = parse(readFileSync(place, 'utf8'));
  const body = {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/OBClientRegistration1' } } },
  };
  const validator = new requestValidator.default({
    requestBody: body,
    componentSchemas: file.components.schemas,
    responses: {},
  } as never);
  const result = validator.validateRequest({ headers: { 'content-type': 'application/json' }, body: claims } as never);
  return ((result?.errors ?? []) as { path?: string; message: string }[]).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}
