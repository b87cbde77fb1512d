import { argon2, randomBytes } from 'node:crypto';
import { sameBytes } from '../../base/vault.ts';
import { Problem } from '../problems.ts';

// OWASP's least for argon2id: 19 MiB, two passes, one lane.
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT = 16;
const LENGTH = 32;
/** Each hash takes 19 MiB and a core for a while: whoever tries many passwords waits, and the server does not. */
const AT_ONCE = 2;
/** More than wait already, and somebody is flooding us. */
const MOST_WAITING = 40;

/** The shortest password. Length is what counts (NIST SP 800-63B): no rules of composition. */
export const SHORTEST = 12;
const LONGEST = 200;

/** Why this cannot be a password, or undefined. `about` are words it must not consist of: name, address, product. */
export function refusePassword(password: string, about: readonly string[]): string | undefined {
  if (password.length < SHORTEST) return `Use at least ${SHORTEST} characters; four or five random words are good.`;
  if (password.length > LONGEST) return `Use at most ${LONGEST} characters.`;
  if (new Set(password.toLowerCase()).size < 5) return 'This repeats too few characters.';
  const plain = password.toLowerCase().replace(/[^a-z0-9]/g, '');
  const known = [...about, 'drawbridge', 'password', 'passwort', 'administrator', 'letmein', 'qwertyuiop', '1234567890']
    .flatMap((word) => word.toLowerCase().split(/[@.\s]/))
    .filter((word) => word.length >= 4)
    .reduce((left, word) => left.replaceAll(word.replace(/[^a-z0-9]/g, ''), ''), plain);
  return known.length < 6 ? 'This is too close to your name, your address or a word everybody tries first.' : undefined;
}

/** The password as a PHC string: algorithm, cost, salt and hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT);
  const hash = await derive(password, salt, COST);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain64(salt)}$${plain64(hash)}`;
}

/** Whether it is the password. Without a stored one it takes as long and says no: nobody learns who exists. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored ?? '');
  if (!parts) {
    await derive(password.slice(0, LONGEST), Buffer.alloc(SALT), COST);
    return false;
  }
  const [, memory, passes, parallelism, salt = '', hash = ''] = parts;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const found = await derive(password.slice(0, LONGEST), Buffer.from(salt, 'base64'), cost);
  return sameBytes(found, Buffer.from(hash, 'base64'));
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (waiting.length >= MOST_WAITING)
    throw new Problem('rate_limited', 'Too many people sign in just now. Try again in a few seconds.', {
      retryAfterS: 5,
    });
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  else running += 1;
  try {
    return await new Promise((done, failed) => {
      const parameters = { message: password.normalize('NFC'), nonce: salt, tagLength: LENGTH, ...cost };
      argon2('argon2id', parameters, (error, hash) => (error ? failed(error) : done(Buffer.from(hash))));
    });
  } finally {
    // The place goes to whoever waits longest, or is given back.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function plain64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
