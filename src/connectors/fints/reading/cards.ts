import type { Rejected, Transaction } from '../../../banking/account.ts';
import { tidyText } from '../../../banking/formats/statement.ts';
import type { BankAccount } from '../accounts.ts';
import { nationalOf } from '../accounts.ts';
import { DIKKU } from '../wire/segments.ts';
import { type Segment, textOf } from '../wire/syntax.ts';
import { readAmount } from './amounts.ts';

/** What `DKKKU` asks: all turnovers of a card from a day on. */
export function beginCardTurnovers(account: BankAccount, from: string | undefined, mark = '') {
  return { account: nationalOf(account), card: account.number, sub: account.sub, from, most: undefined, mark };
}

/**
 * Turnovers of a card. No text of `DIKKU` is official; the places are those that open source programs read at several banks:
 * card, day of purchase, day of booking, the amount where it was spent with its rate, the amount charged, nine lines of text, a
 * mark, the bank's reference, the merchant's category, the day of the monthly bill, and further text.
 */
export function readCardTurnovers(segments: readonly Segment[]): { entries: Transaction[]; rejected: Rejected[] } {
  const entries: Transaction[] = [];
  const rejected: Rejected[] = [];
  const rows = segments.filter(({ name }) => name === 'DIKKU').flatMap((segment) => segment.elements.slice(DIKKU_HEAD));
  for (const [at, row] of rows.entries()) {
    const [, spentOn, bookedOn, , foreign, foreignCurrency, , rate, value, currency, mark, ...rest] = row.map(textOf);
    const amount = readAmount(german(value), mark ?? '');
    if (amount === undefined || !/^[A-Z]{3}$/.test(currency ?? '')) {
      rejected.push({ place: `turnover ${at + 1}`, reason: 'the amount or its sign cannot be read' });
      continue;
    }
    const original = readAmount(german(foreign), 'C');
    const isForeign =
      original !== undefined && foreignCurrency !== currency && /^[A-Z]{3}$/.test(foreignCurrency ?? '');
    const booked = dayOf(bookedOn);
    const valued = dayOf(spentOn);
    // Banks that leave out empty lines of text set the mark right behind the last one.
    const end = rest.findIndex((word) => word === 'J' || word === 'N');
    const words = end < 0 ? rest : rest.slice(0, end);
    const [reference = '', category = '', , ...more] = end < 0 ? [] : rest.slice(end + 1);
    const merchant = /^\d{4}$/.test(category) ? tidyText(words[0] ?? '', 140) : '';
    entries.push({
      status: 'booked',
      amount,
      currency: currency!,
      ...(booked ? { bookedOn: booked } : {}),
      ...(valued ? { valueOn: valued } : {}),
      description: tidyText([...words, ...more].join(' '), 500),
      ...(merchant ? { counterparty: { name: merchant }, merchantCategoryCode: category } : {}),
      ...(reference ? { bankId: reference } : {}),
      ...(isForeign ? { original: { amount: original, currency: foreignCurrency!, ...rateOf(rate) } } : {}),
    });
  }
  return { entries, rejected };
}

/** Elements of `DIKKU` before its turnovers. */
const DIKKU_HEAD = Object.keys(DIKKU.read({ name: 'DIKKU', number: 1, version: 2, elements: [] })).length - 1;

/** Some banks group thousands with points. */
function german(value: string | undefined): string {
  return (value ?? '').replaceAll('.', '');
}

function rateOf(rate: string | undefined): { rate?: string } {
  return rate && /[1-9]/.test(rate) ? { rate: rate.replace(',', '.') } : {};
}

function dayOf(written: string | undefined): string | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)$/.exec(written ?? '');
  return found ? `${found[1]}-${found[2]}-${found[3]}` : undefined;
}
