import type { Transaction } from '../account.ts';
import { type Amount, negateAmount, parseAmount } from '../money.ts';
import { decodeText } from './charset.ts';
import { looksLikeIban } from './iban.ts';
import { meaningful, type StatementPart, tidyText } from './statement.ts';
import { attribute, child, readElements, textAt, type XmlElement } from './xml.ts';

const LONGEST_TEXT = 2000;
/** Details of one booking that are looked at; a batch of salaries has thousands. */
const MOST_DETAILS = 50;
const WANTED: ReadonlySet<string> = new Set(['Bal', 'Ntry']);

/**
 * Reads camt.052 and camt.053 of any version (ISO 20022), entry by entry. An entry is what was booked as one: a batch stays
 * one entry. What is only announced (`INFO`, `FUTR`) is no entry. Throws `XmlError` for what is not XML.
 */
export function* readCamt(document: Uint8Array | string): Generator<StatementPart, void> {
  const text = typeof document === 'string' ? document : decodeText(document, charsetOf(document));
  let entries = 0;
  for (const element of readElements(text, WANTED)) {
    if (element.name === 'Bal') {
      const balance = readBalance(element);
      if (balance) yield balance;
      continue;
    }
    entries += 1;
    const status = statusOf(element);
    if (status === undefined) continue;
    yield readEntry(element, status, entries);
  }
}

/** ISO-8859-1 only where the document says so: everything else is UTF-8 in practice, also where it says something else. */
function charsetOf(bytes: Uint8Array): 'auto' | 'iso-8859-1' {
  const start = String.fromCharCode(...bytes.subarray(0, 120));
  return /^<\?xml[^>]*encoding=["'](iso-8859-1|iso-8859-15|windows-1252|latin1)["']/i.test(start)
    ? 'iso-8859-1'
    : 'auto';
}

const OPENING = new Set(['OPBD', 'PRCD']);

function readBalance(element: XmlElement): StatementPart | undefined {
  const type = textAt(element, 'Tp', 'CdOrPrtry', 'Cd') ?? '';
  const amount = amountOf(element);
  if (amount === undefined || (type !== 'CLBD' && !OPENING.has(type))) return undefined;
  const on = dayAt(element, 'Dt');
  return { kind: type === 'CLBD' ? 'closing' : 'opening', ...amount, ...(on ? { on } : {}) };
}

function statusOf(entry: XmlElement): Transaction['status'] | undefined {
  const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts') ?? 'BOOK';
  return status === 'BOOK' ? 'booked' : status === 'PDNG' ? 'pending' : undefined;
}

function readEntry(entry: XmlElement, status: Transaction['status'], at: number): StatementPart {
  const amount = amountOf(entry);
  if (amount === undefined)
    return { kind: 'rejected', rejected: { place: `entry ${at}`, reason: 'the amount or its sign cannot be read' } };
  const details = detailsOf(entry);
  const one = details[0];
  const isBatch = details.length > 1;
  const bookedOn = dayAt(entry, 'BookgDt');
  const valueOn = dayAt(entry, 'ValDt');
  const endToEndId = isBatch ? undefined : meaningful(textAt(one, 'Refs', 'EndToEndId'));
  const reference = meaningful(textAt(entry, 'AcctSvcrRef')) ?? meaningful(textAt(one, 'Refs', 'AcctSvcrRef'));
  const bankCode = codeOf(entry);
  const counterparty = isBatch ? undefined : counterpartyOf(one, amount.amount.startsWith('-'));
  const original = isBatch ? undefined : originalOf(one, entry, amount.currency);
  return {
    kind: 'entry',
    entry: {
      status,
      ...amount,
      ...(bookedOn ? { bookedOn } : {}),
      ...(valueOn ? { valueOn } : {}),
      description: descriptionOf(entry, details),
      ...(reference ? { reference: reference.slice(0, 140) } : {}),
      ...(counterparty ? { counterparty } : {}),
      ...(bankCode ? { bankCode } : {}),
      ...(endToEndId ? { endToEndId: endToEndId.slice(0, 140) } : {}),
      ...(original ? { original } : {}),
    },
  };
}

/** The amount with its sign. `RvslInd` says why, not how: the indicator is already that of the reversal. */
function amountOf(element: XmlElement): { amount: Amount; currency: string } | undefined {
  const written = child(element, 'Amt');
  const amount =
    written &&
    parseAmount(
      written.text
        .trim()
        .replace(/^(-?)\./, '$10.')
        .replace(/\.$/, ''),
    );
  const currency = written && attribute(written, 'Ccy');
  const mark = textAt(element, 'CdtDbtInd');
  if (amount === undefined || !currency || !/^[A-Z]{3}$/.test(currency)) return undefined;
  if (mark !== 'CRDT' && mark !== 'DBIT') return undefined;
  return { amount: mark === 'DBIT' ? negateAmount(amount) : amount, currency };
}

function detailsOf(entry: XmlElement): XmlElement[] {
  const details: XmlElement[] = [];
  for (const group of entry.children) {
    if (group.name !== 'NtryDtls') continue;
    for (const one of group.children) if (one.name === 'TxDtls' && details.length < MOST_DETAILS) details.push(one);
  }
  return details;
}

/** The day as written, its zone not shifted. */
function dayAt(element: XmlElement, name: string): string | undefined {
  const written = textAt(element, name, 'Dt') ?? textAt(element, name, 'DtTm') ?? textAt(element, name);
  const day = written?.slice(0, 10);
  return day !== undefined && /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day) ? day : undefined;
}

