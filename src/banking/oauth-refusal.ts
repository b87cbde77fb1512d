import { BankError, type BankErrorKind } from './bank-error.ts';

/** What the OAuth client's reasons mean for a consent. A used or expired code is an approval that came too late. */
const KIND_OF_REASON: Record<string, BankErrorKind> = {
  denied: 'declined',
  grant_gone: 'timed_out',
  client_refused: 'misconfigured',
  server_away: 'unavailable',
  off_standard: 'unexpected',
};

/**
 * The OAuth client knows no bank and has errors of its own (`reason`, `code`); here they become the bank's no. `grantGone`:
 * what it means that the server no longer knows the grant.
 */
export async function translated<Result>(
  work: Promise<Result>,
  grantGone: BankErrorKind = 'timed_out',
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof BankError) throw error;
    const { reason, code } = error as { reason?: unknown; code?: unknown };
    const kind =
      typeof reason === 'string' && Object.hasOwn(KIND_OF_REASON, reason) ? KIND_OF_REASON[reason] : undefined;
    if (kind === undefined) throw error;
    const facts = typeof code === 'string' ? { code } : {};
    throw new BankError(reason === 'grant_gone' ? grantGone : kind, error.message, facts);
  }
}
