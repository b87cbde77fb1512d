import type { MakeConsentText } from '../../platform/sessions/screen.ts';
import { consentText } from './consent.ts';
import { type Formats, formatsFor } from './formats.ts';
import { de } from './languages/de.ts';
import { en, type Words } from './languages/en.ts';
import { es } from './languages/es.ts';
import { fr } from './languages/fr.ts';
import { it } from './languages/it.ts';
import { nl } from './languages/nl.ts';
import { pl } from './languages/pl.ts';
import { pt } from './languages/pt.ts';

export { isolated } from './formats.ts';
export type { Formats, Words };

/** The languages the page speaks. A new one is a file with the shape of `en` and a line here. */
const LANGUAGES: Record<string, Words> = { en, de, fr, es, it, nl, pl, pt };

/** The languages the page offers, each by its own name, in the order of their letters. */
export const SPOKEN: readonly { language: string; name: string }[] = Object.entries(LANGUAGES)
  .map(([language, { name }]) => ({ language, name }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** Days before months, as most of the world writes them, unless a region says otherwise. */
const USUAL_REGIONS: Record<string, string> = { en: 'en-GB', pt: 'pt-PT' };

/** Languages written from right to left, for when one of them is added. */
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'yi']);

/** Everything a page needs to speak: `locale` is one we have, with the region that was asked for. */
export type Speech = { locale: string; language: string; direction: 'ltr' | 'rtl'; words: Words; formats: Formats };

/** The speech for a locale such as `de-AT`; English for what we do not speak. */
export function speechFor(locale: string): Speech {
  const known = spokenLocale(locale) ?? 'en';
  const language = languageOf(known);
  return {
    locale: known,
    language,
    direction: RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr',
    words: LANGUAGES[language] ?? en,
    formats: formatsFor(USUAL_REGIONS[known] ?? known),
  };
}

/** The first locale we speak: the one asked for, then the browser's `Accept-Language` in its order of preference, then English. */
export function chooseLocale(asked: string | undefined, acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().split(';');
      const quality = parameters.map((text) => /^\s*q=(\d(?:\.\d+)?)\s*$/.exec(text)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const tag of [asked ?? '', ...wanted.map((range) => range.tag)]) {
    const spoken = spokenLocale(tag);
    if (spoken !== undefined) return spoken;
  }
  return 'en';
}

/** True when we speak that language: what `locale=` in an address may name. */
export function isSpoken(locale: string): boolean {
  return spokenLocale(locale) !== undefined;
}

/** Makes the words of a consent from its facts; its version changes whenever a word of the template does. */
export const makeConsentText: MakeConsentText = (facts, locale) => {
  const speech = speechFor(locale);
  return consentText(facts, speech.words, speech.formats, speech.locale);
};

const spokenOf = new Map<string, string | undefined>();
const MOST_REMEMBERED = 500;

/** Reading a tag takes longer than the rest of a page's words, and browsers send few different ones. */
function spokenLocale(tag: string): string | undefined {
  if (spokenOf.has(tag)) return spokenOf.get(tag);
  const spoken = readLocale(tag);
  if (spokenOf.size < MOST_REMEMBERED && tag.length <= 35) spokenOf.set(tag, spoken);
  return spoken;
}

function readLocale(tag: string): string | undefined {
  if (!/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(tag) || tag.length > 35) return undefined;
  try {
    const locale = new Intl.Locale(tag.replaceAll('_', '-'));
    if (!Object.hasOwn(LANGUAGES, locale.language)) return undefined;
    return locale.region === undefined ? locale.language : `${locale.language}-${locale.region}`;
  } catch {
    // Well-formed to the pattern but not to BCP 47: a language we do not speak.
    return undefined;
  }
}

function languageOf(locale: string): string {
  return locale.split('-')[0] ?? 'en';
}
