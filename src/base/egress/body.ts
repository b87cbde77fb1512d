import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { EgressFailed } from './failures.ts';

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
};

/** The decoded body, given up as soon as it is longer than `maxBytes`: a small answer can unpack to gigabytes. */
export async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  const decoder = DECODERS[name];
  if (!decoder && name !== 'identity') {
    // Being cut off is what we want here, so it is no news.
    body.on('error', () => undefined).destroy();
    throw new EgressFailed('protocol');
  }
  const source = decoder ? unpacked(body, decoder()) : body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Leaving the loop destroys both streams, and with them the connection.
    if (length > maxBytes) throw new EgressFailed('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The first bytes of a body as they came. Whoever sends more is cut off; whoever breaks off has said what they said. */
export async function readBeginning(body: Readable, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= mostBytes) break;
    }
  } catch {
    // Status and headers are there, and they are the answer.
  }
  return Buffer.concat(chunks, length).subarray(0, mostBytes);
}

/** Whoever reads the result is told of its errors; a late one, after the reader has left, is nobody's and must end nothing. */
function unpacked(body: Readable, decoder: Transform): Transform {
  body.on('error', () => undefined);
  decoder.on('error', () => undefined);
  pipeline(body, decoder, () => undefined);
  return decoder;
}
