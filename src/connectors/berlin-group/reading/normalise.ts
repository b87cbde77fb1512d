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
import type { Facts } from '../facts.ts';
import { readIdentification } from './accounts.ts';
import { readAmount } from './amounts.ts';

/** Entries of one page that we read; what is beyond is reported as rejected. */
const MOST_ENTRIES = 20_000;

/** Longest text of an entry that we keep. */
const LONGEST_TEXT = 4000;

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
  const money = asRecord(item.transactionAmount);
  const amount = readAmount(money.amount, facts);
  const currency = asCurrency(money.currency) ?? asCurrency(fallbackCurrency);
  if (amount === undefined) reject('transactionAmount.amount', 'not an amount');
  if (currency === undefined) reject('transactionAmount.currency', 'not a currency');
  if (amount === undefined || currency === undefined) return undefined;
  const day = (...fields: string[]) => {
    const field = fields.find((name) => asText(item[name]) !== undefined);
    if (field === undefined) return undefined;
    const read = asDay(item[field]);
    if (read === undefined) reject(field, 'not a date');
    return read;
  };
  const bookedOn = day('bookingDate', 'bookingDateTime', 'transactionDate');
  const valueOn = day('valueDate', 'valueDateTime');
  const reference = structuredText(item);
  const counterparty = counterpartyOf(item, amount.startsWith('-'));
  const balanceAfter = readAmount(asRecord(asRecord(item.balanceAfterTransaction).balanceAmount).amount, facts);
  const original = originalOf(item, currency);
  const bankId = idOf(item, facts);
  const bankCode = asMeaningful(item.bankTransactionCode, 60) ?? asMeaningful(item.proprietaryBankTransactionCode, 60);
  const merchantCategoryCode = asMeaningful(item.merchantCategoryCode, 10);
  const endToEndId = asMeaningful(item.endToEndId, 60);
  return {
    status,
    amount,
    currency,
    ...(bookedOn && { bookedOn }),
    ...(valueOn && { valueOn }),
    description: descriptionOf(item, facts),
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

function descriptionOf(item: Wire, facts: Facts): string {
  const texts = {
    unstructured: () => joined(item.remittanceInformationUnstructured),
    unstructured_list: () => joined(item.remittanceInformationUnstructuredArray),
    structured: () => structuredText(item),
    additional: () => joined(item.additionalInformation) ?? joined(item.transactionDetails),
  };
  for (const place of facts.description_from) {
    const text = texts[place]();
    if (text !== undefined) return text;
  }
  return '';
}

/** A text that may be given in one piece or in several. */
function joined(value: unknown): string | undefined {
  const parts = asList(value)
    .slice(0, 100)
    .flatMap((part) => asMeaningful(part, LONGEST_TEXT) ?? []);
  return parts.length === 0 ? undefined : parts.join(' ').slice(0, LONGEST_TEXT).toWellFormed();
}

/** `remittanceInformationStructured`: a text from 1.3.9 on, an object with a `reference` before. */
function structuredText(item: Wire): string | undefined {
  const parts = [item.remittanceInformationStructured, ...asList(item.remittanceInformationStructuredArray)];
  for (const part of parts.slice(0, 20)) {
    const text = asMeaningful(part, 140) ?? asMeaningful(asRecord(part).reference, 140);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Who is on the other side: the creditor of money out, the debtor of money in. */
function counterpartyOf(item: Wire, out: boolean): Transaction['counterparty'] | undefined {
  const name = out
    ? (asMeaningful(item.creditorName, 140) ?? asMeaningful(item.ultimateCreditor, 140))
    : (asMeaningful(item.debtorName, 140) ?? asMeaningful(item.ultimateDebtor, 140));
  const shop = asMeaningful(item.cardAcceptorId, 60) === undefined ? undefined : joined(item.transactionDetails);
  const { iban, bban } = readIdentification(asRecord(out ? item.creditorAccount : item.debtorAccount));
  const who = name ?? shop;
  if (who === undefined && iban === undefined && bban === undefined) return undefined;
  return { ...(who && { name: who }), ...(iban && { iban }), ...(bban && { bban }) };
}

/** What was paid in another currency: a card's `originalAmount`, or the exchange of a transfer. */
function originalOf(item: Wire, currency: string): Transaction['original'] | undefined {
  const exchange = asRecord(asList(item.currencyExchange)[0] ?? asList(item.exchangeRate)[0]);
  const rate = asMeaningful(exchange.exchangeRate, 30);
  const card = asRecord(item.originalAmount);
  const cardCurrency = asCurrency(card.currency);
  const amount = readAmount(card.amount, { amount_sign: 'as_written' });
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
