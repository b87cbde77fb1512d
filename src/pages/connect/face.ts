import type { BankFace } from '../../platform/sessions/screen.ts';
import { html, type Markup } from '../markup.ts';

/** A bank's generated monogram. Nothing to read: its name always stands beside it. */
export function bankFaceMarkup(bank: BankFace): Markup {
  return monogram(bank.monogram.text, bank.monogram.hue);
}

/** The app's, made from its name: the first letters of its first two words, and a hue that stays the same. */
export function appFaceMarkup(name: string): Markup {
  const letters = name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '');
  let hue = 0;
  for (const character of name.slice(0, 100)) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return monogram(letters.join('').toUpperCase() || '?', hue);
}

function monogram(text: string, hue: number): Markup {
  const letters = [...text].slice(0, 4);
  const size = [17, 17, 16, 13, 11][letters.length] ?? 11;
  const angle = ((Math.round(hue) % 360) + 360) % 360;
  // 30 % lightness keeps white letters above 4.5:1 at every hue, yellow included.
  return html`<svg class="face" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><rect width="40" height="40" rx="11" fill="hsl(${angle} 38% 30%)"/><text x="20" y="20" dy=".35em" text-anchor="middle" font-size="${size}">${letters.join('')}</text></svg>`;
}

/**
 * The bridge between app and bank: one plank for each part of the way, laid as far as the person has come. `at` is 0 before
 * the first and 5 when all is done.
 */
export function bridgeMarkup(at: number): Markup {
  const planks = [0, 1, 2, 3].map((index) => {
    const state = index + 1 < at ? 'laid' : index + 1 === at ? 'now' : 'open';
    return html`<path class="${state}" d="M${3 + index * 25} 30h19"/>`;
  });
  return html`<svg class="bridge" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="cable" d="M0 5Q50 38 100 5"/>${planks}</svg>`;
}
