import { asList, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import type { Challenge } from '../../../banking/step.ts';

/** XS2A 1.3.12 `challengeData.image`: at most 512 kB, which is so many characters of base64. */
const LONGEST_IMAGE = Math.ceil((512 * 1024) / 3) * 4;

/** How PNG and JPEG files begin, in base64. */
const IMAGES = { 'image/png': 'iVBORw0KGgo', 'image/jpeg': '/9j/' };

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
  const image = readImage(data.image);
  const lines = asList(data.data)
    .slice(0, 20)
    .flatMap((line) => asText(line, 500) ?? []);
  const imageLink = readImageLink(data.imageLink);
  return {
    ...(name && { method: name }),
    ...(text && { text }),
    ...(image && { image }),
    ...(lines.length > 0 && { data: lines }),
    ...(imageLink && { imageLink }),
  };
}

function readImage(value: unknown): Challenge['image'] | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_IMAGE * 1.1) return undefined;
  const base64 = value.replace(/^data:image\/[a-z]+;base64,/, '').replace(/\s+/g, '');
  if (base64.length > LONGEST_IMAGE || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const type = Object.entries(IMAGES).find(([, start]) => base64.startsWith(start))?.[0];
  return type === undefined ? undefined : { mediaType: type, base64 };
}

/** Only https: the person is shown this as a link. */
function readImageLink(value: unknown): string | undefined {
  const text = asText(value, 2000);
  return text !== undefined && URL.canParse(text) && new URL(text).protocol === 'https:' ? text : undefined;
}
