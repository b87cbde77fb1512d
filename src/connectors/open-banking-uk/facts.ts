import { z } from 'zod';

/** The permissions we may ask for; a bank that refuses one refuses the whole consent. */
export const PERMISSIONS = [
  'ReadAccountsBasic',
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadParty',
  'ReadTransactionsBasic',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
  'ReadTransactionsDetail',
] as const;
/** One of them. */
export type PermissionName = (typeof PERMISSIONS)[number];

const address = z.url({ protocol: /^https$/ }).max(500);

/**
 * What a UK bank is like. Only where its authorization server's metadata stands has no default: a bank that follows the
 * specification and FAPI 1.0 Advanced needs nothing else. Numbers in brackets are kinds of deviation seen at real banks.
 */
export const facts = z.strictObject({
  /** Version of the Read/Write API: the names and codes of messages. The base address carries the path (`…/v3.1/aisp`). */
  version: z.enum(['3.1', '4.0']).default('3.1'),
  /** The authorization server's OpenID discovery document; its host must be among the interface's `hosts`. */
  metadata_url: address,
  /** The issuer, where it is not what `metadata_url` says without its `/.well-known/…`. [23] */
  issuer: address.optional(),
  /** How the answer comes back: `hybrid` (`code id_token` in the fragment), `jarm` (signed), `code` (with the issuer). */
  response: z.enum(['hybrid', 'jarm', 'code']).default('hybrid'),
  /** The authorization request is pushed first (PAR), always with PKCE. */
  pushed: z.boolean().default(false),
  /** How the person proves who they are: at the bank's page, or in its app by CIBA. */
  authentication: z.enum(['redirected', 'decoupled']).default('redirected'),
  /** As what the bank's app knows the person, where it asks there: a claim of `login_hint_token` (Read-Write API Profile, CIBA). */
  person_claim: z.enum(['sub', 'email', 'phone_number', 'ephemeral_sub']).default('sub'),
  /** `aud` of client assertions, where the bank wants something else than its issuer. [23] */
  client_assertion_audience: z.string().min(1).max(500).optional(),
  /** Scope of the person's token. [23] */
  scope: z.string().min(1).max(200).default('openid accounts'),
  /** Scope of our own token, with which consents are made and looked at. */
  own_scope: z.string().min(1).max(200).default('accounts'),
  /** Whether id tokens name the consent (`openbanking_intent_id`): `if_given` forgives a bank that leaves it out. [23] */
  intent_id: z.enum(['required', 'if_given']).default('required'),
  /** Whether id tokens say how the person proved themselves; `ignored` neither asks nor looks (NatWest, Starling). [23] */
  acr: z.enum(['required', 'if_given', 'ignored']).default('if_given'),
  /** Further parameters of the authorization request (Lloyds wants the nonce once more, Co-operative `login_hint`). [8] */
  request_parameters: z.record(z.string().max(60), z.string().max(200)).default({}),
  /** Permissions this bank does not know: never asked for, because one too many refuses the whole consent. */
  permissions_never: z.array(z.enum(PERMISSIONS)).default([]),
  /** `asked`: the consent ends when the app wants it to; `open`: it never does, for banks that refuse an end. [2] */
  consent_ends: z.enum(['asked', 'open']).default('asked'),
  /** `x-fapi-financial-id`, at banks that still want it after 3.1.3. */
  financial_id: z.string().min(1).max(60).optional(),
  /** `query`: next links have a wrong host or path, only their query is right (Lloyds, Barclays, Coutts). [12] */
  next_links: z.enum(['as_written', 'query']).default('as_written'),
  /** Whether `TransactionId` can be trusted to name an entry; `none` hands on no id (Nationwide). [17] */
  transaction_id: z.enum(['transaction_id', 'none']).default('transaction_id'),
  /** `inverted`: the bank signs the wrong way round. [18] */
  amount_sign: z.enum(['as_written', 'inverted']).default('as_written'),
  /** Meaning of balance types the bank uses in its own way. [21] */
  balance_types: z.record(z.string().max(60), z.enum(['booked', 'available', 'expected'])).default({}),
  /** Milliseconds between two looks at a consent whose state has not followed the person back yet. [26] */
  status_settles_after_ms: z.int().min(200).max(60_000).default(2000),
  /** Milliseconds after the return at which a still undecided consent counts as not given. */
  status_settles_within_ms: z.int().min(1000).max(600_000).default(20_000),
  /** Dynamic client registration; `none`: only by hand, in the bank's own portal (Barclays). [24] */
  registration: z.enum(['dynamic', 'none']).default('dynamic'),
  /** Media type of the registration request. [24] */
  registration_type: z.enum(['application/jwt', 'application/jose']).default('application/jwt'),
  /** `aud` of the registration request, where it is not the issuer (the bank's organisation id). [24] */
  registration_audience: z.string().min(1).max(200).optional(),
  /** How we prove who we are at the token endpoint. */
  client_authentication: z.enum(['private_key_jwt', 'tls_client_auth']).default('private_key_jwt'),
});
/** The facts as the connector works with them: defaults filled in. */
export type Facts = z.infer<typeof facts>;
