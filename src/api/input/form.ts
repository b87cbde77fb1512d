import { Problem } from '../../platform/problems.ts';

type Node = { [name: string]: Node | string | string[] };

const MOST_PAIRS = 500;
const MOST_LEVELS = 3;

/**
 * Reads `a=1&scopes[]=x&scopes[]=y&metadata[k]=v` strictly: a name given twice, or once as text and once as a list, is
 * refused, because two readers could take two different values. `pointerOf` names a parameter in an error.
 */
export function readForm(text: string, pointerOf: (name: string) => string): Record<string, unknown> {
  const root = Object.create(null) as Node;
  const pairs = text === '' ? [] : text.split('&');
  if (pairs.length > MOST_PAIRS) throw refuse('', `More than ${MOST_PAIRS} parameters.`);
  for (const pair of pairs) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decode(cut < 0 ? pair : pair.slice(0, cut), pointerOf);
    const value = decode(cut < 0 ? '' : pair.slice(cut + 1), () => pointerOf(nameOnly(name)));
    const path = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
    if (!path) throw refuse(pointerOf(nameOnly(name)), 'A name is written `name`, `name[]` or `name[key]`.');
    const steps = [path[1]!, ...[...path[2]!.matchAll(/\[([^[\]]*)\]/g)].map((step) => step[1]!)];
    put(root, steps, value, pointerOf(nameOnly(name)));
  }
  return plain(root);
}

function put(root: Node, steps: string[], value: string, pointer: string): void {
  const isList = steps.length > 1 && steps.at(-1) === '';
  const names = isList ? steps.slice(0, -1) : steps;
  if (names.length > MOST_LEVELS) throw refuse(pointer, 'Too many brackets.');
  if (names.includes('') || names.includes('__proto__')) throw refuse(pointer, 'This name is not allowed.');
  let node = root;
  for (const name of names.slice(0, -1)) {
    const inner = node[name] ?? (Object.create(null) as Node);
    if (typeof inner === 'string' || Array.isArray(inner)) throw refuse(pointer, 'Given in two forms.');
    node[name] = inner;
    node = inner;
  }
  const last = names.at(-1)!;
  const before = node[last];
  if (!isList) {
    if (before !== undefined) throw refuse(pointer, 'Given more than once.');
    node[last] = value;
  } else if (before === undefined) {
    node[last] = [value];
  } else if (Array.isArray(before)) {
    before.push(value);
  } else {
    throw refuse(pointer, 'Given in two forms.');
  }
}

/** The same with ordinary objects, as schemas expect them. */
function plain(node: Node): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      typeof value === 'string' || Array.isArray(value) ? value : plain(value),
    ]),
  );
}

function decode(text: string, pointerOf: (name: string) => string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuse(pointerOf(nameOnly(text)), 'Not percent-encoded UTF-8.');
  }
}

function nameOnly(name: string): string {
  return name.slice(0, 100).replaceAll('[', '/').replaceAll(']', '').replace(/\/$/, '');
}

function refuse(pointer: string, detail: string): Problem {
  return new Problem('invalid_body', `${pointer || 'The parameters'}: ${detail}`, { errors: [{ pointer, detail }] });
}
