import assert from 'node:assert/strict';
import { createHash, createSign, randomUUID, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Answer } from './caller.ts';
import { BACK, type PretendBank, pretendBank } from './pretend-bank.ts';

/** The package brings no types. */
const httpSignature = createRequire(import.meta.url)('http-signature') as {
  sign(request: object, options: Record<string, unknown>): boolean;
};

type Identity = { certificate: string; privateKey: string };
type Signing = {
  identity: Identity;
  names: string[];
  body?: string;
  headers?: Record<string, string>;
  keyId?: string;
  algorithm?: string;
};

/** Signatures made by the package `http-signature`, looked at by a bank that wants them on every call. */
describe('a pretend bank that wants every call signed', () => {
  let bank: PretendBank;
  let seal: Identity;
  let web: Identity;
  before(async () => {
    bank = await pretendBank('de-kobold', ['kuno', 'kobold-1']);
    await bank.is({ signature: 'required' });
    const whom = {
      organization: 'Trial GmbH',
      organizationId: bank.caller.organizationId,
      commonName: 'trial.example',
    };
    seal = await bank.trial.sandbox.issueCertificate(whom, ['PSP_AI'], 'seal');
    web = await bank.trial.sandbox.issueCertificate(whom);
  });
  after(() => bank?.trial.close());

  const BODY = {
    access: { allPsd2: 'allAccounts' },
    recurringIndicator: true,
    validUntil: '9999-12-31',
    frequencyPerDay: 4,
    combinedServiceIndicator: false,
  };
  const TEXT = JSON.stringify(BODY);
  const NAMES = ['digest', 'x-request-id', 'tpp-redirect-uri', 'date'];
  const digest = (text: string, hash = 'SHA-256') =>
    `${hash}=${createHash(hash.replace('-', '').toLowerCase()).update(text).digest('base64')}`;

  function headersFor({
    identity,
    names,
    body = TEXT,
    headers = {},
    keyId,
    algorithm,
  }: Signing): Record<string, string> {
    const certificate = new X509Certificate(identity.certificate);
    const sent: Record<string, string> = {
      'x-request-id': randomUUID(),
      'tpp-redirect-uri': BACK,
      date: bank.trial.clock.now().toUTCString(),
      digest: digest(body),
      'tpp-signature-certificate': identity.certificate.replace(/-----[^-]+-----|\s/g, ''),
      ...headers,
    };
    const request = {
      method: 'POST',
      path: '/v1/consents',
      getHeader: (name: string) => sent[name.toLowerCase()],
      setHeader(name: string, value: string) {
        sent[name.toLowerCase()] = value;
      },
    };
    const issuer = certificate.issuer.split('\n').reverse().join(',');
    httpSignature.sign(request, {
      key: identity.privateKey,
      keyId: keyId ?? `SN=${certificate.serialNumber},CA=${issuer}`,
      headers: names,
      algorithm: algorithm ?? 'rsa-sha256',
      authorizationHeaderName: 'Signature',
    });
    return sent;
  }
  const post = (headers: Record<string, string>, body: object = BODY) =>
    bank.caller.call(bank.base, 'POST', '/v1/consents', { headers, body });
  const said = ({ status, body }: Answer) => [status, body.tppMessages?.[0]?.code ?? body.consentStatus];
  const signed = (more: Partial<Signing> = {}) => headersFor({ identity: seal, names: NAMES, ...more });

  test('a right signature is taken: of RSA and of EC keys, of SHA-256 and SHA-512', async () => {
    assert.deepEqual(said(await post(signed())), [201, 'received']);
    assert.deepEqual(said(await post(signed({ algorithm: 'rsa-sha512' }))), [201, 'received']);
    assert.deepEqual(said(await post(signed({ identity: web, algorithm: 'ecdsa-sha256' }))), [201, 'received']);
    assert.deepEqual(said(await post(signed({ headers: { digest: digest(TEXT, 'SHA-512') } }))), [201, 'received']);
  });

  test('one changed byte is refused: of the body, of a signed header, of the signature', async () => {
    const refused = [401, 'SIGNATURE_INVALID'];
    assert.deepEqual(said(await post(signed(), { ...BODY, frequencyPerDay: 5 })), refused);
    assert.deepEqual(said(await post({ ...signed(), 'tpp-redirect-uri': `${BACK}x` })), refused);
    assert.deepEqual(said(await post({ ...signed(), 'x-request-id': randomUUID() })), refused);
    const right = signed();
    const signature = right.signature!.replace(/signature="(.)/, (_, sign) => `signature="${sign === 'A' ? 'B' : 'A'}`);
    assert.deepEqual(said(await post({ ...right, signature })), refused);
  });

  test('what is missing, unsigned, old or of another is refused', async () => {
    const { signature: _, ...without } = signed();
    assert.deepEqual(said(await post(without)), [401, 'SIGNATURE_MISSING']);
    const refused = [401, 'SIGNATURE_INVALID'];
    assert.deepEqual(said(await post(signed({ names: ['digest', 'x-request-id', 'date'] }))), refused);
    assert.deepEqual(said(await post({ ...signed(), 'psu-id': 'kuno' })), refused);
    assert.deepEqual(said(await post(signed({ keyId: 'SN=12ab,CA=CN=Somebody' }))), refused);
    const old = new Date(bank.trial.clock.now().getTime() - 3_600_000).toUTCString();
    assert.deepEqual(said(await post(signed({ headers: { date: old } }))), [400, 'TIMESTAMP_INVALID']);
    const other = await bank.trial.sandbox.issueCertificate(
      { organization: 'Other AG', organizationId: 'PSDDE-BAFIN-999999', commonName: 'other.example' },
      ['PSP_AI'],
      'seal',
    );
    assert.deepEqual(said(await post(signed({ identity: other }))), refused);
    const junk = { headers: { 'tpp-signature-certificate': 'bm8gY2VydGlmaWNhdGU=' } };
    assert.deepEqual(said(await post(signed(junk))), [401, 'CERTIFICATE_INVALID']);
  });

  test('an empty body has a digest too', async () => {
    const created = await post(signed());
    const path = `/v1/consents/${created.body.consentId}/status`;
    const get = (headers: Record<string, string>) => bank.caller.call(bank.base, 'GET', path, { headers });
    const names = ['digest', 'x-request-id', 'date'];
    const { 'tpp-redirect-uri': _, ...right } = headersFor({ identity: seal, names, body: '' });
    assert.equal(right.digest, 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    assert.equal((await get(right)).status, 200);
    const { 'tpp-redirect-uri': __, ...wrong } = headersFor({ identity: seal, names, body: 'null' });
    assert.deepEqual(said(await get(wrong)), [401, 'SIGNATURE_INVALID']);
  });

  test('banks differ in what they want signed and how they write serial numbers', async () => {
    const serial = new X509Certificate(seal.certificate).serialNumber;
    const keyId = (number: string) => ({ keyId: `SN=${number},CA=CN=Pretend Banks Test Authority,O=Pretend Banks` });
    await bank.is({ signature: 'required', signature_key_id: 'decimal' });
    assert.equal((await post(signed(keyId(serial)))).status, 401);
    assert.equal((await post(signed(keyId(String(BigInt(`0x${serial}`)))))).status, 201);
    await bank.is({ signature: 'required', signature_headers: ['(request-target)', 'digest', 'date'] });
    assert.equal((await post(signed())).status, 401);
    const right = signed({ headers: {}, names: ['digest', 'date'] });
    assert.equal((await post(right)).status, 401);
    const target = `post ${new URL(bank.base).pathname}/v1/consents`;
    const text = `(request-target): ${target}\ndigest: ${right.digest}\ndate: ${right.date}`;
    const signature = createSign('sha256').update(text).sign(seal.privateKey, 'base64');
    const header = `keyId="${keyId(serial).keyId}",algorithm="rsa-sha256",headers="(request-target) digest date",signature="${signature}"`;
    assert.equal((await post({ ...right, signature: header })).status, 201);
  });

  test('every answer is as the official file has it', () => bank.keptToTheFile());
});
