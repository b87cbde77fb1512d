import { randomFillSync } from 'node:crypto';

const pool = new Uint8Array(8192);
let taken = pool.length;

/** Fresh random bytes. They are drawn by the block: asking the system each time would cost more than what they are for. */
export function takeRandom(count: number): Uint8Array {
  if (count > pool.length) return randomFillSync(new Uint8Array(count));
  if (taken + count > pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = pool.slice(taken, taken + count);
  // What was handed out must not be found in memory, and never be handed out again.
  pool.fill(0, taken, taken + count);
  taken += count;
  return bytes;
}
