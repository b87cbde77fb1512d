import type { Holding } from './holdings.ts';
import type { Oddity } from './oddities.ts';

/** How a person proves who they are at an interface. `push` begins embedded and goes on in the bank's app. */
export type Approach = 'redirect' | 'oauth' | 'embedded' | 'decoupled';

/** The consent models of the standard that an interface may support (standards §3.3). */
export type Model = 'global' | 'offered' | 'available' | 'detailed';

/** What an account report can come as; `download` answers with a link to a ZIP of camt.052 files. */
export type ReportFormat = 'json' | 'camt' | 'mt940' | 'download';

/** Where the text of an entry stands in JSON. */
export type TextPlace = 'unstructured' | 'unstructured_list' | 'structured' | 'additional';

/**
 * One way to the bank over the wire, at `/<bank>` or `/<bank>/<path>`: everything in which banks differ. Control changes
 * any of it while the bank runs, see `facts.ts`.
 */
export type Face = {
  path: string;
  /** ISO 20022 cash account types that it serves. */
  accountTypes: readonly Holding['type'][];
  approach: Approach;
  /** Whether the bank itself opens the authorisation with the consent, or waits to be asked. */
  start: 'implicit' | 'explicit';
  /** Whether name and password are asked for in one message or one after the other (embedded only). */
  identification: 'together' | 'separate';
  /** What a person has to have done before a consent can be made at all. */
  preStep: 'none' | 'oauth' | 'password' | 'client_credentials';
  /** `consent`: as version 1.1 had it, with no authorisation below the consent; all is `PUT` on the consent itself. */
  authorisation: 'sub_resource' | 'consent';
  /** Passwords must come encrypted for the banks' key (JWE), or in the clear. */
  passwordKey: boolean;
  /** A second secret is asked for after the password. */
  additionalPassword: boolean;
  /** After a redirect the consent waits for a code, which returns with the person in this parameter. */
  confirmation: 'none' | 'code' | 'confirmationCode';
  consentModels: readonly Model[];
  /** What it answers to a consent model it does not know, always with HTTP 400. */
  modelRefusal: 'SERVICE_INVALID' | 'PARAMETER_NOT_SUPPORTED' | 'FORMAT_ERROR';
  recurringOnly: boolean;
  /** The only `frequencyPerDay` of a recurring consent that is accepted; 0 is any. */
  frequencyPerDay: number;
  /** A consent lasts at most so many days. */
  longestConsentDays: number;
  /** What a longer one gets: it is shortened, refused, or only `9999-12-31` is taken at all. */
  validUntil: 'asked' | 'refused' | 'longest';
  /** A new recurring consent ends the former one of the same person and caller unless this is true. */
  multipleConsents: boolean;
  psuId: 'if_known' | 'required' | 'forbidden' | 'empty';
  /** The value that `PSU-ID-Type` must have wherever `PSU-ID` is; any when empty. */
  psuIdType: string;
  /** People at this bank act for a company: `PSU-Corporate-ID` must be there. */
  corporateId: boolean;
  /** `{consent_id}` stands for the consent. */
  oauthScope: string;
  /** `camel_case` calls the parameters `clientId`, `redirectUri`, … and wants `response_type` in capitals. */
  oauthParameters: 'standard' | 'camel_case';
  /** Without metadata `scaOAuth` leads straight to the page where the person signs in. */
  oauthMetadata: boolean;
  signature: 'none' | 'required';
  /** What must be signed; the standard's list, as far as the headers are there, when empty. */
  signatureHeaders: readonly string[];
  signatureKeyId: 'any' | 'hex' | 'decimal';
  dateHeader: boolean;
  userAgent: boolean;
  /** Reading without a person is refused. */
  attendedOnly: boolean;
  /** Tells the address in `TPP-Notification-URI` of every change. */
  notifications: boolean;
  /** Links with scheme and host; from the host's root; or from the bank's base address, as `/v1/…`. */
  links: 'absolute' | 'path' | 'base';
  errors: 'tppMessages' | 'problem';
  /** What the third wrong code gets: an error, or an answer with `scaStatus: failed`. */
  lastWrongCode: 'error' | 'failed';
  /** The whole history is open for so many minutes after the person approved. */
  historyMinutes: number;
  /** Then so many days are. */
  historyDaysLater: number;
  /** What happens to older days then. */
  historyAfter: 'cut' | 'refuse';
  historyRefusal: 'PERIOD_INVALID' | 'CONSENT_INVALID' | 'SERVICE_INVALID';
  bookingStatus: readonly string[];
  reportFormats: readonly ReportFormat[];
  delta: 'none' | 'entry_reference' | 'delta_list' | 'both';
  withBalance: 'supported' | 'ignored' | 'refused';
  pageSize: number;
  balances: readonly ('closingBooked' | 'interimBooked' | 'interimAvailable' | 'expected')[];
  /** Cards are listed with the accounts, also below `/v1/card-accounts`, or only there. */
  cardAccounts: 'none' | 'too' | 'only';
  /** An account of several currencies: one head (`XXX`), one account a currency, or all of them. */
  currencies: 'head' | 'sub_accounts' | 'both';
  /** Numbers of accounts that are closed: they are not listed any more. */
  accountsGone: readonly string[];
  /** Numbers of accounts that are blocked. */
  accountsBlocked: readonly string[];
  /** Accounts that have a new number: `<old>=<new>`. */
  accountsRenumbered: readonly string[];
  /** Which name of an entry it fills. */
  transactionId: 'both' | 'transaction_id' | 'entry_reference' | 'none';
  amountSign: 'as_written' | 'inverted' | 'unsigned';
  pendingSign: 'as_written' | 'debit';
  descriptionFrom: TextPlace;
  payeeFrom: 'party' | 'text' | 'additional';
  /** What stands before and behind the payee in a text. */
  payeeBetween: readonly string[];
  /** Texts are cut into pieces of so many characters, in mid-word; 0 is never. */
  textCutAt: number;
  /** Texts are written as in MT940: `EREF+…SVWZ+…`. */
  textTags: boolean;
  /** Letters beyond ASCII are written as `\U00e4`. */
  textEscapes: boolean;
  bookedOnFrom: 'bookingDate' | 'valueDate' | 'transactionDate';
  /** `ignored`: it cannot be trusted. */
  valueDate: 'trusted' | 'ignored';
  /** The label in the text before the amount in the account's currency; `transactionAmount` is then the foreign one. */
  homeAmountAfter: string;
  /** What it does that no standard knows. */
  oddities: readonly Oddity[];
};

