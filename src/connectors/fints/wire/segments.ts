import { binary, day, flag, group, number, repeated, segment, text } from './fields.ts';

/** Country code and bank code (Kreditinstitutskennung). */
const bank = group({ country: text, code: text });
/** An account by its national number (Kontoverbindung, KTV). */
export const account = group({ number: text, sub: text, bank });
/** An account by IBAN too (Kontoverbindung international, KTI). */
export const sepaAccount = group({ iban: text, bic: text, account });
/** The moment something was written; 1 = when it was signed. */
const moment = group({ kind: text, day, time: text });
const key = group({ bank, user: text, kind: text, number: text, version: text });
const amount = group({ value: text, currency: text });
const balance = group({ mark: text, amount, day, time: text });

/** Head of a message: its size in bytes as twelve digits, its dialog, its number. */
export const HNHBK = segment('HNHBK', 3, {
  size: text,
  version: text,
  dialog: text,
  message: number,
  answers: group({ dialog: text, message: number }),
});
/** End of a message. */
export const HNHBS = segment('HNHBS', 1, { message: number });
/** Head of the envelope, which encrypts in name only. */
export const HNVSK = segment('HNVSK', 3, {
  profile: group({ method: text, version: number }),
  securityFunction: text,
  role: text,
  identity: group({ kind: text, card: binary, systemId: text }),
  moment,
  algorithm: group({ use: text, mode: text, code: text, key: binary, parameter: text, vector: text }),
  key,
  compression: text,
});
/** The envelope: the segments of the message. */
export const HNVSD = segment('HNVSD', 1, { content: binary });
/** Head of the signature: who signs by which method. */
export const HNSHK = segment('HNSHK', 4, {
  profile: group({ method: text, version: number }),
  securityFunction: text,
  reference: text,
  area: text,
  role: text,
  identity: group({ kind: text, card: binary, systemId: text }),
  sequence: number,
  moment,
  hash: group({ use: text, code: text, parameter: text }),
  algorithm: group({ use: text, code: text, mode: text }),
  key,
});
/** The signature: PIN and code. */
export const HNSHA = segment('HNSHA', 2, { reference: text, result: binary, secret: group({ pin: text, code: text }) });

/** Who asks. */
export const HKIDN = segment('HKIDN', 2, { bank, customer: text, systemId: text, systemIdNeeded: text });
/** Which parameters we hold, and which product we are. */
export const HKVVB = segment('HKVVB', 3, {
  bankVersion: number,
  userVersion: number,
  language: text,
  product: text,
  productVersion: text,
});
/** Asks for a system id. */
export const HKSYN = segment('HKSYN', 3, { mode: text });
/** The system id of this login on this system: kept, or banks ask for a code every time. */
export const HISYN = segment('HISYN', 4, { systemId: text });
/** Ends a dialog. */
export const HKEND = segment('HKEND', 1, { dialog: text });

/** What happened: code, the element it is about, words, parameters. `HIRMS` names the segment in its header. */
const returned = group({ code: text, element: text, words: text, parameters: repeated(text) });
/** About the message as a whole. */
export const HIRMG = segment('HIRMG', 2, {}, returned);
/** About one segment. */
export const HIRMS = segment('HIRMS', 2, {}, returned);

/** Bank parameters (BPD): their version and the bank. */
export const HIBPA = segment('HIBPA', 3, { version: number, bank, name: text });
/** Which orders need a code, and what the bank calls a login. */
export const HIPINS = segment('HIPINS', 1, {
  most: number,
  signatures: number,
  securityClass: text,
  parameters: group({
    shortestPin: number,
    longestPin: number,
    longestCode: number,
    userLabel: text,
    customerLabel: text,
    orders: repeated(group({ name: text, needsCode: flag })),
  }),
});
const method = {
  securityFunction: text,
  process: text,
  technicalId: text,
  kind: text,
  kindVersion: text,
  name: text,
  longestCode: number,
  format: text,
  returnLabel: text,
  longestReturn: number,
  severalCodes: text,
  timing: text,
  cancels: text,
  smsAccount: text,
  orderAccount: text,
  challengeClass: text,
  structured: flag,
  initialisation: text,
  mediumName: text,
  wantsReturn: text,
  media: number,
};
const decoupled = {
  mostPolls: number,
  waitBeforeFirstS: number,
  waitBetweenS: number,
  confirms: flag,
  polls: flag,
};
const methods = { most: number, signatures: number, securityClass: text };
const allowed = { oneStep: flag, several: flag, hash: text };
/** Methods for codes. */
export const HITANS6 = segment('HITANS', 6, {
  ...methods,
  list: group({ ...allowed, methods: repeated(group(method)) }),
});
/** Methods for codes, with approval in an app. */
export const HITANS7 = segment('HITANS', 7, {
  ...methods,
  list: group({ ...allowed, methods: repeated(group({ ...method, ...decoupled })) }),
});
/** How far back MT940 statements reach. */
export const HIKAZS = segment('HIKAZS', 0, {
  ...methods,
  limits: group({ days: number, countAllowed: flag, all: flag }),
});
/** How far back camt statements reach, and which messages there are. */
export const HICAZS = segment('HICAZS', 1, {
  ...methods,
  limits: group({ days: number, countAllowed: flag, all: flag, formats: repeated(text) }),
});

