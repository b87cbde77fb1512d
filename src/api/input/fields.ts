import { z } from 'zod';
import { ACCOUNT_TYPES, SCA_APPROACHES, SCOPES } from '../../banking/account.ts';

/** One line of text as people write it: no control characters. */
export function text(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, 'Must not hold control characters or line breaks.');
}

/** An id of ours, or of a provider, used as a filter or in a body: its form is checked where it is looked up. */
export const id = () =>
  z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9_-]+$/, 'This is not the form of an id.');

/** What to read, each once. */
export const scopes = () =>
  z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .refine((given) => new Set(given).size === given.length, 'Each scope once.')
    .meta({ uniqueItems: true });

/** One of the kinds of account. */
export const accountType = () => z.enum(ACCOUNT_TYPES);
/** One of the three ways of proving who one is. */
export const scaApproach = () => z.enum(SCA_APPROACHES);

const MOST_METADATA = 50;
/** What the app wants to find again: up to 50 names of up to 40 characters, values of up to 500. */
export const metadata = () =>
  z
    .record(
      z.string().regex(/^[A-Za-z0-9_.:-]{1,40}$/, 'A name has 1 to 40 of the characters A-Z a-z 0-9 _ . : -'),
      z.string().max(500),
    )
    .refine((given) => Object.keys(given).length <= MOST_METADATA, `At most ${MOST_METADATA} names.`)
    .describe('Whatever you want to find again: up to 50 names with text.')
    .meta({ maxProperties: MOST_METADATA, example: { order: '4711' } });

/** A language tag as browsers send it. */
export const locale = () =>
  z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'Write a language such as `en` or `de-AT`.')
    .describe('Language of the page.')
    .meta({ example: 'en' });

/** An address of one mailbox. */
export const email = () =>
  z
    .string()
    .max(254)
    .regex(/^[^\s@<>()",;:\\[\]\u0000-\u001f]+@[^\s@<>()",;:\\[\]\u0000-\u001f]+$/, 'This is not an e-mail address.')
    .meta({ example: 'accounts@example.com' });

/** Checked against the registered addresses where it is used. */
export const returnUrl = () =>
  z
    .string()
    .min(1)
    .max(2000)
    .regex(/^[\x21-\x7e]*$/, 'An address is plain ASCII without spaces.')
    .describe('Where the person comes back to: a registered address, with any query.')
    .meta({ example: 'https://app.example.com/callback?state=x7f2' });

/** A day, `YYYY-MM-DD`, that exists. */
export const day = () => z.iso.date('Write a day as YYYY-MM-DD.').meta({ example: '2026-03-02' });

/** A moment in an answer: RFC 3339 in UTC. */
export const moment = () => z.iso.datetime().meta({ example: '2026-03-02T09:14:07.512Z' });

/** A signed decimal as text; minus is money out. */
export const amount = () =>
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .meta({ example: '-12.50' });
/** ISO 4217. */
export const currency = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ example: 'EUR' });

/** `limit` and `cursor` of every list. */
export const paging = (most = 100) => ({
  limit: z.int().min(1).max(most).default(20).describe(`How many at most, 1 to ${most}.`),
  cursor: z.string().min(1).max(6000).optional().describe('`next_cursor` of the page before, with the same filters.'),
});
