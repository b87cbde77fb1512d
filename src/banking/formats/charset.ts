/** Character sets that banks write statements in; `auto` finds out which. */
export const CHARSETS = ['auto', 'utf-8', 'iso-8859-1', 'cp850', 'din-66003'] as const;
/** One of them. */
export type Charset = (typeof CHARSETS)[number];

/**
 * A bank's text from its bytes. `auto`: UTF-8 where it is valid, also where it was encoded twice; else code page 850 where
 * letters stand that ISO-8859-1 does not have; else ISO-8859-1 (read as Windows-1252, which it is a part of).
 */
export function decodeText(bytes: Uint8Array, charset: Charset = 'auto'): string {
  switch (charset) {
    case 'utf-8':
      return withoutMark(new TextDecoder('utf-8').decode(bytes));
    case 'iso-8859-1':
      return decodeLatin(bytes);
    case 'cp850':
      return replaced(decodeLatin1Plain(bytes), CP850);
    case 'din-66003':
      return replaced(decodeLatin1Plain(bytes), DIN66003);
    case 'auto':
      return decodeAuto(bytes);
    default:
      return charset satisfies never;
  }
}

const CP850: Record<string, string> = {
  '\x84': 'ä',
  '\x94': 'ö',
  '\x81': 'ü',
  '\x8e': 'Ä',
  '\x99': 'Ö',
  '\x9a': 'Ü',
  á: 'ß',
  '\x82': 'é',
  '\x8a': 'è',
  '\x85': 'à',
  '\x87': 'ç',
};
/** The German seven-bit set: umlauts in the places of brackets. */
const DIN66003: Record<string, string> = {
  '[': 'Ä',
  '\\': 'Ö',
  ']': 'Ü',
  '{': 'ä',
  '|': 'ö',
  '}': 'ü',
  '~': 'ß',
  '@': '§',
};

function decodeAuto(bytes: Uint8Array): string {
  let text: string;
  try {
    text = withoutMark(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return isCp850(bytes) ? replaced(decodeLatin1Plain(bytes), CP850) : decodeLatin(bytes);
  }
  return /Ã[¤¶¼\u009f\u0084\u0096\u009cŸ„–œ]/.test(text) ? decodedTwice(text) : text;
}

const CP850_UMLAUTS = new Set([0x81, 0x84, 0x8e, 0x94, 0x99, 0x9a]);
const LATIN_UMLAUTS = new Set([0xc4, 0xd6, 0xdc, 0xe4, 0xf6, 0xfc]);

/** ISO-8859-1 has no letters from 80 to 9F, and Windows-1252 has none there that stand beside letters. */
function isCp850(bytes: Uint8Array): boolean {
  let found = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    if (LATIN_UMLAUTS.has(byte)) return false;
    found ||= CP850_UMLAUTS.has(byte) && (isLetter(bytes[at - 1]) || isLetter(bytes[at + 1]));
  }
  return found;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}

/** UTF-8 that was taken for ISO-8859-1 or Windows-1252 and encoded once more. */
function decodedTwice(text: string): string {
  return text.replace(/Ã[¤¶¼\u009f\u0084\u0096\u009cŸ„–œ]/g, (pair) => TWICE[pair] ?? pair);
}

const TWICE: Record<string, string> = {
  'Ã¤': 'ä',
  'Ã¶': 'ö',
  'Ã¼': 'ü',
  'Ã\u009f': 'ß',
  'Ã\u0084': 'Ä',
  'Ã\u0096': 'Ö',
  'Ã\u009c': 'Ü',
  ÃŸ: 'ß',
  'Ã„': 'Ä',
  'Ã–': 'Ö',
  Ãœ: 'Ü',
};

function decodeLatin(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252').decode(bytes);
}

function decodeLatin1Plain(bytes: Uint8Array): string {
  // TextDecoder knows no plain ISO-8859-1: its label means Windows-1252.
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

function replaced(text: string, by: Record<string, string>): string {
  return text.replace(/[^\n\r -Z^-zA-Za-z0-9]|[[\\\]{|}~@]/g, (character) => by[character] ?? character);
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}
