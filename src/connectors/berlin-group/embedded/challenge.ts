import { renderFlicker } from '../../../banking/formats/flicker.ts';
import { readImage } from '../../../banking/formats/image.ts';
import { asList, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import type { Challenge } from '../../../banking/step.ts';

/** XS2A 1.3.12 `challengeData.image`: at most 512 kB, which is so many characters of base64. */
const LONGEST_IMAGE = Math.ceil((512 * 1024) / 3) * 4;

/**
 * Everything the bank wants shown with a code or an approval; undefined when the answer has nothing of it. The standard
 * obliges us to show all of it, so only what cannot be shown (an image that is none) is left out.
 */
export function readChallenge(json: Wire, methodName?: string): Challenge | undefined {
  const method = asRecord(json.chosenScaMethod);
  const data = asRecord(json.challengeData);
  if (json.chosenScaMethod === undefined && json.challengeData === undefined && json.psuMessage === undefined)
    return undefined;
  const texts = [asText(json.psuMessage), asText(data.additionalInformation, 1000), asText(method.explanation)];
  const text = [...new Set(texts.filter((part) => part !== undefined))].join('\n');
  const name = asText(method.name, 140) ?? methodName ?? asText(method.authenticationType, 60);
  const image = imageOf(data.image);
  const lines = asList(data.data)
    .slice(0, 20)
    .flatMap((line) => asText(line, 500) ?? []);
  const flicker = image ? undefined : flickerOf(lines);
  const words = flicker ? lines.filter((line) => line !== flicker.line) : lines;
  const imageLink = readImageLink(data.imageLink);
  return {
    ...(name && { method: name }),
    ...(text && { text }),
    ...(image && { image }),
    ...(flicker && { flicker: flicker.code }),
    ...(words.length > 0 && { data: words }),
    ...(imageLink && { imageLink }),
  };
}

/** A picture in base64, bare or with a media type, also framed as card readers know it (HHD_UC for matrix codes). */
function imageOf(value: unknown): Challenge['image'] | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_IMAGE * 1.1) return undefined;
  const base64 = value.replace(/^data:image\/[a-z]+;base64,/, '').replace(/\s+/g, '');
  if (base64.length > LONGEST_IMAGE || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  return readImage(Buffer.from(base64, 'base64'));
}

/** The standard has no field for a flicker code: banks write it as one of the strings. Only a code that adds up is one. */
function flickerOf(lines: readonly string[]): { code: string; line: string } | undefined {
  for (const line of lines) {
    const code = /^[0-9A-Za-z]{2}/.test(line) && !/^\d{4,9}$/.test(line) ? renderFlicker(line) : undefined;
    if (code !== undefined) return { code, line };
  }
  return undefined;
}

/** Only https: the person is shown this as a link. */
function readImageLink(value: unknown): string | undefined {
  const text = asText(value, 2000);
  return text !== undefined && URL.canParse(text) && new URL(text).protocol === 'https:' ? text : undefined;
}
