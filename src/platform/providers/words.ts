/**
 * A text as search compares it: small letters, accents dropped, letters that decompose into none spelled out
 * (ß → ss, æ → ae, ø → o). The fold of a beginning is a beginning of the fold.
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
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
  const small = text.toLowerCase().normalize('NFC');
  if (!/[äöüøå]/.test(small)) return plain;
  return [...plain, ...wordsOf(small.replace(/[äöüøå]/g, (letter) => WRITTEN_OUT[letter] ?? letter))];
}

const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

/** True when `typed` is at most one typo (a letter more, less, other, or two swapped) away from a beginning of `word`. */
export function almostBegins(word: string, typed: string): boolean {
  let at = 0;
  while (at < typed.length && at < word.length && word.charCodeAt(at) === typed.charCodeAt(at)) at += 1;
  if (at === typed.length) return true;
  if (at === word.length) return typed.length - at <= 1;
  return (
    sameFrom(word, at + 1, typed, at + 1) ||
    sameFrom(word, at, typed, at + 1) ||
    sameFrom(word, at + 1, typed, at) ||
    (word.charCodeAt(at) === typed.charCodeAt(at + 1) &&
      word.charCodeAt(at + 1) === typed.charCodeAt(at) &&
      sameFrom(word, at + 2, typed, at + 2))
  );
}

/** True when what is left of `typed` is where `word` goes on. */
function sameFrom(word: string, wordAt: number, typed: string, typedAt: number): boolean {
  const left = typed.length - typedAt;
  if (left > word.length - wordAt) return false;
  for (let step = 0; step < left; step += 1) {
    if (word.charCodeAt(wordAt + step) !== typed.charCodeAt(typedAt + step)) return false;
  }
  return true;
}

/** One bit for each letter and digit that occurs in a word (others share bits): what it lacks, it cannot contain. */
export function letterMask(word: string): number {
  let mask = 0;
  for (let at = 0; at < word.length; at += 1) mask |= 1 << (word.charCodeAt(at) & 31);
  return mask;
}
