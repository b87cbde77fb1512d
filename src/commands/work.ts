import { forgetOldKeys } from '../platform/apps/idempotency.ts';
import { forgetOldRequests } from '../platform/apps/requests.ts';
import { chainAudit } from '../platform/audit/audit.ts';
import { lookWhetherGone, SUPERSEDED_QUEUE } from '../platform/connections/superseded.ts';
import { endUnclaimed } from '../platform/consents/claim.ts';
import { endDueConsents, endEverything, REVOKE_QUEUE, revokeAtBank } from '../platform/consents/ending.ts';
import { announceDueConsents } from '../platform/consents/notices.ts';
import { CONTROL_QUEUE, forgetControlLinks, sendControlLink } from '../platform/customers/control/control.ts';
import { eraseDueCustomers } from '../platform/customers/erasing.ts';
import { forgetOldMails, MAIL_QUEUE, sendConsentMail } from '../platform/customers/mail/mail.ts';
import { startDispatcher } from '../platform/events/dispatch/dispatcher.ts';
import { forgetOldDeliveries } from '../platform/events/endpoints.ts';
import { KEYS_QUEUE, keepSealed, workKeys } from '../platform/keys/rotation.ts';
import { forgetOldSessions } from '../platform/operators/sessions.ts';
import type { Platform } from '../platform/platform.ts';
import { pollSession, sweepSessions } from '../platform/sessions/sweeping.ts';
import { POLL_QUEUE } from '../platform/sessions/turn/asking.ts';
import { forgetSignIns } from '../platform/sessions/turn/sign-in-limit.ts';
import { watchHealth } from '../platform/syncs/health.ts';
import { flushLedger } from '../platform/syncs/ledger.ts';
import { recoverRefreshes } from '../platform/syncs/plan.ts';
import { forgetOldOutages } from '../platform/syncs/status.ts';
import { workSyncs } from '../platform/syncs/work.ts';

const SWEEP_MS = 15_000;

/** Everything a server does without being asked, until `stop`. */
export type Work = { stop(): Promise<void> };

/** Says how each queue is worked on, and looks every fifteen seconds, and whenever the clock is moved, what is due. */
export async function startWork(platform: Platform): Promise<Work> {
  const { jobs, log } = platform;
  await jobs.work(POLL_QUEUE, { atOnce: 20 }, (data) =>
    pollSession(platform, data.tenant, data.session, data.told === true),
  );
  await jobs.work(REVOKE_QUEUE, { atOnce: 5 }, (data) => revokeAtBank(platform, data.tenant, data.consent));
  await jobs.work(SUPERSEDED_QUEUE, { atOnce: 5 }, (data) =>
    lookWhetherGone(platform, data.tenant, data.connection, data.code),
  );
  await workSyncs(platform);
  await jobs.work(KEYS_QUEUE, { atOnce: 1, leaseS: 900 }, (_, { signal }) => workKeys(platform, signal));
  if (platform.mail) {
    await jobs.work(MAIL_QUEUE, { atOnce: 4, retryAfterS: 30 }, (data) => sendConsentMail(platform, data));
    await jobs.work(CONTROL_QUEUE, { atOnce: 2, retryAfterS: 5 }, (data) => sendControlLink(platform, data));
  }
  await jobs.start();
  const dispatcher = await startDispatcher(platform);

  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweeping.then(async () => {
      for (const task of [
        sweepSessions,
        recoverRefreshes,
        endDueConsents,
        announceDueConsents,
        (p: Platform) => eraseDueCustomers(p, endEverything),
        forgetOldKeys,
        forgetOldRequests,
        forgetOldSessions,
        forgetOldMails,
        forgetControlLinks,
        watchHealth,
        forgetOldOutages,
        forgetOldDeliveries,
        endUnclaimed,
        forgetSignIns,
        chainAudit,
        keepSealed,
      ]) {
        await task(platform).catch((error: unknown) => log.error('work.sweep_failed', { error }));
      }
    });
    return sweeping;
  };
  const timer = setInterval(sweep, SWEEP_MS);
  platform.clock.onAdvance(() => sweep());
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
      await dispatcher.stop();
      await jobs.stop();
      await flushLedger(platform);
    },
  };
}
