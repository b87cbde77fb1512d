import type { Rejected, Transaction } from '../account.ts';
import type { Amount } from '../money.ts';

/** What stands in a statement, in its order, whatever its format. Opening and closing balances are booked ones. */
export type StatementPart =
  | { kind: 'opening' | 'closing'; amount: Amount; currency: string; on?: string }
  | { kind: 'entry'; entry: Transaction }
  | { kind: 'rejected'; rejected: Rejected };

/** The text without runs of white space, at most so long, well formed. */
export function tidyText(text: string, longest: number): string {
  // Most texts are tidy already: looking is cheaper than writing anew.
  const single = /\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, ' ') : text;
  return single.trim().slice(0, longest).toWellFormed();
}

/** `NOTPROVIDED` and its like are a bank's words for nothing. */
export function meaningful(text: string | undefined): string | undefined {
  const bare = text?.trim();
  return bare === undefined || bare === '' || /^(NOT ?PROVIDED|NONREF|NOTAVAIL\w*|N\/?A|0+)$/i.test(bare)
    ? undefined
    : bare;
}
