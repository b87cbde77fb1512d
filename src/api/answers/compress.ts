import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Below this a compressed answer is hardly smaller. */
const WORTH_BYTES = 1400;

/** How the client takes this answer best: Brotli, gzip, or as it is. */
export function chooseEncoding(text: string | Buffer, acceptEncoding: string | undefined): 'br' | 'gzip' | undefined {
  return text.length < WORTH_BYTES || acceptEncoding === undefined ? undefined : preferred(acceptEncoding);
}

/** The answer compressed, off the main thread. */
export function compress(text: string | Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return toGzip(text, { level: 5 });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  return toBrotli(text, { params });
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