function descriptionOf(entry: XmlElement, details: readonly XmlElement[]): string {
  const texts = details.map(remittanceOf).filter((text) => text !== '');
  const text = [...new Set(texts)].join('; ') || (textAt(entry, 'AddtlNtryInf') ?? '');
  return tidyText(text, LONGEST_TEXT);
}

function remittanceOf(details: XmlElement): string {
  const remittance = child(details, 'RmtInf');
  let text = '';
  let structured: string | undefined;
  for (const one of remittance?.children ?? []) {
    // A text is cut after 140 characters, also within a word.
    if (one.name === 'Ustrd') text += one.text.length >= 140 ? one.text : `${one.text} `;
    else if (one.name === 'Strd') structured ??= textAt(one, 'CdtrRefInf', 'Ref') ?? textAt(one, 'AddtlRmtInf');
  }
  return text.trim() || structured || (textAt(details, 'AddtlTxInf') ?? '');
}

/** Who is on the other side: of money out its creditor, of money in its debtor; a return names its first parties. */
function counterpartyOf(details: XmlElement | undefined, isOut: boolean): Transaction['counterparty'] | undefined {
  const parties = child(details, 'RltdPties');
  if (!parties) return undefined;
  return isOut
    ? (partyOf(parties, 'Cdtr', 'UltmtCdtr') ?? partyOf(parties, 'Dbtr', 'UltmtDbtr'))
    : (partyOf(parties, 'Dbtr', 'UltmtDbtr') ?? partyOf(parties, 'Cdtr', 'UltmtCdtr'));
}

function partyOf(
  parties: XmlElement,
  side: 'Cdtr' | 'Dbtr',
  behind: 'UltmtCdtr' | 'UltmtDbtr',
): Transaction['counterparty'] | undefined {
  const name = nameOf(child(parties, side)) ?? nameOf(child(parties, behind));
  const id = child(parties, `${side}Acct`, 'Id');
  const iban = textAt(id, 'IBAN')?.replace(/\s/g, '');
  const other = meaningful(textAt(id, 'Othr', 'Id'));
  const account = iban && looksLikeIban(iban) ? { iban } : other ? { bban: other.slice(0, 34) } : {};
  return name || 'iban' in account || 'bban' in account ? { ...(name ? { name } : {}), ...account } : undefined;
}

/** Versions up to 7 name a party at once, later ones as `Pty`. */
function nameOf(party: XmlElement | undefined): string | undefined {
  const name = meaningful(textAt(party, 'Nm') ?? textAt(party, 'Pty', 'Nm'));
  return name && tidyText(name, 140);
}

/** The domain's code (`PMNT-RCDT-ESCT`), or the bank's own (`NTRF+166`). */
function codeOf(entry: XmlElement): string | undefined {
  const code = child(entry, 'BkTxCd');
  const family = child(code, 'Domn', 'Fmly');
  const parts = [textAt(code, 'Domn', 'Cd'), textAt(family, 'Cd'), textAt(family, 'SubFmlyCd')].filter(Boolean);
  return parts.length === 3 ? parts.join('-').slice(0, 40) : textAt(code, 'Prtry', 'Cd')?.slice(0, 40);
}

function originalOf(
  details: XmlElement | undefined,
  entry: XmlElement,
  currency: string,
): Transaction['original'] | undefined {
  const amounts = child(details, 'AmtDtls') ?? child(entry, 'AmtDtls');
  for (const name of ['InstdAmt', 'TxAmt']) {
    const written = child(amounts, name, 'Amt');
    const foreign = written && attribute(written, 'Ccy');
    const amount = written && parseAmount(written.text);
    if (!foreign || foreign === currency || amount === undefined) continue;
    const rate = textAt(amounts, name, 'CcyXchg', 'XchgRate') ?? textAt(amounts, 'TxAmt', 'CcyXchg', 'XchgRate');
    return { amount, currency: foreign, ...(rate ? { rate } : {}) };
  }
  return undefined;
}
