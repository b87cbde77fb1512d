import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { EgressFailed } from './failures.ts';

type Unpack = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const UNPACKERS: Record<string, Unpack> = {
  gzip: promisify(gunzip) as Unpack,
  'x-gzip': promisify(gunzip) as Unpack,
  br: promisify(brotliDecompress) as Unpack,
};

/** The body unpacked, given up as soon as it is longer than `maxBytes`: a small answer can unpack to gigabytes. */
export async function unpack(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  // Nothing is nothing, however it says it is packed.
  if (name === 'identity' || body.length === 0) return body;
  const unpacker = UNPACKERS[name];
  if (!unpacker) throw new EgressFailed('protocol');
  return unpacker(body, { maxOutputLength: maxBytes });
}
