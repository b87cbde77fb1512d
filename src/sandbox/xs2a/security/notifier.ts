import { randomUUID } from 'node:crypto';
import { createEgress } from '../../../base/egress.ts';
import type { Log } from '../../../base/log.ts';
import type { Stage } from '../../stage.ts';
import { type Consent, findConsent, listConsents } from '../../store.ts';
import type { Bank } from '../../world/banks.ts';

/** Tells callers that something has changed (resource status notification), once and without waiting for it. */
export type Notifier = { notify(url: URL, body: object): void; close(): Promise<void> };

/** Tells whoever made the consent that it has changed, where they wanted to be told; so too of consents it has replaced. */
export async function tellCaller(
  { stage, bank }: { stage: Stage; bank: Bank },
  consentId: string,
  authorisation?: { id: string; status: string },
): Promise<void> {
  const consent = await findConsent(stage.database, bank.slug, consentId);
  if (!consent) return;
  if (consent.notificationUri) stage.notify(consent.notificationUri, notification(consent, authorisation));
  if (consent.status !== 'valid') return;
  for (const former of await listConsents(stage.database, bank.slug, consent.person)) {
    if (former.replacedBy === consent.id && former.notificationUri)
      stage.notify(former.notificationUri, notification(former));
  }
}

function notification(consent: Consent, authorisation?: { id: string; status: string }): object {
  return {
    consentId: consent.id,
    consentStatus: consent.status,
    ...(authorisation ? { authorisationId: authorisation.id, scaStatus: authorisation.status } : {}),
  };
}

/** Opens the way out for notifications. Pretend banks live where their callers do: on one machine. */
export function createNotifier(log: Log): Notifier {
  const egress = createEgress({ allowPrivate: () => true });
  return {
    notify(url, body) {
      const headers = { 'content-type': 'application/json', 'x-request-id': randomUUID() };
      const asked = {
        method: 'POST',
        url: url.href,
        headers,
        body: JSON.stringify(body),
        hosts: [url.host],
        timeoutMs: 5000,
      };
      egress.request(asked).catch((error: unknown) => log.info('sandbox.not_notified', { host: url.host, error }));
    },
    close: () => egress.close(),
  };
}
