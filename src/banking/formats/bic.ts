/** A BIC (ISO 9362) in its parts. `branch` is absent where the BIC has eight characters or ends in `XXX`. */
export type Bic = { bic: string; institution: string; country: string; branch?: string };

/** Reads a BIC of 8 or 11 characters in any case; undefined when it is none. */
export function parseBic(text: string): Bic | undefined {
  const bic = text.trim().toUpperCase();
  const match = bic.match(/^([A-Z0-9]{4})([A-Z]{2})([A-Z0-9]{2})([A-Z0-9]{3})?$/);
  if (!match) return undefined;
  const [, institution = '', country = '', , branch] = match;
  return { bic, institution, country, ...(branch && branch !== 'XXX' && { branch }) };
}

/** Whether two BICs name the same bank: `XXX` and no branch are the head office. */
export function sameBank(a: Bic, b: Bic): boolean {
  return a.bic.slice(0, 8) === b.bic.slice(0, 8);
}
