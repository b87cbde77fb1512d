import type { Transaction } from '../account.ts';
import { type Amount, negateAmount, parseAmount } from '../money.ts';
import { readPurpose } from './mt940-purpose.ts';
import { meaningful, type StatementPart, tidyText } from './statement.ts';

/** What is read, and in which currency where the statement does not say one. */
export type Mt940Options = { status: Transaction['status']; currency: string };

/** Longest field: the purpose of a statement line has 6 × 65 characters, some banks send more. */
const LONGEST_FIELD = 8192;

/**
 * Reads MT940 (booked) and MT942 (interim) texts, any number of statements one after the other, entry by entry. Sources:
 * SWIFT MT940, and for `:86:` the German Kreditwirtschaft's data format agreement, Anlage 3, chapter 8.
 */
export function* readMt940(text: string, options: Mt940Options): Generator<StatementPart, void> {
  let currency = options.currency;
  let line: { field: string; at: number } | undefined;
  let entries = 0;
  for (const { tag, content } of readFields(text)) {
    if (tag === '86' && line) {
      yield readEntry(line.field, content, { ...options, currency }, line.at);
      line = undefined;
      continue;
    }
    if (line) yield readEntry(line.field, '', { ...options, currency }, line.at);
    line = undefined;
    if (tag === '61') {
      entries += 1;
      line = { field: content, at: entries };
    } else if (tag === '60F' || tag === '60M' || tag === '62F' || tag === '62M') {
      const balance = readBalance(content);
      if (balance) {
        currency = balance.currency;
        yield { kind: tag.startsWith('60') ? 'opening' : 'closing', ...balance };
      }
    } else if (tag === '34F') {
      currency = /^[A-Z]{3}/.exec(content)?.[0] ?? currency;
    }
  }
  if (line) yield readEntry(line.field, '', { ...options, currency }, line.at);
}

type Field = { tag: string; content: string };

/** Fields begin with `:nn:` or `:nnX:` at the start of a line; everything up to the next is theirs. */
function* readFields(text: string): Generator<Field, void> {
  // Some servers separate lines with `@@`, as on magnetic tapes.
  const lines = text.includes('@@:') && !text.includes('\n:') ? text.replaceAll('@@', '\n') : text;
  let field: Field | undefined;
  let at = 0;
  while (at < lines.length) {
    let end = lines.indexOf('\n', at);
    if (end < 0) end = lines.length;
    const stop = lines.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const tag = tagAt(lines, at);
    if (tag !== undefined) {
      if (field) yield field;
      field = { tag, content: lines.slice(at + tag.length + 2, Math.min(stop, at + LONGEST_FIELD)) };
    } else if (stop - at === 1 && lines.charCodeAt(at) === 0x2d) {
      if (field) yield field;
      field = undefined;
    } else if (field && field.content.length < LONGEST_FIELD) {
      field.content += `\n${lines.slice(at, Math.min(stop, at + LONGEST_FIELD))}`;
    }
    at = end + 1;
  }
  if (field) yield field;
}

