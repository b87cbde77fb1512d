import { generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import type { Seal } from '../src/base/message-signature.ts';
import { allowDecorators } from '../src/sandbox/reflection.ts';

/** A certificate and key to seal messages with, RSA as QSealCs mostly are, or P-256; its issuer is itself. */
export async function makeSeal(kind: 'rsa' | 'ec' = 'rsa'): Promise<Seal> {
  allowDecorators();
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm =
    kind === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const make = promisify(generateKeyPair);
  const made = await (kind === 'rsa' ? make('rsa', { modulusLength: 2048 }) : make('ec', { namedCurve: 'P-256' }));
  const privateKey = made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keys = {
    privateKey: made.privateKey.toCryptoKey(algorithm, true, ['sign']) as CryptoKey,
    publicKey: made.publicKey.toCryptoKey(algorithm, true, ['verify']) as CryptoKey,
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'C=DE, O=Example Trust, CN=Example Authority',
    serialNumber: `1${randomBytes(9).toString('hex')}2`,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2099-01-01T00:00:00Z'),
    keys,
    signingAlgorithm: algorithm,
  });
  return { certificate: certificate.toString('pem'), privateKey };
}
