import { crc32, deflateSync } from 'node:zlib';
import encodeQR from 'qr';

const CELL_PIXELS = 6;
const QUIET_CELLS = 4;

/** A picture that a phone can read: a QR code of the text, as a PNG. */
export function photoChallenge(text: string): Buffer {
  const cells = encodeQR(text, 'raw', { border: QUIET_CELLS, ecc: 'medium' });
  const size = cells.length * CELL_PIXELS;
  // One row of pixels a row: a filter byte (none), then a bit a pixel, where 1 is white.
  const bytes = Math.ceil(size / 8);
  const rows = Buffer.alloc(size * (bytes + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dark = cells[Math.floor(y / CELL_PIXELS)]![Math.floor(x / CELL_PIXELS)];
      if (!dark) rows[y * (bytes + 1) + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([1, 0, 0, 0, 0], 8); // 1 bit a pixel, grey
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
