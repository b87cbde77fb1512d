import { decimal } from '../../world/data.ts';
import type { Face } from '../../world/face.ts';
import type { Line } from '../../world/statement.ts';
import { addDays } from '../../world/time.ts';

/** A line and the currency of its account. */
export type Row = Line & { currency: string };

/** An entry as this interface writes it in JSON, without its links. */
export function presentEntry(face: Face, row: Row): Record<string, unknown> {
  const outgoing = row.cents < 0;
  const party = face.payeeFrom === 'party' && row.name ? row.name.slice(0, 70) : undefined;
  const account = row.iban ? { iban: row.iban } : undefined;
  const unsure = face.amountSign === 'unsigned' && !party && !account;
  return {
    ...idsOf(face, row),
    ...daysOf(face, row),
    transactionAmount: amountOf(face, row),
    ...(unsure ? { creditDebitIndicator: outgoing ? 'DBIT' : 'CRDT' } : {}),
    ...(party ? { [outgoing ? 'creditorName' : 'debtorName']: party } : {}),
    ...(account ? { [outgoing ? 'creditorAccount' : 'debtorAccount']: account } : {}),
    ...(row.mandateId ? { mandateId: row.mandateId, creditorId: row.creditorId } : {}),
    ...textsOf(face, row),
    bankTransactionCode: row.code,
  };
}

/** The id under which the interface tells of a line. */
export const idOf = (row: Line): string => (row.pending ? row.pendingId : row.id);

/** The amount as the interface signs it; of card payments the foreign one where the home amount stands in the text. */
export function amountOf(face: Face, row: Row): { currency: string; amount: string } {
  const bare = face.amountSign === 'unsigned' || (row.pending && face.pendingSign === 'debit');
  const cents = bare ? Math.abs(row.cents) : face.amountSign === 'inverted' ? -row.cents : row.cents;
  if (!isForeign(face, row)) return { currency: row.currency, amount: decimal(cents) };
  return { currency: 'SEK', amount: decimal(Math.round(cents * 11.3)) };
}

const isForeign = (face: Face, row: Row) => face.homeAmountAfter !== '' && row.code.startsWith('PMNT-CCRD');

function idsOf({ transactionId }: Face, row: Row): Record<string, unknown> {
  const asId = transactionId === 'both' || transactionId === 'transaction_id';
  const asReference = transactionId === 'both' || transactionId === 'entry_reference';
  return {
    ...(asId ? { transactionId: idOf(row) } : {}),
    ...(asReference && !row.pending ? { entryReference: row.id.slice(0, 35) } : {}),
  };
}

function daysOf({ bookedOnFrom, valueDate }: Face, row: Row): Record<string, string> {
  if (bookedOnFrom === 'transactionDate') return { transactionDate: row.pending ? row.valueDate : row.bookingDate };
  if (bookedOnFrom === 'valueDate') return { valueDate: row.pending ? row.valueDate : row.bookingDate };
  return {
    ...(row.pending ? {} : { bookingDate: row.bookingDate }),
    valueDate: valueDate === 'trusted' ? row.valueDate : addDays(row.bookingDate, 40),
  };
}

function textsOf(face: Face, row: Row): Record<string, unknown> {
  const pieces = cut(wordsOf(face, row), face.textCutAt);
  const text = pieces.join(' ');
  const additional =
    face.payeeFrom === 'additional' && row.name ? { additionalInformation: named(face, row.name) } : {};
  switch (face.descriptionFrom) {
    case 'unstructured':
      return { remittanceInformationUnstructured: text.slice(0, 140), ...additional };
    case 'unstructured_list':
      return { remittanceInformationUnstructuredArray: pieces.map((piece) => piece.slice(0, 140)), ...additional };
    case 'structured':
      return { remittanceInformationStructured: { reference: text.slice(0, 140) }, ...additional };
    case 'additional':
      return { additionalInformation: [...Object.values(additional), text].join(' ').slice(0, 500) };
  }
}

function wordsOf(face: Face, row: Row): string {
  const payee = face.payeeFrom === 'text' && row.name ? named(face, row.name) : '';
  const home = isForeign(face, row) ? ` ${face.homeAmountAfter} ${decimal(row.cents)} ${row.currency}` : '';
  const words = `${payee}${payee ? ' ' : ''}${row.text}${home}`;
  const mandate = row.mandateId ? `MREF+${row.mandateId} CRED+${row.creditorId} ` : '';
  const tagged = face.textTags ? `EREF+${row.id} ${mandate}SVWZ+${words}` : words;
  return face.textEscapes ? escaped(tagged) : tagged;
}

const named = ({ payeeBetween: [after = '', until = ''] }: Face, name: string) => `${after}${name}${until}`;

const escaped = (text: string) =>
  text.replace(/[^\u0020-\u007e]/g, (sign) => `\\U${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

function cut(text: string, at: number): string[] {
  if (at === 0) return [text];
  return text.match(new RegExp(`.{1,${at}}`, 'gsu')) ?? [''];
}
