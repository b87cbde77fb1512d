import type { Account, AccountType, Identification } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, BankTokens, Connector } from '../../../banking/connector.ts';
import { looksLikeIban } from '../../../banking/formats/iban.ts';
import { asCurrency, asList, asMeaningful, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import { readReferences, secretOf } from '../consent.ts';
import type { Facts } from '../facts.ts';
import type { Reference } from '../memory.ts';
import { askFor } from '../oauth.ts';
import { ask } from '../wire.ts';

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
  const { consentId } = secretOf(grant);
  const reply = await askFor(context, grant, { method: 'GET', path: 'v1/accounts', purpose: 'accounts', consentId });
  const list = asList(reply.json.accounts).slice(0, MOST_ACCOUNTS);
  if (reply.json.accounts === undefined) throw new BankError('unexpected', 'the answer has no list of accounts');
  const accounts = list.flatMap((item) => normaliseAccount(asRecord(item), facts) ?? []);
  if (list.length > 0 && accounts.length === 0)
    throw new BankError('unexpected', 'no account in the list has an id or a number');
  return { kind: 'done', result: accounts };
};

/** The accounts a consent for the account list shows, as a detailed consent must name them. */
export async function listReferences(
  context: BankContext,
  consentId: string,
  tokens: BankTokens | undefined,
): Promise<Reference[]> {
  const reply = await ask(context, { method: 'GET', path: 'v1/accounts', purpose: 'accounts', consentId, tokens });
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
    currency: asCurrency(item.currency) ?? 'XXX',
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
