import type { Person } from '../../../banking/connector.ts';
import { listMet } from '../../connections/transport.ts';
import type { Consent } from '../../consents/consent.ts';
import type { Platform } from '../../platform.ts';
import { IDLE_MS, type Session } from '../session.ts';
import { asSession } from '../sessions.ts';
import { leadOf } from './choices.ts';
import type { LinkOptions } from './options.ts';
import { isPhone } from './owner.ts';
import type { Located } from './locating.ts';

/**
 * The visit as it would begin, before anything is stored: the screen that asks, or the one after it where the app had
 * it skipped and this is a phone.
 */
export async function beginning(
  platform: Platform,
  found: Located,
  options: LinkOptions,
  person: Person,
): Promise<Session> {
  const session = found.session ?? unbound(platform, found.consent!, found.consent!.id);
  if (session.place !== 'intro' || session.kind === 'management' || session.connection) return session;
  const skips = (options.skipInfo ?? session.request.skipInfo ?? found.tenant.settings.skipInfo) && isPhone(person);
  const provider = session.provider ?? found.consent?.provider ?? options.provider;
  if (!skips) return { ...session, provider: provider ?? null };
  if (!provider) return { ...session, place: 'bank' };
  const met = await listMet(platform, session.tenant, found.tenant.mode);
  const lead = leadOf(platform, found.tenant.mode, provider, met);
  return {
    ...session,
    place: lead.place,
    chosenProvider: provider,
    chosenInterface: lead.place === 'agree' ? lead.interface : null,
  };
}

/** A visit begun by a consent's link: nobody's yet. */
export function unbound(platform: Platform, consent: Consent, id: string): Session {
  const at = platform.clock.now();
  return asSession({
    tenant: consent.tenant,
    id,
    kind: 'connect',
    customer: consent.customer!,
    consent: consent.id,
    connection: consent.renews,
    provider: consent.provider,
    returnUrl: consent.returnUrl,
    locale: null,
    template: null,
    recurring: consent.recurring,
    storeSecrets: true,
    request: {
      scopes: consent.scopes,
      historyDays: consent.historyDays,
      validDays: consent.validDays,
      ...(consent.purpose ? { purpose: consent.purpose } : {}),
    },
    at,
    expiresAt: new Date(at.getTime() + IDLE_MS),
  });
}
