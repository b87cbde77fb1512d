/** A data element's text (ISO-8859-1) or binary content. Nothing written there is the empty text. */
export type Value = string | Uint8Array;

/** A data element: one value, or the values of a group. An empty element is the empty list. */
export type Element = readonly Value[];

/** One segment as it stands in a message. `reference`: the number of the segment it answers. */
export type Segment = {
  name: string;
  number: number;
  version: number;
  reference?: number;
  elements: readonly Element[];
};

/** What came is not FinTS. The message says where, and nothing of its content. */
export class WireError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'WireError';
  }
}

/** More values than any bank sends in one message; statements are one value each, however long. */
const MOST_VALUES = 200_000;
/** Longest text in characters; everything long is binary. */
const LONGEST_TEXT = 1_000_000;
const SEGMENT_NAME = /^[A-Z]{5,6}$/;
const EMPTY: Element = Object.freeze([]);

/** Writes segments, one byte a character. Throws `WireError` for text that ISO-8859-1 cannot write. */
export function encodeSegments(segments: readonly Segment[]): string {
  return segments.map(encodeSegment).join('');
}

/** Reads segments from bytes written one a character. Linear in its length; throws nothing but `WireError`. */
export function decodeSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  const reader: Reader = { text, at: 0, values: 0 };
  while (reader.at < text.length) {
    // Some banks end a message with a line break, or pad it with zeros.
    if (isPadding(text, reader.at)) break;
    segments.push(readSegment(reader));
  }
  return segments;
}

/** The text of a value; binary content as one character a byte. */
export function textOf(value: Value | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
}

function encodeSegment({ name, number, version, reference, elements }: Segment): string {
  const header: Element = [
    name,
    String(number),
    String(version),
    ...(reference === undefined ? [] : [String(reference)]),
  ];
  return `${trimmed([header, ...elements].map(encodeElement)).join('+')}'`;
}

function encodeElement(values: Element): string {
  return trimmed(values.map(encodeValue)).join(':');
}

function encodeValue(value: Value): string {
  if (typeof value !== 'string')
    return value.length === 0 ? '' : `@${value.length}@${Buffer.from(value).toString('latin1')}`;
  if (/[^\u0000-\u00ff]/.test(value)) throw new WireError('a text has characters that ISO-8859-1 does not know');
  return value.replace(/[?+:'@]/g, '?$&');
}

/** What is empty at the end is left out (FinTS 3.0, Formals: truncation). */
function trimmed(parts: string[]): string[] {
  let end = parts.length;
  while (end > 0 && parts[end - 1] === '') end -= 1;
  return parts.slice(0, end);
}

type Reader = { readonly text: string; at: number; values: number };

function isPadding(text: string, from: number): boolean {
  const code = text.charCodeAt(from);
  if (code !== 0 && code !== 10 && code !== 13 && code !== 32) return false;
  return text.length - from < 1024 && /^[\0\s]*$/.test(text.slice(from));
}

function readSegment(reader: Reader): Segment {
  const start = reader.at;
  const elements: Element[] = [];
  let values: Value[] = [];
  for (;;) {
    const value = readValue(reader);
    values.push(value);
    if (++reader.values > MOST_VALUES) throw new WireError('the message has too many values');
    const mark = reader.text[reader.at];
    if (mark === undefined) throw new WireError(`the segment at ${start} is cut off`);
    reader.at += 1;
    if (mark === ':') continue;
    elements.push(values.length === 1 && value.length === 0 ? EMPTY : withoutEmptyEnd(values));
    values = [];
    if (mark === "'") return headed(elements, start);
  }
}

function withoutEmptyEnd(values: Value[]): Element {
  while (values.length > 0 && values[values.length - 1]!.length === 0) values.pop();
  return values.length === 0 ? EMPTY : values;
}

function headed([header = EMPTY, ...elements]: Element[], start: number): Segment {
  const [name, number, version, reference] = header.map(textOf);
  if (!SEGMENT_NAME.test(name ?? '') || !isNumber(number) || !isNumber(version))
    throw new WireError(`no segment begins at ${start}`);
  while (elements.length > 0 && elements[elements.length - 1]!.length === 0) elements.pop();
  return {
    name: name!,
    number: Number(number),
    version: Number(version),
    ...(isNumber(reference) ? { reference: Number(reference) } : {}),
    elements,
  };
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,6}$/.test(text);
}

/** One value, up to the mark that ends it. */
function readValue(reader: Reader): Value {
  const { text, at } = reader;
  if (text.charCodeAt(at) === 0x40) return readBinary(reader);
  let end = at;
  let escaped = false;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x3f) {
      escaped = true;
      end += 1;
    } else if (code === 0x2b || code === 0x3a || code === 0x27) break;
  }
  reader.at = Math.min(end, text.length);
  if (reader.at - at > LONGEST_TEXT) throw new WireError(`the text at ${at} is too long`);
  const raw = text.slice(at, reader.at);
  return escaped ? raw.replace(/\?([\s\S])/g, '$1') : raw;
}

function readBinary(reader: Reader): Uint8Array {
  const { text, at } = reader;
  const close = text.indexOf('@', at + 1);
  const digits = close < 0 || close - at > 10 ? '' : text.slice(at + 1, close);
  if (!/^\d{1,9}$/.test(digits)) throw new WireError(`the binary value at ${at} has no length`);
  const end = close + 1 + Number(digits);
  if (end > text.length) throw new WireError(`the binary value at ${at} is cut off`);
  reader.at = end;
  return Buffer.from(text.slice(close + 1, end), 'latin1');
}
