import { ERROR_CODES, REMEDIES } from '../../remedies.ts';

/** Whose it was, at a glance: `fine`, ours, the app's, the bank's or the person's; `waiting` while it goes on. */
export type Whose = 'fine' | 'us' | 'app' | 'bank' | 'person' | 'waiting';

/** Whose it was and why, in a few words. */
export type Verdict = { whose: Whose; why: string };

/** What a request came to. A 4xx is the app's; a 5xx is ours, or the bank's where it failed behind it. */
export function judgeRequest(line: { status: number; problem: string | null; failed: number }): Verdict {
  const { status, problem, failed } = line;
  if (status >= 500)
    return failed > 0 ? { whose: 'bank', why: 'a bank failed' } : { whose: 'us', why: problem ?? 'our mistake' };
  if (status >= 400) return { whose: 'app', why: (problem ?? `status ${status}`).replaceAll('_', ' ') };
  return failed > 0
    ? { whose: 'bank', why: 'answered, but a call behind it failed' }
    : { whose: 'fine', why: 'answered' };
}

/** What a visit came to. */
export function judgeVisit(visit: {
  status: string;
  errorCode: string | null;
  failed: number;
  place: string;
}): Verdict {
  const { status, errorCode } = visit;
  if (status === 'finished') return { whose: 'fine', why: 'finished' };
  if (status === 'open')
    return visit.failed > 0 && visit.place === 'trouble'
      ? { whose: 'bank', why: 'stands before a bank’s no' }
      : { whose: 'waiting', why: `at ${visit.place.replaceAll('_', ' ')}` };
  const why = errorCode ? (ERROR_CODES[errorCode as keyof typeof ERROR_CODES] ?? errorCode) : status;
  return { whose: whoseTurn(errorCode, status), why };
}

/** What a call to a bank came to. */
export function judgeCall(call: { status: number | null; outcome: string }): Verdict {
  const { status, outcome } = call;
  if (outcome === 'address_refused') return { whose: 'bank', why: 'gave an address that is not its own' };
  if (outcome === 'begun') return { whose: 'waiting', why: 'begun; its end was not seen' };
  if (status === null) return { whose: 'bank', why: `no answer: ${outcome.replaceAll('_', ' ')}` };
  if (status >= 500) return { whose: 'bank', why: `the bank failed (${status})` };
  if (status === 429) return { whose: 'bank', why: 'the bank wants fewer calls' };
  if (status === 401 || status === 403) return { whose: 'person', why: `not (or no longer) permitted (${status})` };
  if (status >= 400) return { whose: 'us', why: `the bank refused what we sent (${status})` };
  return { whose: 'fine', why: String(status) };
}

/** The table of remedies says whose turn it is; what has no row there ends by the person, or by us. */
function whoseTurn(errorCode: string | null, status: string): Whose {
  const remedy = Object.values(REMEDIES).find(({ code }) => code === errorCode);
  if (remedy) return remedy.turn === 'operator' ? 'us' : remedy.turn;
  if (errorCode === 'interrupted') return 'us';
  if (errorCode === 'customer_erased') return 'app';
  return status === 'failed' && errorCode === null ? 'us' : 'person';
}
