import type { AccountType, ScaApproach } from '../../banking/account.ts';
import { isIban } from './codes.ts';
import { conditionsOf, countryNumber, makeColumns } from './columns.ts';
import { WORD_SCORES } from './dictionary.ts';
import type { Environment, Provider } from './provider.ts';
import { wordsOf } from './words.ts';

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

/** An index over one reading of the directory; another reading makes another. */
export type SearchIndex = {
  search(query: SearchQuery): SearchResult;
  list(filter: Omit<SearchQuery, 'q' | 'limit' | 'cursor'>): Provider[];
};

const MOST_CHARACTERS = 200;
const MOST_WORDS = 8;
const MOST_RESULTS = 500;
/** So many banks of one brand come before the others that answer as well; its further ones follow after those. */
const MOST_OF_A_BRAND = 3;

const SOME_WORDS = 8;
const NEAR = 6;
const LAST = 255;
const EVERYTHING = 1;

/** Builds the index over the directory. Its order among equals is by name, so cursors survive a change of the files. */
export function buildIndex(all: readonly Provider[]): SearchIndex {
  const { providers, keys, traits, countries, brands, brandCount, dictionary, wholeNames, phrases, codes } =
    makeColumns(all);
  const count = providers.length;
  const best = new Uint8Array(count);
  const ofWord = new Uint8Array(count);
  const wordsMet = new Uint8Array(count);
  const ofBrand = new Int32Array(brandCount);

  /** Scores every bank against the typed words; all must be met, or failing that as many as possible. */
  const scoreWords = (typed: readonly string[]) => {
    best.fill(0);
    wordsMet.fill(0);
    let most = 0;
    for (const word of typed) {
      ofWord.fill(0);
      dictionary.match(word, ofWord);
      if (typed.length === 1) wholeNames.match(word, ofWord);
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
