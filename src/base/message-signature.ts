import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';

/** A certificate for seals (QSealC) and its key, both in PEM. Certificates that follow the first are not sent. */
export type Seal = { certificate: string; privateKey: string };

/** What is to be signed: header names in lower case, the body as it goes over the wire. */
export type UnsignedMessage = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};

/** Which headers to sign, in this order and as far as the message has them, and how `keyId` writes the serial number. */
export type SignatureForm = { headers: readonly string[]; serial: 'hex' | 'decimal' };

/**
 * The headers that make a message a signed one: `digest`, `signature` and `tpp-signature-certificate`, after
 * draft-cavage-http-signatures-10 as Berlin Group XS2A 1.3 (chapter 12) has it. A message without a body has the digest of
 * nothing. RSA signs `rsa-sha256`, P-256 `ecdsa-sha256`; throws `TypeError` for any other key.
 */
export function signMessage(seal: Seal, message: UnsignedMessage, form: SignatureForm): Record<string, string> {
  const certificate = new X509Certificate(seal.certificate);
  const key = createPrivateKey(seal.privateKey);
  const kind = key.asymmetricKeyType;
  if (kind !== 'rsa' && kind !== 'ec') throw new TypeError('a seal is made with RSA or an elliptic curve');
  const digest = `SHA-256=${createHash('sha256')
    .update(message.body ?? '')
    .digest('base64')}`;
  const known: Record<string, string> = { ...message.headers, digest };
  const { pathname, search } = new URL(message.url);
  known['(request-target)'] = `${message.method.toLowerCase()} ${pathname}${search}`;
  const names = [...new Set(['digest', ...form.headers])].filter((name) => known[name] !== undefined);
  const ordered = form.headers.includes('digest') ? form.headers.filter((name) => names.includes(name)) : names;
  const text = ordered.map((name) => `${name}: ${known[name]!.trim()}`).join('\n');
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  const algorithm = kind === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256';
  return {
    digest,
    signature: `keyId="${keyIdOf(certificate, form.serial)}",algorithm="${algorithm}",headers="${ordered.join(' ')}",signature="${signature}"`,
    'tpp-signature-certificate': certificate.raw.toString('base64'),
  };
}

/** `SN=<serial number>,CA=<issuer>`: the issuer as RFC 4514 writes it, with `%20` where it has a space. */
function keyIdOf(certificate: X509Certificate, serial: SignatureForm['serial']): string {
  const hex = certificate.serialNumber;
  const number = serial === 'hex' ? hex : BigInt(`0x${hex}`).toString();
  const parts = certificate.issuer.split('\n').filter((part) => part !== '');
  const issuer = parts
    .reverse()
    .map((part) => part.replace(/^([^=]+)=(.*)$/, (_, name: string, value: string) => `${name}=${escaped(value)}`))
    .join(',');
  // A quotation mark would end the parameter, and header values are bytes.
  return encodeURI(`SN=${number},CA=${issuer}`).replaceAll('%5C', '\\');
}

function escaped(value: string): string {
  return value.replace(/([,+"\\<>;])/g, '\\$1');
}
