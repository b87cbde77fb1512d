import { createHash } from 'node:crypto';
import { findPerson, type Person } from '../../world/banks.ts';
import { centsOf, currencyOf, decimal, OPENED } from '../../world/data.ts';
import { type Holding, numberOf } from '../../world/holdings.ts';
import { balancesOf } from '../../world/statement.ts';
import type { Permission } from '../face.ts';
import type { UkReading } from './call.ts';
import { written } from './consents.ts';
import { Declined, type Reply } from './refusals.ts';

const SUB_TYPES = { CACC: 'CurrentAccount', SVGS: 'Savings', CARD: 'CreditCard', LOAN: 'Loan' } as const;
const NAMES = { CACC: 'Everyday Account', SVGS: 'Easy Saver', CARD: 'Rewards Card', LOAN: 'Personal Loan' } as const;
const BALANCE_TYPES = {
  '3.1': {
    interimBooked: 'InterimBooked',
    interimAvailable: 'InterimAvailable',
    expected: 'Expected',
    closingBooked: 'ClosingBooked',
  },
  '4.0': { interimBooked: 'ITBD', interimAvailable: 'ITAV', expected: 'XPCD', closingBooked: 'CLBD' },
} as const;

/** `GET /accounts`. */
export async function getAccounts(call: UkReading): Promise<Reply> {
  need(call, 'ReadAccountsBasic', 'ReadAccountsDetail');
  return answer(call, { Account: seen(call).map((holding) => presentAccount(call, holding)) });
}

/** `GET /accounts/{AccountId}`. */
export async function getAccount(call: UkReading): Promise<Reply> {
  need(call, 'ReadAccountsBasic', 'ReadAccountsDetail');
  return answer(call, { Account: [presentAccount(call, findSeen(call))] });
}

/** `GET /accounts/{AccountId}/balances` and `GET /balances`. */
export async function getBalances(call: UkReading): Promise<Reply> {
  need(call, 'ReadBalances');
  const holdings = call.part.AccountId === undefined ? seen(call) : [findSeen(call)];
  const balances = await Promise.all(holdings.map((holding) => balancesOfHolding(call, holding)));
  return answer(call, { Balance: balances.flat() });
}

/** `GET /party` (whoever approved), `GET /accounts/{AccountId}/party` and `…/parties` (the holder). */
export async function getParty(call: UkReading): Promise<Reply> {
  need(call, call.part.AccountId === undefined ? 'ReadPartyPSU' : 'ReadParty');
  if (call.part.AccountId !== undefined) findSeen(call);
  const { name, login } = personOf(call);
  const party = {
    PartyId: idOf(call, `party/${login}`),
    PartyType: 'Sole',
    Name: name,
    FullLegalName: name,
    Address: [{ AddressLine: ['1 High Street'], TownName: call.bank.city, Country: 'GB' }],
  };
  return answer(call, call.path.includes('/parties') ? { Party: [party] } : { Party: party });
}

/** `GET /accounts/{AccountId}/product` and `GET /products`. */
export async function getProducts(call: UkReading): Promise<Reply> {
  need(call, 'ReadProducts');
  const holdings = call.part.AccountId === undefined ? seen(call) : [findSeen(call)];
  const products = holdings.map((holding) => ({
    AccountId: accountId(call, holding),
    ProductName: NAMES[holding.type],
    ProductId: `${call.bank.slug}-${holding.type.toLowerCase()}`,
    ...(holding.type === 'CACC'
      ? { ProductType: 'PersonalCurrentAccount' }
      : {
          ProductType: 'Other',
          OtherProductType: { Name: NAMES[holding.type], Description: SUB_TYPES[holding.type] },
        }),
  }));
  return answer(call, { Product: products });
}

/** Declines unless the person allowed one of these. */
export function need({ consent }: UkReading, ...permissions: Permission[]): void {
  if (!permissions.some((one) => consent.permissions.includes(one))) throw new Declined(403);
}

/** The person's accounts that the consent is about. */
export const seen = (call: UkReading): Holding[] =>
  personOf(call).holdings.filter((holding) => call.consent.accounts?.includes(numberOf(holding)));

