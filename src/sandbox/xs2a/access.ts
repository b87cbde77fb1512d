import type { Consent } from '../store.ts';
import type { Bank, Face, Model, Person } from '../world/banks.ts';
import { currencyOf } from '../world/data.ts';
import { type Holding, numberOf } from '../world/holdings.ts';
import { formatError } from './errors.ts';

/** How the standard names an account; we know accounts by IBAN and cards by masked number. */
export type Reference = { iban?: string; maskedPan?: string; currency?: string; cashAccountType?: string };

type Everything = 'allAccounts' | 'allAccountsWithOwnerName';

/** `access` of a consent, standards §3.3. */
export type Access = {
  accounts?: Reference[];
  balances?: Reference[];
  transactions?: Reference[];
  availableAccounts?: Everything;
  availableAccountsWithBalance?: Everything;
  allPsd2?: Everything;
  restrictedTo?: string[];
};

/** What may be done with an account. */
export type Right = 'accounts' | 'balances' | 'transactions';

const LISTS = ['accounts', 'balances', 'transactions'] as const;
const EVERYTHING = ['allAccounts', 'allAccountsWithOwnerName'];

/** Reads `access` of a request, or throws `FORMAT_ERROR`. */
export function parseAccess(value: unknown): Access {
  if (!isRecord(value)) throw formatError('access must be an object');
  const access: Access = {};
  for (const list of LISTS) {
    if (value[list] !== undefined) access[list] = parseReferences(value[list], `access.${list}`);
  }
  for (const name of ['availableAccounts', 'availableAccountsWithBalance', 'allPsd2'] as const) {
    if (value[name] === undefined) continue;
    if (!EVERYTHING.includes(value[name] as string)) throw formatError(`access.${name} must be allAccounts`);
    access[name] = value[name] as Everything;
  }
  if (value.restrictedTo !== undefined) access.restrictedTo = parseTypes(value.restrictedTo);
  if (LISTS.some((list) => access[list]) && (access.allPsd2 || isList(access))) {
    throw formatError('access names accounts and all accounts at once');
  }
  return access;
}

/** Which consent model an access is of; throws `FORMAT_ERROR` when it asks for nothing. */
export function modelOf(access: Access): Model {
  if (access.allPsd2) return 'global';
  if (isList(access)) return 'available';
  const lists = LISTS.filter((list) => access[list]);
  if (lists.length === 0) throw formatError('access asks for nothing');
  return lists.every((list) => access[list]!.length === 0) ? 'offered' : 'detailed';
}

/** Every number that a detailed access names. */
export function namedNumbers(access: Access): string[] {
  const references = LISTS.flatMap((list) => access[list] ?? []);
  return [...new Set(references.map((reference) => reference.iban ?? reference.maskedPan ?? ''))];
}

/** The person's accounts that this interface and this access can be about. */
export function eligible(face: Face, person: Person, access: Access): Holding[] {
  const served = person.holdings.filter((holding) => face.accountTypes.includes(holding.type));
  const { restrictedTo } = access;
  return restrictedTo?.length ? served.filter((holding) => restrictedTo.includes(holding.type)) : served;
}

/** True when the person's approval gave this right for the account of that number. */
export function permits(consent: Consent, number: string, right: Right): boolean {
  if (!consent.granted?.includes(number)) return false;
  const { access } = consent;
  switch (modelOf(access)) {
    case 'global':
      return true;
    case 'available':
      return right === 'accounts' || (right === 'balances' && !!access.availableAccountsWithBalance);
    case 'offered':
      return right === 'accounts' || !!access[right];
    case 'detailed':
      // XS2A: the right to balances or transactions holds the right to the account's details.
      return right === 'accounts' || (access[right] ?? []).some((one) => (one.iban ?? one.maskedPan) === number);
  }
}

/** `access` as the bank tells it: with the chosen accounts once the person has chosen. */
export function presentAccess(bank: Bank, consent: Consent): Access {
  const { access, granted } = consent;
  const model = modelOf(access);
  if (!granted || model === 'available' || model === 'detailed') return access;
  const references = granted.map((number) => referenceOf(bank, number));
  const lists = Object.fromEntries(
    LISTS.filter((list) => model === 'global' || access[list]).map((list) => [list, references]),
  );
  return { ...access, ...lists };
}

/** How the bank refers to the account of that number. */
export function referenceOf(bank: Bank, number: string): Reference {
  return { ...(number.includes('*') ? { maskedPan: number } : { iban: number }), currency: currencyOf(bank) };
}

/** The holding of that number at the bank, whoever owns it. */
export function findHolding(bank: Bank, number: string): Holding | undefined {
  return bank.people.flatMap((person) => person.holdings).find((holding) => numberOf(holding) === number);
}

const isList = (access: Access) => !!(access.availableAccounts ?? access.availableAccountsWithBalance);

/** True for a JSON object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseReferences(value: unknown, path: string): Reference[] {
  if (!Array.isArray(value) || value.length > 100) throw formatError(`${path} must be a list`);
  return value.map((one) => {
    const number = isRecord(one) ? (one.iban ?? one.maskedPan) : undefined;
    if (typeof number !== 'string') throw formatError(`${path} must name accounts by iban or maskedPan`);
    const { iban, maskedPan, currency, cashAccountType } = one as Reference;
    return {
      ...(iban ? { iban } : { maskedPan }),
      ...(currency ? { currency } : {}),
      ...(cashAccountType ? { cashAccountType } : {}),
    };
  });
}

function parseTypes(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) {
    throw formatError('access.restrictedTo must be a list of account types');
  }
  return value as string[];
}
