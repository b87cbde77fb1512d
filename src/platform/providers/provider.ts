import { createHash } from 'node:crypto';
import type { AccountType, ScaApproach } from '../../banking/account.ts';
import type { Json } from '../../banking/step.ts';

/** Where a provider's interfaces stand: our pretend banks, a bank's own test system, the real thing. */
export const ENVIRONMENTS = ['sandbox', 'bank_test', 'live'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What an identity must own before the bank answers it. */
export const NEEDS = ['certificate', 'registration', 'product_id'] as const;
export type Need = (typeof NEEDS)[number];

/** Why a bank that people look for has no way in: nobody has published an address at which it answers. */
export const ABSENCES = ['no_address'] as const;
export type Absence = (typeof ABSENCES)[number];

/** A bank a person can pick, as its provider file says. Frozen: a changed file makes a new object. */
export type Provider = {
  /** The slug, `gb-northgate`. */
  id: string;
  name: string;
  /** The name on the door that several banks share (`Nordwind` for all banks of that group); search groups by it. */
  brand?: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  environment: Environment;
  /** Upper case, 8 or 11 characters. */
  bics: string[];
  /** National bank codes without separators, as they stand in an IBAN; a shorter one is a range. */
  bankCodes: string[];
  /** Digits only; 2 or 4 digits are a range (all codes that begin so). */
  sortCodes: string[];
  cities: string[];
  otherNames: string[];
  /** Everything that its interfaces reach together. */
  accountTypes: AccountType[];
  /** None where `absence` says why. */
  interfaces: ProviderInterface[];
  absence?: Absence;
  /** Its customers live in the bank's app, so continuing on the phone is worth offering. */
  app: boolean;
  /** Neither listed nor found by search: reached by its slug only. */
  concealed: boolean;
  /** Logins that work at a pretend bank; empty elsewhere. */
  testLogins: TestLogin[];
  monogram: Monogram;
};

/** One way into a provider: a standard, the account types it reaches, the approaches it uses. */
export type ProviderInterface = {
  /** Unique within its provider. */
  id: string;
  standard: string;
  accountTypes: AccountType[];
  sca: ScaApproach[];
  /** Where its paths begin, without a slash at the end. */
  baseUrl: string;
  /** Every `host` (port 443) or `host:port` that may be called, the base address's among them. */
  hosts: string[];
  longestConsentDays?: number;
  /** How far back it reads at most. */
  historyDays?: number;
  /** A new consent ends the person's other consents there. */
  oneConsentPerPerson: boolean;
  /** IANA name; the bank's calendar day for call limits and balances. */
  timeZone: string;
  needs?: Need;
  /** Parsed by the connector's own schema, defaults filled in. */
  facts: Json;
};

/** A login of a pretend bank, shown to whoever tries it. `note` says what is special about it. */
export type TestLogin = { user: string; password: string; note?: string };

/** What a logo is drawn from: one or two letters and a hue in degrees. Never a bank's real logo. */
export type Monogram = { text: string; hue: number };

/** No provider has that slug. */
export class ProviderNotFound extends Error {
  readonly id: string;
  constructor(id: string) {
    super(`no provider ${JSON.stringify(id.slice(0, 80))}`);
    this.name = 'ProviderNotFound';
    this.id = id;
  }
}

/** The monogram of a name: its first two significant initials, and a hue that depends on nothing but the slug. */
export function monogramOf(id: string, name: string): Monogram {
  const words = name.normalize('NFC').match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  const significant = words.filter((word) => !FILL_WORDS.has(word.toLowerCase()));
  const chosen = (significant.length > 0 ? significant : words).slice(0, 2);
  const text = chosen.map((word) => [...word][0]?.toUpperCase() ?? '').join('');
  return { text: text || '?', hue: createHash('sha256').update(id).digest().readUInt16BE(0) % 360 };
}

const FILL_WORDS = new Set(
  'and und et i y of the der die das de du di da la le les für ag plc sa spa nv se'.split(' '),
);