/** User parameters (UPD). */
export const HIUPA = segment('HIUPA', 4, { user: text, version: number, usage: text, name: text });
/** One account, and what this user may do with it. */
export const HIUPD = segment(
  'HIUPD',
  6,
  {
    account,
    iban: text,
    customer: text,
    kind: number,
    currency: text,
    holder: text,
    holderMore: text,
    product: text,
    limit: text,
  },
  group({ order: text, signatures: text }),
);

/** Codes: the question, its media. Versions 6 and 7 of `HKTAN` are written alike. */
const codeOrder = {
  process: text,
  order: text,
  account: sepaAccount,
  hash: binary,
  reference: text,
  further: text,
  cancels: text,
  smsAccount: text,
  challengeClass: text,
  challengeParameters: text,
  medium: text,
};
/** The order around a code: process 4 announces, 2 brings the code, S asks for an approval. */
export const HKTAN6 = segment('HKTAN', 6, codeOrder);
/** The same, with approval in an app. */
export const HKTAN7 = segment('HKTAN', 7, codeOrder);
/** The challenge. Version 7 is read alike. */
export const HITAN = segment('HITAN', 6, {
  process: text,
  hash: binary,
  reference: text,
  challenge: text,
  flicker: binary,
  until: group({ day, time: text }),
  medium: text,
});
/** Asks for the media of codes. */
export const HKTAB = segment('HKTAB', 4, { kind: text, mediumClass: text });
const medium4 = {
  cardNumber: text,
  cardSequence: text,
  cardKind: text,
  account,
  from: text,
  until: text,
  list: text,
  name: text,
  maskedNumber: text,
  number: text,
};
/** The media of codes. */
export const HITAB4 = segment('HITAB', 4, { usage: text }, group({ mediumClass: text, status: text, ...medium4 }));
/** The media of codes with their method. */
export const HITAB5 = segment(
  'HITAB',
  5,
  { usage: text },
  group({ mediumClass: text, status: text, securityFunction: text, ...medium4 }),
);

/** Asks for the accounts with their IBANs. */
export const HKSPA = segment('HKSPA', 1, {});
/** Accounts with their IBANs. */
export const HISPA = segment('HISPA', 1, {}, group({ isSepa: flag, of: sepaAccount }));

/** Balances: up to version 6 by national number, from 7 on by IBAN. */
const paging = { most: number, mark: text };
/** Balance of an account by its national number; version 5 is written alike. */
export const HKSAL6 = segment('HKSAL', 6, { account, all: flag, ...paging });
/** Balance of an account by its IBAN; version 8 is written alike. */
export const HKSAL7 = segment('HKSAL', 7, { account: sepaAccount, all: flag, ...paging });
const balances = {
  product: text,
  currency: text,
  booked: balance,
  pending: balance,
  creditLine: amount,
  available: amount,
};
/** Balances, version 5 too. */
export const HISAL6 = segment('HISAL', 6, { account, ...balances });
/** Balances, version 8 too. */
export const HISAL7 = segment('HISAL', 7, { account: sepaAccount, ...balances });

/** MT940 statements by national number; version 5 is written alike. */
export const HKKAZ6 = segment('HKKAZ', 6, { account, all: flag, from: day, to: day, ...paging });
/** MT940 statements by IBAN. */
export const HKKAZ7 = segment('HKKAZ', 7, { account: sepaAccount, all: flag, from: day, to: day, ...paging });
/** MT940 statements, and what is pending as MT942. All versions are read alike. */
export const HIKAZ = segment('HIKAZ', 7, { booked: binary, pending: binary });
/** camt statements. */
export const HKCAZ = segment('HKCAZ', 1, {
  account: sepaAccount,
  formats: repeated(text),
  all: flag,
  from: day,
  to: day,
  ...paging,
});
/** camt statements. */
export const HICAZ = segment('HICAZ', 1, {
  account: sepaAccount,
  format: text,
  booked: repeated(binary),
  pending: binary,
});

/** Turnovers of a card. */
export const DKKKU = segment('DKKKU', 2, { account, card: text, sub: text, from: day, ...paging });
/** Turnovers of a card, one element each. */
export const DIKKU = segment(
  'DIKKU',
  2,
  { card: text, more: text, balance, moreBefore: text, moreAfter: text },
  repeated(text),
);
