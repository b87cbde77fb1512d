import type { Transaction } from '../../../banking/account.ts';
import { asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import { type Amount, negateAmount, parseAmount } from '../../../banking/money.ts';
import type { Facts } from '../facts.ts';

/**
 * An amount as the bank wrote it, in our form: signed from the account holder's view, minus = money out (XS2A 1.3
 * `amountValue`). Numbers and decimal commas are taken too; undefined when it is no amount.
 */
export function readAmount(value: unknown): Amount | undefined {
  const amount = parseWritten(asText(value, 40));
  return typeof value === 'number' && amount !== undefined ? withTwoDecimals(amount) : amount;
}

/** A number of JSON has lost its last zeros: an entry must not look like another for having been one. */
function withTwoDecimals(amount: Amount): Amount {
  const [whole, fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

/** The same of an entry, whose sign some banks leave to other fields, or to the reader. */
export function readEntryAmount(item: Wire, status: Transaction['status'], facts: Facts): Amount | undefined {
  const amount = readAmount(asRecord(item.transactionAmount).amount);
  if (amount !== undefined && facts.amount_sign === 'inverted') return negateAmount(amount);
  if (amount === undefined || amount.startsWith('-')) return amount;
  const isOut =
    (facts.amount_sign === 'unsigned' && saysOut(item)) || (facts.pending_sign === 'debit' && status === 'pending');
  return isOut ? negateAmount(amount) : amount;
}

/** The amount in the account's currency that some banks write only into the text (`billingAmount: 12.34`). */
export function readHomeAmount(text: string, label: string): Amount | undefined {
  const at = text.toLowerCase().indexOf(label.toLowerCase());
  if (at < 0) return undefined;
  return parseWritten(/^[\s:]*([+-]?\d{1,15}(?:[.,]\d{1,3})?)/.exec(text.slice(at + label.length))?.[1]);
}

/** Without a sign, the indicator or the party says which way the money went. */
function saysOut(item: Wire): boolean {
  const indicator = asText(item.creditDebitIndicator, 10)?.toUpperCase();
  if (indicator !== undefined) return /^(DBIT|DEBIT)$/.test(indicator);
  const names = (side: string) => asText(item[`${side}Name`]) ?? asText(item[`ultimate${side}`]);
  const isNamed = (side: 'creditor' | 'debtor') =>
    names(side) !== undefined || Object.keys(asRecord(item[`${side}Account`])).length > 0;
  return isNamed('creditor') && !isNamed('debtor');
}

function parseWritten(text: string | undefined): Amount | undefined {
  if (text === undefined) return undefined;
  // Nearly all are written as the standard has it: looking is cheaper than writing anew.
  const plain = parseAmount(text);
  return plain ?? parseAmount(text.replace(/^([+-]) +/, '$1').replace(/^([+-]?\d+),(\d{1,5})$/, '$1.$2'));
}
