import type { Rejected, Transaction } from '../../../banking/account.ts';
import {
  asCurrency,
  asDay,
  asList,
  asMeaningful,
  asRecord,
  asText,
  type Wire,
} from '../../../banking/formats/values.ts';
import { type Amount, negateAmount } from '../../../banking/money.ts';
import type { Facts } from '../facts.ts';
import { readAmount, readEntryAmount, readHomeAmount } from './amounts.ts';
import { allWords, readTexts } from './texts.ts';

/** Entries of one page that we read; what is beyond is reported as rejected. */
const MOST_ENTRIES = 20_000;

/** The entries of one list of a report, and what in it could not be read. A bad entry never costs its neighbours. */
export function normaliseEntries(
  list: unknown,
  status: Transaction['status'],
  facts: Facts,
  fallbackCurrency: string,
): { entries: Transaction[]; rejected: Rejected[] } {
  const items = asList(list);
  const entries: Transaction[] = [];
  const rejected: Rejected[] = [];
  for (const [index, item] of items.slice(0, MOST_ENTRIES).entries()) {
    const place = `${status}[${index}]`;
    const entry = normaliseEntry(asRecord(item), status, facts, fallbackCurrency, (field, reason) =>
      rejected.push({ place: `${place}.${field}`, reason }),
    );
    if (entry) entries.push(entry);
  }
  if (items.length > MOST_ENTRIES)
    rejected.push({ place: `${status}[${MOST_ENTRIES}…${items.length - 1}]`, reason: 'too many entries in one page' });
  return { entries, rejected };
}

/** One entry in our form (standards table of XS2A `transactions`); undefined when it has no readable amount. */
export function normaliseEntry(
  item: Wire,
  status: Transaction['status'],
  facts: Facts,
  fallbackCurrency: string,
  reject: (field: string, reason: string) => void,
): Transaction | undefined {
  const money = moneyOf(item, status, facts, fallbackCurrency, reject);
  if (money === undefined) return undefined;
  const day = (fields: readonly string[]) => {
    const field = fields.find((name) => asText(item[name]) !== undefined);
    if (field === undefined) return undefined;
    const read = asDay(item[field]);
    if (read === undefined) reject(field, 'not a date');
    return read;
  };
  const bookedOn = day(facts.booked_on_from.flatMap((name) => DAYS[name]));
  const valueOn = facts.value_date === 'trusted' ? day(DAYS.valueDate) : undefined;
  const { description, reference, endToEndId, counterparty } = readTexts(item, money.amount.startsWith('-'), facts);
  const after = asRecord(item.balanceAfterTransaction).balanceAmount;
  const balanceAfter = after === undefined ? undefined : readAmount(asRecord(after).amount);
  const original = money.original ?? originalOf(item, money.currency);
  const bankId = idOf(item, facts);
  const bankCode = asMeaningful(item.bankTransactionCode, 60) ?? asMeaningful(item.proprietaryBankTransactionCode, 60);
  const merchantCategoryCode = asMeaningful(item.merchantCategoryCode, 10);
  return {
    status,
    amount: money.amount,
    currency: money.currency,
    ...(bookedOn && { bookedOn }),
    ...(valueOn && { valueOn }),
    description,
    ...(reference && { reference }),
    ...(counterparty && { counterparty }),
    ...(bankCode && { bankCode }),
    ...(merchantCategoryCode && { merchantCategoryCode }),
    ...(endToEndId && { endToEndId }),
    ...(balanceAfter && { balanceAfter }),
    ...(original && { original }),
    ...(bankId && { bankId }),
  };
}

/** The fields that say each day; banks older or newer than the file write moments in place of days. */
const DAYS = {
  bookingDate: ['bookingDate', 'bookingDateTime'],
  valueDate: ['valueDate', 'valueDateTime'],
  transactionDate: ['transactionDate'],
};

type Money = { amount: Amount; currency: string; original?: Transaction['original'] };

function moneyOf(
  item: Wire,
  status: Transaction['status'],
  facts: Facts,
  fallbackCurrency: string,
  reject: (field: string, reason: string) => void,
): Money | undefined {
  const amount = readEntryAmount(item, status, facts);
  const home = asCurrency(fallbackCurrency);
  const currency = asCurrency(asRecord(item.transactionAmount).currency) ?? home;
  if (amount === undefined) reject('transactionAmount.amount', 'not an amount');
  if (currency === undefined) reject('transactionAmount.currency', 'not a currency');
  if (amount === undefined || currency === undefined) return undefined;
  const label = facts.home_amount_after;
  if (label === undefined || home === undefined || currency === home || home === 'XXX') return { amount, currency };
  const billed = readHomeAmount(allWords(item), label);
  if (billed === undefined) return { amount, currency };
  const signed = amount.startsWith('-') === billed.startsWith('-') ? billed : negateAmount(billed);
  return { amount: signed, currency: home, original: { amount, currency } };
}

/** What was paid in another currency: a card's `originalAmount`, or the exchange of a transfer. */
function originalOf(item: Wire, currency: string): Transaction['original'] | undefined {
  if (item.currencyExchange === undefined && item.exchangeRate === undefined && item.originalAmount === undefined)
    return undefined;
  const exchange = asRecord(asList(item.currencyExchange)[0] ?? asList(item.exchangeRate)[0]);
  const rate = asMeaningful(exchange.exchangeRate, 30);
  const card = asRecord(item.originalAmount);
  const cardCurrency = asCurrency(card.currency);
  const amount = readAmount(card.amount);
  if (cardCurrency && amount) return { amount, currency: cardCurrency, ...(rate && { rate }) };
  const foreign = [exchange.sourceCurrency, exchange.targetCurrency, exchange.unitCurrency]
    .map(asCurrency)
    .find((code) => code !== undefined && code !== currency);
  return foreign === undefined ? undefined : { currency: foreign, ...(rate && { rate }) };
}

function idOf(item: Wire, facts: Facts): string | undefined {
  const own = asMeaningful(item.transactionId, 200) ?? asMeaningful(item.cardTransactionId, 200);
  const reference = asMeaningful(item.entryReference, 200);
  switch (facts.transaction_id) {
    case 'transaction_id':
      return own ?? reference;
    case 'entry_reference':
      return reference;
    case 'none':
      return undefined;
    default:
      return facts.transaction_id satisfies never;
  }
}
