/**
 * A text as search compares it: small letters, accents dropped, letters that decompose into none spelled out
 * (ß → ss, æ → ae, ø → o). The fold of a beginning is a beginning of the fold.
 */
export function fold(text: string): string {
  const small = text.toLowerCase();
  // Most names are plain; taking them apart costs ten times as much as seeing that.
  if (/^[ -~]*$/.test(small)) return small;
  return small
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþıςħŋſƒ]/g, (letter) => SPELLED[letter] ?? letter);
}

const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
  ħ: 'h',
  ŋ: 'n',
  ſ: 's',
  ƒ: 'f',
};

/** The folded words of a text, in order. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Every spelling people use for the words of a text: as folded, and with umlauts written out (`münchner`, `muenchner`). */
export function spellingsOf(text: string): string[] {
  const plain = wordsOf(text);
  if (!/[^ -~]/.test(text)) return plain;
  const small = text.toLowerCase().normalize('NFC');
  if (!/[äöüøå]/.test(small)) return plain;
  return [...plain, ...wordsOf(small.replace(/[äöüøå]/g, (letter) => WRITTEN_OUT[letter] ?? letter))];
}

const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };
