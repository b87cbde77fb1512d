import { asCurrency, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import { type Amount, negateAmount, parseAmount } from '../../../banking/money.ts';
import type { Facts } from '../facts.ts';

/**
 * An amount with its indicator in our form: `Debit` is money out, minus. Banks send it without a sign (§4.5); one that has a
 * sign all the same is taken by its value, the indicator decides. Undefined where either cannot be read.
 */
export function readSigned(item: Wire, facts: Pick<Facts, 'amount_sign'>): Amount | undefined {
  const bare = readBare(item.Amount);
  const indicator = asText(item.CreditDebitIndicator, 10)?.toLowerCase();
  if (bare === undefined || (indicator !== 'debit' && indicator !== 'credit')) return undefined;
  const out = (indicator === 'debit') !== (facts.amount_sign === 'inverted');
  return out ? negateAmount(bare) : bare;
}

/** The value of `Amount {Amount, Currency}` without a sign. */
export function readBare(money: unknown): Amount | undefined {
  const amount = parseAmount(asText(asRecord(money).Amount, 40) ?? '');
  return amount?.startsWith('-') ? negateAmount(amount) : amount;
}

/** The currency of `Amount {Amount, Currency}`. */
export function currencyOf(money: unknown): string | undefined {
  return asCurrency(asRecord(money).Currency);
}
