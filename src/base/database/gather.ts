/** Looks many up at once; what is found stands where its key stood. */
export type LookUp<Where, Key, Found> = (where: Where, keys: readonly Key[]) => Promise<readonly (Found | undefined)[]>;

/**
 * Single look-ups that share a question: while one is under way the next keys gather, and then go together. The question
 * costs far more than one more key in it.
 */
export function gather<Where extends object, Key, Found>(
  lookUp: LookUp<Where, Key, Found>,
): (where: Where, key: Key) => Promise<Found | undefined> {
  type Waiting = { key: Key; resolve(found: Found | undefined): void; reject(error: unknown): void };
  const places = new WeakMap<Where, { waiting: Waiting[]; asking: boolean }>();

  async function work(where: Where, place: { waiting: Waiting[]; asking: boolean }): Promise<void> {
    while (place.waiting.length > 0) {
      const batch = place.waiting.splice(0);
      try {
        const found = await lookUp(
          where,
          batch.map(({ key }) => key),
        );
        for (const [index, one] of batch.entries()) one.resolve(found[index]);
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    place.asking = false;
  }
  return (where, key) =>
    new Promise((resolve, reject) => {
      let place = places.get(where);
      if (!place) {
        place = { waiting: [], asking: false };
        places.set(where, place);
      }
      place.waiting.push({ key, resolve, reject });
      if (place.asking) return;
      place.asking = true;
      // At the end of this turn of the loop, so that requests read from their sockets together ask together.
      setImmediate(() => void work(where, place));
    });
}
