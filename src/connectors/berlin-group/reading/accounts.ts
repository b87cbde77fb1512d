import type { Account, AccountType, Identification } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../../banking/connector.ts';
import { looksLikeIban } from '../../../banking/formats/iban.ts';
import { asCurrency, asList, asMeaningful, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import { readReferences, secretOf } from '../consent.ts';
import type { Facts } from '../facts.ts';
import type { Reference } from '../memory.ts';
import { askFor } from '../oauth.ts';
import { ask, type Right } from '../wire.ts';

/** Accounts of one answer that we read; the rest of a longer list is not believed. */
const MOST_ACCOUNTS = 500;

/** ISO 20022 ExternalCashAccountType1Code, as the person would name it. */
const TYPE_OF_CODE: Record<string, AccountType> = {
  CACC: 'checking',
  CASH: 'checking',
  TRAN: 'checking',
  SLRY: 'checking',
  ODFT: 'checking',
  NREX: 'checking',
  SACC: 'checking',
  SVGS: 'savings',
  LLSV: 'savings',
  MOMA: 'savings',
  ONDP: 'savings',
  CARD: 'credit_card',
  LOAN: 'loan',
  MGLD: 'loan',
  TRAS: 'investment',
  VACC: 'other',
  OTHR: 'other',
};

/** `GET /accounts`: what the consent lets us see. */
export const readAccounts: Connector['accounts'] = async (context, { grant }) => {
  const facts = context.facts as unknown as Facts;
  const accounts = facts.card_accounts === 'only' ? [] : await readList(context, grant, facts, 'accounts');
  const cards = facts.card_accounts === 'none' ? [] : await readCards(context, grant, facts);
  const known = new Set(accounts.map(({ identification }) => identification.maskedPan));
  // A card that the bank lists among the accounts as well is one account.
  const more = cards.filter((card) => !card.identification.maskedPan || !known.has(card.identification.maskedPan));
  return { kind: 'done', result: [...withoutHeads(accounts), ...more] };
};

/** Where an account's data is: its handle, with what kind of account it is where that is not the usual one. */
export function resourceOf(reference: string): string {
  const isCard = reference.startsWith(CARD);
  return `v1/${isCard ? 'card-accounts' : 'accounts'}/${encodeURIComponent(isCard ? reference.slice(CARD.length) : reference)}`;
}

/** Marks handles of card accounts: a bank may give a card the same one as an account. */
const CARD = 'card-accounts/';

async function readList(
  context: BankContext,
  grant: Grant,
  facts: Facts,
  what: 'accounts' | 'card-accounts',
): Promise<Account[]> {
  const { consentId } = secretOf(grant);
  const reply = await askFor(context, grant, { method: 'GET', path: `v1/${what}`, purpose: 'accounts', consentId });
  const named = what === 'accounts' ? reply.json.accounts : (reply.json.cardAccounts ?? reply.json.accounts);
  if (named === undefined) throw new BankError('unexpected', `the answer has no list of ${what}`);
  const list = asList(named).slice(0, MOST_ACCOUNTS);
  const accounts = list.flatMap((item) => normaliseAccount(asRecord(item), facts) ?? []);
  if (list.length > 0 && accounts.length === 0)
    throw new BankError('unexpected', 'no account in the list has an id or a number');
  return accounts;
}

/** Cards beside accounts are read where the consent reaches them; a bank that has none for this person says so in many ways. */
async function readCards(context: BankContext, grant: Grant, facts: Facts): Promise<Account[]> {
  try {
    const cards = await readList(context, grant, facts, 'card-accounts');
    return cards.map((card) => ({ ...card, reference: `${CARD}${card.reference}`, type: 'credit_card' as const }));
  } catch (error) {
    const isNone =
      error instanceof BankError &&
      ['unsupported', 'consent_gone', 'unexpected'].includes(error.kind) &&
      [401, 403, 404, 405].includes(error.facts.status ?? 0);
    if (facts.card_accounts === 'too' && isNone) return [];
    throw error;
  }
}

/**
 * Without the heads of multi-currency accounts (`XXX`) whose sub-accounts are in the list as well: the head shows what they
 * show, and would count it twice. A head alone is the account.
 */
function withoutHeads(accounts: Account[]): Account[] {
  const numberOf = ({ identification: { iban, bban } }: Account) => iban ?? bban;
  const subs = new Set(accounts.filter(({ currency }) => currency !== 'XXX').map(numberOf));
  return accounts.filter(
    (account) => account.currency !== 'XXX' || numberOf(account) === undefined || !subs.has(numberOf(account)),
  );
}

/** The accounts a consent for the account list shows, as a detailed consent must name them. */
export async function listReferences(context: BankContext, consentId: string, right: Right): Promise<Reference[]> {
  const reply = await ask(context, { method: 'GET', path: 'v1/accounts', purpose: 'accounts', consentId, ...right });
  return readReferences(reply.json.accounts);
}

/** One `accountDetails` in our form; undefined when nothing in it could be used to ask for more. */
export function normaliseAccount(item: Wire, facts: Facts): Account | undefined {
  const identification = readIdentification(item);
  const reference =
    asText(item.resourceId, 200) ?? identification.iban ?? identification.bban ?? identification.maskedPan;
  if (reference === undefined) return undefined;
  const name = asText(item.displayName, 140) ?? asText(item.name, 140) ?? asText(item.product, 140);
  const holder = holderOf(item);
  const readable = readableOf(item);
  return {
    reference,
    ...(name && { name }),
    ...(holder && { holderName: holder }),
    type: typeOf(item, identification, facts),
    usage: item.usage === 'PRIV' ? 'personal' : item.usage === 'ORGA' ? 'business' : 'unknown',
    currency: currencyOf(item),
    identification,
    status: item.status === 'deleted' || item.status === 'blocked' ? item.status : 'enabled',
    ...(readable && { readable }),
  };
}

/** What identifies an account or a counterparty (`accountReference`). A card's full number is never kept. */
export function readIdentification(item: Wire): Identification {
  const written = asMeaningful(item.iban, 60)?.replace(/[\s-]/g, '').toUpperCase();
  const iban = written !== undefined && looksLikeIban(written) ? written : undefined;
  const bban = asMeaningful(item.bban, 40) ?? (written && !iban && !/[*•]/.test(written) ? written : undefined);
  const pan = asMeaningful(item.maskedPan, 40) ?? asMeaningful(item.maskedPAN, 40) ?? asMeaningful(item.pan, 40);
  // American Express puts its masked card number where the IBAN belongs.
  const card = pan ?? (written && !iban && /[*•]/.test(written) ? written : undefined);
  return { ...(iban && { iban }), ...(bban && { bban }), ...(card && { maskedPan: maskPan(card) }) };
}

/** `XXX` is the head of several currencies, or a bank that says the currency only with its balances. */
function currencyOf(item: Wire): string {
  const currency = asCurrency(item.currency) ?? 'XXX';
  if (currency !== 'XXX') return currency;
  const balances = asList(item.balances)
    .slice(0, 50)
    .map((balance) => asCurrency(asRecord(asRecord(balance).balanceAmount).currency));
  const [only, ...others] = new Set(balances.filter((code) => code !== undefined));
  return only !== undefined && others.length === 0 ? only : 'XXX';
}

function maskPan(pan: string): string {
  return pan.replace(/\d(?=(?:[\s-]?\d){4,})/g, (digit, at: number) => (at < 6 ? digit : '*'));
}

function typeOf(item: Wire, identification: Identification, facts: Facts): AccountType {
  const code = asText(item.cashAccountType, 40)?.toUpperCase();
  const known = code !== undefined && Object.hasOwn(TYPE_OF_CODE, code) ? TYPE_OF_CODE[code] : undefined;
  if (known) return known;
  return identification.maskedPan && !identification.iban ? 'credit_card' : facts.account_type;
}

function holderOf(item: Wire): string | undefined {
  const names = asList(item.ownerNames)
    .slice(0, 10)
    .flatMap((owner) => asText(asRecord(owner).name, 140) ?? []);
  return asMeaningful(item.ownerName, 140) ?? (names.length > 0 ? names.join(', ') : undefined);
}

/** A link is given where the consent covers it (`_linksAccountDetails`); with no links at all nothing is said. */
function readableOf(item: Wire): Account['readable'] | undefined {
  const links = Object.assign({}, ...asList(item._links).slice(0, 5).map(asRecord)) as Wire;
  const readable = { balances: links.balances !== undefined, transactions: links.transactions !== undefined };
  return readable.balances || readable.transactions ? readable : undefined;
}
