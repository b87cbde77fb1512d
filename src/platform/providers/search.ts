import { ACCOUNT_TYPES, type AccountType, SCA_APPROACHES, type ScaApproach } from '../../banking/account.ts';
import { buildCodes, isIban } from './codes.ts';
import { buildDictionary, byCodeUnits, lowerBound, WORD_SCORES } from './dictionary.ts';
import { ENVIRONMENTS, type Environment, type Provider } from './provider.ts';
import { spellingsOf, wordsOf } from './words.ts';

/** What is looked for. Without `q` everything that passes the conditions is found, by name. */
export type SearchQuery = {
  /** Name, IBAN, BIC, bank code, sort code or city, as typed; what exceeds 200 characters is not read. */
  q?: string;
  /** Only banks of this country. */
  country?: string;
  /** Banks of this country first, among equals. */
  near?: string;
  /** The slug of the bank picked last time: first, where it is found at all. */
  last?: string;
  accountType?: AccountType;
  sca?: ScaApproach;
  environments?: readonly Environment[];
  limit: number;
  /** `nextCursor` of the result before, for the same query. */
  cursor?: string;
};

/** Best first. `total` counts everything that was found. */
export type SearchResult = { data: Provider[]; total: number; hasMore: boolean; nextCursor?: string };

/** A cursor that no search gave. */
export class CursorNotValid extends Error {
  constructor() {
    super('this cursor is not from this list');
    this.name = 'CursorNotValid';
  }
}

export type SearchIndex = {
  search(query: SearchQuery): SearchResult;
  list(filter: Omit<SearchQuery, 'q' | 'limit' | 'cursor'>): Provider[];
};

const MOST_CHARACTERS = 200;
const MOST_WORDS = 8;
const MOST_RESULTS = 500;
/** So many banks of one brand come before the others that answer as well; its further ones follow after those. */
const MOST_OF_A_BRAND = 3;

// Between the codes (200 …) and the words (… 80) of the tables in codes.ts and dictionary.ts.
const NAME_SCORES = { is: 124, brandIs: 120, begins: 110, brandBegins: 108, otherBegins: 100 } as const;
const SOME_WORDS = 8;
const NEAR = 6;
const LAST = 255;
const EVERYTHING = 1;