/** The usual interface; banks say where they differ. */
export const USUAL: Face = {
  path: '',
  accountTypes: ['CACC', 'SVGS'],
  approach: 'redirect',
  start: 'implicit',
  identification: 'together',
  preStep: 'none',
  authorisation: 'sub_resource',
  passwordKey: false,
  additionalPassword: false,
  confirmation: 'none',
  consentModels: ['global', 'offered', 'available', 'detailed'],
  modelRefusal: 'SERVICE_INVALID',
  recurringOnly: false,
  frequencyPerDay: 0,
  longestConsentDays: 180,
  validUntil: 'asked',
  multipleConsents: false,
  psuId: 'if_known',
  psuIdType: '',
  corporateId: false,
  oauthScope: 'AIS:{consent_id}',
  oauthParameters: 'standard',
  oauthMetadata: true,
  signature: 'none',
  signatureHeaders: [],
  signatureKeyId: 'any',
  dateHeader: false,
  userAgent: false,
  attendedOnly: false,
  notifications: true,
  links: 'absolute',
  errors: 'tppMessages',
  lastWrongCode: 'error',
  historyMinutes: 60,
  historyDaysLater: 90,
  historyAfter: 'cut',
  historyRefusal: 'PERIOD_INVALID',
  bookingStatus: ['booked', 'pending', 'both'],
  reportFormats: ['json'],
  delta: 'none',
  withBalance: 'supported',
  pageSize: 100,
  balances: ['interimBooked', 'expected'],
  cardAccounts: 'too',
  currencies: 'sub_accounts',
  accountsGone: [],
  accountsBlocked: [],
  accountsRenumbered: [],
  transactionId: 'both',
  amountSign: 'as_written',
  pendingSign: 'as_written',
  descriptionFrom: 'unstructured',
  payeeFrom: 'party',
  payeeBetween: [],
  textCutAt: 0,
  textTags: false,
  textEscapes: false,
  bookedOnFrom: 'bookingDate',
  valueDate: 'trusted',
  homeAmountAfter: '',
  oddities: [],
};
