import type { Factor } from './pairs.ts';

/** What makes the pretend bank so, and what its provider file would say of it. */
export type Quirk = {
  bank?: object;
  file?: object | ((bank: AtBank) => object);
  /** Days back, today included, that it still tells of. */
  days?: number;
};

/** What of the running bank a provider file has to name. */
export type AtBank = { metadata: string; passwordKey: string };

type Values = Record<string, Quirk>;

const USUAL: Quirk = {};
const switches = (...names: string[]): Values =>
  Object.fromEntries(names.map((name) => [name, { bank: { [name]: true } }]));
/** A fact that is called and filled alike on both sides. */
const both = (facts: object): Quirk => ({ bank: facts, file: facts });

const PROOFS: Values = {
  redirect: USUAL,
  oauth: { bank: { approach: 'oauth' } },
  'OAuth by other names': {
    bank: { approach: 'oauth', oauth_scope: 'AIS: {consent_id}', oauth_parameters: 'camel_case' },
    file: {
      oauth_scope: 'AIS: {consent_id}',
      oauth_parameters: {
        response_type: { name: 'responseType', value: 'CODE' },
        client_id: { name: 'clientId' },
        redirect_uri: { name: 'redirectUri' },
        code_challenge: { name: 'codeChallenge' },
        code_challenge_method: { name: 'codeChallengeMethod' },
      },
    },
  },
  embedded: { bank: { approach: 'embedded' } },
  decoupled: { bank: { approach: 'decoupled' }, file: { psu_id: 'required' } },
  code: { bank: { confirmation: 'code' } },
  confirmationCode: { bank: { confirmation: 'confirmationCode' } },
  'OAuth first': {
    bank: { pre_step: 'oauth' },
    file: ({ metadata }) => ({ pre_step: { kind: 'oauth', metadata_url: metadata, scope: 'AIS' } }),
  },
  'OAuth first, then the app': {
    bank: { pre_step: 'oauth', approach: 'decoupled' },
    file: ({ metadata }) => ({ pre_step: { kind: 'oauth', metadata_url: metadata, scope: 'AIS' } }),
  },
  'password first': {
    bank: { pre_step: 'password', approach: 'embedded' },
    file: { pre_step: { kind: 'password', path: 'pre-auth/token', header: 'PSD2-AUTHORIZATION' } },
  },
  'own token first': {
    bank: { pre_step: 'client_credentials' },
    file: ({ metadata }) => ({ pre_step: { kind: 'client_credentials', metadata_url: metadata, scope: 'AIS' } }),
  },
  'own token first, then embedded': {
    bank: { pre_step: 'client_credentials', approach: 'embedded' },
    file: ({ metadata }) => ({ pre_step: { kind: 'client_credentials', metadata_url: metadata, scope: 'AIS' } }),
  },
  '1.1': { bank: { approach: 'embedded', authorisation: 'consent' }, file: { authorisation: 'consent' } },
  password_key: {
    bank: { approach: 'embedded', password_key: true },
    file: ({ passwordKey }) => ({ password_key: passwordKey }),
  },
  'psu_id and its type': {
    bank: { approach: 'embedded', psu_id: 'required', psu_id_type: 'KOBOLD' },
    file: { psu_id: 'required', psu_id_type: 'KOBOLD' },
  },
  'psu_id empty': both({ psu_id: 'empty' }),
  'psu_id forbidden': both({ psu_id: 'forbidden' }),
};

const CARRIAGE: Values = { usual: USUAL, ...switches('gzip', 'chunked', 'charset_refused') };

const LINKS: Values = {
  usual: USUAL,
  ...switches('relative_links', 'doubled_scheme_links', 'plain_string_links'),
};

/** What can differ while a person proves who they are. */
export const PROVING: Factor<Quirk>[] = [
  { name: 'proof', values: PROOFS },
  { name: 'start', values: { implicit: USUAL, explicit: { bank: { start: 'explicit' } } } },
  { name: 'links', values: LINKS },
  { name: 'more links', values: { usual: USUAL, ...switches('unknown_links', 'links_list', 'no_links') } },
  { name: 'types', values: { usual: USUAL, ...switches('loose_types', 'location_json') } },
  { name: 'statuses', values: { usual: USUAL, ...switches('odd_statuses', 'problem_json') } },
  { name: 'carriage', values: CARRIAGE },
  {
    name: 'wire',
    values: {
      usual: USUAL,
      signature: both({ signature: 'required' }),
      date_header: both({ date_header: true }),
      user_agent: { bank: { user_agent: true }, file: { user_agent: 'Drawbridge' } },
    },
  },
  { name: 'notifications', values: { usual: USUAL, wanted: both({ notifications: true }) } },
  {
    name: 'consent',
    values: {
      usual: USUAL,
      recurring_only: both({ recurring_only: true }),
      longest: { bank: { valid_until: 'refused', longest_consent_days: 30 }, file: { longest_consent_days: 30 } },
      'named by the bank': both({ valid_until: 'longest' }),
    },
  },
  { name: 'model', values: { usual: USUAL, global: { bank: { consent_models: ['global'] } } } },
];

