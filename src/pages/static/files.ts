import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file as it is sent; `br` and `gzip` are the body compressed once, for whoever accepts them. */
export type StaticFile = { body: Buffer; br: Buffer; gzip: Buffer; type: string; headers: Record<string, string> };

const style = squeeze(readFileSync(new URL('page.css', import.meta.url), 'utf8'));
const script = squeeze(withoutTypes(readFileSync(new URL('page.ts', import.meta.url), 'utf8')));

/** Address of the one stylesheet; carries a hash of its content, so it may be kept for ever. */
export const STYLE_PATH = `/static/page.${hashOf(style)}.css`;
/** Address of the one script, likewise. */
export const SCRIPT_PATH = `/static/page.${hashOf(script)}.js`;

/** Every file the pages need, by path. */
export function staticFiles(): Map<string, StaticFile> {
  return new Map([
    [STYLE_PATH, file(style, 'text/css; charset=utf-8')],
    [SCRIPT_PATH, file(script, 'text/javascript; charset=utf-8')],
  ]);
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

/** Comments on lines of their own and the space around lines: what is left is still readable, and smaller. */
function squeeze(text: string): string {
  return text
    .replace(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
