import type { Challenge } from '../../banking/step.ts';
import { renderFlicker } from './flicker.ts';
import type { Method } from './parameters.ts';

/** Longest challenge text and largest picture we pass on; banks send some hundred characters and 50 KB at most. */
const LONGEST_TEXT = 2048;
const LARGEST_IMAGE = 1024 * 1024;
/** How pictures begin that a browser shows. */
const IMAGES: [string, string][] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
];

/** What the person is shown: the bank's words, the picture for photo-TAN, the code to flicker. */
export function readChallenge(method: Method, text: string, matrix: Uint8Array | undefined, medium: string): Challenge {
  const image = matrix && readImage(matrix);
  const inText = /CHLGUC\s*(\d{4})(.*?)CHLGTEXT\s*(?:\d{4})?/s.exec(text);
  const flicker = image ? undefined : flickerOf(matrix, inText?.[2]);
  const words = plainText(inText ? text.replace(inText[0], '') : text);
  return {
    method: medium && medium !== 'noref' ? `${method.name} (${medium.slice(0, 60)})` : method.name,
    ...(words ? { text: words } : {}),
    ...(image ? { image } : {}),
    ...(flicker ? { flicker } : {}),
  };
}

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

function flickerOf(matrix: Uint8Array | undefined, inText: string | undefined): string | undefined {
  const written = inText ?? (matrix && matrix.length < 512 ? Buffer.from(matrix).toString('latin1') : undefined);
  return written === undefined ? undefined : renderFlicker(written);
}

/** Banks mark up their texts with a few HTML tags (`Challenge strukturiert`): breaks become lines, the rest goes. */
function plainText(text: string): string {
  return text
    .slice(0, LONGEST_TEXT * 2)
    .replace(/<\s*(br|p|li|ul|ol|tr)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]{0,200}>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
    .slice(0, LONGEST_TEXT);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
