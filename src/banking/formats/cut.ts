/**
 * The part of an MT940 text that came whole, where the closing balance is missing: all before the last entry, because
 * nothing says whether that one came whole. Undefined where nothing is missing.
 */
export function mendCutMt940(text: string): string | undefined {
  const last = Math.max(...[...text.matchAll(/(?:^|\n|@@):60[FM]:/g)].map(({ index }) => index), -1);
  if (last < 0 || /(?:\n|@@):62[FM]:/.test(text.slice(last))) return undefined;
  const entry = Math.max(text.lastIndexOf('\n:61:'), text.lastIndexOf('@@:61:'));
  return entry < last ? text.slice(0, last) : text.slice(0, entry);
}