function tagAt(text: string, at: number): string | undefined {
  if (text.charCodeAt(at) !== 0x3a || !isDigit(text.charCodeAt(at + 1)) || !isDigit(text.charCodeAt(at + 2)))
    return undefined;
  if (text.charCodeAt(at + 3) === 0x3a) return text.slice(at + 1, at + 3);
  const letter = text.charCodeAt(at + 3);
  return letter >= 0x41 && letter <= 0x5a && text.charCodeAt(at + 4) === 0x3a ? text.slice(at + 1, at + 4) : undefined;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const LINE =
  /^(\d{6})(\d{4})?(R[CD]|E[CD]|[CD])([A-Z])?(\d{1,15}(?:[,.]\d{0,5})?)\s*([A-Z][A-Z0-9]{3})?([^\n]*)(?:\n([\s\S]*))?$/;

function readEntry(field: string, details: string, options: Mt940Options, at: number): StatementPart {
  const found = LINE.exec(field);
  const amount = found ? amountOf(found[5]!, found[3]!) : undefined;
  if (!found || amount === undefined)
    return { kind: 'rejected', rejected: { place: `entry ${at}`, reason: 'the line :61: cannot be read' } };
  const valueOn = dayOf(found[1]!);
  const bookedOn = found[2] ? dayNear(found[2], valueOn) : valueOn;
  const [own = '', bank = ''] = (found[7] ?? '').split('//');
  const purpose = readPurpose(details);
  const original = originalOf(found[8] ?? '', options.currency);
  const reference = meaningful(purpose.reference) ?? meaningful(own) ?? meaningful(bank);
  const { counterparty } = purpose;
  return {
    kind: 'entry',
    entry: {
      status: options.status,
      amount,
      currency: options.currency,
      ...(bookedOn ? { bookedOn } : {}),
      ...(valueOn ? { valueOn } : {}),
      description: purpose.text || tidyText(found[8] ?? '', 140) || (meaningful(own) ?? ''),
      ...(reference ? { reference: tidyText(reference, 140) } : {}),
      ...(counterparty ? { counterparty } : {}),
      ...bankCodeOf(purpose.code ?? found[6]),
      ...(purpose.endToEndId ? { endToEndId: purpose.endToEndId } : {}),
      ...(original ? { original } : {}),
    },
  };
}

function bankCodeOf(code: string | undefined): Pick<Transaction, 'bankCode'> {
  return code === undefined ? {} : { bankCode: code };
}

/** `RC` takes a credit back and so is money out; `EC` and `ED` are expected ones (MT942). */
function amountOf(written: string, mark: string): Amount | undefined {
  const amount = parseAmount(decimal(written));
  if (amount === undefined) return undefined;
  return mark === 'D' || mark === 'RC' || mark === 'ED' ? negateAmount(amount) : amount;
}

/** `12,` and `12,5` as `12` and `12.5`. */
function decimal(written: string): string {
  return written.replace(',', '.').replace(/\.$/, '');
}

const BALANCE = /^([CD])(\d{6})([A-Z]{3})\s*(\d{1,15}(?:[,.]\d{0,5})?)/;

function readBalance(content: string): { amount: Amount; currency: string; on?: string } | undefined {
  const found = BALANCE.exec(content);
  const amount = found ? parseAmount(decimal(found[4]!)) : undefined;
  if (!found || amount === undefined) return undefined;
  const on = dayOf(found[2]!);
  return { amount: found[1] === 'D' ? negateAmount(amount) : amount, currency: found[3]!, ...(on ? { on } : {}) };
}

/** `YYMMDD`; undefined for a day that does not exist (`000000` is a bank's word for none). */
function dayOf(written: string): string | undefined {
  const year = Number(written.slice(0, 2));
  return realDay(`${year < 80 ? 20 : 19}${written.slice(0, 2)}-${written.slice(2, 4)}-${written.slice(4, 6)}`);
}

/** `MMDD` in the year that brings it nearest to the value date: bookings of January with value in December. */
function dayNear(written: string, valueOn: string | undefined): string | undefined {
  if (valueOn === undefined) return undefined;
  const month = Number(written.slice(0, 2));
  const difference = month - Number(valueOn.slice(5, 7));
  const year = Number(valueOn.slice(0, 4)) + (difference > 6 ? -1 : difference < -6 ? 1 : 0);
  return realDay(`${year}-${written.slice(0, 2)}-${written.slice(2)}`) ?? valueOn;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function realDay(day: string): string | undefined {
  const month = Number(day.slice(5, 7));
  const date = Number(day.slice(8, 10));
  if (date < 1 || date > (DAYS[month - 1] ?? 0)) return undefined;
  const year = Number(day.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  // Banks of other calendars write 30 February; the last real day of it is meant.
  return month === 2 && date === 29 && !isLeap ? `${day.slice(0, 8)}28` : day;
}

/** `/OCMT/USD12,34/` and `/EXCH/1,08`: what was paid in another currency. */
function originalOf(supplement: string, currency: string): Transaction['original'] | undefined {
  const found = /\/OCMT\/([A-Z]{3})\s*(\d{1,15}(?:,\d{0,5})?)/.exec(supplement);
  const amount = found ? parseAmount(decimal(found[2]!)) : undefined;
  if (!found || amount === undefined || found[1] === currency) return undefined;
  const rate = /\/EXCH\/(\d{1,12}(?:[,.]\d{0,12})?)/.exec(supplement)?.[1];
  return { amount, currency: found[1]!, ...(rate ? { rate: decimal(rate) } : {}) };
}
