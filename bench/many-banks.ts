import { monogramOf, type Provider } from '../src/platform/providers/provider.ts';

/** A repeatable stream of numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const BRANDS = [
  'Volkskasse',
  'Sparverein',
  'Raiffenkasse',
  'Crédit Vallée',
  'Banca del Colle',
  'Nørrebank',
  'Société d’Épargne',
];
const KINDS = [
  'Bank',
  'Privatbank',
  'Kasse',
  'Building Society',
  'Caja Rural',
  'Spółdzielczy Bank',
  'Crédit',
  'Banka',
  'Direkt',
];
const COUNTRIES = ['DE', 'AT', 'FR', 'IT', 'ES', 'PL', 'NL', 'GB', 'DK', 'SE', 'CH', 'BE'];
const SYLLABLES =
  'al ber dor en falk grün hau ingen kö lau mün nor ost pes quel rich schön tal ul vor wald zell é bjerg ão łę ß'.split(
    ' ',
  );

/** So many invented banks, as alike and as unlike as real ones: a third belong to a few brands, each has a city and codes. */
export function makeBanks(count: number, seed = 7): Provider[] {
  const next = random(seed);
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(next() * list.length)]!;
  const word = () => {
    const text = [...Array(2 + Math.floor(next() * 3))].map(() => pick(SYLLABLES)).join('');
    return text[0]!.toUpperCase() + text.slice(1);
  };
  const digits = (length: number) => String(Math.floor(next() * 10 ** length)).padStart(length, '0');
  const cities = [...Array(Math.ceil(count / 4))].map(word);
  return [...Array(count)].map((_, index) => {
    const country = pick(COUNTRIES);
    const city = pick(cities);
    const brand = next() < 0.35 ? pick(BRANDS) : undefined;
    const alone = `${word()}${word().toLowerCase()} ${pick(KINDS)}`;
    const name = brand ? `${brand} ${city}${next() < 0.4 ? `-${pick(cities)}` : ''} eG` : alone;
    const id = `${country.toLowerCase()}-bank-${index}`;
    const letters = [...Array(4)].map(() => String.fromCharCode(65 + Math.floor(next() * 26))).join('');
    return {
      id,
      name,
      ...(brand ? { brand } : {}),
      country,
      environment: 'live',
      bics: [`${letters}${country}${digits(2)}XXX`],
      bankCodes: country === 'GB' ? [] : [digits(country === 'DE' ? 8 : 5)],
      sortCodes: country === 'GB' ? [digits(6)] : [],
      cities: [city],
      otherNames: next() < 0.2 ? [`${word()} ${pick(KINDS)}`] : [],
      accountTypes: ['checking', 'savings'],
      interfaces: [
        {
          id: 'main',
          standard: 'any',
          accountTypes: ['checking', 'savings'],
          sca: ['redirected'],
          baseUrl: 'https://bank.example',
          hosts: ['bank.example'],
          oneConsentPerPerson: false,
          timeZone: 'Europe/Berlin',
          facts: {},
        },
      ],
      app: false,
      concealed: false,
      testLogins: [],
      monogram: monogramOf(id, name),
    } satisfies Provider;
  });
}

/** Queries as people type them: beginnings of names and words, typos, codes, IBANs, cities. */
export function makeQueries(banks: readonly Provider[], count: number, seed = 11): string[] {
  const next = random(seed);
  return [...Array(count)].map((_, index) => {
    const bank = banks[Math.floor(next() * banks.length)]!;
    const name = bank.name.toLowerCase();
    const cut = (text: string) => text.slice(0, 1 + Math.floor(next() * text.length));
    if (index % 8 === 0) return bank.bics[0]!.slice(0, 3 + Math.floor(next() * 9));
    if (index % 8 === 1)
      return `${bank.country}12 ${bank.country === 'IT' ? 'X' : ''}${bank.bankCodes[0] ?? bank.bics[0]!.slice(0, 4) + bank.sortCodes[0]}`;
    if (index % 8 === 2) return cut(bank.cities[0]!);
    if (index % 8 === 3) return withTypo(name, next);
    if (index % 8 === 4) return withTypo(name.split(' ')[0]!, next);
    return cut(name);
  });
}

function withTypo(text: string, next: () => number): string {
  const at = Math.floor(next() * Math.max(1, text.length - 1));
  const kind = Math.floor(next() * 4);
  const letter = String.fromCharCode(97 + Math.floor(next() * 26));
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1);
  if (kind === 1) return text.slice(0, at) + letter + text.slice(at);
  if (kind === 2) return text.slice(0, at) + letter + text.slice(at + 1);
  return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
}
