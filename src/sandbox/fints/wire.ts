/**
 * A segment as it was received, `raw` from its head to its end mark. `data[element][component]` is text without its escapes;
 * binary as Latin-1 text.
 */
export type Segment = { id: string; number: number; version: number; about?: number; data: string[][]; raw: string };

/** Content that is sent with its length instead of escapes; each character is one byte. */
export type Binary = { binary: string };
/** One component of an element; undefined leaves it empty. */
export type Component = string | number | Binary | undefined;
/** An element: one component, or a group of them. */
export type Element = Component | readonly Component[];
/** A segment to be sent; its number is given when the message is put together. */
export type Outgoing = { id: string; version: number; about?: number; data: readonly Element[] };

/** What was sent is no FinTS. */
export class WireError extends Error {}

/** The longest binary content that is read, in bytes. */
const MOST_BYTES = 1_000_000;

/** Reads segments (FinTS 3.0 Formals, H: syntax): `'` ends a segment, `+` an element, `:` a component; `?` escapes. */
export function parseSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let elements: string[][] = [];
  let components: string[] = [];
  let value = '';
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '?') {
      at += 1;
      if (at >= text.length) throw new WireError('the message ends within an escape');
      value += text[at];
    } else if (char === '@' && value === '') {
      const end = text.indexOf('@', at + 1);
      const digits = text.slice(at + 1, end);
      if (end < 0 || !/^\d{1,7}$/.test(digits) || Number(digits) > MOST_BYTES) throw new WireError('a bad length');
      if (end + 1 + Number(digits) > text.length) throw new WireError('a length beyond the end of the message');
      value = text.slice(end + 1, end + 1 + Number(digits));
      at = end + Number(digits);
    } else if (char === ':' || char === '+' || char === "'") {
      components.push(value);
      value = '';
      if (char === ':') continue;
      elements.push(components);
      components = [];
      if (char === '+') continue;
      segments.push({ ...segmentOf(elements), raw: text.slice(begin, at + 1) });
      begin = at + 1;
      elements = [];
    } else value += char;
  }
  if (value !== '' || components.length > 0 || elements.length > 0) throw new WireError('the last segment has no end');
  return segments;
}

/** Writes one segment. Empty elements and components at the end are left out, as the standard wants it. */
export function writeSegment({ id, version, about, data }: Outgoing, number: number): string {
  const head = [id, number, version, ...(about === undefined ? [] : [about])].join(':');
  const elements = data.map((element) => (isGroup(element) ? trimmed(element.map(write), ':') : write(element)));
  return `${trimmed([head, ...elements], '+')}'`;
}

/** Content to be sent with its length. */
export const binary = (content: string): Binary => ({ binary: content });

/** A component of a segment, counted from one as the standard counts elements; empty when it is absent. */
export const component = (segment: Segment, element: number, place = 1): string =>
  segment.data[element - 1]?.[place - 1] ?? '';

/** A decimal as the standard writes it: a comma, and nothing else. */
export function amount(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2).replace(/0+$/, '')}`;
}

/** `YYYY-MM-DD` as `YYYYMMDD`. */
export const compactDay = (day: string): string => day.replaceAll('-', '');

function segmentOf(elements: string[][]): Omit<Segment, 'raw'> {
  const [head, ...data] = elements;
  const [id = '', number = '', version = '', about] = head!;
  if (!/^[A-Z]{5,6}$/.test(id) || !/^\d{1,3}$/.test(number) || !/^\d{1,3}$/.test(version)) {
    throw new WireError('a segment without a proper head');
  }
  return {
    id,
    number: Number(number),
    version: Number(version),
    ...(about ? { about: Number(about) } : {}),
    data,
  };
}

function isGroup(element: Element): element is readonly Component[] {
  return Array.isArray(element);
}

function write(one: Component): string {
  if (one === undefined) return '';
  if (typeof one === 'number') return String(one);
  if (typeof one === 'object') return `@${one.binary.length}@${one.binary}`;
  return latin(one).replace(/[?+:'@]/g, '?$&');
}

/** Characters that ISO 8859-1 does not have are sent as a full stop. */
export const latin = (text: string): string => text.replace(/[^\u0000-\u00ff]/g, '.');

function trimmed(parts: string[], between: string): string {
  const last = parts.findLastIndex((part) => part !== '');
  return parts.slice(0, last + 1).join(between);
}