/** Builds the index over the directory. Its order among equals is by name, so cursors survive a change of the files. */
export function buildIndex(all: readonly Provider[]): SearchIndex {
  const named = all.filter((provider) => !provider.concealed).map((provider) => ({ provider, key: keyOf(provider) }));
  named.sort((a, b) => byCodeUnits(a.key, b.key));
  const providers = named.map((entry) => entry.provider);
  const keys = named.map((entry) => entry.key);
  const count = providers.length;
  const traits = Int32Array.from(providers, traitsOf);
  const countries = Uint16Array.from(providers, (provider) => countryNumber(provider.country));
  const brands = numberBrands(providers);
  const dictionary = buildDictionary(collectWords(providers));
  const phrases = buildPhrases(providers);
  const codes = buildCodes(providers);
  const best = new Uint8Array(count);
  const ofWord = new Uint8Array(count);
  const wordsMet = new Uint8Array(count);
  const ofBrand = new Int32Array(Math.max(0, ...brands) + 1);

  /** Scores every bank against the typed words; all must be met, or failing that as many as possible. */
  const scoreWords = (typed: readonly string[]) => {
    best.fill(0);
    wordsMet.fill(0);
    let most = 0;
    for (const word of typed) {
      ofWord.fill(0);
      dictionary.match(word, ofWord);
      for (let bank = 0; bank < count; bank += 1) {
        const score = ofWord[bank]!;
        if (score === 0) continue;
        const met = wordsMet[bank]! + 1;
        wordsMet[bank] = met;
        if (met > most) most = met;
        if (best[bank] === 0 || best[bank]! > score) best[bank] = score;
      }
    }
    for (let bank = 0; bank < count; bank += 1) {
      if (best[bank] === 0) continue;
      if (wordsMet[bank]! < most) best[bank] = 0;
      else if (most < typed.length) best[bank] = SOME_WORDS;
    }
  };

  const score = (query: Omit<SearchQuery, 'limit'>): boolean => {
    const text = (query.q ?? '').slice(0, MOST_CHARACTERS);
    const typed = [...new Set(wordsOf(text))].slice(0, MOST_WORDS);
    const open = typed.length === 0;
    if (open) best.fill(EVERYTHING);
    else {
      scoreWords(isIban(text) ? [] : typed);
      phrases.match(wordsOf(text).join(' '), best);
      if (codes.match(text, best)) dropBelow(WORD_SCORES.begins);
    }
    keepAndFavour(query);
    return open;
  };

  // Whoever typed a whole code wants no bank whose name merely resembles it.
  const dropBelow = (least: number) => {
    for (let bank = 0; bank < count; bank += 1) if (best[bank]! < least) best[bank] = 0;
  };

  const keepAndFavour = (query: Omit<SearchQuery, 'limit'>) => {
    const passes = conditionsOf(query);
    const country = query.country === undefined ? 0 : countryNumber(query.country);
    const near = query.near === undefined ? 0 : countryNumber(query.near);
    for (let bank = 0; bank < count; bank += 1) {
      if (best[bank] === 0) continue;
      if (!passes(traits[bank]!) || (query.country !== undefined && countries[bank] !== country)) best[bank] = 0;
      else if (near !== 0 && countries[bank] === near) best[bank] = best[bank]! + NEAR;
    }
    if (query.last === undefined) return;
    const last = providers.findIndex((provider) => provider.id === query.last);
    if (last !== -1 && best[last] !== 0) best[last] = LAST;
  };

  /**
   * Calls `take` with the banks found, best first, until it answers false. Among equals each brand shows its first few
   * before any shows more: `volks` must lead to the bank of a car maker past seven hundred banks of one group.
   */
  const walk = (from: Place | undefined, byBrand: boolean, take: (bank: number, place: Place) => boolean) => {
    const levels = new Int32Array(256);
    for (let bank = 0; bank < count; bank += 1) levels[best[bank]!]! += 1;
    for (let level = from?.level ?? LAST; level > 0; level -= 1) {
      if (levels[level] === 0) continue;
      for (let pass = 0; pass <= (byBrand ? 1 : 0); pass += 1) {
        ofBrand.fill(0);
        for (let bank = 0; bank < count; bank += 1) {
          if (best[bank] !== level) continue;
          if (byBrand && ++ofBrand[brands[bank]!]! > MOST_OF_A_BRAND !== (pass === 1)) continue;
          const place = { level, pass, key: keys[bank]! };
          if (from !== undefined && !isAfter(place, from)) continue;
          if (!take(bank, place)) return;
        }
      }
    }
  };

  return {
    search(query) {
      const from = query.cursor === undefined ? undefined : parsePlace(query.cursor);
      const limit = Math.max(1, Math.min(MOST_RESULTS, Math.floor(query.limit) || 1));
      const open = score(query);
      let total = 0;
      for (let bank = 0; bank < count; bank += 1) if (best[bank] !== 0) total += 1;
      const data: Provider[] = [];
      let end: Place | undefined;
      let hasMore = false;
      walk(from, !open, (bank, place) => {
        hasMore = data.length === limit;
        if (hasMore) return false;
        data.push(providers[bank]!);
        end = place;
        return true;
      });
      return { data, total, hasMore, ...(hasMore && end ? { nextCursor: formatPlace(end) } : {}) };
    },
    list(filter) {
      score(filter);
      const found: Provider[] = [];
      walk(undefined, false, (bank) => found.push(providers[bank]!) > 0);
      return found;
    },
  };
}

/** Where in a result a bank stands: level of its score, first few of its brand or further ones, then by name. */
type Place = { level: number; pass: number; key: string };

function isAfter(place: Place, from: Place): boolean {
  if (place.level !== from.level) return place.level < from.level;
  if (place.pass !== from.pass) return place.pass > from.pass;
  return place.key > from.key;
}

function formatPlace(place: Place): string {
  return Buffer.from(JSON.stringify([place.level, place.pass, place.key])).toString('base64url');
}

