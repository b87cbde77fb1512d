import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const CELLS = 24;
const CELL_PIXELS = 8;
const COLOURS: readonly [number, number, number][] = [
  [255, 255, 255],
  [20, 20, 30],
  [200, 30, 60],
  [20, 110, 200],
  [30, 150, 80],
];

/** A coloured pattern, as photo-TAN readers scan it: a real PNG, the same for the same text. */
export function photoChallenge(text: string): Buffer {
  const size = CELLS * CELL_PIXELS;
  const cells = pattern(text);
  const rows = Buffer.alloc(size * (size + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor(y / CELL_PIXELS) * CELLS + Math.floor(x / CELL_PIXELS);
      rows[y * (size + 1) + 1 + x] = cells[cell]!; // byte 0 of a row is its filter: none
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits a pixel, palette
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(COLOURS.flat())),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pattern(text: string): Uint8Array {
  const cells = new Uint8Array(CELLS * CELLS);
  for (let index = 0, block = Buffer.alloc(0); index < cells.length; index++) {
    if (index % 32 === 0) block = createHash('sha256').update(`${text}/${index}`).digest();
    const [x, y] = [index % CELLS, Math.floor(index / CELLS)];
    const margin = x === 0 || y === 0 || x === CELLS - 1 || y === CELLS - 1;
    const frame = x === 1 || y === 1 || x === CELLS - 2 || y === CELLS - 2;
    cells[index] = margin ? 0 : frame ? 1 : block[index % 32]! % COLOURS.length;
  }
  return cells;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
