const RESERVED = new Set(['fx_session', 'fx_consent', 'fx_claim', 'error', 'error_code']);

/**
 * True when some parser would read this `name=value` as one of the names we append. Names are compared the way the most
 * liberal ones read them: decoded twice, PHP's dots and spaces as underscores, brackets cut off, without regard to case.
 */
export function isReserved(pair: string): boolean {
  const name = pair.split('=', 1)[0] ?? '';
  const read = decode(decode(name)).trim().toLowerCase();
  const plain = (read.split(/[[\0]/, 1)[0] ?? '').replace(/[.\s+]/g, '_');
  return RESERVED.has(plain);
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Not UTF-8: whoever reads it byte by byte still sees the ASCII in it.
    return spaced.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
