import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const WASM = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
let isPrepared = false;

/** What the codes in a screenshot (PNG) say, read by a decoder that nobody here wrote. */
export async function readCodes(png: Uint8Array): Promise<string[]> {
  // Left alone the package would load its decoder from elsewhere.
  if (!isPrepared) prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(WASM)).buffer } });
  isPrepared = true;
  const codes = await readBarcodes(new Blob([Uint8Array.from(png)]), { formats: ['QRCode'] });
  return codes.map(({ text }) => text);
}
