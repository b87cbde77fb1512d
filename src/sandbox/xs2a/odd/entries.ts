import { deeply, type Json } from '../../misbehave.ts';
import type { Oddity } from '../../world/oddities.ts';
import { addDays } from '../../world/time.ts';

/** What banks do to single entries (standards §13.1, 17 and 20; §13.4). */
export const ODD_ENTRIES: Partial<Record<Oddity, (body: Json, at: { serial: string }) => unknown>> = {
  ids_changing: (body, { serial }) => onIds(body, (id) => `${serial}-${id}`.slice(0, 35)),
  ids_missing: (body) => onIds(body, () => undefined),
  ids_constant: (body) => onIds(body, () => 'NOTPROVIDED'),
  ids_reused: (body) => {
    let last = '';
    let count = 0;
    return onEntries(body, 'booked', (entry) => {
      // Every second entry has the id of the one before it.
      const id = count++ % 2 === 0 || !last ? String(entry.transactionId ?? entry.entryReference) : last;
      last = id;
      return {
        ...entry,
        ...(entry.transactionId ? { transactionId: id } : {}),
        ...(entry.entryReference ? { entryReference: id } : {}),
      };
    });
  },
  pending_without_date: (body) =>
    onEntries(body, 'pending', ({ bookingDate: _, valueDate: __, transactionDate: ___, ...entry }) => entry),
  pending_in_future: (body) =>
    onEntries(body, 'pending', (entry) => ({
      ...entry,
      ...(entry.valueDate ? { valueDate: addDays(String(entry.valueDate).slice(0, 10), 12) } : {}),
    })),
  structured_object: (body) =>
    onTexts(body, (reference) => ({ reference, referenceType: 'SCOR', referenceIssuer: 'CUR' })),
  structured_string: (body) => onTexts(body, (text) => text),
};

/** Moves the text of every entry from where it is free to where it has a structure. */
function onTexts(body: Json, structure: (text: unknown) => unknown): Json {
  const changed = ({ remittanceInformationUnstructured: text, ...entry }: Json) =>
    text === undefined ? entry : { ...entry, remittanceInformationStructured: structure(text) };
  return onEntries(onEntries(body, 'booked', changed), 'pending', changed);
}

const onIds = (body: Json, changeId: (id: string) => string | undefined) =>
  deeply(body, (value, key) =>
    /^(transactionId|entryReference|cardTransactionId)$/.test(key) ? changeId(String(value)) : value,
  );

function onEntries(body: Json, list: 'booked' | 'pending', changeEntry: (entry: Json) => Json): Json {
  const name = body.cardTransactions ? 'cardTransactions' : 'transactions';
  const report = body[name] as Json | undefined;
  const entries = report?.[list];
  return Array.isArray(entries) ? { ...body, [name]: { ...report, [list]: entries.map(changeEntry) } } : body;
}
