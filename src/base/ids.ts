import { takeRandom } from './vault/random.ts';

/** What each kind of object's id begins with. */
export const ID_PREFIXES = {
  app: 'app',
  identity: 'idn',
  certificate: 'crt',
  registration: 'reg',
  key: 'key',
  customer: 'cus',
  session: 'ses',
  consent: 'cst',
  template: 'tpl',
  connection: 'con',
  bankAccount: 'acc',
  transaction: 'txn',
  sync: 'syn',
  event: 'evt',
  webhookEndpoint: 'whe',
  delivery: 'dlv',
  bankCall: 'cal',
  request: 'req',
  operator: 'opr',
  operatorSession: 'ops',
  operatorLink: 'opl',
} as const;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** So many random base62 characters; 22 hold 131 bits. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of takeRandom(length + 8)) {
      // 248 is the largest multiple of 62 below 256: taking only smaller bytes keeps every character equally likely.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** A fresh id such as `cst_…`: its kind's prefix and 22 random base62 characters. */
export function newId(kind: keyof typeof ID_PREFIXES): string {
  return `${ID_PREFIXES[kind]}_${randomText(22)}`;
}

/** True when the text has the form of an id of that kind. */
export function isId(kind: keyof typeof ID_PREFIXES, text: string): boolean {
  return (
    text.length === ID_PREFIXES[kind].length + 23 &&
    text.startsWith(`${ID_PREFIXES[kind]}_`) &&
    /^[a-z]+_[0-9A-Za-z]{22}$/.test(text)
  );
}
