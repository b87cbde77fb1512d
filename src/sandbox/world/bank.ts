import type { FintsFace } from '../fints/face.ts';
import type { Holding } from './holdings.ts';

/** How a person proves who they are at an interface. `push` begins embedded and goes on in the bank's app. */
export type Approach = 'redirect' | 'oauth' | 'embedded' | 'decoupled';

/** The consent models of the standard that an interface may support (standards §3.3). */
export type Model = 'global' | 'offered' | 'available' | 'detailed';

/** One way to the bank over the wire, at `/<bank>` or `/<bank>/<path>`. */
export type Face = {
  path: string;
  /** ISO 20022 cash account types that it serves. */
  accountTypes: readonly ('CACC' | 'SVGS' | 'CARD')[];
  approach: Approach;
  /** Whether the bank itself opens the authorisation with the consent, or waits to be asked. */
  start: 'implicit' | 'explicit';
  /** Whether name and password are asked for in one message or one after the other (embedded only). */
  identification: 'together' | 'separate';
  models: readonly Model[];
  /** What it answers to a consent model it does not know, always with HTTP 400. */
  modelRefusal: 'SERVICE_INVALID' | 'PARAMETER_NOT_SUPPORTED' | 'FORMAT_ERROR';
  /** Links with scheme and host; from the host's root; or from the bank's base address, as `/v1/…`. */
  links: 'absolute' | 'path' | 'base';
  errors: 'tppMessages' | 'problem';
  /** A consent is shortened to so many days. */
  longestDays: number;
  /** The whole history is open for so many minutes after the person approved; then 90 days. */
  historyMinutes: number;
  /** What happens to older days then. */
  historyAfter: 'cut' | 'refuse';
  bookingStatus: readonly string[];
  pageSize: number;
  balances: readonly ('closingBooked' | 'interimBooked' | 'interimAvailable' | 'expected')[];
  /** A new recurring consent ends the former one of the same person unless this is true. */
  multipleConsents: boolean;
  /** What the third wrong code gets: an error, or an answer with `scaStatus: failed`. */
  lastWrongCode: 'error' | 'failed';
};

/** A way to approve. `push` waits for the phone; the others ask for `code`. */
export type Method = {
  id: string;
  type: 'SMS_OTP' | 'CHIP_OTP' | 'PHOTO_OTP' | 'PUSH_OTP';
  name: string;
  explanation: string;
  code?: string;
  /** Names of the devices to choose from, where the bank tells several apart (FinTS). */
  media?: readonly string[];
  /** Devices that are known and cannot be used (yet). */
  inactive?: readonly string[];
};

/** A pretend person at a pretend bank. Without methods they are exempted from a second proof. */
export type Person = {
  login: string;
  password: string;
  name: string;
  note: string;
  methods: readonly Method[];
  /** Login of whoever has to approve as well, on their phone. */
  cosigner?: string;
  holdings: readonly Holding[];
  /** Number of a securities account, which is listed and nothing more (FinTS). */
  depot?: string;
};

/** A pretend bank: its facts, its interfaces and its people. */
export type Bank = {
  slug: string;
  name: string;
  country: string;
  bic: string;
  bankCode: string;
  city: string;
  zone: string;
  /** CSS colour of its pages. */
  colour: string;
  language: 'de' | 'en' | 'nl';
  faces: readonly Face[];
  /** How it speaks FinTS; such a bank has no other interface. */
  fints?: FintsFace;
  people: readonly Person[];
};

/** The usual interface; banks say where they differ. */
export const USUAL: Face = {
  path: '',
  accountTypes: ['CACC', 'SVGS'],
  approach: 'redirect',
  start: 'implicit',
  identification: 'together',
  models: ['global', 'offered', 'available', 'detailed'],
  modelRefusal: 'SERVICE_INVALID',
  links: 'absolute',
  errors: 'tppMessages',
  longestDays: 180,
  historyMinutes: 60,
  historyAfter: 'cut',
  bookingStatus: ['booked', 'pending', 'both'],
  pageSize: 100,
  balances: ['interimBooked', 'expected'],
  multipleConsents: false,
  lastWrongCode: 'error',
};

/** A code by SMS. */
export const SMS: Method = {
  id: '901',
  type: 'SMS_OTP',
  name: 'SMS to +49 *** 4711',
  explanation: 'We send a code to your phone.',
  code: '123456',
};
/** A code from a card reader. */
export const CHIP: Method = {
  id: '902',
  type: 'CHIP_OTP',
  name: 'Card reader',
  explanation: 'Put your card into the reader.',
  code: '654321',
};
/** A code from a picture. */
export const PHOTO: Method = {
  id: '903',
  type: 'PHOTO_OTP',
  name: 'Photo-TAN',
  explanation: 'Scan the picture with your reader.',
  code: '314159',
};
/** Approval on the phone. */
export const PUSH: Method = {
  id: '904',
  type: 'PUSH_OTP',
  name: 'Approve in the app',
  explanation: 'We send a message to your phone.',
};
