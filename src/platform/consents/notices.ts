import type { Tx } from '../../base/database.ts';
import { needSomebody } from '../connections/connections.ts';
import { offerMail } from '../customers/mail/mail.ts';
import { recordEvent } from '../events/events.ts';
import type { Platform } from '../platform.ts';
import { consentEvent } from './changes.ts';
import type { Consent } from './consent.ts';
import { changeConsent, lockConsent, selectConsentsToAnnounce } from './store.ts';

/** Something a consent's app is told before it happens; `days` 0 is the moment itself. */
export type Notice = { at: Date; reason: 'expiry' | 'reconfirmation'; days: number };

type Ends = Pick<Consent, 'expiresAt' | 'reconfirmBy'>;

/** PRODUCT §5: both ends announce themselves so many days before. */
const ANNOUNCED_DAYS = [30, 14, 7, 1];
const DAY_MS = 24 * 3_600_000;

/** When the next notice of a consent is due, after a moment; null when none is left. */
export function nextNoticeAt(ends: Ends, after: Date): Date | null {
  return noticesOf(ends).find(({ at }) => at > after)?.at ?? null;
}

/** The notices of a period, both ends inclusive: of several with one reason only the last, because the others are past. */
export function noticesDue(ends: Ends, from: Date, until: Date): Notice[] {
  const passed = noticesOf(ends).filter(({ at }) => at >= from && at <= until);
  return [...new Map(passed.map((notice) => [notice.reason, notice])).values()];
}

/** Tells what is due of all consents. Where a reconfirmation is past, reading without the person has stopped. */
export async function announceDueConsents(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  for (const { tenant, id } of await selectConsentsToAnnounce(platform.database, now)) {
    await platform.database.transaction(async (tx) => {
      const consent = await lockConsent(tx, tenant, id);
      if (consent?.status !== 'authorized' || consent.noticeAt === null || consent.noticeAt > now) return;
      for (const notice of noticesDue(consent, consent.noticeAt, now))
        await announce(platform, tx, consent, notice, now);
      await changeConsent(tx, tenant, id, ['authorized'], { noticeAt: nextNoticeAt(consent, now) }, now);
    });
  }
}

async function announce(platform: Platform, tx: Tx, consent: Consent, notice: Notice, at: Date): Promise<void> {
  const { reason, days } = notice;
  if (days > 0) {
    const event = consentEvent(consent, 'consent.expiring', at);
    await recordEvent(tx, { ...event, data: { ...event.data, reason, days } });
    const kind = reason === 'expiry' ? 'expiring' : 'reconfirm';
    await offerMail(platform, tx, { tenant: consent.tenant, consent: consent.id, kind, about: notice.at });
  } else if (consent.connection) {
    const { tenant, connection } = consent;
    await needSomebody(tx, {
      tenant,
      connection,
      needs: { who: 'person', what: 'reconfirm' },
      initiator: 'system',
      at,
    });
  }
}

/** All notices of a consent, earliest first. That it has expired is told by the event of that move. */
function noticesOf({ expiresAt, reconfirmBy }: Ends): Notice[] {
  const before = (end: Date | null, reason: Notice['reason'], days: number[]) =>
    end === null ? [] : days.map((day) => ({ at: new Date(end.getTime() - day * DAY_MS), reason, days: day }));
  // A reconfirmation that would come due after the end is not asked for.
  const asked = reconfirmBy && (expiresAt === null || reconfirmBy < expiresAt) ? reconfirmBy : null;
  return [
    ...before(expiresAt, 'expiry', ANNOUNCED_DAYS),
    ...before(asked, 'reconfirmation', [...ANNOUNCED_DAYS, 0]),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}
