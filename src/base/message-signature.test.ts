import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { makeSeal } from '../../test/seal.ts';
import { type Seal, signMessage, type UnsignedMessage } from './message-signature.ts';

type Request = { method: string; url: string; headers: Record<string, string>; httpVersion: string };

/** The package http-signature, which has no types of its own. */
const httpSignature = createRequire(import.meta.url)('http-signature') as {
  parseRequest(request: Request, options: object): object;
  verifySignature(parsed: object, key: string): boolean;
};

const USUAL = ['digest', 'x-request-id', 'psu-id', 'psu-corporate-id', 'tpp-redirect-uri', 'date'];
/** SHA-256 of no bytes at all, in base64. */
const DIGEST_OF_NOTHING = 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

describe('a sealed message', () => {
  let seal: Seal;
  let publicKey: string;
  before(async () => {
    seal = await makeSeal();
    publicKey = createPublicKey(seal.privateKey).export({ type: 'spki', format: 'pem' }).toString();
  });

  const message = (more: Partial<UnsignedMessage> = {}): UnsignedMessage => ({
    method: 'POST',
    url: 'https://bank.example/psd2/v1/consents?x=1',
    headers: {
      'x-request-id': '99391c7e-ad88-49ec-a2ad-99ddcb1f7721',
      'psu-id': 'anna',
      'tpp-redirect-uri': 'https://tpp.example/back?state=a b',
      date: new Date().toUTCString(),
      accept: 'application/json',
    },
    body: '{"access":{"allPsd2":"allAccounts"}}',
    ...more,
  });

  /** The package http-signature, which nobody here wrote, as the bank. */
  function verifies(sent: UnsignedMessage, added: Record<string, string>, key = publicKey): boolean {
    const url = new URL(sent.url);
    const headers = { ...sent.headers, ...added };
    const request = { method: sent.method, url: `${url.pathname}${url.search}`, headers, httpVersion: '1.1' };
    const parsed = httpSignature.parseRequest(request, {
      authorizationHeaderName: 'signature',
      headers: ['digest', 'x-request-id'],
    });
    return httpSignature.verifySignature(parsed, key);
  }

  for (const serial of ['hex', 'decimal'] as const) {
    test(`is verified by another implementation, the serial number in ${serial}`, () => {
      const added = signMessage(seal, message(), { headers: USUAL, serial });
      assert.ok(verifies(message(), added));
      const keyId = /keyId="([^"]+)"/.exec(added.signature ?? '')?.[1] ?? '';
      assert.match(keyId, serial === 'hex' ? /^SN=[0-9A-F]+,CA=/ : /^SN=\d+,CA=/);
      assert.match(keyId, /,CA=CN=Example%20Authority,O=Example%20Trust,C=DE$/);
      assert.match(added['tpp-signature-certificate'] ?? '', /^[A-Za-z0-9+/]+=*$/);
    });
  }

  test('one changed byte is refused: of a header, of the digest, of the signature', () => {
    const sent = message();
    const added = signMessage(seal, sent, { headers: USUAL, serial: 'hex' });
    assert.ok(verifies(sent, added));
    const other = { ...sent, headers: { ...sent.headers, 'psu-id': 'anne' } };
    assert.equal(verifies(other, added), false);
    assert.equal(verifies(sent, { ...added, digest: DIGEST_OF_NOTHING }), false);
    const bent = added.signature!.replace(
      /signature="(.)/,
      (_, first: string) => `signature="${first === 'A' ? 'B' : 'A'}`,
    );
    assert.equal(verifies(sent, { ...added, signature: bent }), false);
    const changed = signMessage(seal, { ...sent, body: `${sent.body} ` }, { headers: USUAL, serial: 'hex' });
    assert.notEqual(changed.digest, added.digest);
  });

  test('made with a P-256 key it is verified too, and one changed byte is refused', async () => {
    const curved = await makeSeal('ec');
    const key = createPublicKey(curved.privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const added = signMessage(curved, message(), { headers: USUAL, serial: 'hex' });
    assert.match(added.signature ?? '', /algorithm="ecdsa-sha256"/);
    assert.ok(verifies(message(), added, key));
    assert.equal(verifies(message(), { ...added, digest: DIGEST_OF_NOTHING }, key), false);
    const other = message({ headers: { ...message().headers, 'psu-id': 'anne' } });
    assert.equal(verifies(other, added, key), false);
  });

  test('a GET has the digest of nothing', () => {
    const { body: _, ...get } = message({ method: 'GET' });
    const added = signMessage(seal, get, { headers: USUAL, serial: 'hex' });
    assert.equal(added.digest, DIGEST_OF_NOTHING);
    assert.ok(verifies(get, added));
  });

  test('only headers that are there are signed, the digest always, and the target where the bank wants it', () => {
    const added = signMessage(seal, message(), { headers: ['(request-target)', 'x-nobody', 'date'], serial: 'hex' });
    assert.match(added.signature ?? '', /headers="digest \(request-target\) date"/);
    const withId = signMessage(seal, message(), {
      headers: ['(request-target)', 'digest', 'x-request-id'],
      serial: 'hex',
    });
    assert.ok(verifies(message(), withId));
  });

  test('a key that cannot seal is refused', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.throws(
      () => signMessage({ ...seal, privateKey: pem }, message(), { headers: USUAL, serial: 'hex' }),
      TypeError,
    );
  });
});
