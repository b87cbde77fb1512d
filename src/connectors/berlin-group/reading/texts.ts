import type { Transaction } from '../../../banking/account.ts';
import { readPurpose } from '../../../banking/formats/mt940-purpose.ts';
import { asList, asMeaningful, asRecord, type Wire } from '../../../banking/formats/values.ts';
import type { Facts } from '../facts.ts';
import { readIdentification } from './accounts.ts';

/** Longest text of an entry that we keep. */
const LONGEST_TEXT = 4000;

/** What an entry says in words, and what stood in these words though it has fields of its own elsewhere. */
export type Texts = {
  description: string;
  reference?: string;
  endToEndId?: string;
  counterparty?: NonNullable<Transaction['counterparty']>;
};

/** The words of an entry, from wherever this bank writes them. `out`: whether money went out. */
export function readTexts(item: Wire, out: boolean, facts: Facts): Texts {
  const written = writtenOf(item, facts);
  const purpose = facts.text_tags && written !== '' ? readPurpose(written) : undefined;
  const reference = structuredText(item) ?? purpose?.reference;
  const endToEndId = asMeaningful(item.endToEndId, 60) ?? purpose?.endToEndId;
  const party = partyOf(item, out, facts) ?? purpose?.counterparty;
  return {
    description: purpose?.text || written,
    ...(reference && { reference }),
    ...(endToEndId && { endToEndId }),
    ...(party && { counterparty: party }),
  };
}

/** Everything the bank says in words, for what is hidden in them. */
export function allWords(item: Wire): string {
  const places = [item.remittanceInformationUnstructured, item.remittanceInformationUnstructuredArray];
  return [...places, item.additionalInformation].map((place) => joined(place) ?? '').join(' ');
}

function writtenOf(item: Wire, facts: Facts): string {
  for (const place of facts.description_from) {
    const text = textAt(item, place, facts);
    if (text !== undefined) return text;
  }
  return '';
}

function textAt(item: Wire, place: Facts['description_from'][number], facts: Facts): string | undefined {
  switch (place) {
    case 'unstructured':
      return joined(item.remittanceInformationUnstructured, facts.text_cut_at);
    case 'unstructured_list':
      return joined(item.remittanceInformationUnstructuredArray, facts.text_cut_at);
    case 'structured':
      return structuredText(item);
    case 'additional':
      return joined(item.additionalInformation, facts.text_cut_at) ?? joined(item.transactionDetails);
    default:
      return place satisfies never;
  }
}

/** A text that may be given in one piece or in several. Pieces as long as the cut go on in the next, also within a word. */
function joined(value: unknown, cutAt = Number.POSITIVE_INFINITY): string | undefined {
  if (typeof value === 'string') return unescaped(asMeaningful(value, LONGEST_TEXT));
  let text = '';
  for (const part of asList(value).slice(0, 100)) {
    const piece = asMeaningful(part, LONGEST_TEXT);
    if (piece !== undefined) text += piece.length >= cutAt ? piece : `${piece} `;
  }
  return text === '' ? undefined : unescaped(text.trim().slice(0, LONGEST_TEXT).toWellFormed());
}

/** Letters that a bank writes out as `\u00e9` or `\U0001f600` (seen at HYPE). */
function unescaped(text: string | undefined): string | undefined {
  if (!text?.includes('\\')) return text;
  return text.replace(/\\U(000[0-9a-fA-F]{5})|\\[uU]([0-9a-fA-F]{4})/g, (written, eight?: string, four?: string) => {
    const code = Number.parseInt(eight ?? four ?? '', 16);
    return isLetter(code) ? String.fromCodePoint(code) : written;
  });
}

function isLetter(code: number): boolean {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  return !isControl && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/** `remittanceInformationStructured`: a text from 1.3.9 on, an object with a `reference` before. */
function structuredText(item: Wire): string | undefined {
  if (item.remittanceInformationStructured === undefined && item.remittanceInformationStructuredArray === undefined)
    return undefined;
  const parts = [item.remittanceInformationStructured, ...asList(item.remittanceInformationStructuredArray)];
  for (const part of parts.slice(0, 20)) {
    const text = asMeaningful(part, 140) ?? asMeaningful(asRecord(part).reference, 140);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Who is on the other side: the creditor of money out, the debtor of money in. */
function partyOf(item: Wire, out: boolean, facts: Facts): Transaction['counterparty'] | undefined {
  const account = out ? item.creditorAccount : item.debtorAccount;
  const { iban, bban } = account === undefined ? {} : readIdentification(asRecord(account));
  const name = nameOf(item, out, facts);
  if (name === undefined && iban === undefined && bban === undefined) return undefined;
  return { ...(name && { name }), ...(iban && { iban }), ...(bban && { bban }) };
}

function nameOf(item: Wire, out: boolean, facts: Facts): string | undefined {
  for (const place of facts.payee_from) {
    const name = place === 'party' ? namedParty(item, out) : nameIn(item, place, facts);
    if (name !== undefined) return name;
  }
  return undefined;
}

function namedParty(item: Wire, out: boolean): string | undefined {
  const name = out
    ? (asMeaningful(item.creditorName, 140) ?? asMeaningful(item.ultimateCreditor, 140))
    : (asMeaningful(item.debtorName, 140) ?? asMeaningful(item.ultimateDebtor, 140));
  if (name !== undefined) return name;
  return asMeaningful(item.cardAcceptorId, 60) === undefined ? undefined : joined(item.transactionDetails);
}

/** A name out of free text: what stands between the words this bank puts round it, else the text's first line. */
function nameIn(item: Wire, place: 'text' | 'additional', { payee_between: between, text_cut_at: cut }: Facts) {
  const source =
    place === 'additional'
      ? item.additionalInformation
      : (item.remittanceInformationUnstructured ?? item.remittanceInformationUnstructuredArray);
  const { after, until } = between;
  const isWhole = after !== undefined || until !== undefined;
  const first = typeof source === 'string' ? source.split('\n')[0] : asList(source)[0];
  const text = joined(isWhole ? source : first, cut);
  if (text === undefined) return undefined;
  const from = after === undefined ? 0 : text.indexOf(after);
  if (from < 0) return undefined;
  const rest = text.slice(from + (after?.length ?? 0));
  const end = until === undefined ? -1 : rest.indexOf(until);
  return asMeaningful(end < 0 ? rest : rest.slice(0, end), 140);
}
