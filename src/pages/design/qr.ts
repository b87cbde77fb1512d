import encodeQR from 'qr';
import { type Address, drawing } from '../markup.ts';

/** A QR code as a picture, small enough to stand in a page: one stroke for each run of dark squares. Long texts want `low`. */
export function qrPicture(text: string, ecc: 'low' | 'medium' = 'medium'): Address {
  const rows = encodeQR(text, 'raw', { ecc, border: 4 });
  const runs = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}.5h${(end < 0 ? row.length : end) - x}`];
    }),
  );
  const size = rows.length;
  return drawing(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${runs.join('')}"/></svg>`,
  );
}
