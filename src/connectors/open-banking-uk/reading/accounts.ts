import type { Account, Identification } from '../../../banking/account.ts';
import { BankError } from '../../../banking/bank-error.ts';
import type { BankContext, Connector, Grant } from '../../../banking/connector.ts';
import { looksLikeIban } from '../../../banking/formats/iban.ts';
import { asCurrency, asList, asMeaningful, asRecord, asText, type Wire } from '../../../banking/formats/values.ts';
import type { Facts } from '../facts.ts';
import { read, secretOf, sendFor } from '../tokens.ts';
import { VERSIONS } from '../versions.ts';
import { isSuccess } from '../wire.ts';

/** Accounts of one answer that we read; the rest of a longer list is not believed. */
const MOST_ACCOUNTS = 500;

/** Accounts whose holder is asked for one by one. */
const MOST_PARTIES = 20;

/** `GET /accounts`, and for accounts that do not say whose they are `GET /accounts/{AccountId}/party`. */
export const readAccounts: Connector['accounts'] = async (context, { grant }) => {
  const reply = await read(context, grant, { method: 'GET', path: 'accounts', purpose: 'accounts' });
  const { Account: written } = asRecord(reply.json.Data);
  if (reply.json.Data === undefined) throw new BankError('unexpected', 'the answer has no list of accounts');
  const list = asList(written).slice(0, MOST_ACCOUNTS);
  const facts = context.facts as unknown as Facts;
  const accounts = list.flatMap((item) => normaliseAccount(asRecord(item), facts) ?? []);
  if (list.length > 0 && accounts.length === 0) throw new BankError('unexpected', 'no account in the list has an id');
  return { kind: 'done', result: await withHolders(context, grant, accounts) };
};

/** One `OBAccount6` in our form; undefined when it has no id. */
export function normaliseAccount(item: Wire, facts: Facts): Account | undefined {
  const reference = asText(item.AccountId, 40);
  if (reference === undefined) return undefined;
  const version = VERSIONS[facts.version];
  const schemes = asList(item.Account).slice(0, 20).map(asRecord);
  const identification = Object.assign({}, ...schemes.map(readScheme).reverse()) as Identification;
  const holder = schemes.map((one) => asMeaningful(one.Name, 350)).find(Boolean);
  const name = asText(item.Nickname, 140) ?? asText(item.Description, 140);
  const type = asText(item[version.typeField], 40) ?? '';
  const usage = asText(item[version.usageField], 40);
  return {
    reference,
    ...(name && { name }),
    ...(holder && { holderName: holder }),
    type:
      (Object.hasOwn(version.accountTypes, type) ? version.accountTypes[type] : undefined) ??
      (type ? 'other' : 'checking'),
    usage: usage === 'Personal' ? 'personal' : usage === 'Business' ? 'business' : 'unknown',
    currency: asCurrency(item.Currency) ?? 'XXX',
    identification,
    status: item.Status === 'Deleted' ? 'deleted' : item.Status === 'Disabled' ? 'blocked' : 'enabled',
  };
}

/**
 * What identifies an account or a counterparty (`SchemeName`, `Identification`, §4.5): a sort code and account number are 14
 * digits in one, a building society's roll number stands beside them. A card's full number is never kept.
 */
export function readScheme(item: Wire): Identification {
  const scheme = (asText(item.SchemeName, 60) ?? '').split('.').at(-1)?.toUpperCase();
  const written = asMeaningful(item.Identification, 256)?.replace(/[\s-]/g, '');
  if (written === undefined) return {};
  switch (scheme) {
    case 'SORTCODEACCOUNTNUMBER': {
      const roll = asMeaningful(item.SecondaryIdentification, 34);
      if (!/^\d{14}$/.test(written)) return { bban: written.slice(0, 40) };
      return { sortCode: written.slice(0, 6), accountNumber: written.slice(6), ...(roll && { rollNumber: roll }) };
    }
    case 'IBAN': {
      const iban = written.toUpperCase();
      return looksLikeIban(iban) ? { iban } : {};
    }
    case 'BBAN':
      return { bban: written.slice(0, 40) };
    case 'PAN':
      return { maskedPan: maskPan(written.slice(0, 40)) };
    default:
      return {};
  }
}

function maskPan(pan: string): string {
  return pan.replace(/\d(?=\d{4,})/g, (digit, at: number) => (at < 6 ? digit : '*'));
}

async function withHolders(context: BankContext, grant: Grant, accounts: Account[]): Promise<Account[]> {
  if (!secretOf(grant).party) return accounts;
  const result: Account[] = [];
  let asked = 0;
  for (const account of accounts) {
    const holder =
      account.holderName === undefined && asked++ < MOST_PARTIES ? await partyOf(context, grant, account) : undefined;
    result.push(holder === undefined ? account : { ...account, holderName: holder });
  }
  return result;
}

/** The holder's name; a bank that does not tell it has told everything else all the same. */
async function partyOf(context: BankContext, grant: Grant, account: Account): Promise<string | undefined> {
  const path = `accounts/${encodeURIComponent(account.reference)}/party`;
  const reply = await sendFor(context, grant, { method: 'GET', path, purpose: 'accounts', account: account.reference });
  if (!isSuccess(reply.status)) return undefined;
  const party = asRecord(asRecord(reply.json.Data).Party);
  return asMeaningful(party.FullLegalName, 350) ?? asMeaningful(party.Name, 350);
}
