import { BankError } from '../../banking/bank-error.ts';
import { asText } from '../../banking/formats/values.ts';
import { readConsentStatus } from './consent.ts';
import { linksOf, SCA_ENDED } from './links.ts';
import type { Progress, Talk } from './memory.ts';
import { ask, type Reply, rightOf } from './wire.ts';

/** How it stands at the bank. `because` is what kept the bank from telling. */
export type Verdict = { is: 'granted' } | { is: 'signers' } | { is: 'undecided'; because?: BankError };

/** Errors that say nothing about the consent, only about the moment. */
const PASSING = ['unavailable', 'rate_limited'];

/**
 * Asks the bank how an authorisation ended: first its own status, then the consent's, which alone decides. A `finalised`
 * authorisation of a consent that needs more signers is not yet a grant (XS2A 1.3, `consentStatus`).
 */
export async function verdictOf(talk: Talk, progress: Progress): Promise<Verdict> {
  try {
    const known = progress.scaStatus;
    const reply = known === 'finalised' || known === 'exempted' ? undefined : await findScaStatus(talk, progress);
    const scaStatus = reply ? asText(reply.json.scaStatus, 60) : known;
    // A decoupled approval that goes on needs no second question; after a redirect some banks move the consent first.
    if (progress.approach === 'DECOUPLED' && scaStatus !== undefined && !SCA_ENDED.includes(scaStatus))
      return { is: 'undecided' };
    return decide(await readConsentStatus(talk, progress), scaStatus, reply);
  } catch (error) {
    if (error instanceof BankError && PASSING.includes(error.kind)) return { is: 'undecided', because: error };
    throw error;
  }
}

/** True while the bank would still take another try: its authorisation has not ended, its consent is still wanted. */
export async function isStillOpen(talk: Talk, progress: Progress): Promise<boolean> {
  try {
    const reply = await readScaStatus(talk, progress);
    if (reply) return !SCA_ENDED.includes(asText(reply.json.scaStatus, 60) ?? 'failed');
    return (await readConsentStatus(talk, progress)) === 'received';
  } catch (error) {
    // Whoever cannot be asked is not tried again: a wrong password too many locks the person out.
    if (error instanceof BankError) return false;
    throw error;
  }
}

/** Hands the bank the confirmation code that came back with the browser, where the bank waits for one (`unconfirmed`). */
export async function confirmReturn(talk: Talk, progress: Progress, params: [string, string][]): Promise<Progress> {
  const code = params.find(([name]) => /^(confirmation_?code|code)$/i.test(name))?.[1];
  if (code === undefined) return progress;
  const reply = await findScaStatus(talk, progress);
  const scaStatus = asText(reply?.json.scaStatus, 60);
  const known = progress.links.confirmation ?? (reply && linksOf(reply).confirmation);
  // The file puts the code to the authorisation itself (`PUT …/authorisations/{authorisationId}`).
  const confirmation = known ?? (scaStatus === 'unconfirmed' ? progress.links.scaStatus : undefined);
  if (confirmation === undefined || (scaStatus !== undefined && scaStatus !== 'unconfirmed')) return progress;
  const body = { confirmationCode: code };
  const call = { method: 'PUT' as const, path: confirmation, purpose: 'authorisation', body };
  await ask(talk.context, { ...call, ...rightOf(progress) });
  return progress;
}

function decide(consent: string, scaStatus: string | undefined, reply: Reply | undefined): Verdict {
  const quote = asText(reply?.json.psuMessage);
  const facts = quote ? { quote } : {};
  switch (consent) {
    case 'valid':
      return { is: 'granted' };
    case 'partiallyAuthorised':
      return { is: 'signers' };
    case 'rejected':
    case 'revokedByPsu':
      throw new BankError('declined', `the consent is ${consent}`, facts);
    case 'expired':
      throw new BankError('timed_out', 'the consent expired before it was given', facts);
    case 'terminatedByTpp':
      throw new BankError('consent_gone', 'the consent was ended from our side', facts);
    default:
      if (scaStatus === 'failed') throw new BankError('declined', 'the authorisation failed', facts);
      return { is: 'undecided' };
  }
}

/** For the verdict: a bank that cannot show the authorisation may still show the consent, which is what counts. */
async function findScaStatus(talk: Talk, progress: Progress): Promise<Reply | undefined> {
  try {
    return await readScaStatus(talk, progress);
  } catch (error) {
    if (error instanceof BankError && ['unsupported', 'unexpected'].includes(error.kind)) return undefined;
    throw error;
  }
}

async function readScaStatus(talk: Talk, progress: Progress): Promise<Reply | undefined> {
  const path = progress.links.scaStatus;
  if (path === undefined) return undefined;
  return ask(talk.context, { method: 'GET', path, purpose: 'authorisation', ...rightOf(progress) });
}
