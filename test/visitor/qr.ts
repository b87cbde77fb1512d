import assert from 'node:assert/strict';
import jsQRModule from 'jsqr';

// The package is CommonJS: what Node hands over is its module, whatever its types say.
const jsQR = ((jsQRModule as unknown as { default?: unknown }).default ?? jsQRModule) as typeof jsQRModule.default;

/** What the QR code drawn in a page says, read by a decoder that nobody here wrote; fails where there is none. */
export function readQr(html: string): string {
  const drawn = /<svg viewBox="0 0 (\d+) \d+" shape-rendering="crispEdges"[^>]*><path d="([^"]+)"/.exec(html);
  assert.ok(drawn, 'no code for a phone on this page');
  const scale = 4;
  const side = Number(drawn[1]) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, length] of (drawn[2] ?? '').matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++) {
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
      }
    }
  }
  const read = jsQR(pixels, side, side);
  assert.ok(read, 'the code for a phone cannot be read');
  return read.data;
}
