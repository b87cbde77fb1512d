import { createHash } from 'node:crypto';
import { type Consent, countRead } from '../store.ts';
import { findPerson, type Person } from '../world/banks.ts';
import { currencyOf } from '../world/data.ts';
import { type Holding, ledgerOf, numberOf } from '../world/holdings.ts';
import { balancesOf } from '../world/statement.ts';
import { permits, type Reference, type Right, referenceOf } from './access.ts';
import { type Call, isAttended, links, today } from './call.ts';
import { Refused, type Reply } from './errors.ts';
import { bearerConsent, consentOfCall } from './reading.ts';

/**
 * An account that this call may see, and what it is asked under. `parts` are what it consists of: itself, or the accounts of
 * every currency where it is their head.
 */
export type Seen = {
  consent: Consent;
  person: Person;
  holding: Holding;
  parts: readonly Holding[];
  resourceId: string;
};

/** `GET /v1/accounts`. */
export async function getAccounts(call: Call): Promise<Reply> {
  const consent = await openForReading(call, 'accounts');
  const seen = seenAccounts(call, consent).filter(
    ({ holding }) => holding.type !== 'CARD' || call.face.cardAccounts !== 'only',
  );
  const accounts = await Promise.all(seen.map((one) => presentAccount(call, one)));
  return { status: 200, body: { accounts } };
}

/** `GET /v1/accounts/{account-id}`. */
export async function getAccount(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `account/${call.part.accountId}`);
  return { status: 200, body: { account: await presentAccount(call, findSeen(call, consent, 'accounts')) } };
}

/** `GET /v1/accounts/{account-id}/balances`. */
export async function getBalances(call: Call): Promise<Reply> {
  const consent = await openForReading(call, `balances/${call.part.accountId}`);
  const seen = findSeen(call, consent, 'balances');
  return {
    status: 200,
    body: { account: referenceTo(call, seen), balances: await presentBalances(call, seen.parts) },
  };
}

/**
 * The consent that a reading call goes under, after every check of it: token, status, and for a call without a person the
 * reads left today (standards §10). `resource` is what is counted.
 */
export async function openForReading(call: Call, resource: string | undefined): Promise<Consent> {
  const consent = await consentOfCall(call);
  await bearerConsent(call, consent);
  if (isAttended(call) || !resource) return consent;
  const count = await countRead(call.stage.database, call.bank.slug, consent.id, resource, today(call));
  if (count > consent.frequencyPerDay) {
    throw new Refused(429, 'ACCESS_EXCEEDED', 'The reads of today without the person are used up.');
  }
  return consent;
}

/** The account of the path, when the consent gives that right for it. */
export function findSeen(call: Call, consent: Consent, right: Right): Seen {
  const seen = seenAccounts(call, consent).find((one) => one.resourceId === call.part.accountId);
  if (!seen) throw new Refused(404, 'RESOURCE_UNKNOWN', 'There is no such account under this consent.');
  if (!permits(consent, numberOf(seen.holding), right)) {
    throw new Refused(401, 'CONSENT_INVALID', `The consent does not cover the ${right} of this account.`);
  }
  return seen;
}

/** Every account of the person that the consent covers. */
export function seenAccounts(call: Call, consent: Consent): Seen[] {
  const person = findPerson(call.bank, consent.person);
  if (!person) return [];
  const { accountsGone } = call.face;
  const holdings = person.holdings.filter(
    (holding) => permits(consent, numberOf(holding), 'accounts') && !accountsGone.includes(numberOf(holding)),
  );
  return [...Map.groupBy(holdings, numberOf).values()].flatMap((parts): Seen[] => {
    const [holding] = parts as [Holding];
    const alone = parts.map((one) => ({
      consent,
      person,
      holding: one,
      parts: [one],
      resourceId: resourceIdOf(consent, one),
    }));
    if (parts.length === 1 || call.face.currencies === 'sub_accounts') return alone;
    const head = {
      consent,
      person,
      holding,
      parts,
      resourceId: resourceIdOf(consent, { ...holding, currency: 'XXX' }),
    };
    return call.face.currencies === 'head' ? [head] : [head, ...alone];
  });
}

