import { type Amount, negateAmount, parseAmount } from '../../../banking/money.ts';

/** FinTS writes `1234,5` and signs by a mark: `C` is credit, `D` debit. Undefined for what is no amount. */
export function readAmount(value: string, mark: string): Amount | undefined {
  const text = /^\d{1,17},\d{0,5}$/.test(value) ? value.replace(/,$/, '').replace(',', '.') : value;
  const amount = parseAmount(text.startsWith('.') ? `0${text}` : text);
  if (amount === undefined || (mark !== 'C' && mark !== 'D')) return undefined;
  return mark === 'D' ? negateAmount(amount) : amount;
}
