import type { Balance } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { Connector } from '../../../banking/connector.ts';
import { asCurrency, asList, asRecord, asText } from '../../../banking/formats/values.ts';
import type { Facts } from '../facts.ts';
import { read } from '../tokens.ts';
import { VERSIONS } from '../versions.ts';
import { currencyOf, readSigned } from './amounts.ts';

/** `GET /accounts/{AccountId}/balances`. */
export const readBalances: Connector['balances'] = async (context, { grant, account }) => {
  const path = `accounts/${encodeURIComponent(account.reference)}/balances`;
  const call = { method: 'GET' as const, path, purpose: 'balances', account: account.reference };
  const reply = await read(context, grant, call);
  if (reply.json.Data === undefined) throw new BankError('unexpected', 'the answer has no list of balances');
  const facts = context.facts as unknown as Facts;
  const list = asList(asRecord(reply.json.Data).Balance);
  return { kind: 'done', result: normaliseBalances(list, facts, account.currency) };
};

/** At most one balance of each of our types and each currency: the one that says most about now. */
export function normaliseBalances(list: unknown[], facts: Facts, fallbackCurrency: string): Balance[] {
  const all = list.slice(0, 200).flatMap((item) => readBalance(item, facts, fallbackCurrency) ?? []);
  const currencies = [...new Set(all.map((balance) => balance.currency))];
  return currencies.flatMap((currency) =>
    bestOf(
      all.filter((balance) => balance.currency === currency),
      facts,
    ),
  );
}

function bestOf(balances: Balance[], facts: Facts): Balance[] {
  const { balanceTypes, insteadOfBooked } = VERSIONS[facts.version];
  const pick = (type: Balance['type'], bankTypes: string[]) => {
    const own = balances.find((balance) => facts.balance_types[balance.bankType] === type)?.bankType;
    const usual = bankTypes.find(
      (bankType) => balances.some((one) => one.bankType === bankType) && !Object.hasOwn(facts.balance_types, bankType),
    );
    const same = balances.filter((balance) => balance.bankType === (own ?? usual));
    if (same.length === 0) return [];
    // The same type may stand there with and without a credit line; without says what is the person's own.
    const bare = same.filter((balance) => !balance.creditLimitIncluded);
    const latest = (bare.length > 0 ? bare : same).reduce((a, b) => ((b.at ?? '') > (a.at ?? '') ? b : a));
    return [{ ...latest, type }];
  };
  const booked = pick('booked', balanceTypes.booked);
  const instead = booked.length > 0 ? [] : pick('booked', insteadOfBooked).filter((one) => !one.creditLimitIncluded);
  return [
    ...booked,
    ...instead,
    ...pick('available', balanceTypes.available),
    ...pick('expected', balanceTypes.expected),
  ];
}

function readBalance(item: unknown, facts: Facts, fallbackCurrency: string): Balance | undefined {
  const record = asRecord(item);
  const amount = readSigned(record, facts);
  const currency = currencyOf(record.Amount) ?? asCurrency(fallbackCurrency);
  const bankType = asText(record.Type, 60);
  if (amount === undefined || currency === undefined || bankType === undefined) return undefined;
  const at = asText(record.DateTime, 40);
  const lines = asList(record.CreditLine).slice(0, 20).map(asRecord);
  return {
    type: 'booked',
    amount,
    currency,
    ...(at !== undefined && /^\d{4}-\d{2}-\d{2}T/.test(at) && !Number.isNaN(Date.parse(at)) && { at }),
    ...(lines.length > 0 && { creditLimitIncluded: lines.some((line) => line.Included === true) }),
    bankType,
  };
}
