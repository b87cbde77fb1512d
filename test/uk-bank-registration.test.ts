import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Applicant } from '../src/sandbox/index.ts';
import { startTrial, type Trial } from './caller.ts';
import { caller, enrol, registrationClaims, signRegistration, type UkAnswer, ukClient } from './uk-caller.ts';
import { registrationJudge } from './uk-registration-file.ts';

const WAY = { response: 'hybrid', auth: 'private_key_jwt', algorithm: 'ES256' } as const;
const BANKS = { 'gb-thornfield': registrationJudge('3.3'), 'gb-calderwye': registrationJudge('3.4') } as const;

describe('registration at the pretend banks of the United Kingdom', () => {
  let trial: Trial;
  before(async () => {
    trial = await startTrial();
  });
  after(() => trial?.close());

  /** Asks to be registered, with papers and claims that differ from good ones as said. */
  async function asks(
    bank: string,
    papers: Partial<Applicant> = {},
    claims: Record<string, unknown> = {},
    type = 'application/jwt',
  ): Promise<UkAnswer> {
    const held = await enrol(trial.sandbox, { algorithm: 'ES256', ...papers });
    const asked = { ...registrationClaims(trial.sandbox, bank, held, WAY), ...claims };
    return caller(trial.sandbox, bank, held)('POST', '/register', { body: signRegistration(held, asked), type });
  }

  for (const [bank, judge] of Object.entries(BANKS)) {
    test(`${bank}: registered, looked at, changed and ended, as the official file says`, {
      skip: judge ? false : 'BANK_SPECS is not set',
    }, async () => {
      const client = await ukClient(trial.sandbox, bank, WAY);
      const claims = registrationClaims(trial.sandbox, bank, client.papers, WAY);
      assert.deepEqual(judge!.claims(claims), []);
      const path = `/register/${client.clientId}`;
      const token = await client.ownToken();
      const read = await client.call('GET', path, { token });
      assert.equal(read.status, 200, read.text);
      assert.deepEqual(judge!.answer('get', 200, read.body), []);
      const changed = signRegistration(client.papers, { ...claims, jti: randomUUID(), response_types: ['code'] });
      const put = await client.call('PUT', path, { token, body: changed, type: 'application/jwt' });
      assert.equal(put.status, 200, put.text);
      assert.deepEqual([judge!.answer('put', 200, put.body), put.body.response_types], [[], ['code']]);
      assert.equal((await client.call('GET', path)).status, 401);
      const other = await ukClient(trial.sandbox, bank, WAY);
      assert.equal((await client.call('DELETE', `/register/${other.clientId}`, { token })).status, 403);
      assert.equal((await client.call('DELETE', path, { token })).status, 204);
      await assert.rejects(client.ownToken(), 'an ended client gets no token');
      await client.close();
      await other.close();
    });

    const refusals: [what: string, error: string, papers: Partial<Applicant>, claims?: Record<string, unknown>][] = [
      ['an ended statement', 'invalid_software_statement', { expired: 'statement' }],
      ['an ended certificate', 'unapproved_software_statement', { expired: 'certificate' }],
      ['a certificate of another role', 'unapproved_software_statement', { certificateRoles: ['PSP_PI'] }],
      ['a software of another role', 'unapproved_software_statement', { softwareRoles: ['PISP'] }],
      ['an organisation that is not active', 'unapproved_software_statement', { organisationStatus: 'Revoked' }],
      [
        'an address that is not in the statement',
        'invalid_redirect_uri',
        {},
        { redirect_uris: ['https://else.example/'] },
      ],
      ['no statement', 'invalid_software_statement', {}, { software_statement: undefined }],
      [
        'a statement that somebody else signed',
        'invalid_software_statement',
        {},
        { software_statement: 'e30.e30.AAAA' },
      ],
      ['another bank’s id', 'invalid_client_metadata', {}, { aud: '0015800000OtherAA' }],
      ['a request that has ended', 'invalid_client_metadata', {}, { exp: 1 }],
      ['a jti that is no UUID', 'invalid_client_metadata', {}, { jti: 'once' }],
      [
        'a way to prove itself that FAPI does not have',
        'invalid_client_metadata',
        {},
        { token_endpoint_auth_method: 'client_secret_basic' },
      ],
      [
        'an algorithm that FAPI does not have',
        'invalid_client_metadata',
        {},
        { id_token_signed_response_alg: 'RS256' },
      ],
      ['a scope that there is not', 'invalid_client_metadata', {}, { scope: 'openid payments' }],
      ['a missing field', 'invalid_client_metadata', {}, { application_type: undefined }],
    ];
    for (const [what, error, papers, claims] of refusals) {
      test(`${bank} refuses ${what}`, async () => {
        const answer = await asks(bank, papers, claims);
        assert.deepEqual([answer.status, answer.body.error], [400, error], answer.text);
        assert.deepEqual(BANKS[bank as keyof typeof BANKS]?.answer('post', 400, answer.body) ?? [], []);
      });
    }
  }

  test('without a certificate, with somebody else’s, or with a key that is not listed there is no registration', async () => {
    const held = await enrol(trial.sandbox, { algorithm: 'ES256' });
    const jwt = signRegistration(held, registrationClaims(trial.sandbox, 'gb-thornfield', held, WAY));
    const send = { body: jwt, type: 'application/jwt' };
    const nobody = await caller(trial.sandbox, 'gb-thornfield', null)('POST', '/register', send);
    assert.deepEqual([nobody.status, nobody.body.error], [400, 'unapproved_software_statement']);
    const other = await enrol(trial.sandbox, { organizationId: 'PSDGB-FCA-999999', algorithm: 'ES256' });
    const foreign = await caller(trial.sandbox, 'gb-thornfield', other)('POST', '/register', send);
    assert.deepEqual([foreign.status, foreign.body.error], [400, 'unapproved_software_statement']);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const unlisted = {
      ...held,
      signing: { ...held.signing, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    };
    const forged = signRegistration(unlisted, registrationClaims(trial.sandbox, 'gb-thornfield', held, WAY));
    const refused = await caller(trial.sandbox, 'gb-thornfield', held)('POST', '/register', { ...send, body: forged });
    assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_client_metadata']);
  });

  test('control makes a bank differ: another media type, its issuer as audience, or no registration at all', async () => {
    const { sandbox } = trial;
    await sandbox.control('/banks/gb-calderwye/open-banking', {
      registration: { media_type: 'application/jose', audience: 'issuer' },
    });
    assert.equal((await asks('gb-calderwye')).body.error, 'invalid_client_metadata');
    const as = { aud: sandbox.machineUrl('gb-calderwye') };
    assert.equal((await asks('gb-calderwye', {}, as, 'application/jose')).status, 201);
    await sandbox.control('/banks/gb-calderwye/open-banking', { registration: { open: false } });
    assert.equal((await asks('gb-calderwye', {}, as, 'application/jose')).status, 404);
    await sandbox.control('/banks/gb-calderwye/open-banking', {
      registration: { media_type: 'application/jwt', audience: 'organisation', open: true },
    });
    await sandbox.control('/banks/gb-calderwye/behaviour', {
      operation: 'register',
      kind: 'off_standard',
      variant: 'scope_list',
    });
    assert.deepEqual((await asks('gb-calderwye')).body.scope, ['openid', 'accounts']);
    await assert.rejects(async () =>
      sandbox.control('/banks/gb-calderwye/open-banking', { registration: { media_type: 'text/plain' } }),
    );
    await assert.rejects(async () => sandbox.control('/banks/de-nordwind/open-banking', {}));
  });

  test('papers come from control too, and a second key can be published', async () => {
    const papers = (await trial.sandbox.control('/directory/software', {
      organization: 'Asked Ltd',
      organization_id: 'PSDGB-FCA-222222',
      redirect_uris: ['https://asked.example/back'],
      algorithm: 'ES256',
    })) as { software_id: string; keys_url: string; signing: { key_id: string } };
    const read = caller(trial.sandbox, 'gb-thornfield', null);
    const before = await read('GET', papers.keys_url);
    assert.deepEqual(
      before.body.keys.map((key: { kid: string; d?: string }) => [key.kid, key.d]),
      [[papers.signing.key_id, undefined]],
    );
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    await trial.sandbox.control(`/directory/software/${papers.software_id}/keys`, { key });
    assert.equal((await read('GET', papers.keys_url)).body.keys.length, 2);
    assert.equal((await read('GET', `${trial.sandbox.machineUrl('directory')}/jwks`)).body.keys.length, 2);
    assert.equal((await read('GET', `${trial.sandbox.machineUrl('directory')}/software/nobody/jwks`)).status, 404);
    await assert.rejects(async () => trial.sandbox.control('/directory/software', { organization: 'Only a name' }));
  });
});
