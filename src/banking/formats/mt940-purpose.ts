import type { Transaction } from '../account.ts';
import { looksLikeIban } from './iban.ts';
import { meaningful, tidyText } from './statement.ts';

/** What a field `:86:` says. `code` is the business transaction code (Geschäftsvorfallcode). */
export type Purpose = {
  text: string;
  code?: string;
  reference?: string;
  endToEndId?: string;
  counterparty?: NonNullable<Transaction['counterparty']>;
};

const LONGEST_TEXT = 2000;
/** Widths at which banks cut a text in the middle of a word: subfields have 27 characters, lines 65. */
const SUBFIELD_WIDTH = 27;
const LINE_WIDTH = 65;

/** Reads a field `:86:` in any of its styles: German subfields, SWIFT slash codes, plain text. */
export function readPurpose(content: string): Purpose {
  if (content === '') return { text: '' };
  const separator = separatorOf(content);
  if (separator !== undefined) return readSubfields(content, separator);
  const joined = joinCut(content.split('\n'), LINE_WIDTH);
  if (/(^|\s)\/(EREF|REMI|NAME|IBAN|TRTP|CSID|MARF|BENM|ORDP|RTRN)\//.test(joined)) return readSlashCodes(joined);
  const code = /^(\d{3})(?=\D)/.exec(joined)?.[1];
  const { text, tags } = splitTags(code ? joined.slice(3) : joined);
  return purposeOf({ text, tags, ...(code ? { code } : {}) });
}

/** Three digits and a mark that comes again before two digits: `166?00…`, with other marks than `?` at some banks. */
function separatorOf(content: string): string | undefined {
  const mark = content[3];
  if (mark === undefined || /[\dA-Za-z\s]/.test(mark) || !/^\d{3}/.test(content))
    return content.startsWith('?00') ? '?' : undefined;
  const next = content.charCodeAt(4);
  return next >= 0x30 && next <= 0x39 ? mark : undefined;
}

function readSubfields(content: string, separator: string): Purpose {
  const line = content.includes('\n') ? content.replaceAll('\n', '') : content;
  const code = /^\d{3}/.test(line) ? line.slice(0, 3) : undefined;
  const lines: string[] = [];
  let bank = '';
  let account = '';
  let name = '';
  let booking = '';
  let at = line.indexOf(separator);
  while (at >= 0) {
    const number = Number(line.slice(at + 1, at + 3));
    const end = nextSubfield(line, separator, at + 3);
    const value = line.slice(at + 3, end < 0 ? undefined : end);
    if (number === 0) booking = value;
    else if ((number >= 20 && number <= 29) || (number >= 60 && number <= 63)) lines.push(value);
    else if (number === 30 || number === 37) bank ||= value;
    else if (number === 31 || number === 38) account = looksLikeIban(account) ? account : value.trim() || account;
    else if (number === 32 || number === 33) name += value.length === SUBFIELD_WIDTH ? value : `${value} `;
    at = end;
  }
  const { text, tags } = splitTags(joinCut(lines, SUBFIELD_WIDTH));
  return purposeOf({
    text,
    tags,
    booking,
    bank: bank.trim(),
    account: account.replace(/\s/g, ''),
    name,
    ...(code ? { code } : {}),
  });
}

/** A separator counts only before two digits: people write question marks too. */
function nextSubfield(line: string, separator: string, from: number): number {
  for (let at = line.indexOf(separator, from); at >= 0; at = line.indexOf(separator, at + 1)) {
    const first = line.charCodeAt(at + 1);
    const second = line.charCodeAt(at + 2);
    // 00, 10, 20–29, 30–38, 60–63: nothing else is a subfield.
    if (second >= 0x30 && second <= 0x39 && ((first >= 0x30 && first <= 0x33) || first === 0x36)) return at;
  }
  return -1;
}

function joinCut(lines: string[], width: number): string {
  let text = '';
  for (const line of lines) text += line.length >= width ? line : `${line} `;
  return text;
}

type Tags = Partial<Record<string, string>>;

/** Purpose tags (`EREF+…`), also glued to what comes before, with a colon at some banks. */
const TAG =
  /(?:(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|BREF|RREF|RTRN|PURP|IBAN|BIC)\+)|(?:(?:^|\s)(EREF|KREF|MREF|CRED|SVWZ|ABWA|IBAN|BIC):)/g;

function splitTags(purpose: string): { text: string; tags: Tags } {
  if (!purpose.includes('+') && !purpose.includes(':')) return { text: purpose, tags: {} };
  const tags: Tags = {};
  let text = '';
  let name: string | undefined;
  let from = 0;
  const keep = (value: string) => {
    if (name === undefined) text = value;
    else tags[name] = tags[name] === undefined ? value : `${tags[name]} ${value}`;
  };
  for (const found of purpose.matchAll(TAG)) {
    keep(purpose.slice(from, found.index));
    name = found[1] ?? found[2];
    from = found.index + found[0].length;
  }
  keep(purpose.slice(from));
  return { text, tags };
}

type Read = {
  text: string;
  tags: Tags;
  code?: string;
  booking?: string;
  bank?: string;
  account?: string;
  name?: string;
};

function purposeOf({ text, tags, code, booking = '', bank = '', account = '', name = '' }: Read): Purpose {
  const words = tags.SVWZ ?? text;
  const endToEndId = meaningful(squeezed(tags.EREF));
  const reference = meaningful(squeezed(tags.KREF));
  const iban = [account, squeezed(tags.IBAN) ?? ''].find((one) => looksLikeIban(one));
  const who = tidyText(name, 140) || tidyText(tags.ABWA ?? tags.ABWE ?? '', 140);
  const counterparty = {
    ...(who ? { name: who } : {}),
    ...(iban ? { iban } : nationalAccount(account, bank)),
  };
  return {
    text: tidyText(words, LONGEST_TEXT) || tidyText(text, LONGEST_TEXT) || tidyText(booking, 140),
    ...(code ? { code } : {}),
    ...(reference ? { reference } : {}),
    ...(endToEndId ? { endToEndId } : {}),
    ...(Object.keys(counterparty).length > 0 ? { counterparty } : {}),
  };
}

/** References have no spaces of their own where the cut of a line left some. */
function squeezed(value: string | undefined): string | undefined {
  return value?.replace(/\s+/g, ' ').trim().slice(0, 140);
}

/** A German account without IBAN: ten digits after eight of the bank. */
function nationalAccount(account: string, bank: string): { bban?: string; accountNumber?: string } {
  if (!/^\d{1,10}$/.test(account) || /^0+$/.test(account)) return {};
  return /^\d{8}$/.test(bank) ? { bban: bank + account.padStart(10, '0') } : { accountNumber: account };
}

/** SWIFT's own codes: `/EREF/…/REMI/…`; a party is `/BENM//NAME/…` or `/ORDP//NAME/…`. */
function readSlashCodes(content: string): Purpose {
  const tags: Tags = {};
  const parts = content.split(/\/(EREF|REMI|NAME|IBAN|BIC|TRTP|TRCD|CSID|MARF|BENM|ORDP|RTRN|PREF|PURP|ISDT)\//);
  for (let at = 1; at < parts.length; at += 2) {
    const value = parts[at + 1]!.replace(/^\/+|\/+$/g, '').trim();
    if (value !== '') tags[parts[at]!] ??= value;
  }
  const words = (tags.REMI ?? '').replace(/^(USTD|STRD\/CUR|STRD)\/+/, '');
  return purposeOf({
    text: words || (parts[0] ?? ''),
    tags: { ...(tags.EREF ? { EREF: tags.EREF } : {}), ...(tags.IBAN ? { IBAN: tags.IBAN } : {}) },
    booking: tags.TRTP ?? '',
    account: tags.IBAN ?? '',
    name: tags.NAME ?? '',
  });
}