/** The account of the path. The standard wants 400 for a resource that is not there. */
export function findSeen(call: UkReading): Holding {
  const found = seen(call).find((holding) => accountId(call, holding) === call.part.AccountId);
  if (!found) throw new Declined(400, 'U011', 'There is no such account.', 'AccountId');
  return found;
}

/** The bank's id of the account: the same in every consent. */
export const accountId = (call: UkReading, holding: Holding): string => idOf(call, numberOf(holding));

/** An id of at most 40 characters that says nothing of what it names. */
export const idOf = ({ bank }: Pick<UkReading, 'bank'>, text: string): string =>
  createHash('sha256').update(`${bank.slug}/${text}`).digest('hex').slice(0, 24);

/** An answer without pages. */
export function answer(call: UkReading, data: object, links: object = {}, meta: object = {}): Reply {
  return {
    status: 200,
    body: { Data: data, Links: { Self: `${call.base}${call.path}`, ...links }, Meta: { TotalPages: 1, ...meta } },
  };
}

/** An amount, which is never signed, and on which side it stands; nothing is on the credit side. */
export function amountOf(call: UkReading, cents: number): { CreditDebitIndicator: string; Amount: object } {
  return {
    CreditDebitIndicator: cents < 0 ? 'Debit' : 'Credit',
    Amount: { Amount: decimal(Math.abs(cents)), Currency: currencyOf(call.bank) },
  };
}

/** How the account is known elsewhere: sort code and account number, IBAN, or card number. */
export function identifications(call: UkReading, holding: Holding): object[] {
  const { name: Name } = personOf(call);
  if (holding.iban === undefined) return [{ SchemeName: 'UK.OBIE.PAN', Identification: panOf(call, holding), Name }];
  const secondary = holding.rollNumber ? { SecondaryIdentification: holding.rollNumber } : {};
  return [
    { SchemeName: 'UK.OBIE.SortCodeAccountNumber', Identification: holding.iban.slice(8), Name, ...secondary },
    { SchemeName: 'UK.OBIE.IBAN', Identification: holding.iban, Name },
  ];
}

/** The card number: masked, unless the person allowed the whole one. */
export const panOf = ({ consent }: UkReading, holding: Holding): string =>
  (consent.permissions.includes('ReadPAN') ? holding.pan : undefined) ?? holding.maskedPan ?? '';

const personOf = ({ bank, consent }: UkReading): Person => findPerson(bank, consent.person)!;

function presentAccount(call: UkReading, holding: Holding): object {
  const { bank, consent } = call;
  const opened = `${OPENED}T00:00:00+00:00`;
  const type =
    bank.openBanking.version === '4.0'
      ? { AccountCategory: 'Personal', AccountTypeCode: holding.type }
      : { AccountType: 'Personal', AccountSubType: SUB_TYPES[holding.type] };
  return {
    AccountId: accountId(call, holding),
    Status: 'Enabled',
    StatusUpdateDateTime: opened,
    Currency: currencyOf(bank),
    ...type,
    Description: NAMES[holding.type],
    Nickname: `${NAMES[holding.type]} ${numberOf(holding).slice(-4)}`,
    OpeningDate: opened,
    ...(consent.permissions.includes('ReadAccountsDetail')
      ? {
          Account: identifications(call, holding),
          Servicer: { SchemeName: 'UK.OBIE.BICFI', Identification: bank.bic },
        }
      : {}),
  };
}

async function balancesOfHolding(call: UkReading, holding: Holding): Promise<object[]> {
  const { stage, bank, now } = call;
  const types = ['interimBooked', 'interimAvailable'] as const;
  const stated = await balancesOf(
    stage.database,
    bank,
    holding,
    now,
    holding.type === 'CACC' ? types : ['interimBooked', 'expected'],
  );
  return stated.map(({ type, amount, withLimit }) => ({
    AccountId: accountId(call, holding),
    ...amountOf(call, centsOf(amount)!),
    Type: BALANCE_TYPES[bank.openBanking.version][type],
    DateTime: written(now),
    ...(withLimit
      ? {
          CreditLine: [
            { Included: true, Type: 'Pre-Agreed', Amount: { Amount: '1000.00', Currency: currencyOf(bank) } },
          ],
        }
      : {}),
  }));
}
