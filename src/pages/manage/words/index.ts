import { speechFor } from '../../words/index.ts';
import { de } from './de.ts';
import { en, type ManageWords } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { pt } from './pt.ts';

export type { ManageWords } from './en.ts';

const LANGUAGES: Record<string, ManageWords> = { en, de, fr, es, it, nl, pl, pt };

/** The words of managing for a locale; English for what we do not speak. */
export function manageWords(locale: string): ManageWords {
  return LANGUAGES[speechFor(locale).language] ?? en;
}
