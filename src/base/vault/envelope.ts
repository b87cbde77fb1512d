import type { KeyObject } from 'node:crypto';
import { takeRandom } from './random.ts';
import { forgetful } from './forgetful.ts';
import { additional, decrypt, encrypt, HEAD, OVERHEAD, purposeKey, type Sealer, VaultError } from './sealed.ts';

const KEY = 32;
const WRAPPED = OVERHEAD + KEY;
/** A data key is used for so many values; random IVs would allow 2^32. */
const MOST_VALUES = 1 << 20;
const MOST_KEYS = 2000;

/**
 * What belongs to a tenant or to the operator: each value carries the data key it was sealed with, wrapped. A server
 * takes a data key of its own for each tenant and uses it as long as it runs, so nothing need be looked up.
 * Layout: form, number of the wrapping key, wrapped data key, encrypted text.
 */
export function createEnvelopes(form: number, first: number, wrapping: ReadonlyMap<number, KeyObject>): Sealer {
  const inUse = forgetful<{ key: KeyObject; head: Buffer; values: number }>(MOST_KEYS);
  const opened = forgetful<KeyObject>(MOST_KEYS);
  const HEADS = [...wrapping.keys()].map((id) => [id, Buffer.from([form, id])] as const);
  const heads = new Map(HEADS);
  const about = (head: Buffer, scope: string) => additional(head, ['data key', scope]);

  function take(scope: string) {
    const known = inUse.get(scope);
    if (known && known.values < MOST_VALUES) return known;
    const bytes = takeRandom(KEY);
    const head = heads.get(first)!;
    const wrapped = encrypt(wrapping.get(first)!, bytes, about(head, scope));
    const fresh = { key: purposeKey(Buffer.from(bytes), 'seal'), head: Buffer.concat([head, wrapped]), values: 0 };
    inUse.set(scope, fresh);
    return fresh;
  }
  return {
    seal(plain, [scope = '', ...rest]) {
      const data = take(scope);
      data.values += 1;
      return Buffer.concat([data.head, encrypt(data.key, plain, additional(data.head, [scope, ...rest]))]);
    },
    open(sealed, [scope = '', ...rest]) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const wrapper = wrapping.get(bytes[1]!);
      if (!wrapper) throw new VaultError(`no key ${bytes[1]}`);
      const head = bytes.subarray(0, HEAD + WRAPPED);
      if (head.length < HEAD + WRAPPED) throw new VaultError('not a sealed value');
      const name = `${scope}\n${head.toString('latin1')}`;
      let key = opened.get(name);
      if (!key) {
        key = purposeKey(decrypt(wrapper, head.subarray(HEAD), about(heads.get(bytes[1]!)!, scope)), 'seal');
        opened.set(name, key);
      }
      return decrypt(key, bytes.subarray(HEAD + WRAPPED), additional(head, [scope, ...rest]));
    },
  };
}
