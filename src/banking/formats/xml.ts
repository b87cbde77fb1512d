/** An element: its name without prefix, its text (of all pieces together), its attributes as written, its children. */
export type XmlElement = { name: string; text: string; attributes: string; children: XmlElement[] };

/** Not XML as statements are written. The message says where, and nothing of its content. */
export class XmlError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'XmlError';
  }
}

const DEEPEST = 64;
const MOST_ELEMENTS = 100_000;

/**
 * Goes through a document once and hands out the elements of these names one by one, each with everything in it; nothing of
 * the rest is kept, so memory does not grow with the document. Elements within a wanted one come with it. Document types are
 * refused: no statement has one, and entities are how XML does harm. Throws `XmlError`.
 */
export function* readElements(text: string, wanted: ReadonlySet<string>): Generator<XmlElement, void> {
  const open: string[] = [];
  const building: XmlElement[] = [];
  let elements = 0;
  let at = text.indexOf('<');
  if (!/<[^!?]/.test(text)) throw new XmlError('there is no element');
  while (at >= 0) {
    const kind = text.charCodeAt(at + 1);
    let next: number;
    if (kind === 0x2f) {
      const end = closeOf(text, '>', at);
      const opened = open.pop();
      if (opened === undefined || !endsAs(text, at + 2, end, opened))
        throw new XmlError(`the end tag at ${at} ends nothing`);
      const done = building.pop();
      if (done && building.length === 0) {
        yield done;
        elements = 0;
      }
      next = end + 1;
    } else if (kind === 0x21 || kind === 0x3f) {
      next = skip(text, at, building[building.length - 1]);
    } else {
      const end = closeOf(text, '>', at);
      const isEmpty = text.charCodeAt(end - 1) === 0x2f;
      const inside = text.slice(at + 1, isEmpty ? end - 1 : end);
      const space = inside.search(/\s/);
      const full = space < 0 ? inside : inside.slice(0, space);
      const name = full.slice(full.indexOf(':') + 1);
      if (name === '') throw new XmlError(`no element begins at ${at}`);
      const parent = building[building.length - 1];
      if (parent || wanted.has(name)) {
        if (++elements > MOST_ELEMENTS) throw new XmlError(`too many elements in one at ${at}`);
        const element = { name, text: '', attributes: space < 0 ? '' : inside.slice(space), children: [] };
        parent?.children.push(element);
        if (!isEmpty) building.push(element);
        else if (!parent) yield element;
      }
      if (!isEmpty && open.push(full) > DEEPEST) throw new XmlError(`too deep at ${at}`);
      next = end + 1;
    }
    at = text.indexOf('<', next);
    const current = building[building.length - 1];
    // Only leaves have text here; white space between elements is none.
    if (current && at > next && current.children.length === 0) current.text += decoded(text.slice(next, at));
  }
  if (open.length > 0) throw new XmlError('the document is cut off');
}

/** The first child of that name, through several levels. */
export function child(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) {
    const { children } = found ?? { children: [] };
    found = undefined;
    for (const one of children) {
      if (one.name === name) {
        found = one;
        break;
      }
    }
    if (!found) return undefined;
  }
  return found;
}

/** The text of a child, trimmed; undefined when it is not there or empty. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | undefined {
  const text = child(element, ...path)?.text.trim();
  return text === '' ? undefined : text;
}

/** An attribute's value; undefined when the element does not have it. */
export function attribute(element: XmlElement, name: string): string | undefined {
  const from = element.attributes.indexOf(`${name}=`);
  if (from < 0) return undefined;
  const quote = element.attributes[from + name.length + 1]!;
  const end = element.attributes.indexOf(quote, from + name.length + 2);
  return quote === '"' || quote === "'" ? element.attributes.slice(from + name.length + 2, end) : undefined;
}

function endsAs(text: string, from: number, to: number, name: string): boolean {
  return text.startsWith(name, from) && text.slice(from + name.length, to).trim() === '';
}

function closeOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  if (end < 0) throw new XmlError(`the mark at ${from} is cut off`);
  return end + mark.length - 1;
}

/** Comments, instructions and character data; where what comes after them begins. */
function skip(text: string, at: number, current: XmlElement | undefined): number {
  if (text.startsWith('<!--', at)) return closeOf(text, '-->', at) + 1;
  if (text.startsWith('<?', at)) return closeOf(text, '?>', at) + 1;
  if (!text.startsWith('<![CDATA[', at)) throw new XmlError(`a declaration at ${at} is refused`);
  const end = closeOf(text, ']]>', at);
  if (current) current.text += text.slice(at + 9, end - 2);
  return end + 1;
}

const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (_, name?: string, decimal?: string, hex?: string) => {
    if (name) return NAMED[name]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
