import type { Transaction } from '../../banking/account.ts';

/**
 * How much two entries agree in what they say, besides amount and day: 0 nothing, up to 1 in their words, 2 and more when
 * a number agrees that is unlikely to by chance (end-to-end id, reference, the other party's account).
 * Words that merely contradict each other count as nothing; silence on both sides counts as a little.
 */
export function likeness(a: Transaction, b: Transaction): number {
  const payment = agree(a.endToEndId, b.endToEndId);
  const account = agree(accountOf(a), accountOf(b));
  // Two that name different accounts or payments are two, however alike their words. Only the reference may change.
  if (payment === false || account === false) return 0;
  if (payment || account || agree(a.reference, b.reference)) return 2 + overlap(a, b);
  return overlap(a, b);
}

const LEAST_OVERLAP = 0.5;
const SILENCE = 0.1;

/** Share of the shorter one's words that the other has too, where that is at least half. */
function overlap(a: Transaction, b: Transaction): number {
  const [mine, theirs] = [wordsOf(a), wordsOf(b)];
  if (mine.size === 0 || theirs.size === 0) return SILENCE;
  const shared = [...mine].filter((word) => theirs.has(word)).length;
  const share = shared / Math.min(mine.size, theirs.size);
  return share >= LEAST_OVERLAP ? share : 0;
}

function wordsOf({ description, counterparty }: Transaction): Set<string> {
  const text = `${description} ${counterparty?.name ?? ''}`.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return new Set(text.match(/[\p{L}\p{N}]{2,}/gu)?.filter((word) => !FILLERS.has(word)));
}

// What banks write into a pending entry before they know what it is.
const FILLERS = new Set(
  'pending reserved reservation authorisation authorization card payment kartenzahlung vorgemerkt umsatz vorgemerkter'.split(
    ' ',
  ),
);

/** undefined where one of them does not say. */
function agree(a: string | undefined, b: string | undefined): boolean | undefined {
  return a === undefined || b === undefined ? undefined : a === b;
}

function accountOf({ counterparty }: Transaction): string | undefined {
  return counterparty?.iban ?? counterparty?.bban ?? counterparty?.accountNumber;
}
