import encodeQR from 'qr';
import { html, type Markup } from '../../markup.ts';

/** Clear space around a code, in modules (ISO/IEC 18004). */
const QUIET = 4;

/** An address as a QR code: one path, black on white whatever the page's colours are. */
export function qrMarkup(text: string): Markup {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: QUIET });
  const path = rows.map((row, y) =>
    runs(row)
      .map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)
      .join(''),
  );
  return html`<svg viewBox="0 0 ${rows.length} ${rows.length}" shape-rendering="crispEdges" aria-hidden="true"><path d="${path.join('')}"/></svg>`;
}

/** Where in a row dark modules begin, and how many stand together. */
function runs(row: boolean[]): [at: number, length: number][] {
  const found: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = found.at(-1);
    if (dark && last && last[0] + last[1] === x) last[1] += 1;
    else if (dark) found.push([x, 1]);
  });
  return found;
}
