import type { FintsFace } from '../fints/face.ts';
import type { OpenBankingFace } from '../open-banking-uk/face.ts';
import type { Face } from './face.ts';
import type { Holding } from './holdings.ts';

export { type Approach, type Face, type Model, USUAL } from './face.ts';

/** A way to approve. `push` waits for the phone; the others ask for `code`. */
export type Method = {
  id: string;
  type: 'SMS_OTP' | 'CHIP_OTP' | 'PHOTO_OTP' | 'PUSH_OTP';
  name: string;
  explanation: string;
  code?: string;
  /** What the card reader is shown in a flickering picture (HHD 1.4), instead of a number to type. */
  flicker?: true;
  /** Names of the devices to choose from, where the bank tells several apart (FinTS). */
  media?: readonly string[];
  /** Devices that are known and cannot be used (yet). */
  inactive?: readonly string[];
};

/** A pretend person at a pretend bank. Without methods they are exempted from a second proof. */
export type Person = {
  login: string;
  password: string;
  /** What the bank asks for besides the password, where it does. */
  additionalPassword?: string;
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
  /** How it speaks UK Open Banking; such a bank has no other interface. */
  openBanking?: OpenBankingFace;
  people: readonly Person[];
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
/** A code from a card reader that looks at a flickering picture. */
export const FLICKER: Method = {
  id: '905',
  type: 'CHIP_OTP',
  name: 'chipTAN optisch',
  explanation: 'Hold your card reader before the flickering picture.',
  code: '654321',
  flicker: true,
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
