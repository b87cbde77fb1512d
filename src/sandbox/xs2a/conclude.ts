import type { Tx } from '../../base/database.ts';
import type { Stage } from '../stage.ts';
import { type Authorisation, type Consent, listAuthorisations, storeAuthorisation, storeConsent } from '../store.ts';
import { type Bank, findPerson } from '../world/banks.ts';
import { numberOf } from '../world/holdings.ts';
import { dayOf } from '../world/time.ts';
import { eligible, modelOf, namedNumbers } from './access.ts';
import { faceOf, newAuthorisationId } from './call.ts';
import { validate } from './standing.ts';

/** What the person decided; `chosen` are account numbers picked on the bank's page, all when not given. */
export type Decision = { verdict: 'approve' | 'refuse'; chosen?: readonly string[]; exempted?: boolean };

/**
 * Ends an authorisation: the consent becomes valid or rejected. A bank that was told to refuse the next approval refuses
 * it here, wherever the person gave it. The caller holds the consent's lock.
 */
export async function conclude(
  tx: Tx,
  at: { stage: Stage; bank: Bank; now: Date },
  consent: Consent,
  authorisation: Authorisation,
  decision: Decision,
): Promise<Authorisation> {
  const approved = decision.verdict === 'approve';
  const asked =
    consent.status === 'partiallyAuthorised'
      ? consent.granted!
      : grantedNumbers(at, consent, authorisation, decision.chosen);
  const granted = approved ? asked : [];
  const toldToRefuse = granted.length > 0 && (await at.stage.misbehaviours.take(at.bank.slug, 'approval', 'refuse'));
  if (granted.length === 0 || toldToRefuse) {
    const lastActionDate = dayOf(at.now, at.bank.zone);
    await storeConsent(tx, { ...consent, status: 'rejected', lastActionDate });
    return kept(tx, { ...authorisation, status: 'failed', waiting: false });
  }
  const person = consent.status === 'partiallyAuthorised' ? consent.person! : authorisation.person!;
  const cosigner = findPerson(at.bank, authorisation.person)?.cosigner;
  if (cosigner) await askCosigner(tx, at, { ...consent, person, granted }, cosigner);
  else await validate(tx, at, { ...consent, person }, granted);
  if (consent.status === 'partiallyAuthorised') await endWaiting(tx, authorisation);
  return kept(tx, { ...authorisation, status: decision.exempted ? 'exempted' : 'finalised', waiting: false });
}

/** The accounts an approval would give access to; none when the consent names an account that is not the person's. */
export function grantedNumbers(
  { stage, bank }: { stage: Stage; bank: Bank },
  consent: Consent,
  authorisation: Authorisation,
  chosen?: readonly string[],
): string[] {
  const person = findPerson(bank, authorisation.person);
  const face = faceOf(stage, bank, consent.face);
  if (!person || !face) return [];
  const own = [...new Set(eligible(face, person, consent.access).map(numberOf))];
  const model = modelOf(consent.access);
  if (model === 'detailed') {
    const named = namedNumbers(consent.access);
    return named.every((number) => own.includes(number)) ? named : [];
  }
  return model === 'offered' && chosen ? own.filter((number) => chosen.includes(number)) : own;
}

/** XS2A: with several signers the first approval makes the consent `partiallyAuthorised`; the next is asked on the phone. */
async function askCosigner(tx: Tx, at: { bank: Bank; now: Date }, consent: Consent, cosigner: string): Promise<void> {
  const lastActionDate = dayOf(at.now, at.bank.zone);
  await storeConsent(tx, { ...consent, status: 'partiallyAuthorised', lastActionDate });
  await storeAuthorisation(tx, {
    bank: at.bank.slug,
    id: newAuthorisationId(),
    consentId: consent.id,
    approach: 'decoupled',
    status: 'started',
    person: cosigner,
    waiting: true,
    wrongCodes: 0,
    createdAt: at.now.toISOString(),
  });
}

/** The second person has signed: what asks them elsewhere is over. */
async function endWaiting(tx: Tx, signed: Authorisation): Promise<void> {
  for (const one of await listAuthorisations(tx, signed.bank, signed.consentId)) {
    if (one.waiting && one.id !== signed.id) await storeAuthorisation(tx, { ...one, waiting: false, status: 'failed' });
  }
}

async function kept(tx: Tx, authorisation: Authorisation): Promise<Authorisation> {
  await storeAuthorisation(tx, authorisation);
  return authorisation;
}
