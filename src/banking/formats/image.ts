import type { Challenge } from '../step.ts';

/** Largest picture we pass on; banks send 50 KB at most. */
const LARGEST_IMAGE = 1024 * 1024;
/** How pictures begin that a browser shows. */
const IMAGES: [string, string][] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
];

/**
 * The picture of a photo-TAN or a QR code (HHD_UC for matrix codes): two bytes length and the media type, two bytes length
 * and the picture. What is no picture by its own first bytes is not shown.
 */
export function readImage(matrix: Uint8Array): Challenge['image'] | undefined {
  const bytes = Buffer.from(matrix);
  if (bytes.length < 8 || bytes.length > LARGEST_IMAGE) return undefined;
  const typeLength = bytes.readUInt16BE(0);
  const at = 2 + typeLength;
  const framed =
    typeLength <= 64 && at + 2 <= bytes.length ? bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)) : bytes;
  for (const candidate of [framed, bytes]) {
    const start = candidate.subarray(0, 8).toString('latin1');
    const mediaType = IMAGES.find(([, magic]) => start.startsWith(magic))?.[0];
    if (mediaType) return { mediaType, base64: candidate.toString('base64') };
  }
  return undefined;
}
