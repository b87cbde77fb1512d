/**
 * The bars a card reader reads (HHD_UC): a clock and four bits, half a byte at a time, the lower half first, after a start
 * signal. `code` is hexadecimal with its length and checks; one half of the clock takes `stepMs`. Drawn as an SVG that moves
 * by itself, so that no script is needed.
 */
export function drawFlicker(code: string, stepMs: number): string {
  const signal = `${START}${/^[0-9A-F]+$/.test(code) ? code : ''}`;
  const nibbles = [...signal].map((_, at) => Number.parseInt(signal[at % 2 === 0 ? at + 1 : at - 1] ?? 'F', 16));
  const steps = nibbles.flatMap((nibble) => [
    [1, ...bitsOf(nibble)],
    [0, ...bitsOf(nibble)],
  ]);
  const duration = steps.length * stepMs;
  const bars = [0, 1, 2, 3, 4].map((bar) => {
    const values = steps.map((step) => (step[bar] === 1 ? '#fff' : '#000')).join(';');
    return `<rect x="${bar * 22}" width="16" height="50"><animate attributeName="fill" calcMode="discrete" dur="${duration}ms" repeatCount="indefinite" values="${values}"/></rect>`;
  });
  const marks = [8, 96].map((x) => `<path d="M${x} 58l6-6h-12z" fill="#fff"/>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 112 66">${bars.join('')}${marks}</svg>`;
}

/** Tells the reader where the signal begins. */
const START = '0FFF';

function bitsOf(nibble: number): number[] {
  return [nibble & 1, (nibble >> 1) & 1, (nibble >> 2) & 1, (nibble >> 3) & 1];
}
