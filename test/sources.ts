import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** A text file of the project: its path from the root with forward slashes, and what is in it. */
export type Source = { path: string; text: string };

/** The project's root folder. */
export const root = resolve(import.meta.dirname, '..');

const NOT_OURS = new Set(['node_modules', '.git', '.runtime', '.data']);
const NOT_TEXT = /\.(png|jpg|ico|woff2|lock)$/;

/** Every text file of the project below a folder (`.` = all), sorted by path; what is ignored or not text is left out. */
export function listSources(folder = '.'): Source[] {
  return walk(join(root, folder))
    .filter((path) => !NOT_TEXT.test(path))
    .map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The text without whole-line and trailing comments, line by line, so that line numbers stay. */
export function withoutComments(text: string): string[] {
  let inside = false;
  return text.split('\n').map((line) => {
    const bare = line.trim();
    if (inside || bare.startsWith('/*')) {
      inside = !bare.includes('*/');
      return '';
    }
    return bare.startsWith('//') ? '' : line.replace(/\s\/\/ .*$/, '');
  });
}

/** What a source imports, static or dynamic, as written. */
export function listImports(text: string): string[] {
  const code = withoutComments(text).join('\n');
  const found = code.matchAll(/(?:^\s*(?:import|export|\}).*\bfrom\s*|^import\s*|\bimport\(\s*)'([^'\n]+)'/gm);
  return [...found].map((match) => match[1]!);
}

/** Every sql`…` of a source, nested ones inside the text of the outer one. */
export function listStatements(text: string): string[] {
  const code = withoutComments(text).join('\n');
  const statements: string[] = [];
  for (let at = code.indexOf('sql`'); at >= 0; at = code.indexOf('sql`', at)) {
    const end = endOfTemplate(code, at + 4);
    statements.push(code.slice(at + 4, end));
    at = end + 1;
  }
  return statements;
}

/** Index of the backtick that closes the template whose content begins at `from`. */
function endOfTemplate(code: string, from: number): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === '\\') at++;
    else if (code[at] === '`') return at;
    else if (code.startsWith('${', at)) at = endOfExpression(code, at + 2);
  }
  return code.length;
}

function endOfExpression(code: string, from: number): number {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    const character = code[at];
    if (character === '`') at = endOfTemplate(code, at + 1);
    else if (character === "'") at = code.indexOf("'", at + 1);
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return code.length;
}
