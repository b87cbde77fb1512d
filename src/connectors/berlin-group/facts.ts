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
  /** `v2`: the bank speaks with the names of Berlin Group openFinance v2. Untested. */
  version: z.enum(['v1', 'v2']).default('v1'),
  /**
   * The access models worth trying, in this order: `global` (allPsd2), `offered` (the person chooses at the bank), `listed`
   * (availableAccounts first, then detailed), `detailed` (the person types an IBAN). We move on only when refused. [1]
   */
  consent_models: z
    .array(z.enum(CONSENT_MODELS))
    .min(1)
    .default([...CONSENT_MODELS]),
  /** The bank refuses a `validUntil` further away than so many days in place of shortening it. [2] */
  longest_consent_days: z.int().min(1).max(3650).optional(),
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
  /**
   * What must be there before a consent can be made. `oauth`: a token that the person gets at the bank's authorization server.
   * `password`: user id and password as JSON to `path`; the token of the answer travels in the header `header` from then on.
   * `client_credentials`: a token in our own name, for making consents only. [5]
   */
  pre_step: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('oauth'),
        metadata_url: z.url({ protocol: /^https$/ }).optional(),
        scope: z.string().min(1).max(200),
        client_id: z.string().min(1).max(200).optional(),
      }),
      z.strictObject({
        kind: z.literal('password'),
        path: z.string().min(1).max(500),
        header: z.string().regex(/^[A-Za-z0-9-]{1,60}$/),
      }),
      z.strictObject({
        kind: z.literal('client_credentials'),
        metadata_url: z.url({ protocol: /^https$/ }),
        scope: z.string().min(1).max(200),
        client_id: z.string().min(1).max(200).optional(),
        /** The client id is the one that our identity was registered under at this bank. */
        registered: z.boolean().default(false),
      }),
    ])
    .optional(),
  /**
   * `consent`: the bank has no authorisation sub-resource (XS2A 1.1), everything is sent to the consent itself by `PUT`.
   * Found out by itself where the bank answers 404 or 405, one call later. [6]
   */
  authorisation: z.enum(['sub_resource', 'consent']).default('sub_resource'),
  /** Parameters of the authorization request that the bank calls or fills otherwise, by their names in RFC 6749. [8] */
  oauth_parameters: z
    .record(
      z.string().min(1).max(60),
      z.strictObject({ name: z.string().min(1).max(60).optional(), value: z.string().min(1).max(500).optional() }),
    )
    .default({}),
  /** Where the bank's authorization server is, if it has no metadata (RFC 8414). [8] */
  oauth_endpoints: z
    .strictObject({
      authorization: z.url({ protocol: /^https$/ }),
      token: z.url({ protocol: /^https$/ }),
    })
    .optional(),
  /** `required`: every request carries `Digest`, `Signature` and `TPP-Signature-Certificate` (draft-cavage, QSealC). [9] */
  signature: z.enum(['none', 'required']).default('none'),
  /** Headers that are signed, as far as a request has them; `digest` and `x-request-id` always are there. [9] */
  signature_headers: z
    .array(z.string().regex(/^[a-z-]{1,60}$|^\(request-target\)$/))
    .min(1)
    .default(['digest', 'x-request-id', 'psu-id', 'psu-corporate-id', 'tpp-redirect-uri', 'date']),
  /** How the serial number of the certificate is written in `keyId`. [9] */
  signature_key_id: z.enum(['hex', 'decimal']).default('hex'),
  /** `true`: the bank wants a `Date` on every request (seen at Deutsche Bank). A signed request has one anyway. [9] */
  date_header: z.boolean().default(false),
  /** The bank's key, in PEM (certificate or public key): passwords are encrypted for it as a JWE before they are sent. [10] */
  password_key: z
    .string()
    .max(10_000)
    .regex(/^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/)
    .optional(),
  /** What we call ourselves, where the bank refuses requests without `User-Agent` (seen at N26). [25] */
  user_agent: z.string().min(1).max(200).optional(),
  /** `true` asks to be told of changes (`TPP-Notification-URI`); what we are told makes us look, and nothing else. */
  notifications: z.boolean().default(false),
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
  /** The bank answers nothing while nobody is there: it wants the person's address on every reading (seen at UniCredit). */
  attended_only: z.boolean().default(false),
  /** Whether cards are behind `/card-accounts`: beside the accounts (`too`), or instead of them (`only`). */
  card_accounts: z.enum(['none', 'too', 'only']).default('none'),
  /** What reports of transactions to ask for, in this order, moving on when refused: JSON, camt.052 or MT940. [14] */
  report_formats: z
    .array(z.enum(['json', 'camt', 'mt940']))
    .min(1)
    .default(['json', 'camt', 'mt940']),
  /** Days back, today included, that the bank still answers when the proof is no longer fresh (RTS art. 10a). [16] */
  history_days_later: z.int().min(1).max(3650).default(90),
  /** `same_host`: links to the next page name another host; their path is read at the host the page came from. [12] */
  next_links: z.enum(['as_written', 'same_host']).default('as_written'),
  /** `separate`: `bookingStatus=both` is refused, ask for booked and pending one after the other; `booked`: no pending. [15] */
  booking_status: z.enum(['both', 'separate', 'booked']).default('both'),
  /**
   * `inverted`: the bank signs entries the wrong way round, balances not (seen at SEB Kort). `unsigned`: it writes no sign; money goes out
   * where `creditDebitIndicator` or the party named says so. [18]
   */
  amount_sign: z.enum(['as_written', 'inverted', 'unsigned']).default('as_written'),
  /** `debit`: pending entries are money out, written without a minus (seen at NBG). [18] */
  pending_sign: z.enum(['as_written', 'debit']).default('as_written'),
  /** Whether `transactionId` and `entryReference` can be trusted to name an entry; `none` hands on no id. [17] */
  transaction_id: z.enum(['transaction_id', 'entry_reference', 'none']).default('transaction_id'),
  /** The bank's ids are kept for ever and never used twice: they tell entries apart, whatever else changes. [17] */
  trusted_ids: z.boolean().default(false),
  /** Where the text of an entry stands, first non-empty wins. [19] */
  description_from: z
    .array(z.enum(['unstructured', 'unstructured_list', 'structured', 'additional']))
    .min(1)
    .default(['unstructured', 'unstructured_list', 'structured', 'additional']),
  /** Width at which the bank cuts a text into pieces, also within words: pieces so long are joined without a space. [19] */
  text_cut_at: z.int().min(20).max(500).optional(),
  /** The text has German purpose tags (`EREF+`, `SVWZ+`): they are taken apart. [19] */
  text_tags: z.boolean().default(false),
  /** Where the other side's name stands, first non-empty wins: in its field, at the beginning of the text, or beside it. [19] */
  payee_from: z
    .array(z.enum(['party', 'text', 'additional']))
    .min(1)
    .default(['party']),
  /** What stands round the name where it is taken from a text: plain words, no patterns. [19] */
  payee_between: z
    .strictObject({ after: z.string().min(1).max(40).optional(), until: z.string().min(1).max(40).optional() })
    .default({}),
  /** Which day is the booking day, first that is given wins. [20] */
  booked_on_from: z
    .array(z.enum(['bookingDate', 'valueDate', 'transactionDate']))
    .min(1)
    .default(['bookingDate', 'transactionDate']),
  /** `ignored`: the bank's value dates are wrong (seen at Danske). [20] */
  value_date: z.enum(['trusted', 'ignored']).default('trusted'),
  /** Words in the text after which the amount in the account's currency stands, where the amount is foreign (Entercard). [22] */
  home_amount_after: z.string().min(1).max(40).optional(),
  /** Meaning of balance types the bank uses in its own way, e.g. `{ expected: booked }`; `ignored` ones are none. [21] */
  balance_types: z.record(z.string().max(60), z.enum(['booked', 'available', 'expected', 'ignored'])).default({}),
  /** Type of an account whose `cashAccountType` the bank does not say. */
  account_type: z
    .enum(['checking', 'savings', 'credit_card', 'loan', 'wallet', 'investment', 'other'])
    .default('checking'),
});
/** The facts as the connector works with them: defaults filled in. */
export type Facts = z.infer<typeof facts>;
