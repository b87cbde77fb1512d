import type { Rejected, Transaction } from '../../../banking/account.ts';
import { asCurrency, asDay, asList, asMeaningful, asRecord, type Wire } from '../../../banking/formats/values.ts';
import type { Facts } from '../facts.ts';
import { VERSIONS } from '../versions.ts';
import { readScheme } from './accounts.ts';
import { currencyOf, readBare, readSigned } from './amounts.ts';

/** Entries of one page that we read; what is beyond is reported as rejected. */
const MOST_ENTRIES = 20_000;

/** Longest text of an entry that we keep. */
const LONGEST_TEXT = 4000;

/** The entries of one page by status, and what in it could not be read. A bad entry never costs its neighbours. */
export function normaliseEntries(
  list: unknown,
  facts: Facts,
  fallbackCurrency: string,
): { booked: Transaction[]; pending: Transaction[]; rejected: Rejected[] } {
  const items = asList(list);
  const { entryStates } = VERSIONS[facts.version];
  const entries: Transaction[] = [];
  const rejected: Rejected[] = [];
  for (const [index, raw] of items.slice(0, MOST_ENTRIES).entries()) {
    const item = asRecord(raw);
    const reject = (field: string, reason: string) =>
      rejected.push({ place: `Transaction[${index}].${field}`, reason });
    const status = asMeaningful(item.Status, 20);
    if (status === undefined) reject('Status', 'missing');
    // Refused, future and informational entries are no entries of the account (§11).
    if (status === undefined || !Object.hasOwn(entryStates, status)) continue;
    const entry = normaliseEntry(item, entryStates[status]!, facts, fallbackCurrency, reject);
    if (entry) entries.push(entry);
  }
  if (items.length > MOST_ENTRIES)
    rejected.push({
      place: `Transaction[${MOST_ENTRIES}…${items.length - 1}]`,
      reason: 'too many entries in one page',
    });
  const of = (status: Transaction['status']) => entries.filter((entry) => entry.status === status);
  return { booked: of('booked'), pending: of('pending'), rejected };
}

/** One `OBTransaction6` in our form; undefined when it has no readable amount. */
export function normaliseEntry(
  item: Wire,
  status: Transaction['status'],
  facts: Facts,
  fallbackCurrency: string,
  reject: (field: string, reason: string) => void,
): Transaction | undefined {
  const amount = readSigned(item, facts);
  const currency = currencyOf(item.Amount) ?? asCurrency(fallbackCurrency);
  if (amount === undefined) reject('Amount', 'not an amount with its indicator');
  if (currency === undefined) reject('Amount.Currency', 'not a currency');
  if (amount === undefined || currency === undefined) return undefined;
  const day = (field: string) => {
    if (item[field] === undefined || item[field] === null) return undefined;
    const read = asDay(item[field]);
    if (read === undefined) reject(field, 'not a date');
    return read;
  };
  const bookedOn = day('BookingDateTime');
  const valueOn = day('ValueDateTime');
  const reference = asMeaningful(item.TransactionReference, 140);
  const counterparty = counterpartyOf(item, amount.startsWith('-'));
  const bankId = facts.transaction_id === 'none' ? undefined : asMeaningful(item.TransactionId, 210);
  const merchantCategoryCode = asMeaningful(asRecord(item.MerchantDetails).MerchantCategoryCode, 10);
  const balanceAfter = readSigned(asRecord(item.Balance), facts);
  const original = originalOf(item, currency);
  const bankCode = codeOf(item);
  return {
    status,
    amount,
    currency,
    ...(bookedOn && { bookedOn }),
    ...(valueOn && { valueOn }),
    description: asMeaningful(item.TransactionInformation, LONGEST_TEXT) ?? '',
    ...(reference && { reference }),
    ...(counterparty && { counterparty }),
    ...(bankCode && { bankCode }),
    ...(merchantCategoryCode && { merchantCategoryCode }),
    ...(balanceAfter && { balanceAfter }),
    ...(original && { original }),
    ...(bankId && { bankId }),
  };
}

/** Who is on the other side: the creditor of money out, the debtor of money in, else the merchant. */
function counterpartyOf(item: Wire, out: boolean): Transaction['counterparty'] | undefined {
  const account = asRecord(out ? item.CreditorAccount : item.DebtorAccount);
  const agent = asRecord(out ? item.CreditorAgent : item.DebtorAgent);
  const ultimate = asRecord(out ? item.UltimateCreditor : item.UltimateDebtor);
  const merchant = asMeaningful(asRecord(item.MerchantDetails).MerchantName, 350);
  const name =
    asMeaningful(account.Name, 350) ?? asMeaningful(ultimate.Name, 350) ?? merchant ?? asMeaningful(agent.Name, 140);
  const { iban, bban, sortCode, accountNumber } = readScheme(account);
  if (!name && !iban && !bban && !sortCode) return undefined;
  return {
    ...(name && { name }),
    ...(iban && { iban }),
    ...(bban && { bban }),
    ...(sortCode && { sortCode }),
    ...(accountNumber && { accountNumber }),
  };
}

/** What was paid in another currency. */
function originalOf(item: Wire, currency: string): Transaction['original'] | undefined {
  const exchange = asRecord(item.CurrencyExchange);
  const rate = asMeaningful(exchange.ExchangeRate, 30);
  const instructed = currencyOf(exchange.InstructedAmount);
  const amount = readBare(exchange.InstructedAmount);
  if (instructed && amount && instructed !== currency) return { amount, currency: instructed, ...(rate && { rate }) };
  const foreign = [exchange.SourceCurrency, exchange.TargetCurrency, exchange.UnitCurrency]
    .map(asCurrency)
    .find((code) => code !== undefined && code !== currency);
  return foreign === undefined ? undefined : { currency: foreign, ...(rate && { rate }) };
}

/** The ISO code and its family (`ReceivedCreditTransfer/DomesticCreditTransfer`), else the bank's own. */
function codeOf(item: Wire): string | undefined {
  const { Code, SubCode } = asRecord(item.BankTransactionCode);
  const parts = [asMeaningful(Code, 60), asMeaningful(SubCode, 60)].filter(Boolean);
  return parts.length > 0 ? parts.join('/') : asMeaningful(asRecord(item.ProprietaryBankTransactionCode).Code, 60);
}
