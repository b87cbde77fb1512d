import type { Words } from './languages/en.ts';
import { en } from './languages/en.ts';

/**
 * The parts of our words that an app may put into its own. Never those of the law, which say who asks, for what, which data,
 * how long and how to stop; never what a button does, what the bank says, or what went wrong.
 */
const OPEN = ['bank', 'how', 'help', 'overview', 'ended'] as const;
const CLOSED = /^(overview\.(status|sure|keep|revoke|renew|shortScopes)|how\.stop|ended\.title)/;

/** The names of the sentences an app may override: `ended.text.finished`. */
export const SENTENCES: readonly string[] = OPEN.flatMap((section) => leaves(en[section], section)).filter(
  (name) => !CLOSED.test(name),
);
const NAMES = new Set(SENTENCES);

/** True for a sentence that an app may put into its own words. */
export function isSentence(name: string): boolean {
  return NAMES.has(name);
}

/** Our words with some sentences in an app's own; what it may not override stays, whatever was stored. */
export function withSentences(words: Words, texts: Record<string, string> | undefined): Words {
  const wanted = Object.entries(texts ?? {}).filter(([name]) => isSentence(name));
  if (wanted.length === 0) return words;
  const changed: Record<string, unknown> = { ...words };
  for (const [name, text] of wanted) {
    const path = name.split('.');
    const last = path.pop()!;
    let place = changed;
    for (const part of path) {
      place[part] = { ...(place[part] as Record<string, unknown>) };
      place = place[part] as Record<string, unknown>;
    }
    place[last] = text;
  }
  return changed as Words;
}

function leaves(value: unknown, name: string): string[] {
  if (typeof value === 'string') return [name];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([part, held]) => leaves(held, `${name}.${part}`));
}
