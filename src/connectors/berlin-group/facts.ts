import { z } from 'zod';

/** Ways to say in a consent which accounts are meant (XS2A 1.3.12, `accountAccess`), from the widest to the narrowest. */
export const CONSENT_MODELS = ['global', 'offered', 'listed', 'detailed'] as const;
/** One of them. */
export type ConsentModel = (typeof CONSENT_MODELS)[number];

/**
 * What a Berlin Group bank is like where it differs from the usual one. Everything has a default, so a bank that follows
 * XS2A 1.3.x plainly needs no facts at all. Numbers in brackets are kinds of deviation seen at real banks.
 */
export const facts = z.strictObject({
  /**
   * The access models worth trying, in this order: `global` (allPsd2), `offered` (the person chooses at the bank), `listed`
   * (availableAccounts first, then detailed), `detailed` (the person types an IBAN). We move on only when refused. [1]
   */
  consent_models: z
    .array(z.enum(CONSENT_MODELS))
    .min(1)
    .default([...CONSENT_MODELS]),
  /** The bank refuses one-off consents: `recurringIndicator` is always true. [2] */
  recurring_only: z.boolean().default(false),
  /** `frequencyPerDay` of a recurring consent: unattended reads a day, 4 unless agreed otherwise (RTS art. 36). [2] */
  frequency_per_day: z.int().min(1).max(96).default(4),
  /** `asked`: the consent's last day as the app wants it. `longest`: `9999-12-31`, which lets the bank decide. [2] */
  valid_until: z.enum(['asked', 'longest']).default('asked'),
  /**
   * The header `PSU-ID`: `if_known` sends it once the bank's links made us ask for it; `required` asks before the consent is
   * made; `forbidden` never sends it; `empty` always sends it with nothing in it. [3]
   */
  psu_id: z.enum(['if_known', 'required', 'forbidden', 'empty']).default('if_known'),
  /** The bank's own value of `PSU-ID-Type`, sent wherever `PSU-ID` is. [4] */
  psu_id_type: z.string().min(1).max(60).optional(),
  /** `true` asks companies' users for `PSU-Corporate-ID` beside the user id. */
  corporate_id: z.boolean().default(false),
  /** What the bank calls the user id, shown beside the field as a quotation. */
  user_id_label: z.string().min(1).max(80).optional(),
  /** What the bank calls the password. */
  password_label: z.string().min(1).max(80).optional(),
  /** A wish sent as `TPP-Redirect-Preferred` and `TPP-Decoupled-Preferred`; the bank's answer decides all the same. */
  prefers: z.enum(['bank_decides', 'redirected', 'decoupled', 'embedded']).default('bank_decides'),
  /** `true` sends `TPP-Explicit-Authorisation-Preferred: true`: we start the authorisation ourselves. */
  explicit_start: z.boolean().default(false),
  /** OAuth scope of a consent; `{consent_id}` is replaced (XS2A 1.3: `AIS:<consentId>`; some write a space). [7] */
  oauth_scope: z.string().min(1).max(200).default('AIS:{consent_id}'),
  /** Milliseconds between two looks at a consent whose state has not followed the person back from the bank yet. [26] */
  status_settles_after_ms: z.int().min(200).max(60_000).default(2000),
  /** Milliseconds after the return at which a still undecided consent counts as not given. */
  status_settles_within_ms: z.int().min(1000).max(600_000).default(20_000),
  /** Milliseconds between two looks at a decoupled approval (the standard says nothing; N26 allows two a second). [26] */
  poll_after_ms: z.int().min(500).max(60_000).default(3000),
  /** Milliseconds a person has for a decoupled approval. [26] */
  approval_within_ms: z.int().min(10_000).max(3_600_000).default(300_000),
  /** How often a person may type the password in one exchange before we stop, whatever the bank would still allow. */
  sign_in_tries: z.int().min(1).max(5).default(3),
  /** `separate`: `bookingStatus=both` is refused, ask for booked and pending one after the other; `booked`: no pending. [15] */
  booking_status: z.enum(['both', 'separate', 'booked']).default('both'),
  /** `inverted`: the bank signs amounts the wrong way round (seen at SEB Kort). [18] */
  amount_sign: z.enum(['as_written', 'inverted']).default('as_written'),
  /** Whether `transactionId` and `entryReference` can be trusted to name an entry; `none` hands on no id. [17] */
  transaction_id: z.enum(['transaction_id', 'entry_reference', 'none']).default('transaction_id'),
  /** Where the text of an entry stands, first non-empty wins. [19] */
  description_from: z
    .array(z.enum(['unstructured', 'unstructured_list', 'structured', 'additional']))
    .min(1)
    .default(['unstructured', 'unstructured_list', 'structured', 'additional']),
  /** Meaning of balance types the bank uses in its own way, e.g. `{ expected: booked }`. [21] */
  balance_types: z.record(z.string().max(60), z.enum(['booked', 'available', 'expected'])).default({}),
  /** Type of an account whose `cashAccountType` the bank does not say. */
  account_type: z
    .enum(['checking', 'savings', 'credit_card', 'loan', 'wallet', 'investment', 'other'])
    .default('checking'),
});
/** The facts as the connector works with them: defaults filled in. */
export type Facts = z.infer<typeof facts>;
