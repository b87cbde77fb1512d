/** Which words contain what, by their runs of three letters. */
export type Trigrams = {
  /** Calls back with the index of every word that contains `typed` after its beginning; nothing for less than three letters. */
  eachContaining(typed: string, found: (index: number) => void): void;
};

/** Builds the index in flat arrays: for each run of three letters the words that have it, one after the other. */
export function buildTrigrams(words: readonly string[]): Trigrams {
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  for (const word of words) {
    for (let at = 0; at + 3 <= word.length; at += 1) {
      const key = keyAt(word, at);
      const number = numbers.get(key);
      if (number === undefined) {
        numbers.set(key, counts.length);
        counts.push(1);
      } else {
        counts[number]! += 1;
      }
    }
  }
  const starts = new Int32Array(counts.length + 1);
  for (const [number, count] of counts.entries()) starts[number + 1] = starts[number]! + count;
  const filled = starts.slice();
  const postings = new Int32Array(starts[counts.length]!);
  for (const [index, word] of words.entries()) {
    for (let at = 0; at + 3 <= word.length; at += 1) postings[filled[numbers.get(keyAt(word, at))!]!++] = index;
  }

  return {
    eachContaining(typed, found) {
      let rarest = -1;
      for (let at = 0; at + 3 <= typed.length; at += 1) {
        const number = numbers.get(keyAt(typed, at));
        if (number === undefined) return;
        if (rarest === -1 || counts[number]! < counts[rarest]!) rarest = number;
      }
      if (rarest === -1) return;
      let before = -1;
      for (let at = starts[rarest]!; at < starts[rarest + 1]!; at += 1) {
        const index = postings[at]!;
        if (index !== before && words[index]!.indexOf(typed, 1) !== -1) found(index);
        before = index;
      }
    },
  };
}

// Different runs may share a key (letters beyond 11 bits): they are told apart when the word itself is looked at.
function keyAt(word: string, at: number): number {
  return (
    ((word.charCodeAt(at) & 2047) << 20) ^ ((word.charCodeAt(at + 1) & 2047) << 10) ^ (word.charCodeAt(at + 2) & 2047)
  );
}