/** Its number, or the new one it was given. */
function shownNumber(call: Call, holding: Holding): string {
  const number = numberOf(holding);
  const renumbered = call.face.accountsRenumbered.find((one) => one.startsWith(`${number}=`));
  return renumbered?.slice(number.length + 1) ?? number;
}

/** How answers about an account name it; the head of several currencies has the currency `XXX`. */
export const referenceTo = (call: Call, { holding, parts }: Pick<Seen, 'holding' | 'parts'>): Reference => ({
  ...referenceOf(call.bank, shownNumber(call, holding)),
  currency: parts.length > 1 ? 'XXX' : currencyOf(call.bank, holding),
});

/** Balances as this interface tells them. */
export async function presentBalances(call: Call, parts: readonly Holding[]): Promise<object[]> {
  const some = parts.map(async (holding) => {
    const currency = currencyOf(call.bank, holding);
    const found = await balancesOf(call.stage.database, call.bank, holding, call.now, call.face.balances);
    return found.map(({ type, amount, withLimit }) => ({
      balanceType: type,
      balanceAmount: { currency, amount },
      ...(withLimit ? { creditLimitIncluded: true } : {}),
      referenceDate: today(call),
      lastChangeDateTime: call.now.toISOString(),
    }));
  });
  return (await Promise.all(some)).flat();
}

/** What each kind of account is called, by the bank's language. */
export const PRODUCTS: Record<'de' | 'en' | 'nl', Record<Holding['type'], { product: string; name: string }>> = {
  de: {
    CACC: { product: 'Girokonto Komfort', name: 'Girokonto' },
    SVGS: { product: 'Tagesgeld Plus', name: 'Tagesgeldkonto' },
    CARD: { product: 'Kreditkarte Classic', name: 'Kreditkarte' },
    LOAN: { product: 'Ratenkredit', name: 'Kredit' },
  },
  en: {
    CACC: { product: 'Everyday', name: 'Current account' },
    SVGS: { product: 'Easy Saver', name: 'Savings account' },
    CARD: { product: 'Classic Card', name: 'Credit card' },
    LOAN: { product: 'Personal Loan', name: 'Loan' },
  },
  nl: {
    CACC: { product: 'Betaalpakket', name: 'Betaalrekening' },
    SVGS: { product: 'Vrij Sparen', name: 'Spaarrekening' },
    CARD: { product: 'Classic Card', name: 'Creditcard' },
    LOAN: { product: 'Persoonlijke lening', name: 'Lening' },
  },
};

async function presentAccount(call: Call, seen: Seen): Promise<object> {
  const { consent, person, holding, parts, resourceId } = seen;
  const number = numberOf(holding);
  const path = `/v1/accounts/${resourceId}`;
  const may = (right: Right) => permits(consent, number, right);
  const owner =
    consent.access.allPsd2 ?? consent.access.availableAccounts ?? consent.access.availableAccountsWithBalance;
  const wanted = call.query.get('withBalance') === 'true' && call.face.withBalance === 'supported';
  const withBalance = wanted && may('balances');
  return {
    resourceId,
    ...referenceTo(call, seen),
    ...PRODUCTS[call.bank.language][holding.type],
    cashAccountType: holding.type,
    status: call.face.accountsBlocked.includes(number) ? 'blocked' : 'enabled',
    bic: call.bank.bic,
    usage: 'PRIV',
    ...(owner === 'allAccounts' ? {} : { ownerName: person.name }),
    ...(withBalance ? { balances: await presentBalances(call, parts) } : {}),
    _links: links(call, {
      ...(may('balances') ? { balances: `${path}/balances` } : {}),
      ...(may('transactions') ? { transactions: `${path}/transactions` } : {}),
    }),
  };
}

/** The id of an account under one consent: another consent gives it another one, which the standard allows. */
function resourceIdOf(consent: Consent, holding: Holding): string {
  const hex = createHash('sha256')
    .update(`${consent.id}/${ledgerOf(holding)}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