function parsePlace(cursor: string): Place {
  try {
    const [level, pass, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isPlace = Number.isInteger(level) && Number(level) > 0 && Number(level) <= LAST && (pass === 0 || pass === 1);
    if (isPlace && typeof key === 'string') return { level: Number(level), pass, key };
  } catch {
    // Not JSON: the same answer as any other cursor that is not ours.
  }
  throw new CursorNotValid();
}

function keyOf(provider: Provider): string {
  return `${wordsOf(provider.name).join(' ')}\u0000${provider.id}`;
}

/** Bits: every pair of account type and approach that one interface offers, then the environment. */
function traitsOf(provider: Provider): number {
  let bits = 1 << (PAIRS + ENVIRONMENTS.indexOf(provider.environment));
  for (const { accountTypes, sca } of provider.interfaces) {
    for (const type of accountTypes) for (const approach of sca) bits |= 1 << pairNumber(type, approach);
  }
  return bits;
}

const PAIRS = ACCOUNT_TYPES.length * SCA_APPROACHES.length;

function pairNumber(type: AccountType, approach: ScaApproach): number {
  return ACCOUNT_TYPES.indexOf(type) * SCA_APPROACHES.length + SCA_APPROACHES.indexOf(approach);
}

function conditionsOf(query: Omit<SearchQuery, 'limit'>): (traits: number) => boolean {
  const types = query.accountType === undefined ? ACCOUNT_TYPES : [query.accountType];
  const approaches = query.sca === undefined ? SCA_APPROACHES : [query.sca];
  let pairs = 0;
  for (const type of types) for (const approach of approaches) pairs |= 1 << pairNumber(type, approach);
  let environments = 0;
  for (const environment of query.environments ?? ENVIRONMENTS) {
    environments |= 1 << (PAIRS + ENVIRONMENTS.indexOf(environment));
  }
  return (traits) => (traits & pairs) !== 0 && (traits & environments) !== 0;
}

function countryNumber(country: string): number {
  return ((country.charCodeAt(0) & 255) << 8) | (country.charCodeAt(1) & 255);
}

function numberBrands(providers: readonly Provider[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(providers, ({ brand, name, country }) => {
    const key = `${country} ${wordsOf(brand ?? name).join(' ')}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function collectWords(providers: readonly Provider[]): Map<string, number[]> {
  const banksByWord = new Map<string, number[]>();
  const add = (word: string, entry: number) => {
    const banks = banksByWord.get(word);
    if (banks === undefined) banksByWord.set(word, [entry]);
    else if (!banks.includes(entry, Math.max(0, banks.length - 8))) banks.push(entry);
  };
  for (const [bank, provider] of providers.entries()) {
    for (const name of namesOf(provider)) {
      const words = spellingsOf(name);
      for (const word of words) add(word, bank * 2);
      // Also as one word: people type `deutschebank`.
      const joined = wordsOf(name).join('');
      if (joined !== words[0]) add(joined, bank * 2);
    }
    for (const city of provider.cities) for (const word of spellingsOf(city)) add(word, bank * 2 + 1);
  }
  return banksByWord;
}

function namesOf(provider: Provider): string[] {
  return [provider.name, ...(provider.brand === undefined ? [] : [provider.brand]), ...provider.otherNames];
}

/** Whole names, so that what begins with exactly the typed words comes before what merely has them. */
function buildPhrases(providers: readonly Provider[]): { match(typed: string, scores: Uint8Array): void } {
  const entries = providers.flatMap(({ name, brand, otherNames }, bank) => [
    { phrase: wordsOf(name).join(' '), bank, is: NAME_SCORES.is, begins: NAME_SCORES.begins },
    ...(brand === undefined
      ? []
      : [{ phrase: wordsOf(brand).join(' '), bank, is: NAME_SCORES.brandIs, begins: NAME_SCORES.brandBegins }]),
    ...otherNames.map((other) => ({
      phrase: wordsOf(other).join(' '),
      bank,
      is: NAME_SCORES.otherBegins,
      begins: NAME_SCORES.otherBegins,
    })),
  ]);
  entries.sort((a, b) => byCodeUnits(a.phrase, b.phrase));
  const phrases = entries.map((entry) => entry.phrase);
  const banks = Int32Array.from(entries, (entry) => entry.bank);
  const is = Uint8Array.from(entries, (entry) => entry.is);
  const begins = Uint8Array.from(entries, (entry) => entry.begins);
  return {
    match(typed, scores) {
      for (let at = lowerBound(phrases, typed); at < phrases.length && phrases[at]!.startsWith(typed); at += 1) {
        const score = phrases[at]!.length === typed.length ? is[at]! : begins[at]!;
        if (scores[banks[at]!]! < score) scores[banks[at]!] = score;
      }
    },
  };
}
