import { ACCOUNT_TYPES, type AccountType, SCA_APPROACHES, type ScaApproach } from '../../banking/account.ts';
import { buildCodes, type Codes } from './codes.ts';
import { buildDictionary, byCodeUnits, type Dictionary, lowerBound } from './dictionary.ts';
import { ENVIRONMENTS, type Environment, type Provider } from './provider.ts';
import { spellingsOf, wordsOf } from './words.ts';

/** The directory as search reads it: one entry a bank in each column, in the order of their names. */
export type Columns = {
  providers: Provider[];
  /** What the order is by: folded name and slug. */
  keys: string[];
  /** To be asked with `conditionsOf`. */
  traits: Int32Array;
  /** As `countryNumber` writes them. */
  countries: Uint16Array;
  /** Banks of one brand in one country share a number below `brandCount`. */
  brands: Int32Array;
  brandCount: number;
  dictionary: Dictionary;
  wholeNames: Dictionary;
  phrases: Phrases;
  codes: Codes;
};

/** Whole names, so that what begins with exactly the typed words comes before what merely has them. */
export type Phrases = { match(typed: string, scores: Uint8Array): void };

/** Between the codes (200 …) and the words (… 80) of the tables in codes.ts and dictionary.ts. */
const NAME_SCORES = { is: 124, brandIs: 120, begins: 110, brandBegins: 108, otherBegins: 100 } as const;

/** Puts the directory into columns, concealed banks left out. */
export function makeColumns(all: readonly Provider[]): Columns {
  const wordsIn = remembering(wordsOf);
  const named = all
    .filter((provider) => !provider.concealed)
    .map((provider) => ({ provider, key: keyOf(provider, wordsIn) }));
  named.sort((a, b) => byCodeUnits(a.key, b.key));
  const providers = named.map((entry) => entry.provider);
  return {
    providers,
    keys: named.map((entry) => entry.key),
    traits: Int32Array.from(providers, traitsOf),
    countries: Uint16Array.from(providers, (provider) => countryNumber(provider.country)),
    ...numberBrands(providers, wordsIn),
    dictionary: buildDictionary(collectWords(providers), { inside: true }),
    wholeNames: buildDictionary(collectWholeNames(providers, wordsIn), { inside: false }),
    phrases: buildPhrases(providers, wordsIn),
    codes: buildCodes(providers),
  };
}

function keyOf(provider: Provider, wordsIn: ReadWords): string {
  return `${wordsIn(provider.name).join(' ')}\u0000${provider.id}`;
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

/** What of account type, approach and environment a bank must offer; type and approach at one and the same interface. */
export type Conditions = { accountType?: AccountType; sca?: ScaApproach; environments?: readonly Environment[] };

/** A test of a bank's `traits`. */
export function conditionsOf(query: Conditions): (traits: number) => boolean {
  const types = query.accountType === undefined ? ACCOUNT_TYPES : [query.accountType];
  const approaches = query.sca === undefined ? SCA_APPROACHES : [query.sca];
  let pairs = 0;
  for (const type of types) for (const approach of approaches) pairs |= 1 << pairNumber(type, approach);
  let environments = 0;
  for (const environment of query.environments ?? ENVIRONMENTS) {
    environments |= 1 << (PAIRS + ENVIRONMENTS.indexOf(environment));
  }
  // A bank that nobody can connect offers nothing, and is found by whoever asks for nothing in particular.
  const asksForPairs = query.accountType !== undefined || query.sca !== undefined;
  return (traits) => (!asksForPairs || (traits & pairs) !== 0) && (traits & environments) !== 0;
}

/** Two letters as one number. */
export function countryNumber(country: string): number {
  return ((country.charCodeAt(0) & 255) << 8) | (country.charCodeAt(1) & 255);
}

function numberBrands(providers: readonly Provider[], wordsIn: ReadWords): Pick<Columns, 'brands' | 'brandCount'> {
  const numbers = new Map<string, number>();
  const brands = Int32Array.from(providers, ({ brand, name, country }) => {
    const key = `${country} ${wordsIn(brand ?? name).join(' ')}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { brands, brandCount: numbers.size };
}

function collectWords(providers: readonly Provider[]): Map<string, number[]> {
  const banksByWord = new Map<string, number[]>();
  for (const [bank, provider] of providers.entries()) {
    for (const name of namesOf(provider)) addWords(banksByWord, spellingsOf(name), bank * 2);
    for (const city of provider.cities) addWords(banksByWord, spellingsOf(city), bank * 2 + 1);
  }
  return banksByWord;
}

/** Names of several words as one, because people type `deutschebank`. */
function collectWholeNames(providers: readonly Provider[], wordsIn: ReadWords): Map<string, number[]> {
  const banksByName = new Map<string, number[]>();
  for (const [bank, provider] of providers.entries()) {
    for (const name of namesOf(provider)) {
      const words = wordsIn(name);
      if (words.length > 1) addWords(banksByName, [words.join('')], bank * 2);
    }
  }
  return banksByName;
}

function addWords(banksByWord: Map<string, number[]>, words: readonly string[], entry: number): void {
  for (const word of words) {
    const banks = banksByWord.get(word);
    if (banks === undefined) banksByWord.set(word, [entry]);
    else if (!banks.includes(entry, Math.max(0, banks.length - 8))) banks.push(entry);
  }
}

function namesOf(provider: Provider): string[] {
  return [provider.name, ...(provider.brand === undefined ? [] : [provider.brand]), ...provider.otherNames];
}

type ReadWords = (text: string) => string[];

/** A name is read several times while the index is built; taking it apart is the dear part of that. */
function remembering(read: ReadWords): ReadWords {
  const known = new Map<string, string[]>();
  return (text) => {
    const words = known.get(text) ?? read(text);
    known.set(text, words);
    return words;
  };
}

function buildPhrases(providers: readonly Provider[], wordsIn: ReadWords): Phrases {
  const entries = providers.flatMap(({ name, brand, otherNames }, bank) => [
    { phrase: wordsIn(name).join(' '), bank, is: NAME_SCORES.is, begins: NAME_SCORES.begins },
    ...(brand === undefined
      ? []
      : [{ phrase: wordsIn(brand).join(' '), bank, is: NAME_SCORES.brandIs, begins: NAME_SCORES.brandBegins }]),
    ...otherNames.map((other) => ({
      phrase: wordsIn(other).join(' '),
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
