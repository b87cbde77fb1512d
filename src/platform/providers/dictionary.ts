import { buildTrigrams } from './trigrams.ts';

/** How well a word of a bank answers a typed one. Higher is better; 0 is not at all. */
export const WORD_SCORES = { begins: 80, cityBegins: 72, contains: 60, almostBegins: 40 } as const;

/** Every distinct word of the directory and the banks it belongs to, in flat arrays. */
export type Dictionary = {
  /** Raises `scores[bank]` to how well a word of that bank answers `typed` (folded, not empty). */
  match(typed: string, scores: Uint8Array): void;
};

/** Shorter typed words are taken as they are: with one letter of three wrong, everything is alike. */
const SHORTEST_WITH_TYPO = 4;

/** Builds a dictionary from `word → banks`, where a bank is written `bank * 2`, plus 1 where the word names its city. */
export function buildDictionary(
  banksByWord: ReadonlyMap<string, readonly number[]>,
  how: { inside: boolean },
): Dictionary {
  const words = [...banksByWord.keys()].sort(byCodeUnits);
  const trigrams = how.inside ? buildTrigrams(words) : undefined;
  const starts = new Int32Array(words.length + 1);
  let total = 0;
  for (const [index, word] of words.entries()) {
    starts[index] = total;
    total += banksByWord.get(word)?.length ?? 0;
  }
  starts[words.length] = total;
  const banks = new Int32Array(total);
  for (const [index, word] of words.entries()) banks.set(banksByWord.get(word) ?? [], starts[index]);

  const raise = (index: number, score: number, cityScore: number, scores: Uint8Array) => {
    const end = starts[index + 1]!;
    for (let at = starts[index]!; at < end; at += 1) {
      const entry = banks[at]!;
      const worth = (entry & 1) === 1 ? cityScore : score;
      if (scores[entry >> 1]! < worth) scores[entry >> 1] = worth;
    }
  };

  const beginning = (typed: string, score: number, cityScore: number, scores: Uint8Array) => {
    for (let index = lowerBound(words, typed); index < words.length && words[index]!.startsWith(typed); index += 1) {
      raise(index, score, cityScore, scores);
    }
  };

  const withTypo = (typed: string, scores: Uint8Array) => {
    for (const meant of corrections(words, typed)) {
      beginning(meant, WORD_SCORES.almostBegins, WORD_SCORES.almostBegins, scores);
    }
  };

  return {
    match(typed, scores) {
      beginning(typed, WORD_SCORES.begins, WORD_SCORES.cityBegins, scores);
      trigrams?.eachContaining(typed, (index) => raise(index, WORD_SCORES.contains, WORD_SCORES.contains, scores));
      if (typed.length >= SHORTEST_WITH_TYPO) withTypo(typed, scores);
    },
  };
}

/**
 * What may have been meant if one letter of `typed` is missing, too many, another, or changed places with its
 * neighbour: only what words really begin with, found by following the sorted list like a tree.
 */
export function corrections(words: readonly string[], typed: string): string[] {
  const meant: string[] = [];
  for (let at = 0; at <= typed.length; at += 1) {
    const before = typed.slice(0, at);
    const rest = typed.slice(at);
    let index = lowerBound(words, before);
    if (index === words.length || !words[index]!.startsWith(before)) break;
    if (rest.length > 0) meant.push(before + rest.slice(1));
    if (rest.length > 1) meant.push(before + rest[1] + rest[0] + rest.slice(2));
    // A letter missing at the very end needs no correction: what was typed is a beginning.
    while (rest.length > 0 && index < words.length && words[index]!.startsWith(before)) {
      const letter = words[index]![at];
      if (letter === undefined) {
        index += 1;
        continue;
      }
      meant.push(before + letter + rest.slice(1), before + letter + rest);
      index = lowerBound(words, before + String.fromCharCode(letter.charCodeAt(0) + 1), index);
    }
  }
  return meant;
}

/** Sorts as `<` compares, which is what the look-ups rely on. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first place in a sorted list, from `low` on, that is not below `key`. */
export function lowerBound(sorted: readonly string[], key: string, low = 0): number {
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
