import type { Account, AccountType } from '../../banking/account.ts';
import type { Connector } from '../../banking/connector.ts';
import { secretOf } from './grant.ts';
import { versionOf } from './parameters.ts';
import type { Talk } from './talk.ts';
import { GERMANY, type Order } from './wire/message.ts';
import { HISPA, HIUPD, HKSPA } from './wire/segments.ts';
import type { Segment } from './wire/syntax.ts';

/** An account as the bank's parameters describe it, with everything needed to ask for it. */
export type BankAccount = {
  reference: string;
  iban: string;
  bic: string;
  number: string;
  sub: string;
  bankCode: string;
  currency: string;
  /** Kind of account (`HIUPD`, Kontoart), 1–99. */
  kind?: number;
  name: string;
  holder: string;
  /** Orders this login may give for it; absent = the bank does not say. */
  orders?: string[];
};

/** Kinds of account by tens (FinTS 3.0, `HIUPD`, Kontoart). */
const TYPES: AccountType[] = [
  'checking',
  'savings',
  'savings',
  'investment',
  'loan',
  'credit_card',
  'investment',
  'savings',
  'other',
  'other',
];
const MOST_ACCOUNTS = 500;

/** The accounts this login reaches: read while signing in, so that nobody signs in for it again. */
export const readAccounts: Connector['accounts'] = async (_context, { grant }) => ({
  kind: 'done',
  result: secretOf(grant).access.accounts.map(accountOf),
});

/** `HKSPA`, where the bank has it: IBANs that its parameters do not say. */
export function accountsOrder({ access }: Talk): Order | undefined {
  const isMissing = access.accounts.length === 0 || access.accounts.some(({ iban }) => iban === '');
  if (!isMissing || versionOf(access.parameters, 'HKSPA', [1]) === undefined) return undefined;
  return (number) => HKSPA.write(number, {});
}

/** Accounts as an answer lists them, put together with those known before; none lost that the bank is silent about. */
export function mergeAccounts(
  known: readonly BankAccount[],
  segments: readonly Segment[],
  bankCode: string,
): BankAccount[] {
  const fromUser = segments.filter(({ name }) => name === 'HIUPD').flatMap((one) => fromUserParameters(one, bankCode));
  const before = (one: BankAccount) => known.find(({ number, sub }) => number === one.number && sub === one.sub);
  const list = fromUser.length > 0 ? fromUser.map((one) => (one.iban ? one : (before(one) ?? one))) : [...known];
  for (const segment of segments.filter(({ name }) => name === 'HISPA')) {
    for (const { of } of HISPA.read(segment).rest) {
      const { iban, bic } = of;
      const { number, sub } = of.account;
      const at = list.findIndex(
        (one) => (one.iban !== '' && one.iban === iban) || (one.number === number && one.sub === sub),
      );
      const found = list[at];
      if (found) list[at] = withReference({ ...found, iban: iban || found.iban, bic: bic || found.bic });
      else if (iban || number)
        list.push(withReference({ ...BLANK, iban, bic, number, sub, bankCode: of.account.bank.code || bankCode }));
    }
  }
  return [...new Map(list.map((one) => [one.reference, one])).values()].slice(0, MOST_ACCOUNTS);
}

/** Whether this login may give an order for an account; what the bank does not say is presumed. */
export function mayOrder(account: BankAccount, order: string): boolean {
  return account.orders === undefined || account.orders.includes(order);
}

/** The account in the national form. */
export function nationalOf({ number, sub, bankCode }: BankAccount) {
  return { number, sub, bank: { country: GERMANY, code: bankCode } };
}

/** The account by IBAN, with its national number beside. */
export function sepaOf(account: BankAccount) {
  return { iban: account.iban, bic: account.bic, account: nationalOf(account) };
}

const BLANK: BankAccount = {
  reference: '',
  iban: '',
  bic: '',
  number: '',
  sub: '',
  bankCode: '',
  currency: 'EUR',
  name: '',
  holder: '',
};

function fromUserParameters(segment: Segment, bankCode: string): BankAccount[] {
  const { account, iban, kind, currency, holder, holderMore, product, rest } = HIUPD.read(segment);
  if (account.number === '' && iban === '') return [];
  const orders = rest.map(({ order }) => order).filter((order) => /^[HD]K[A-Z]{3}$/.test(order));
  return [
    withReference({
      ...BLANK,
      iban: iban.replace(/\s/g, '').toUpperCase(),
      number: account.number,
      sub: account.sub,
      bankCode: account.bank.code || bankCode,
      currency: /^[A-Z]{3}$/.test(currency) ? currency : 'EUR',
      ...(kind === undefined ? {} : { kind }),
      name: product.slice(0, 140),
      holder: `${holder} ${holderMore}`.trim().slice(0, 140),
      ...(orders.length > 0 ? { orders } : {}),
    }),
  ];
}

function withReference(account: BankAccount): BankAccount {
  const national = [account.bankCode, account.number, account.sub].filter((part) => part !== '').join('-');
  return { ...account, reference: account.iban || national };
}

function accountOf(account: BankAccount): Account {
  const { iban, number, kind } = account;
  const type = typeOf(account);
  const isCard = type === 'credit_card' && /^\d{12,19}$/.test(number);
  return {
    reference: account.reference,
    ...(account.name ? { name: account.name } : {}),
    ...(account.holder ? { holderName: account.holder } : {}),
    type,
    usage: 'unknown',
    currency: account.currency,
    identification: {
      ...(iban ? { iban } : {}),
      ...(isCard ? { maskedPan: `${number.slice(0, 4)}${'*'.repeat(number.length - 8)}${number.slice(-4)}` } : {}),
      ...(!iban && !isCard && number ? { bban: `${account.bankCode}${number}` } : {}),
    },
    status: 'enabled',
    readable: {
      balances:
        kind === undefined || type !== 'investment' ? mayOrder(account, 'HKSAL') || mayOrder(account, 'DKKKU') : false,
      transactions: STATEMENT_ORDERS.some((order) => mayOrder(account, order)) && type !== 'investment',
    },
  };
}

const STATEMENT_ORDERS = ['HKCAZ', 'HKKAZ', 'DKKKU'];

function typeOf({ kind, iban }: BankAccount): AccountType {
  if (kind !== undefined && kind > 0) return TYPES[Math.floor(kind / 10)] ?? 'other';
  return iban ? 'checking' : 'other';
}
