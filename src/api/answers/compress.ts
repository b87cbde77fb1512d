import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Below this a compressed answer is hardly smaller. */
const WORTH_BYTES = 1400;

/** The answer as the client takes it best: Brotli, gzip, or as it is. Compressed off the main thread. */
export async function compress(
  text: string,
  acceptEncoding: string | undefined,
): Promise<{ body: string | Buffer; encoding?: 'br' | 'gzip' }> {
  const encoding = text.length < WORTH_BYTES || acceptEncoding === undefined ? undefined : preferred(acceptEncoding);
  if (encoding === 'br') {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
    return { body: await toBrotli(text, { params }), encoding };
  }
  if (encoding === 'gzip') return { body: await toGzip(text, { level: 5 }), encoding };
  return { body: text };
}

function preferred(acceptEncoding: string): 'br' | 'gzip' | undefined {
  const taken = new Set(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((part) => part.trim())
      .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
      .map((part) => part.split(';', 1)[0]!.trim()),
  );
  return taken.has('br') ? 'br' : taken.has('gzip') ? 'gzip' : undefined;
}