/** What can differ while accounts are read. */
export const READING: Factor<Quirk>[] = [
  {
    name: 'reports',
    values: {
      json: USUAL,
      camt: { bank: { report_formats: ['camt'] } },
      mt940: { bank: { report_formats: ['mt940'] } },
      download: { bank: { report_formats: ['download'] } },
    },
  },
  {
    name: 'links',
    values: {
      ...LINKS,
      same_host: { bank: { page_size: 40, next_foreign_host: true }, file: { next_links: 'same_host' } },
    },
  },
  {
    name: 'next',
    values: {
      'one page': USUAL,
      pages: { bank: { page_size: 40 } },
      joined_next_link: { bank: { page_size: 40, joined_next_link: true } },
    },
  },
  { name: 'carriage', values: CARRIAGE },
  {
    name: 'types',
    values: { usual: USUAL, ...switches('loose_types', 'structured_object', 'structured_string', 'odd_statuses') },
  },
  {
    name: 'signs',
    values: {
      usual: USUAL,
      inverted: both({ amount_sign: 'inverted' }),
      unsigned: both({ amount_sign: 'unsigned' }),
      ...switches('decimal_comma', 'three_decimals'),
    },
  },
  {
    name: 'ids',
    values: {
      usual: USUAL,
      ...switches('ids_changing', 'ids_missing', 'ids_reused', 'ids_constant'),
      entry_reference: both({ transaction_id: 'entry_reference' }),
    },
  },
  {
    name: 'texts',
    values: {
      usual: USUAL,
      text_cut_at: both({ text_cut_at: 35 }),
      text_tags: both({ text_tags: true }),
      text_escapes: { bank: { text_escapes: true } },
      additional: { bank: { description_from: 'additional' } },
      'payee in the text': {
        bank: { payee_from: 'text', payee_between: ['An: ', ';'] },
        file: { payee_from: ['text'], payee_between: { after: 'An: ', until: ';' } },
      },
    },
  },
  {
    name: 'lists',
    values: {
      both: USUAL,
      separate: { bank: { booking_status: ['booked', 'pending'] } },
      booked: { bank: { booking_status: ['booked'] } },
      pending_in_future: { bank: { pending_in_future: true } },
      pending_without_date: { bank: { pending_without_date: true } },
      'pending without minus': both({ pending_sign: 'debit' }),
    },
  },
  {
    name: 'history',
    values: {
      whole: USUAL,
      ...Object.fromEntries(
        ['PERIOD_INVALID', 'CONSENT_INVALID', 'SERVICE_INVALID'].map((code) => [
          `90 days, ${code}`,
          { bank: { history_minutes: 0, history_after: 'refuse', history_refusal: code }, days: 90 },
        ]),
      ),
      '30 days': {
        bank: { history_minutes: 0, history_after: 'refuse', history_days_later: 30 },
        file: { history_days_later: 30 },
        days: 30,
      },
    },
  },
  { name: 'presence', values: { usual: USUAL, attended_only: both({ attended_only: true }) } },
  {
    name: 'balances',
    values: {
      usual: USUAL,
      ...switches('balance_information', 'currency_xxx', 'masked_pan_as_iban'),
      expected: { bank: { only_expected: true }, file: { balance_types: { expected: 'booked' } } },
      balance_meanings: {
        bank: { balance_meanings: true },
        file: { balance_types: { expected: 'booked', interimAvailable: 'ignored' } },
      },
    },
  },
];

/** What can differ at a bank whose accounts have several currencies and cards of their own. */
export const SPREADING: Factor<Quirk>[] = [
  {
    name: 'cards',
    values: {
      // With a list of their own cards are beside the accounts, whether those list them as well or not.
      only: { bank: { card_accounts: 'only' }, file: { card_accounts: 'too' } },
      too: both({ card_accounts: 'too' }),
      none: both({ card_accounts: 'none' }),
    },
  },
  {
    name: 'currencies',
    values: Object.fromEntries(['both', 'sub_accounts', 'head'].map((name) => [name, { bank: { currencies: name } }])),
  },
  ...READING.filter(({ name }) => ['links', 'next', 'carriage', 'ids'].includes(name)),
];
