import type { BankFace } from '../../../platform/sessions/screen.ts';
import { monogram } from '../../design/marks.ts';
import { html, type Markup } from '../../markup.ts';

/** A bank's generated monogram. Nothing to read: its name always stands beside it. */
export function bankFaceMarkup(bank: BankFace): Markup {
  return monogram(bank.monogram.text, bank.monogram.hue);
}

/**
 * The bridge between app and bank: one plank for each part of the way, laid as far as the person has come; the one in hand
 * is being lowered. `at` is 0 before the first and 5 when all is done.
 */
export function bridgeMarkup(at: number): Markup {
  const planks = [0, 1, 2, 3].map((index) => {
    const state = index + 1 < at ? 'laid' : index + 1 === at ? 'now' : 'open';
    return html`<path class="${state}" d="M${3 + index * 25} 30${state === 'now' ? 'l17-9' : 'h19'}"/>`;
  });
  return html`<svg class="bridge" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true"><path class="cable" d="M0 6Q50 36 100 6"/>${planks}</svg>`;
}
