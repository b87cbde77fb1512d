import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import type { z } from 'zod';

/** Where in a document: keys and indexes from its top. */
export type Path = (string | number)[];

/** What is wrong at a place. `key`: the place is the key itself, not its value. */
export type Complaint = { path: Path; reason: string; key?: true };

/** A YAML text read: its value, what is wrong with it as YAML, and a way from places to lines. */
export type YamlReading = {
  value: unknown;
  problems: { line?: number; reason: string }[];
  /** Turns complaints about the value into lines of the text. */
  place(complaints: readonly Complaint[]): { line?: number; reason: string }[];
};

/** Reads YAML 1.2 without ever throwing: every fault is a problem with its line. */
export function readYaml(text: string): YamlReading {
  if (isNestedTooDeep(text)) return failed([{ reason: 'is nested too deep' }]);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      version: '1.2',
    });
    const lineAt = (node: unknown) => (isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined);
    const problems: { line?: number; reason: string }[] = [...document.errors, ...document.warnings].map((fault) => ({
      line: lines.linePos(fault.pos[0]).line,
      reason: fault.message,
    }));
    visit(document, {
      Alias: (_, alias) =>
        void problems.push({ line: lineAt(alias), reason: 'aliases are not read here: say it again' }),
      Map: (_, map) => void problems.push(...badKeys(map, lineAt)),
    });
    if (problems.length > 0) return failed(problems);
    const value: unknown = document.toJS();
    const place = (complaints: readonly Complaint[]) =>
      complaints.map(({ path, reason, key }) => {
        const line = lineAt(nearest(document.contents, path, key === true));
        const said = path.length > 0 ? `${pathText(path)}: ${reason}` : reason;
        return line === undefined ? { reason: said } : { line, reason: said };
      });
    return { value, problems: [], place };
  } catch (error) {
    // A depth that `isNestedTooDeep` did not see.
    return failed([{ reason: `cannot be read as YAML: ${error instanceof Error ? error.message : 'unknown fault'}` }]);
  }
}

/** The parser's own check for doubled keys compares each with each: 60,000 keys took it more than a minute. */
function badKeys(map: YAMLMap, lineAt: (node: unknown) => number | undefined): { line?: number; reason: string }[] {
  const problems: { line?: number; reason: string }[] = [];
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const name = isScalar(key) ? key.value : undefined;
    const line = lineAt(key);
    const at = line === undefined ? {} : { line };
    if (typeof name !== 'string') problems.push({ ...at, reason: 'a key must be text' });
    else if (name === '__proto__') problems.push({ ...at, reason: 'unknown key "__proto__"' });
    else if (seen.has(name)) problems.push({ ...at, reason: `the key ${name} is said twice` });
    else seen.add(name);
  }
  return problems;
}

/** The parser's time grows with the square of the depth: 20,000 brackets would stop the server for ten seconds. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1));
    if (depth > DEEPEST) return true;
  }
  return /(?:[-?:] +){20}/.test(text);
}

const DEEPEST = 50;

/** What a schema found, in words for whoever wrote the file. */
export function explain(issues: readonly z.core.$ZodIssue[]): Complaint[] {
  return issues.flatMap((issue): Complaint[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], reason: 'unknown key', key: true }));
    }
    if (issue.code === 'invalid_type') return [{ path, reason: wrongType(issue.expected, issue.input) }];
    if (issue.code === 'invalid_value') return [{ path, reason: `must be one of ${issue.values.join(', ')}` }];
    if (issue.code === 'invalid_key') return issue.issues.map((part) => ({ path, reason: part.message, key: true }));
    return [{ path, reason: issue.message.replace(/^Invalid input: /, '') }];
  });
}

function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing';
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `must be text: put ${String(input)} in quotes`;
  }
  const words: Record<string, string> = {
    string: 'text',
    array: 'a list',
    object: 'keys with values',
    record: 'keys with values',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
  };
  return `must be ${words[expected] ?? expected}`;
}

function failed(problems: { line?: number; reason: string }[]): YamlReading {
  return { value: undefined, problems, place: () => problems };
}

/** The node at a path, or the last one on the way to it: a missing key is reported where it should stand. */
function nearest(top: Node | null, path: Path, atKey: boolean): Node | null {
  let node: Node | null = top;
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined || !isPair(pair)) return node;
      const keyNode = isNode(pair.key) ? pair.key : null;
      if (atKey && depth === path.length - 1) return keyNode;
      node = isNode(pair.value) && pair.value.range ? pair.value : keyNode;
    } else if (node !== null && 'items' in node) {
      const item: unknown = (node.items as unknown[])[Number(part)];
      if (!isNode(item)) return node;
      node = item;
    } else {
      return node;
    }
  }
  return node;
}

function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
