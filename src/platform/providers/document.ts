import { z } from 'zod';
import { ACCOUNT_TYPES, SCA_APPROACHES } from '../../banking/account.ts';
import { ABSENCES, ENVIRONMENTS, NEEDS } from './provider.ts';

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text === text.trim() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'must be one line of plain text');
const lines = (length: number, most: number) => z.array(line(length)).max(most);

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')
  .refine((code) => REGIONS.of(code) !== undefined, 'is not a country of ISO 3166-1');
const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const bic = z.string().regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'must be 8 or 11 capital letters and digits');
const bankCode = z.string().regex(/^[A-Z0-9]{2,12}$/, 'must be 2 to 12 capital letters and digits, without spaces');
const sortCode = z
  .string()
  .regex(/^\d\d(-?\d\d){0,2}$/, 'must be two, four or six digits, with or without dashes')
  .transform((text) => text.replaceAll('-', ''));
const days = z.number().int().min(1).max(36_500);
const timeZone = z.string().refine(isTimeZone, 'is not a time zone such as Europe/Berlin');

/** The slug: the country in small letters, a dash, then words of small letters and digits. */
export const slug = z
  .string()
  .max(60)
  .regex(/^[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*$/, 'must look like gb-northgate: small letters, digits, single dashes');

/** One of `test_logins`. */
export const testLoginKeys = z.strictObject({
  user: line(100),
  password: line(100),
  note: line(200).optional(),
});

/** One of `interfaces`. `facts` is judged later, by the connector of its standard. */
export const interfaceKeys = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, 'must be small letters, digits and underscores')
    .max(40),
  standard: line(40),
  account_types: z.array(z.enum(ACCOUNT_TYPES)).min(1).max(ACCOUNT_TYPES.length),
  sca: z.array(z.enum(SCA_APPROACHES)).min(1).max(SCA_APPROACHES.length),
  base_url: line(500),
  hosts: lines(260, 50).default([]),
  longest_consent_days: days.optional(),
  history_days: days.optional(),
  one_consent_per_person: z.boolean().default(false),
  time_zone: timeZone.optional(),
  needs: z.enum(NEEDS).optional(),
  facts: z.record(z.string(), z.json()).default({}),
});

// What a member of a family says for itself; a bank that stands alone says the same at the top.
const own = {
  name: line(200),
  brand: line(100).optional(),
  country: country.optional(),
  bics: z.array(bic).max(500).optional(),
  bank_codes: z.array(bankCode).max(5_000).optional(),
  sort_codes: z.array(sortCode).max(5_000).optional(),
  cities: lines(100, 500).optional(),
  other_names: lines(200, 100).optional(),
};

/** One of `members`: a bank of a family that shares a server. */
export const memberKeys = z.strictObject({
  id: slug,
  ...own,
  values: z
    .record(
      z.string().regex(/^[a-z0-9_]{1,40}$/, 'must be small letters, digits and underscores'),
      z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be letters, digits, dots, dashes and underscores'),
    )
    .default({}),
});

/** A whole provider file. */
export const fileKeys = z.strictObject({
  ...own,
  name: own.name.optional(),
  environment: z.enum(ENVIRONMENTS),
  app: z.boolean().default(false),
  concealed: z.boolean().default(false),
  interfaces: z.array(interfaceKeys).max(20),
  absence: z.enum(ABSENCES).optional(),
  test_logins: z.array(testLoginKeys).max(50).default([]),
  members: z.array(memberKeys).min(1).max(5_000).optional(),
});

/** A provider file as written, form checked. */
export type ProviderDocument = z.infer<typeof fileKeys>;
export type InterfaceDocument = z.infer<typeof interfaceKeys>;
export type MemberDocument = z.infer<typeof memberKeys>;

function isTimeZone(name: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /[/]|^UTC$/.test(name)
    );
  } catch {
    return false;
  }
}
