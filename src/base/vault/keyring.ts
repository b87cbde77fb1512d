import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto';
import { takeRandom } from './random.ts';
import { forgetful } from './forgetful.ts';
import { additional, decrypt, encrypt, HEAD, OVERHEAD, purposeKey, type Sealer, VaultError } from './sealed.ts';

/** What one holder's keys do. */
export type HolderKeys = Sealer & {
  /** The number of the newest; undefined where the holder has none yet. */
  number: number | undefined;
  /** A short text as a token that looks the same whenever the text is the same; undefined where the holder has no keys yet. */
  conceal(text: string): string | undefined;
  /** The text of a token; `VaultError` for anything else. */
  reveal(token: string): string;
};

/**
 * Wrapped keys of a holder: newest first, so that a value can still be opened while a newer key takes over. They are
 * stored in one place and nowhere else; once that is gone, nothing sealed with them can be opened again.
 */
export type Keyring = {
  /** A ring with one fresh key. */
  make(holder: readonly string[]): Buffer;
  /** What the ring's keys do. Without a ring (a holder from before there were rings) the vault's own do. */
  open(ring: Uint8Array | null, holder: readonly string[]): HolderKeys;
  /** The same keys, wrapped under the vault's first key; undefined when they are already. */
  rewrap(ring: Uint8Array, holder: readonly string[]): Buffer | undefined;
  /** The ring with a fresh key in front of it. */
  renew(ring: Uint8Array, holder: readonly string[]): Buffer;
  /** The ring with its newest key only. */
  prune(ring: Uint8Array): Buffer;
};

const KEY = 32;
/** Number of the key, number of the key that wraps it, the wrapped key. */
const RECORD = HEAD + OVERHEAD + KEY;
const SIV = 16;
const MOST_RINGS = 10_000;
const MOST_TOKENS = 100_000;

type Opened = { number: number; seal: KeyObject; hide: KeyObject; sign: KeyObject };

/** Rings whose keys are wrapped under the vault's. `otherwise` opens what was sealed before its holder had a ring. */
export function createKeyrings(
  form: number,
  first: number,
  wrapping: ReadonlyMap<number, KeyObject>,
  otherwise: Sealer,
): Keyring {
  const rings = forgetful<HolderKeys>(MOST_RINGS);

  const wrap = (number: number, key: Uint8Array, holder: readonly string[]) => {
    const head = Buffer.from([number, first]);
    return Buffer.concat([head, encrypt(wrapping.get(first)!, key, additional(head, ['keyring', ...holder]))]);
  };
  const unwrap = (record: Buffer, holder: readonly string[]) => {
    const wrapper = wrapping.get(record[1]!);
    if (!wrapper) throw new VaultError(`no key ${record[1]}`);
    const head = record.subarray(0, HEAD);
    return decrypt(wrapper, record.subarray(HEAD), additional(head, ['keyring', ...holder]));
  };
  const recordsOf = (ring: Uint8Array) => {
    const bytes = Buffer.from(ring.buffer, ring.byteOffset, ring.byteLength);
    if (bytes.length === 0 || bytes.length % RECORD !== 0) throw new VaultError('not a ring of keys');
    return Array.from({ length: bytes.length / RECORD }, (_, n) => bytes.subarray(n * RECORD, (n + 1) * RECORD));
  };
  return {
    make: (holder) => wrap(1, takeRandom(KEY), holder),
    open(ring, holder) {
      if (ring === null) return withoutRing(otherwise);
      const bytes = Buffer.from(ring.buffer, ring.byteOffset, ring.byteLength);
      const name = `${holder.join('\n')}\n${bytes.toString('latin1')}`;
      const known = rings.get(name);
      if (known) return known;
      const keys = recordsOf(bytes).map((record): Opened => {
        const key = unwrap(record, holder);
        const [seal, hide, sign] = ['seal', 'hide', 'sign'].map((purpose) => purposeKey(key, purpose));
        return { number: record[0]!, seal: seal!, hide: hide!, sign: sign! };
      });
      const fresh = holderKeys(form, keys, otherwise);
      rings.set(name, fresh);
      return fresh;
    },
    rewrap(ring, holder) {
      const records = recordsOf(ring);
      if (records.every((record) => record[1] === first)) return undefined;
      return Buffer.concat(records.map((record) => wrap(record[0]!, unwrap(record, holder), holder)));
    },
    renew(ring, holder) {
      const [newest] = recordsOf(ring);
      // A number comes again after 255 others, long after what it sealed has been sealed anew.
      return Buffer.concat([wrap((newest![0]! % 255) + 1, takeRandom(KEY), holder), ring]);
    },
    prune: (ring) => Buffer.from(recordsOf(ring)[0]!),
  };
}

