import type { Tx } from '../../base/database.ts';
import { hashToken } from '../../base/vault.ts';
import { recordEvent } from '../events/events.ts';
import type { Caller, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { consentEvent } from './changes.ts';
import {
  claim,
  findClaims,
  markClaimTold,
  needClaim,
  selectUnclaimed,
  setClosed,
  type Unclaimed,
} from './claim-store.ts';
import type { Consent } from './consent.ts';
import { endConsent } from './ending.ts';
import { findConsent, insertTimeline } from './store.ts';

/** An unclaimed consent is announced after so long, */
const TOLD_AFTER_MS = 15 * 60_000;
/** and revoked, here and at the bank, after so long. */
const REVOKED_AFTER_MS = 24 * 3_600_000;

/**
 * Where the app asks for claims (`isNeeded`), a consent that has just been granted stays closed: nobody reads what it covers before the
 * app's server has redeemed the code that only the finishing browser gets. Part of the grant's transaction.
 */
export async function closeUntilClaimed(
  platform: Platform,
  tx: Tx,
  visit: { tenant: Tenant; session: string; consent: string; isNeeded: boolean },
): Promise<void> {
  const { tenant, consent, isNeeded } = visit;
  if (isNeeded)
    await tx.later(needClaim(tenant, consent, hashToken(codeOf(platform, visit.session)), platform.clock.now()));
  // An account that waited for an earlier claim is open again where none is asked for any more.
  await tx.later(setClosed(tenant, consent, isNeeded));
}

/** The code for the return of this visit, while something it made waits to be claimed. For its own browser only. */
export async function claimCode(
  platform: Platform,
  session: { tenant: Tenant; id: string },
): Promise<string | undefined> {
  const code = codeOf(platform, session.id);
  const waiting = await platform.database.read.first(findClaims(session.tenant, hashToken(code)));
  return waiting ? code : undefined;
}

/** Redeems the code of a consent, once. Problems: `not_found`, `consent_not_active`, `claim_refused`. */
export async function claimConsent(platform: Platform, caller: Caller, id: string, code: string): Promise<Consent> {
  const { tenant, requestId } = caller;
  const at = platform.clock.now();
  return platform.database.transaction(async (tx) => {
    const consent = await tx.first<Consent>(findConsent(tenant, id));
    if (!consent) throw notFound('consent');
    if (consent.status !== 'authorized')
      throw new Problem('consent_not_active', `This consent is ${consent.status}; there is nothing to claim.`);
    if ((await tx.run(claim(tenant, id, hashToken(code), at))) === 0) {
      const why = {
        needed: 'This is not the code that came with the return of this consent.',
        claimed: 'This consent has been claimed already; a code works once.',
        none: 'This consent needs no claim.',
      }[consent.claim ?? 'none'];
      throw new Problem('claim_refused', why, { errors: [{ pointer: '/code', detail: why }] });
    }
    await tx.run(setClosed(tenant, id, false));
    await tx.run(insertTimeline({ tenant, consent: id, at, what: 'claimed', initiator: 'app', requestId }));
    return (await tx.first<Consent>(findConsent(tenant, id)))!;
  });
}

/** Says that a consent was not claimed, and ends it when nobody does for a day. */
export async function endUnclaimed(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const due = await platform.database.rows<Unclaimed>(selectUnclaimed(before(TOLD_AFTER_MS), before(REVOKED_AFTER_MS)));
  for (const { tenant, id, over } of due) {
    await platform.database.transaction(async (tx) => {
      const consent = await tx.first<Consent>(findConsent(tenant, id));
      if (consent?.claim !== 'needed' || consent.status !== 'authorized') return;
      if ((await tx.run(markClaimTold(tenant, id))) > 0)
        await recordEvent(tx, consentEvent(consent, 'consent.unclaimed', now));
      if (over) await endConsent(platform, tx, { tenant, id, initiator: 'system', reason: 'unclaimed' });
    });
  }
}

/** 256 bits that need not be stored: the server makes the same again while its visit is looked at. */
function codeOf(platform: Platform, session: string): string {
  return platform.vault.derive('claim', session);
}
