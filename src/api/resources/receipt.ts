import { z } from 'zod';
import type { Receipt } from '../../platform/consents/receipt.ts';
import { moment } from '../input/fields.ts';

/** The schema of a receipt. */
export const receipt = z
  .strictObject({
    object: z.literal('consent_receipt'),
    consent: z.string(),
    customer: z.string().nullable(),
    provider: z.string().nullable(),
    status: z.string(),
    agreed_at: moment().nullable(),
    authorized_at: moment().nullable(),
    ended_at: moment().nullable(),
    text_hash: z.string().describe('SHA-256 in hex of the JSON of `text` as it was kept.'),
    text: z.strictObject({
      version: z.string(),
      locale: z.string(),
      title: z.string(),
      sections: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
    }),
    signature: z
      .string()
      .describe(
        'A JWS (EdDSA) over ids, dates, state and `text_hash`. Its keys stand at `/.well-known/consent-receipt-keys.json`.',
      ),
    created_at: moment(),
  })
  .meta({ id: 'ConsentReceipt', description: 'What the person read when they agreed, word for word, and when.' });

/** The receipt as the API shows it. */
export function presentReceipt({ consent, text, textHash, signature }: Receipt): object {
  return {
    object: 'consent_receipt',
    consent: consent.id,
    customer: consent.customer,
    provider: consent.provider,
    status: consent.status,
    agreed_at: consent.agreedAt,
    authorized_at: consent.authorizedAt,
    ended_at: consent.endedAt,
    text_hash: textHash,
    text,
    signature,
    created_at: consent.createdAt,
  };
}