let ringsOpened = 0;
// The same counterparties come again and again: what is known need not be computed.
const revealed = { count: 0, round: 0 };
const concealed = forgetful<string>(MOST_TOKENS);

function holderKeys(form: number, keys: readonly Opened[], otherwise: Sealer): HolderKeys {
  const newest = keys[0]!;
  const numbered = new Map(keys.map((key) => [key.number, key]));
  const head = Buffer.from([form, newest.number]);
  ringsOpened += 1;
  const mine = ringsOpened;
  /** By ring: another holder's token must fail although its text is known. */
  const remembered = (token: string) => `${mine} ${token}`;
  // A page asks for hundreds at once: with the ring in their names, naming them would be most of the work.
  let mineRevealed = new Map<string, string>();
  let round = revealed.round;
  const keyOf = (number: number) => {
    const key = numbered.get(number);
    if (!key) throw new VaultError(`its holder has no key ${number}`);
    return key;
  };
  return {
    seal: (plain, about) => Buffer.concat([head, encrypt(newest.seal, plain, additional(head, about))]),
    open(sealed, about) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes[0] !== form) return otherwise.open(bytes, about);
      const { seal } = keyOf(bytes[1]!);
      return decrypt(seal, bytes.subarray(HEAD), additional(bytes.subarray(0, HEAD), about));
    },
    number: newest.number,
    // A synthetic IV, as RFC 5297 has it: the HMAC of the text is both the IV and the proof that nothing was changed.
    conceal(text) {
      const known = concealed.get(remembered(text));
      if (known !== undefined) return known;
      const siv = createHmac('sha256', newest.sign).update(text).digest().subarray(0, SIV);
      const cipher = createCipheriv('aes-256-ctr', newest.hide, siv);
      const token = Buffer.concat([Buffer.from([newest.number]), siv, cipher.update(text, 'utf8')]).toString(
        'base64url',
      );
      concealed.set(remembered(text), token);
      return token;
    },
    reveal(token) {
      if (round !== revealed.round) [mineRevealed, round] = [new Map(), revealed.round];
      const known = mineRevealed.get(token);
      if (known !== undefined) return known;
      const bytes = Buffer.from(token, 'base64url');
      const { hide, sign } = keyOf(bytes[0] ?? 0);
      const siv = bytes.subarray(1, 1 + SIV);
      if (siv.length < SIV) throw new VaultError('not a token');
      const text = createDecipheriv('aes-256-ctr', hide, siv).update(bytes.subarray(1 + SIV));
      const expected = createHmac('sha256', sign).update(text).digest().subarray(0, SIV);
      if (!expected.equals(siv)) throw new VaultError('it was changed, or belongs somewhere else');
      revealed.count += 1;
      if (revealed.count > MOST_TOKENS) [revealed.count, revealed.round] = [0, revealed.round + 1];
      // As a copy: the token may be a piece of a long text, which would be kept with it.
      mineRevealed.set(bytes.toString('base64url'), text.toString());
      return text.toString();
    },
  };
}

function withoutRing({ seal, open }: Sealer): HolderKeys {
  const none = () => {
    throw new VaultError('its holder has no keys');
  };
  return { seal, open, number: undefined, conceal: () => undefined, reveal: none };
}
