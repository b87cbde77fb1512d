import { almostBegins, letterMask } from './words.ts';

/** How well a word of a bank answers a typed one. Higher is better; 0 is not at all. */
export const WORD_SCORES = { begins: 80, cityBegins: 72, contains: 60, almostBegins: 40 } as const;

/** Every distinct word of the directory and the banks it belongs to, in flat arrays. */
export type Dictionary = {
  /** Raises `scores[bank]` to how well a word of that bank answers `typed` (folded, not empty). */
  match(typed: string, scores: Uint8Array): void;
};

/** Shorter typed words are taken as they are: with one letter of three wrong, everything is alike. */
const SHORTEST_WITH_TYPO = 4;
const SHORTEST_INSIDE = 3;

/** Builds a dictionary from `word → banks`, where a bank is written `bank * 2`, plus 1 where the word names its city. */
export function buildDictionary(banksByWord: ReadonlyMap<string, readonly number[]>): Dictionary {
  const words = [...banksByWord.keys()].sort(byCodeUnits);
  const starts = new Int32Array(words.length + 1);
  const masks = new Int32Array(words.length);
  const offsets = new Int32Array(words.length + 1);
  let total = 0;
  let length = 0;
  for (const [index, word] of words.entries()) {
    starts[index] = total;
    offsets[index] = length;
    masks[index] = letterMask(word);
    total += banksByWord.get(word)?.length ?? 0;
    length += word.length + 1;
  }
  starts[words.length] = total;
  offsets[words.length] = length;
  const banks = new Int32Array(total);
  for (const [index, word] of words.entries()) banks.set(banksByWord.get(word) ?? [], starts[index]);
  const text = `${words.join('\n')}\n`;

  const raise = (index: number, score: number, cityScore: number, scores: Uint8Array) => {
    const end = starts[index + 1]!;
    for (let at = starts[index]!; at < end; at += 1) {
      const entry = banks[at]!;
      const worth = (entry & 1) === 1 ? cityScore : score;
      if (scores[entry >> 1]! < worth) scores[entry >> 1] = worth;
    }
  };

  const beginning = (typed: string, scores: Uint8Array) => {
    for (let index = lowerBound(words, typed); index < words.length && words[index]!.startsWith(typed); index += 1) {
      raise(index, WORD_SCORES.begins, WORD_SCORES.cityBegins, scores);
    }
  };

  const inside = (typed: string, scores: Uint8Array) => {
    for (let at = text.indexOf(typed); at !== -1; ) {
      const index = lastAtOrBelow(offsets, at);
      if (offsets[index] !== at) raise(index, WORD_SCORES.contains, WORD_SCORES.contains, scores);
      at = text.indexOf(typed, offsets[index + 1]);
    }
  };

  const withTypo = (typed: string, scores: Uint8Array) => {
    const mask = letterMask(typed);
    for (let index = 0; index < masks.length; index += 1) {
      const missing = mask & ~masks[index]!;
      // At most one typed letter may be foreign to the word; that rules most words out without looking at them.
      if ((missing & (missing - 1)) === 0 && almostBegins(words[index]!, typed)) {
        raise(index, WORD_SCORES.almostBegins, WORD_SCORES.almostBegins, scores);
      }
    }
  };

  return {
    match(typed, scores) {
      beginning(typed, scores);
      if (typed.length >= SHORTEST_INSIDE) inside(typed, scores);
      if (typed.length >= SHORTEST_WITH_TYPO) withTypo(typed, scores);
    },
  };
}

/** Sorts as `<` compares, which is what the look-ups rely on. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first place in a sorted list that is not below `key`. */
export function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastAtOrBelow(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
