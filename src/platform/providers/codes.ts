import { byCodeUnits, lowerBound } from './dictionary.ts';
import type { Provider } from './provider.ts';

/**
 * How well a code answers: a whole code beats every name (plus its length, so that the narrower of two ranges wins), a
 * code half typed does not.
 */
export const CODE_SCORES = { whole: 200, begins: 90, fourLetters: 70 } as const;

/** IBANs, BICs, bank codes and sort codes, as people type them. */
export type Codes = {
  /** Raises `scores[bank]` where what was typed is, or may become, a code of that bank. True if a whole code was met. */
  match(typed: string, scores: Uint8Array): boolean;
};

/** Builds the look-up; a bank is its index in `providers`. */
export function buildCodes(providers: readonly Provider[]): Codes {
  const bics = buildTable(providers, (provider) => provider.bics);
  const bankCodes = buildTable(providers, (provider) => provider.bankCodes);
  const sortCodes = buildTable(providers, (provider) => provider.sortCodes);

  const matchIban = (iban: string, scores: Uint8Array) => {
    const country = iban.slice(0, 2);
    const bank = iban.slice(4 + (BANK_CODE_STARTS[country] ?? 0));
    const here = (index: number) => providers[index]!.country === country;
    if (!BANKS_BY_LETTERS.has(country)) return bankCodes.match(bank, scores, here);
    const branch = SORT_CODE_COUNTRIES.has(country) ? bank.slice(4) : '';
    const bySortCode = branch.length >= 2 && sortCodes.match(branch, scores, here);
    const letters = bank.slice(0, 4);
    const byLetters = letters.length === 4 ? CODE_SCORES.whole + 4 : CODE_SCORES.begins;
    const byBic = bics.beginning(letters, byLetters, scores, here);
    const byCode = bankCodes.match(letters, scores, here);
    return bySortCode || byCode || (byBic && letters.length === 4);
  };

  return {
    match(typed, scores) {
      const bare = bareCode(typed);
      if (IBAN.test(bare)) return matchIban(bare, scores);
      if (/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{0,5}$|^[A-Z0-9]{3,5}$/.test(bare) && !/^\d+$/.test(bare)) {
        return bics.matchBic(bare, scores);
      }
      if (!/^\d{2,12}$/.test(bare)) return false;
      const anywhere = () => true;
      const bySortCode = bare.length <= 6 && sortCodes.match(bare, scores, anywhere);
      return bankCodes.match(bare, scores, anywhere) || bySortCode;
    },
  };
}

/** True for what can only be an IBAN, or most of one. */
export function isIban(typed: string): boolean {
  const bare = bareCode(typed);
  return bare.length >= 8 && IBAN.test(bare);
}

const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/;

function bareCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s.\-–/]/g, '');
}

// ISO 13616 registry: where the bank code begins after the check digits, where that is not at once.
const BANK_CODE_STARTS: Readonly<Record<string, number>> = { IT: 1, SM: 1 };
// … and where it is the four letters of the BIC; two of these go on with the sort code.
const BANKS_BY_LETTERS = new Set(['BG', 'GB', 'GI', 'IE', 'LV', 'MT', 'NL', 'RO']);
const SORT_CODE_COUNTRIES = new Set(['GB', 'IE']);

type Table = {
  match(typed: string, scores: Uint8Array, here: (bank: number) => boolean): boolean;
  matchBic(typed: string, scores: Uint8Array): boolean;
  beginning(typed: string, score: number, scores: Uint8Array, here: (bank: number) => boolean): boolean;
};

function buildTable(providers: readonly Provider[], codesOf: (provider: Provider) => readonly string[]): Table {
  const pairs = providers.flatMap((provider, bank) => codesOf(provider).map((code) => ({ code, bank })));
  pairs.sort((a, b) => byCodeUnits(a.code, b.code));
  const codes = pairs.map((pair) => pair.code);
  const banks = Int32Array.from(pairs, (pair) => pair.bank);

  const raise = (at: number, score: number, scores: Uint8Array) => {
    const bank = banks[at]!;
    if (scores[bank]! < score) scores[bank] = score;
  };

  const beginning: Table['beginning'] = (typed, score, scores, here) => {
    let met = false;
    for (let at = lowerBound(codes, typed); at < codes.length && codes[at]!.startsWith(typed); at += 1) {
      if (!here(banks[at]!)) continue;
      raise(at, score, scores);
      met = true;
    }
    return met;
  };

  return {
    match(typed, scores, here) {
      let whole = false;
      // Codes in the files may be ranges: what was typed may go on where the code ends, as an IBAN does.
      for (let length = 2; length <= Math.min(typed.length, 12); length += 1) {
        const code = typed.slice(0, length);
        for (let at = lowerBound(codes, code); at < codes.length && codes[at] === code; at += 1) {
          if (!here(banks[at]!)) continue;
          raise(at, CODE_SCORES.whole + length, scores);
          whole = true;
        }
      }
      beginning(typed, CODE_SCORES.begins, scores, here);
      return whole;
    },
    beginning,
    matchBic(typed, scores) {
      const institution = typed.slice(0, 8);
      let whole = false;
      for (let at = lowerBound(codes, institution); at < codes.length && codes[at]!.startsWith(institution); at += 1) {
        const code = codes[at]!;
        const isWhole = typed.length >= 8;
        whole ||= isWhole;
        // Another branch of the right bank is still the right bank, after the branch itself.
        if (isWhole) raise(at, CODE_SCORES.whole + (code.startsWith(typed) || typed.startsWith(code) ? 11 : 8), scores);
        else raise(at, typed.length >= 6 ? CODE_SCORES.begins : CODE_SCORES.fourLetters, scores);
      }
      return whole;
    },
  };
}
