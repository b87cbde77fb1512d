import { asText } from '../../../banking/formats/values.ts';
import { type Amount, negateAmount, parseAmount } from '../../../banking/money.ts';
import type { Facts } from '../facts.ts';

/**
 * An amount as the bank wrote it, in our form: signed from the account holder's view, minus = money out (XS2A 1.3
 * `amountValue`). Numbers and decimal commas are taken too; undefined when it is no amount.
 */
export function readAmount(value: unknown, facts: Pick<Facts, 'amount_sign'>): Amount | undefined {
  const text = asText(value, 40)
    ?.replace(/^([+-]) +/, '$1')
    .replace(/^([+-]?\d+),(\d{1,5})$/, '$1.$2');
  const amount = text === undefined ? undefined : parseAmount(text);
  return amount !== undefined && facts.amount_sign === 'inverted' ? negateAmount(amount) : amount;
}
