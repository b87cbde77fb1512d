import { html, type Markup } from '../../markup.ts';

/** One bar: its parts one after the other, in the units of the axis. */
export type Bar = { label: string; parts: readonly { value: number; look: 'a' | 'b' | 'c' }[]; said: string };

const WIDTH = 480;
const LABEL = 150;
const VALUE = 70;
const ROW = 26;

/**
 * Bars from left to right, drawn here: an SVG of shapes and text, no script, no style. What it says stands in the table
 * beside it; a screen reader hears `title` and goes there.
 */
export function barChart(title: string, bars: readonly Bar[], most?: number): Markup {
  if (bars.length === 0) return html`<p class="empty">Nothing to draw yet.</p>`;
  const longest = Math.max(1, most ?? 0, ...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  const space = WIDTH - LABEL - VALUE;
  const rows = bars.map(({ label, parts, said }, at) => {
    const y = at * ROW;
    let x = LABEL;
    const shapes = parts.map(({ value, look }) => {
      const width = Math.max(value > 0 ? 1 : 0, Math.round((value / longest) * space * 10) / 10);
      const shape = html`<rect class="${look}" x="${x}" y="${y + 5}" width="${width}" height="16" rx="3"/>`;
      x += width;
      return shape;
    });
    return html`<text x="${LABEL - 8}" y="${y + 17}" text-anchor="end">${short(label)}</text><rect class="ground" x="${LABEL}" y="${y + 5}" width="${space}" height="16" rx="3"/>${shapes}<text class="soft" x="${LABEL + space + 6}" y="${y + 17}">${said}</text>
`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img" aria-label="${title}: the table says the same">${rows}</svg>`;
}

/** What fits beside a bar. */
function short(label: string): string {
  return label.length > 22 ? `${label.slice(0, 21)}…` : label;
}

/** A share as people read it. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}
