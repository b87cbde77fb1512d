/** Remembers at most so many values: those used last. */
export type Forgetful<Value> = { get(name: string): Value | undefined; set(name: string, value: Value): void };

/** A memory of `most` values in this process. */
export function forgetful<Value>(most: number): Forgetful<Value> {
  // Two halves instead of an order: what is in use moves on, the older half is dropped as a whole.
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const set = (name: string, value: Value) => {
    if (young.size >= most / 2) [old, young] = [young, new Map()];
    young.set(name, value);
  };
  return {
    get(name) {
      const value = young.get(name);
      if (value !== undefined) return value;
      const older = old.get(name);
      if (older !== undefined) set(name, older);
      return older;
    },
    set,
  };
}
