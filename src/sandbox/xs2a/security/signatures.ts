import { createHash, verify, X509Certificate } from 'node:crypto';
import { readHolder } from '../../authority.ts';
import type { Face } from '../../world/face.ts';
import { Refused } from '../errors.ts';

/** A request as its signature sees it. `target` is the path with its query. */
export type Signed = { method: string; target: string; headers: Record<string, string>; text: string };

type Parts = { keyId: string; algorithm: string; names: string[]; signature: Buffer };

const HASHES: Record<string, string> = { 'SHA-256': 'sha256', 'SHA-512': 'sha512' };
const ALGORITHMS: Record<string, string> = {
  'rsa-sha256': 'sha256',
  'rsa-sha512': 'sha512',
  'ecdsa-sha256': 'sha256',
};
/** XS2A, "Signature": what must be signed where the request has it. */
const WHERE_THERE = ['psu-id', 'psu-corporate-id', 'tpp-redirect-uri', 'date'];
const OLDEST_MS = 5 * 60_000;

/**
 * Refuses a request whose body, headers and certificate are not signed as the bank wants it (XS2A, chapter "Signing
 * messages at application layer", which takes draft-cavage-http-signatures). `client` is whom the TLS certificate names.
 */
export async function checkSignature(
  request: Signed,
  face: Face,
  at: { ca: string; client: string; now: Date },
): Promise<void> {
  const { headers } = request;
  for (const name of ['digest', 'signature', 'tpp-signature-certificate']) {
    if (!headers[name]) throw new Refused(401, 'SIGNATURE_MISSING', `header ${name} is missing`);
  }
  checkDigest(headers.digest!, request.text);
  const certificate = await sealOf(headers['tpp-signature-certificate']!, at);
  const parts = partsOf(headers.signature!);
  checkKeyId(parts.keyId, certificate, face);
  checkNames(parts.names, headers, face);
  if (headers.date) checkAge(headers.date, at.now);
  const hash = ALGORITHMS[parts.algorithm.toLowerCase()];
  if (!hash) throw wrong(`the algorithm ${parts.algorithm} is not known`);
  const text = signedText(request, parts.names);
  if (!verify(hash, Buffer.from(text), certificate.publicKey, parts.signature))
    throw wrong('the signature does not fit');
}

function checkDigest(digest: string, text: string): void {
  const [, name = '', value] = /^(SHA-\d{3})=(.+)$/i.exec(digest) ?? [];
  const hash = HASHES[name.toUpperCase()];
  if (!hash) throw wrong('Digest must be of SHA-256 or SHA-512');
  if (createHash(hash).update(text).digest('base64') !== value) throw wrong('Digest is not that of the body');
}

async function sealOf(base64: string, { ca, client }: { ca: string; client: string }): Promise<X509Certificate> {
  const certificate = parsed(base64);
  if (!certificate?.verify(new X509Certificate(ca).publicKey)) {
    throw new Refused(401, 'CERTIFICATE_INVALID', 'TPP-Signature-Certificate is not accepted.');
  }
  const holder = await readHolder(certificate.raw);
  if (holder?.organizationId !== client) throw wrong('TPP-Signature-Certificate is somebody else’s');
  return certificate;
}

function parsed(base64: string): X509Certificate | undefined {
  // Some send the PEM on one line, which the standard does not ask for and banks bear.
  const bare = base64.replace(/-----[A-Z ]+-----|\s/g, '');
  if (!/^[A-Za-z0-9+/]+=*$/.test(bare)) return undefined;
  try {
    return new X509Certificate(Buffer.from(bare, 'base64'));
  } catch {
    return undefined;
  }
}

function partsOf(header: string): Parts {
  const values: Record<string, string> = {};
  for (const [, name, value] of header.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) values[name!.toLowerCase()] = value!;
  const { keyid, algorithm, headers, signature } = values;
  if (!keyid || !algorithm || !headers || !signature) {
    throw wrong('Signature must have keyId, algorithm, headers and signature');
  }
  const names = headers.toLowerCase().split(' ');
  return { keyId: keyid, algorithm, names, signature: Buffer.from(signature, 'base64') };
}

/** `SN=<serial number>,CA=<issuer>`; the number in hexadecimal, or in decimal where the bank is so. */
function checkKeyId(keyId: string, certificate: X509Certificate, { signatureKeyId }: Face): void {
  const [, number, issuer] = /^SN=([0-9A-Fa-f]+),\s*CA=(.+)$/.exec(keyId) ?? [];
  if (!number || !issuer) throw wrong('keyId must be SN=…,CA=…');
  const serial = BigInt(`0x${certificate.serialNumber}`);
  const hex = /^[0-9a-f]+$/i.test(number) && BigInt(`0x${number}`) === serial;
  const decimal = /^\d+$/.test(number) && BigInt(number) === serial;
  if (signatureKeyId === 'hex' ? !hex : signatureKeyId === 'decimal' ? !decimal : !hex && !decimal) {
    throw wrong('keyId does not name the serial number of the certificate');
  }
  const [, name] = /CN=([^,\n]+)/.exec(certificate.issuer) ?? [];
  if (name && !decodeURIComponentSafely(issuer).includes(name)) throw wrong('keyId does not name the issuer');
}

function checkNames(names: readonly string[], headers: Record<string, string>, { signatureHeaders }: Face): void {
  const wanted = signatureHeaders.length
    ? signatureHeaders.map((name) => name.toLowerCase())
    : ['digest', 'x-request-id', ...WHERE_THERE.filter((name) => name in headers)];
  const missing = wanted.find((name) => !names.includes(name));
  if (missing) throw wrong(`${missing} is not signed`);
}

function checkAge(date: string, now: Date): void {
  const moment = Date.parse(date);
  if (Number.isNaN(moment)) throw new Refused(400, 'TIMESTAMP_INVALID', 'Date is not a date.');
  if (Math.abs(now.getTime() - moment) > OLDEST_MS)
    throw new Refused(400, 'TIMESTAMP_INVALID', 'Date is too far from now.');
}

function signedText({ method, target, headers }: Signed, names: readonly string[]): string {
  return names
    .map((name) => {
      if (name === '(request-target)') return `(request-target): ${method.toLowerCase()} ${target}`;
      if (headers[name] === undefined) throw wrong(`${name} is signed and not there`);
      return `${name}: ${headers[name]}`;
    })
    .join('\n');
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const wrong = (text: string) => new Refused(401, 'SIGNATURE_INVALID', text);
