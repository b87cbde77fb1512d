/** How a language writes days, numbers, lists and countries. Everything by `Intl`, so that a new language brings only words. */
export type Formats = {
  /** A day (`YYYY-MM-DD`) or the UTC day of a moment, with the month's name. */
  day(day: string | Date): string;
  /** "90 days". */
  days(count: number): string;
  /** "5 minutes"; at least one. */
  minutes(ms: number): string;
  /** "a, b and c". */
  list(items: readonly string[]): string;
  /** The name of a country by its two letters. */
  country(code: string): string;
};

/** The formats of a locale such as `de-AT`. */
export function formatsFor(locale: string): Formats {
  const cached = made.get(locale);
  if (cached) return cached;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const days = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  const formats: Formats = {
    day: (value) => day.format(typeof value === 'string' ? new Date(`${value}T00:00:00Z`) : value),
    days: (count) => days.format(count),
    minutes: (ms) => minutes.format(Math.max(1, Math.round(ms / 60_000))),
    list: (items) => list.format(items),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  };
  if (made.size < 50) made.set(locale, formats);
  return formats;
}

/** Picks the form a language has for a number (`Intl.PluralRules`) and puts the number where `#` stands. */
export function pluralsOf(locale: string): (count: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replaceAll('#', numbers.format(count));
}

/**
 * A name as it may stand inside a sentence of ours: one that runs or could run the other way is isolated (FSI … PDI), so
 * that it cannot turn our own words around.
 */
export function isolated(name: string): string {
  return TURNS.test(name) ? `\u2068${name}\u2069` : name;
}

/** Letters written from right to left, and the characters that change direction. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The forms a sentence has by number; `other` is the one every language has. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const made = new Map<string, Formats>();
