/** Files of one archive that are read, and bytes they may unpack to together: a small archive can hold gigabytes. */
const MOST_FILES = 1000;
const MOST_BYTES = 200 * 1024 * 1024;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;

/** Not an archive that can be read. The message says why, and nothing of its content. */
export class ZipError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'ZipError';
  }
}

/** True for bytes that begin as an archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 22 && viewOf(bytes).getUint32(0, true) === FILE;
}

/**
 * The files of a ZIP archive in the order of its directory, stored or deflated (PKWARE APPNOTE 4.3); folders are left out.
 * Throws `ZipError` for what is broken, encrypted, or unpacks to more than 200 MB.
 */
export async function readZip(bytes: Uint8Array): Promise<Uint8Array[]> {
  try {
    return await filesOf(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new ZipError('a place outside the archive is named');
    throw error;
  }
}

/**
 * The files of an archive that is cut off before its directory, as far as they came whole; none where the archive does not
 * say beside each file how long it is. Throws nothing.
 */
export async function readCutZip(bytes: Uint8Array): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  const view = viewOf(bytes);
  let left = MOST_BYTES;
  for (let at = 0; at + 30 <= bytes.length && view.getUint32(at, true) === FILE && files.length < MOST_FILES; ) {
    const packed = view.getUint32(at + 18, true);
    const isUnknown = (view.getUint16(at + 6, true) & 0b1001) !== 0;
    if (isUnknown) break;
    try {
      if (packed > 0) files.push(await unpack(bytes, at, packed, view.getUint16(at + 8, true), left));
    } catch {
      break;
    }
    left -= files.at(-1)?.length ?? 0;
    at += 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true) + packed;
  }
  return files;
}

async function filesOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const view = viewOf(bytes);
  let at = directoryOf(view);
  const files: Uint8Array[] = [];
  let left = MOST_BYTES;
  while (at + 46 <= bytes.length && view.getUint32(at, true) === ENTRY) {
    if (files.length >= MOST_FILES) throw new ZipError('too many files');
    if (view.getUint16(at + 8, true) & 1) throw new ZipError('the archive is encrypted');
    const packed = view.getUint32(at + 20, true);
    const from = view.getUint32(at + 42, true);
    if (packed > 0) {
      const file = await unpack(bytes, from, packed, view.getUint16(at + 10, true), left);
      left -= file.length;
      files.push(file);
    }
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

function directoryOf(view: DataView): number {
  // The end record is followed by a comment of at most 65,535 bytes.
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at -= 1)
    if (view.getUint32(at, true) === END) return view.getUint32(at + 16, true);
  throw new ZipError('the archive is cut off');
}

async function unpack(
  bytes: Uint8Array,
  from: number,
  packed: number,
  method: number,
  most: number,
): Promise<Uint8Array> {
  const view = viewOf(bytes);
  if (from + 30 > bytes.length || view.getUint32(from, true) !== FILE)
    throw new ZipError('a file is not where it should be');
  const start = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
  const data = bytes.subarray(start, start + packed);
  if (data.length < packed) throw new ZipError('the archive is cut off');
  if (method === 0) return data.length > most ? tooLarge() : data;
  if (method !== 8) throw new ZipError(`packed by method ${method}`);
  return inflate(data, most);
}

async function inflate(data: Uint8Array, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const stream = new Blob([data as Uint8Array<ArrayBuffer>])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > most) tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError('a file cannot be unpacked');
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function tooLarge(): never {
  throw new ZipError('the archive unpacks to too much');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
