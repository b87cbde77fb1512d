import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { Markup } from '../markup.ts';
import { squeeze } from './squeeze.ts';

/** The one style and the one script of a kind of page, as they stand in every such page. */
export type Inline = {
  /** A phone paints without asking for anything more. */
  markup: Markup;
  /** How a page's policy names them (CSP 3 §2.3.1): no other style or script is obeyed, whoever brought it into the page. */
  sources: { style: string; script: string };
  /**
   * A page as gzip, in which only style and script are compressed, once for all: what a page says of its person stands in it
   * as it is. So it costs next to nothing, and its length tells nobody how much of the page is like a text they sent (BREACH).
   */
  pack(page: string): Buffer;
};

const DESIGN = ['tokens.css', 'base.css', 'parts.css'].map((name) => new URL(name, import.meta.url));

/** Style and script of a kind of page: the common design, then the files named here. Types of the script are stripped. */
export function inline(styles: URL[], scripts: URL[]): Inline {
  const style = styleText(styles);
  const script = scriptText(scripts);
  const text = `<style>${style}</style>${script && `<script type="module">${script}</script>`}`;
  const length = Buffer.byteLength(text);
  /** Blocks that another block may follow, ending with a whole byte. */
  const compressed = deflateRawSync(text, { level: 9, finishFlush: constants.Z_SYNC_FLUSH });
  const pack = (page: string): Buffer => {
    const at = page.indexOf(text);
    const body = Buffer.from(page);
    const parts: Buffer[] = [HEAD];
    let rest = body;
    if (at >= 0) {
      const before = Buffer.byteLength(page.slice(0, at));
      parts.push(...stored(body.subarray(0, before), false), compressed);
      rest = body.subarray(before + length);
    }
    const end = Buffer.alloc(8);
    end.writeUInt32LE(crc32(body), 0);
    end.writeUInt32LE(body.length, 4);
    return Buffer.concat([...parts, ...stored(rest, true), end]);
  };
  return { markup: new Markup(text), sources: { style: sourceOf(style), script: sourceOf(script) }, pack };
}

/** The common design, then the style sheets named here, as one text. */
export function styleText(styles: URL[]): string {
  return [...DESIGN, ...styles].map((url) => squeeze(readFileSync(url, 'utf8'))).join('\n');
}

/** Scripts as one text that browsers read: types are stripped. */
export function scriptText(scripts: URL[]): string {
  return scripts.map((url) => squeeze(withoutTypes(readFileSync(url, 'utf8')))).join('\n');
}

/** RFC 1952 §2.3: gzip, deflate, no flags, no time, unknown system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
const MOST_STORED = 65_535;

/** RFC 1951 §3.2.4: blocks that are not compressed. */
function stored(bytes: Buffer, last: boolean): Buffer[] {
  const blocks: Buffer[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += MOST_STORED) {
    const block = bytes.subarray(from, from + MOST_STORED);
    const head = Buffer.from([last && from + MOST_STORED >= bytes.length ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    blocks.push(head, block);
  }
  return blocks;
}

function sourceOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
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
