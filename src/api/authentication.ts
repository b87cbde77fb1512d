import { createLimiter, type Limiter } from '../base/limits.ts';
import { hashToken } from '../base/vault.ts';
import { findCaller, type KeyOwner } from '../platform/apps/apps.ts';
import type { Platform } from '../platform/platform.ts';
import { Problem } from '../platform/problems.ts';

/**
 * Finds who sent a request by its `Authorization` header, at once where the key was seen a moment ago; throws or rejects
 * with `unauthorized` or `key_revoked`.
 */
export type Authenticate = (authorization: string | undefined, address: string) => KeyOwner | Promise<KeyOwner>;

/** How long a found key is believed: so long at most a revoked one still works. */
const BELIEVED_MS = 5000;
const MOST_BELIEVED = 2000;
/** Wrong keys from one address. */
const WRONG_KEYS = { perMinute: 60, burst: 100, most: 10_000 };

/** Looks keys up by their hash; `nowMs` is a monotonic clock. */
export function createAuthentication(platform: Platform, nowMs: () => number = () => performance.now()): Authenticate {
  const believed = new Map<string, { owner: KeyOwner; untilMs: number }>();
  const wrongKeys = createLimiter(WRONG_KEYS);
  const look = async (hash: Buffer, name: string, address: string): Promise<KeyOwner> => {
    const owner = await findCaller(platform, hash);
    if (!owner) throw refuse(wrongKeys, address, 'There is no such key. Keys are shown once, when they are made.');
    if (owner.revoked) throw new Problem('key_revoked', 'Make a new key with `npm run app -- keys` and use that one.');
    if (believed.size >= MOST_BELIEVED) believed.clear();
    believed.set(name, { owner, untilMs: nowMs() + BELIEVED_MS });
    return owner;
  };
  return (authorization, address) => {
    const key = keyIn(authorization);
    if (key === undefined) throw refuse(wrongKeys, address, HOW_TO);
    const hash = hashToken(key);
    const name = hash.toString('base64');
    const known = believed.get(name);
    return known && known.untilMs > nowMs() ? known.owner : look(hash, name, address);
  };
}

const HOW_TO = 'Send your key: `Authorization: Bearer dbk_test_…`, or as user name without password.';

/** What looks like one of our keys in a Bearer or Basic header. */
function keyIn(authorization: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] =
    /^(bearer|basic) +([A-Za-z0-9+/=_.~-]{1,200})$/i.exec(authorization ?? '') ?? [];
  const given = scheme.toLowerCase() === 'basic' ? userName(credentials) : credentials;
  return given !== undefined && /^dbk_(test|live)_[A-Za-z0-9_-]{43}$/.test(given) ? given : undefined;
}

/** The user name where the password is empty: a key in the place of the password is a mistake worth telling. */
function userName(credentials: string): string | undefined {
  const [user, ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return password.join(':') === '' ? user : undefined;
}

function refuse(limiter: Limiter, address: string, detail: string): Problem {
  const { allowed, retryAfterS } = limiter.take(address);
  return allowed
    ? new Problem('unauthorized', detail)
    : new Problem('rate_limited', 'Too many requests without a valid key.', { retryAfterS });
}
