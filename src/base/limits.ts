/** What a limiter says: whether this one may pass, and what the rate limit headers should tell. Times in seconds. */
export type Taken = { allowed: boolean; retryAfterS: number; remaining: number; limit: number; resetS: number };

/** Counts per key. */
export type Limiter = { take(key: string): Taken };

/**
 * A token bucket a key: `burst` at once, refilled at `perMinute`. It remembers the `most` keys used last, in this
 * process only: it protects the server, a budget that must hold across servers belongs in the database.
 */
export function createLimiter(
  { perMinute, burst, most }: { perMinute: number; burst: number; most: number },
  // Monotonic, so that a moved or corrected clock neither frees nor blocks anyone.
  nowMs: () => number = () => performance.now(),
): Limiter {
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(key) {
      const atMs = nowMs();
      const known = buckets.get(key);
      const tokens = known ? Math.min(burst, known.tokens + (atMs - known.atMs) * perMs) : burst;
      const allowed = tokens >= 1;
      const left = allowed ? tokens - 1 : tokens;
      buckets.delete(key);
      buckets.set(key, { tokens: left, atMs });
      if (buckets.size > most) buckets.delete(buckets.keys().next().value!);
      return {
        allowed,
        retryAfterS: allowed ? 0 : Math.ceil((1 - left) / perMs / 1000),
        remaining: Math.floor(left),
        limit: burst,
        resetS: Math.ceil((burst - left) / perMs / 1000),
      };
    },
  };
}
