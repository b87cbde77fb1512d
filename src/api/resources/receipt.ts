import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Consent } from '../../platform/consents/consent.ts';
import type { Platform } from '../../platform/platform.ts';
import { Problem } from '../../platform/problems.ts';
import { moment } from '../input/fields.ts';

/** The schema of a receipt. */
export const receipt = z
  .strictObject({
    object: z.literal('consent_receipt'),
    consent: z.string(),
    customer: z.string().nullable(),
    provider: z.string().nullable(),
    status: z.string(),
    agreed_at: moment(),
    authorized_at: moment().nullable(),
    ended_at: moment().nullable(),
    locale: z.string(),
    text_version: z.string(),
    text_hash: z.string().describe('SHA-256 of `text` as JSON without spaces, in hex.'),
    text: z.strictObject({
      version: z.string(),
      locale: z.string(),
      title: z.string(),
      sections: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
    }),
    created_at: moment(),
  })
  .meta({ id: 'ConsentReceipt', description: 'What the person read when they agreed, word for word, and when.' });

/** The receipt of a consent somebody agreed to; throws `consent_not_active` where nobody has. */
export function presentReceipt(platform: Platform, consent: Consent): object {
  const { agreedAt, agreedLocale, agreedFacts, agreedVersion } = consent;
  if (!agreedAt || !agreedLocale || !agreedFacts || !agreedVersion) {
    throw new Problem('consent_not_active', 'Nobody has agreed to this consent yet, so there is no receipt.');
  }
  const text = platform.makeConsentText(agreedFacts, agreedLocale);
  return {
    object: 'consent_receipt',
    consent: consent.id,
    customer: consent.customer,
    provider: consent.provider,
    status: consent.status,
    agreed_at: agreedAt,
    authorized_at: consent.authorizedAt,
    ended_at: consent.endedAt,
    locale: agreedLocale,
    text_version: agreedVersion,
    text_hash: createHash('sha256').update(JSON.stringify(text)).digest('hex'),
    text: { version: text.version, locale: text.locale, title: text.title, sections: text.sections },
    created_at: consent.createdAt,
  };
}
