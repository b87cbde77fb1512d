/** An element of a page. Text is kept where it stands, as a child. */
export type Element = {
  tag: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
  parent?: Element;
};

const EMPTY = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const RAW = new Set(['script', 'style', 'textarea', 'title']);
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const TOKEN =
  /<!--[\s\S]*?-->|<![^>]*>|<\/([a-z][\w-]*)\s*>|<([a-z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*(\/?)>/gi;

/** Reads a page as a browser without scripts does; good enough for pages that close what they open. */
export function parseHtml(text: string): Element {
  const root: Element = { tag: '#root', attributes: {}, children: [] };
  let open = root;
  let at = 0;
  const say = (words: string) => {
    if (words) open.children.push(words);
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    say(decode(text.slice(at, match.index)));
    at = TOKEN.lastIndex;
    const [, closes, opens, attributes = '', slash] = match;
    if (closes) open = closeElement(open, closes.toLowerCase());
    if (!opens) continue;
    const tag = opens.toLowerCase();
    const element: Element = { tag, attributes: readAttributes(attributes), children: [], parent: open };
    open.children.push(element);
    if (RAW.has(tag)) {
      const end = text.toLowerCase().indexOf(`</${tag}`, at);
      element.children.push(decode(text.slice(at, end < 0 ? text.length : end)));
      at = end < 0 ? text.length : text.indexOf('>', end) + 1;
      TOKEN.lastIndex = at;
    } else if (!EMPTY.has(tag) && !(slash && isForeign(open))) open = element;
  }
  say(decode(text.slice(at)));
  return root;
}

/** Every element below, in order, that fits. */
export function findAll(element: Element, fits: (element: Element) => boolean): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(fits(child) ? [child] : []), ...findAll(child, fits)],
  );
}

/** The visible text below an element, with single spaces. What is hidden, and what only scripts see, is left out. */
export function textOf(element: Element): string {
  return collect(element).replace(/\s+/g, ' ').trim();
}

/** The nearest element around that fits. */
export function findAround(element: Element, tag: string): Element | undefined {
  for (let around = element.parent; around; around = around.parent) if (around.tag === tag) return around;
  return undefined;
}

function collect(element: Element): string {
  if (['script', 'style', 'head', 'template', 'svg'].includes(element.tag) || 'hidden' in element.attributes)
    return ' ';
  const inner = element.children.map((child) => (typeof child === 'string' ? child : collect(child))).join('');
  return /^(a|b|i|em|strong|span|q|bdi|time|abbr|code|small|label|mark|wbr)$/.test(element.tag) ? inner : ` ${inner} `;
}

function closeElement(open: Element, tag: string): Element {
  for (let around: Element | undefined = open; around; around = around.parent)
    if (around.tag === tag) return around.parent ?? around;
  return open;
}

function isForeign(element: Element): boolean {
  return element.tag === 'svg' || findAround(element, 'svg') !== undefined;
}

function readAttributes(text: string): Record<string, string> {
  const found = text.matchAll(/([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s]+)))?/g);
  return Object.fromEntries([...found].map(([, name, a, b, c]) => [name!.toLowerCase(), decode(a ?? b ?? c ?? '')]));
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name.toLowerCase()] ?? whole;
  });
}
