import type { Method } from '../../world/bank.ts';
import { photoChallenge } from '../../world/photo.ts';

/** What the person is shown: a text, and for readers the data of a flicker code or a picture (`HHD_UC`, as bytes in Latin-1). */
export type Challenge = { text: string; data?: string };

/** The challenge for a method: what to do, and what the reader needs. `number` is the start code, digits. */
export function challengeFor(method: Method, what: string, number: string): Challenge {
  switch (method.type) {
    case 'CHIP_OTP':
      return {
        text: `${what} Stecken Sie Ihre Karte in den TAN-Generator und halten Sie ihn vor die Grafik. Startcode ${number}.`,
        data: flickerCode(number, ['0000000000']),
      };
    case 'PHOTO_OTP':
      return { text: `${what} Fotografieren Sie das Bild mit Ihrem Lesegerät.`, data: picture(number) };
    case 'PUSH_OTP':
      return { text: `${what} Bitte bestätigen Sie den Auftrag in Ihrer App.` };
    case 'SMS_OTP':
      return { text: `${what} Bitte geben Sie die TAN aus der SMS ein.` };
  }
}

/**
 * A flicker code's content after HHD 1.4: three digits of total length, then the start code (its length with bit 7 set
 * says that a control byte follows) and up to three data elements, each behind its length.
 */
export function flickerCode(startCode: string, elements: readonly string[]): string {
  const start = `${(0x80 + startCode.length).toString(16).toUpperCase()}01${startCode}`;
  const rest = elements.map((one) => String(one.length).padStart(2, '0') + one).join('');
  return String(start.length + rest.length).padStart(3, '0') + start + rest;
}

/** A picture as the standard packs it: length and name of its kind, length and content; both lengths in two bytes. */
function picture(seed: string): string {
  const kind = Buffer.from('image/png', 'latin1');
  const image = photoChallenge(seed);
  return Buffer.concat([lengthOf(kind), kind, lengthOf(image), image]).toString('latin1');
}

function lengthOf(content: Buffer): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(content.length);
  return bytes;
}
