import type { ExportedJWKSCache, PrivateKey } from 'openid-client';
import type { ServerMetadata } from './metadata.ts';

/**
 * What is worth remembering of authorization servers in one process: metadata and keys for an hour, our own tokens for as
 * long as they live, imported signing keys. Bounded; everything in it can be lost at any moment.
 */
export type OAuthCache = {
  metadata: Shelf<ServerMetadata>;
  jwks: Shelf<ExportedJWKSCache>;
  tokens: Shelf<string>;
  keys: Shelf<Promise<PrivateKey>>;
};

/** Things by name, each for a while. Time is the machine's own, which nobody moves: servers' clocks do not move either. */
export type Shelf<Thing> = {
  get(name: string): Thing | undefined;
  keep(name: string, thing: Thing, forMs?: number): void;
  drop(name: string): void;
};

const HOUR_MS = 3_600_000;
const MOST = 500;

/** An empty one. */
export function createOAuthCache(): OAuthCache {
  return { metadata: shelf(), jwks: shelf(), tokens: shelf(), keys: shelf() };
}

function shelf<Thing>(): Shelf<Thing> {
  const things = new Map<string, { thing: Thing; untilMs: number }>();
  return {
    get(name) {
      const kept = things.get(name);
      if (kept && kept.untilMs > performance.now()) return kept.thing;
      things.delete(name);
      return undefined;
    },
    keep(name, thing, forMs = HOUR_MS) {
      things.delete(name);
      things.set(name, { thing, untilMs: performance.now() + forMs });
      if (things.size > MOST) things.delete(things.keys().next().value!);
    },
    drop: (name) => void things.delete(name),
  };
}
