import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { squeeze } from './squeeze.ts';

/** A file as it is sent; `br` and `gzip` are the body compressed once, for whoever accepts them. */
export type StaticFile = { body: Buffer; br: Buffer; gzip: Buffer; type: string; headers: Record<string, string> };

const script = squeeze(withoutTypes(readFileSync(new URL('page.ts', import.meta.url), 'utf8')));

/** Address of the one script; carries a hash of its content, so it may be kept for ever. */
export const SCRIPT_PATH = `/static/page.${hashOf(script)}.js`;

/** Every file the pages need, by path. The stylesheet stands in the page itself: `style.ts`. */
export function staticFiles(): Map<string, StaticFile> {
  return new Map([[SCRIPT_PATH, file(script, 'text/javascript; charset=utf-8')]]);
}

function file(text: string, type: string): StaticFile {
  const body = Buffer.from(text);
  return {
    body,
    br: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gzip: gzipSync(body, { level: 9 }),
    type,
    headers: {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    },
  };
}

/** Node marks the stripping of types as experimental with a warning on every start; for one file at start it need not be said. */
function withoutTypes(source: string): string {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emit;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
