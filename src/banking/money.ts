/** A signed decimal amount as text, e.g. `-12.30`: up to 17 digits before and 5 after the point, never a float. */
export type Amount = string;

const AMOUNT = /^-?\d{1,17}(\.\d{1,5})?$/;

/** Reads an amount as banks write it (a leading plus or zeros allowed) into our form; undefined if it is not one. */
export function parseAmount(text: string): Amount | undefined {
  const bare = text.trim().replace(/^\+/, '');
  if (!AMOUNT.test(bare)) return undefined;
  const negative = bare.startsWith('-');
  const [whole = '0', fraction] = bare.replace('-', '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') + (fraction === undefined ? '' : `.${fraction}`);
  return negative && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** The sum of amounts, exact, with as many decimals as the most precise of them. */
export function sumAmounts(amounts: readonly Amount[]): Amount {
  const decimals = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0));
  const total = amounts.reduce((sum, amount) => sum + toUnits(amount, decimals), 0n);
  return fromUnits(total, decimals);
}

/** The same amount with the other sign. */
export function negateAmount(amount: Amount): Amount {
  if (amount.startsWith('-')) return amount.slice(1);
  return /[1-9]/.test(amount) ? `-${amount}` : amount;
}

/** True when both say the same value, whatever their decimals (`1.5` and `1.50`). */
export function sameAmount(a: Amount, b: Amount): boolean {
  return /^0*(\.0*)?$/.test(sumAmounts([a, negateAmount(b)]).replace('-', ''));
}

function toUnits(amount: Amount, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(decimals, '0'));
  return amount.startsWith('-') ? -units : units;
}

function fromUnits(units: bigint, decimals: number): Amount {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}
