import { noteConnection } from '../connections/connections.ts';
import { lockConnection, setConnectionStatus } from '../connections/store.ts';
import { recordEvent } from '../events/events.ts';
import type { Initiator, Platform, Tenant } from '../platform.ts';
import { notFound, Problem } from '../problems.ts';
import { planNext } from '../syncs/plan.ts';
import { consentEvent } from './changes.ts';
import type { Consent } from './consent.ts';
import { nextNoticeAt } from './notices.ts';
import { changeConsent, insertTimeline, lockConsent } from './store.ts';

/** UK: we ask the person to reconfirm every 90 days (FCA, RTS Art. 10A as amended in the UK). */
const RECONFIRM_DAYS: Record<string, number> = { GB: 90 };
const DAY_MS = 24 * 3_600_000;
/** Clocks of others may be a little ahead of ours. */
const LEAST_SKEW_MS = 60_000;

/** Until when the person must reconfirm a consent given at that moment to a bank of that country; undefined: never. */
export function reconfirmBy(country: string | undefined, givenAt: Date): Date | undefined {
  const days = RECONFIRM_DAYS[country ?? ''];
  return days === undefined ? undefined : new Date(givenAt.getTime() + days * DAY_MS);
}

/**
 * The person has confirmed that reading may go on: the 90 days begin anew at that moment, and reading without them goes on
 * if it had stopped for want of it. Saying the same twice is saying it once. Problems: `not_found`,
 * `consent_not_active`, `invalid_request`.
 */
export async function reconfirmConsent(
  platform: Platform,
  request: { tenant: Tenant; id: string; confirmedAt: Date; initiator: Initiator; requestId: string | null },
): Promise<Consent> {
  const { tenant, id, confirmedAt, initiator, requestId } = request;
  const now = platform.clock.now();
  return platform.database.transaction(async (tx) => {
    const before = await lockConsent(tx, tenant, id);
    if (!before) throw notFound('consent');
    const until = nextEnd(platform, before, confirmedAt, now);
    if (until.getTime() === before.reconfirmBy?.getTime()) return before;
    const changes = { reconfirmBy: until, noticeAt: nextNoticeAt({ ...before, reconfirmBy: until }, now) };
    const consent = (await changeConsent(tx, tenant, id, ['authorized'], changes, now))!;
    const { connection } = consent;
    const detail = { confirmed_at: confirmedAt.toISOString() };
    const what = 'reconfirmed';
    await tx.run(insertTimeline({ tenant, consent: id, connection, at: now, what, initiator, requestId, detail }));
    await recordEvent(tx, consentEvent(consent, 'consent.reconfirmed', now, requestId));
    const link = connection === null ? undefined : await lockConnection(tx, tenant, connection);
    if (link?.status === 'action_required' && link.needs?.what === 'reconfirm') {
      await tx.run(setConnectionStatus(tenant, link.id, 'active', null, now));
      await noteConnection(tx, link, 'connection.restored', 'active', initiator, now);
      if (link.recurring) await planNext(tx, tenant, link.id, now);
    }
    return consent;
  });
}

function nextEnd(platform: Platform, consent: Consent, confirmedAt: Date, now: Date): Date {
  if (consent.status !== 'authorized' || (consent.expiresAt !== null && consent.expiresAt <= now))
    throw new Problem('consent_not_active', 'It has ended or was never authorized: let the person give a new one.');
  const end = reconfirmBy(platform.providers.find(consent.provider ?? '')?.country, confirmedAt);
  if (consent.reconfirmBy === null || end === undefined)
    throw new Problem('invalid_request', 'This consent needs no reconfirmation: its `reconfirm_by` is null.');
  if (confirmedAt.getTime() > now.getTime() + LEAST_SKEW_MS) throw wrongMoment('It lies in the future.');
  if (end < consent.reconfirmBy) throw wrongMoment('The person has confirmed later than that already.');
  if (end <= now) throw wrongMoment('It is so long ago that it would be due again: ask the person now.');
  return end;
}

function wrongMoment(detail: string): Problem {
  return new Problem('invalid_request', 'The moment of the confirmation cannot be right.', {
    errors: [{ pointer: '/confirmed_at', detail }],
  });
}
