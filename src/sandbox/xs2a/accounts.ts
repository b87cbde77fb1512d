import { createHash } from 'node:crypto';
import { type Consent, countRead } from '../store.ts';
import { findPerson, type Person } from '../world/banks.ts';
import { currencyOf } from '../world/data.ts';
import { type Holding, numberOf } from '../world/holdings.ts';
import { balancesOf } from '../world/statement.ts';
import { permits, type Right, referenceOf } from './access.ts';
import { type Call, isAttended, links, today } from './call.ts';
import { Refused, type Reply } from './errors.ts';
import { bearerConsent, consentOfCall } from './reading.ts';

/** An account that this call may see, and what it is asked under. */
export type Seen = { consent: Consent; person: Person; holding: Holding; resourceId: string };

/** `GET /v1/accounts`. */
export async function getAccounts(call: Call): Promise<Reply> {
  const consent = await openForReading(call, 'accounts');
  const accounts = await Promise.all(seenAccounts(call, consent).map((seen) => presentAccount(call, seen)));
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
  const { holding } = findSeen(call, consent, 'balances');
  return {
    status: 200,
    body: { account: referenceOf(call.bank, numberOf(holding)), balances: await presentBalances(call, holding) },
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
  return person.holdings
    .filter((holding) => permits(consent, numberOf(holding), 'accounts'))
    .map((holding) => ({ consent, person, holding, resourceId: resourceIdOf(consent, holding) }));
}

/** Balances as this interface tells them. */
export async function presentBalances(call: Call, holding: Holding): Promise<object[]> {
  const currency = currencyOf(call.bank);
  const found = await balancesOf(call.stage.database, call.bank, holding, call.now, call.face.balances);
  return found.map(({ type, amount, withLimit }) => ({
    balanceType: type,
    balanceAmount: { currency, amount },
    ...(withLimit ? { creditLimitIncluded: true } : {}),
    referenceDate: today(call),
    lastChangeDateTime: call.now.toISOString(),
  }));
}

/** What each kind of account is called, by the bank's language. */
export const PRODUCTS: Record<'de' | 'en' | 'nl', Record<Holding['type'], { product: string; name: string }>> = {
  de: {
    CACC: { product: 'Girokonto Komfort', name: 'Girokonto' },
    SVGS: { product: 'Tagesgeld Plus', name: 'Tagesgeldkonto' },
    CARD: { product: 'Kreditkarte Classic', name: 'Kreditkarte' },
  },
  en: {
    CACC: { product: 'Everyday', name: 'Current account' },
    SVGS: { product: 'Easy Saver', name: 'Savings account' },
    CARD: { product: 'Classic Card', name: 'Credit card' },
  },
  nl: {
    CACC: { product: 'Betaalpakket', name: 'Betaalrekening' },
    SVGS: { product: 'Vrij Sparen', name: 'Spaarrekening' },
    CARD: { product: 'Classic Card', name: 'Creditcard' },
  },
};

async function presentAccount(call: Call, { consent, person, holding, resourceId }: Seen): Promise<object> {
  const number = numberOf(holding);
  const path = `/v1/accounts/${resourceId}`;
  const may = (right: Right) => permits(consent, number, right);
  const owner =
    consent.access.allPsd2 ?? consent.access.availableAccounts ?? consent.access.availableAccountsWithBalance;
  const withBalance = call.query.get('withBalance') === 'true' && may('balances');
  return {
    resourceId,
    ...referenceOf(call.bank, number),
    ...PRODUCTS[call.bank.language][holding.type],
    cashAccountType: holding.type,
    status: 'enabled',
    bic: call.bank.bic,
    usage: 'PRIV',
    ...(owner === 'allAccounts' ? {} : { ownerName: person.name }),
    ...(withBalance ? { balances: await presentBalances(call, holding) } : {}),
    _links: links(call, {
      ...(may('balances') ? { balances: `${path}/balances` } : {}),
      ...(may('transactions') ? { transactions: `${path}/transactions` } : {}),
    }),
  };
}

/** The id of an account under one consent: another consent gives it another one, which the standard allows. */
function resourceIdOf(consent: Consent, holding: Holding): string {
  const hex = createHash('sha256')
    .update(`${consent.id}/${numberOf(holding)}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
