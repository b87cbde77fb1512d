import { html, type Markup } from '../markup.ts';

/** The drawings of one line that stand beside words; `parts.css` holds each. */
export type IconName =
  | 'accounts'
  | 'balances'
  | 'transactions'
  | 'eye'
  | 'lock'
  | 'stop'
  | 'phone'
  | 'person'
  | 'bank'
  | 'app'
  | 'operator';

/** A drawing in the colour of the design. Nothing to read: the words beside it say it. */
export function icon(name: IconName): Markup {
  return html`<i class="icon i-${name}"></i>`;
}

/** A name's face: up to four letters on a hue. Nothing to read: the name always stands beside it. */
export function monogram(text: string, hue: number): Markup {
  const letters = [...text].slice(0, 4);
  const size = [17, 17, 16, 13, 11][letters.length] ?? 11;
  const angle = ((Math.round(hue) % 360) + 360) % 360;
  // 30 % lightness keeps white letters above 4.5:1 at every hue, yellow included.
  return html`<svg class="face" viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" rx="12" fill="hsl(${angle} 36% 30%)"/><text x="20" y="20" dy=".35em" text-anchor="middle" font-size="${size}">${letters.join('')}</text></svg>`;
}

/** The monogram of a name: the first letters of its first two words, and a hue that stays the same. */
export function nameMonogram(name: string): Markup {
  const letters = name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '');
  let hue = 0;
  for (const character of name.slice(0, 100)) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return monogram(letters.join('').toUpperCase() || '?', hue);
}
