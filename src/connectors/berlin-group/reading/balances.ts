import type { Balance } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { Connector } from '../../../banking/connector.ts';
import { asCurrency, asDay, asList, asRecord, asText } from '../../../banking/formats/values.ts';
import { secretOf } from '../consent.ts';
import type { Facts } from '../facts.ts';
import { askFor } from '../oauth.ts';
import { resourceOf } from './accounts.ts';
import { readAmount } from './amounts.ts';

/** The bank's balance types that can stand for each of ours, best first. */
const BANK_TYPES: Record<Balance['type'], string[]> = {
  booked: ['interimBooked', 'closingBooked', 'openingBooked'],
  available: ['interimAvailable', 'forwardAvailable'],
  expected: ['expected', 'nonInvoiced'],
};

/** What stands in for a booked balance at banks that have none (N26 has only `expected`), best first. */
const INSTEAD_OF_BOOKED = ['interimAvailable', 'expected', 'information'];

/** `GET /accounts/{account-id}/balances`. */
export const readBalances: Connector['balances'] = async (context, { grant, account }) => {
  const { consentId } = secretOf(grant);
  const path = `${resourceOf(account.reference)}/balances`;
  const call = { method: 'GET' as const, path, purpose: 'balances', account: account.reference, consentId };
  const reply = await askFor(context, grant, call);
  if (reply.json.balances === undefined) throw new BankError('unexpected', 'the answer has no list of balances');
  const facts = context.facts as unknown as Facts;
  return { kind: 'done', result: normaliseBalances(asList(reply.json.balances), facts, account.currency) };
};

/** At most one balance of each of our types and each currency: the one that says most about now. */
export function normaliseBalances(list: unknown[], facts: Facts, fallbackCurrency: string): Balance[] {
  const read = list
    .slice(0, 200)
    .flatMap((item) => readBalance(item, fallbackCurrency) ?? [])
    .filter(({ bankType }) => facts.balance_types[bankType] !== 'ignored');
  const currencies = [...new Set(read.map((balance) => balance.currency))];
  return currencies.flatMap((currency) =>
    bestOf(
      read.filter((balance) => balance.currency === currency),
      facts,
    ),
  );
}

function bestOf(balances: Balance[], facts: Facts): Balance[] {
  const pick = (type: Balance['type'], bankTypes: string[]) => {
    const own = balances.filter((balance) => facts.balance_types[balance.bankType] === type);
    const usual = bankTypes.flatMap((bankType) =>
      balances.filter((balance) => balance.bankType === bankType && !Object.hasOwn(facts.balance_types, bankType)),
    );
    const best = own[0] ?? usual[0];
    if (!best) return [];
    const same = [...own, ...usual].filter((balance) => balance.bankType === best.bankType);
    return [{ ...same.reduce((a, b) => ((b.at ?? '') > (a.at ?? '') ? b : a)), type }];
  };
  const booked = pick('booked', BANK_TYPES.booked);
  const available = pick('available', BANK_TYPES.available);
  const expected = pick('expected', BANK_TYPES.expected);
  // A balance with a credit limit in it is not what is booked.
  const instead = booked.length > 0 ? [] : pick('booked', INSTEAD_OF_BOOKED).filter((one) => !one.creditLimitIncluded);
  return [...booked, ...instead, ...available, ...expected];
}

function readBalance(item: unknown, fallbackCurrency: string): Balance | undefined {
  const record = asRecord(item);
  const money = asRecord(record.balanceAmount);
  const amount = readAmount(money.amount);
  const currency = asCurrency(money.currency) ?? asCurrency(fallbackCurrency);
  const bankType = asText(record.balanceType, 60);
  if (amount === undefined || currency === undefined || bankType === undefined) return undefined;
  const at = readMoment(record.lastChangeDateTime) ?? asDay(record.referenceDate);
  return {
    type: 'booked',
    amount,
    currency,
    ...(at && { at }),
    ...(typeof record.creditLimitIncluded === 'boolean' && { creditLimitIncluded: record.creditLimitIncluded }),
    bankType,
  };
}

function readMoment(value: unknown): string | undefined {
  const text = asText(value, 40);
  return text !== undefined && /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}
