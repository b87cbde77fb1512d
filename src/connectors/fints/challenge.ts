import { renderFlicker } from '../../banking/formats/flicker.ts';
import { readImage } from '../../banking/formats/image.ts';
import type { Challenge } from '../../banking/step.ts';
import type { Method } from './parameters.ts';

/** Longest challenge text we pass on; banks send some hundred characters at most. */
const LONGEST_TEXT = 2048;

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
