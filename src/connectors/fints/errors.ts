import { BankError, type BankErrorKind } from '../../banking/bank-error.ts';
import { HIRMG, HIRMS } from './wire/segments.ts';
import type { Segment } from './wire/syntax.ts';

/** One return code. `about`: the number of the segment it answers; absent = the whole message. `words` are the bank's. */
export type ReturnCode = { code: string; words: string; parameters: string[]; about?: number };

/** Return codes that mean one thing at every bank (FinTS 3.0, Rückmeldungscodes). All others are told by their first digit. */
const KINDS: Record<string, BankErrorKind> = {
  // PIN wrong. Three of these lock the login, so nothing is ever sent again by itself.
  '9942': 'wrong_credentials',
  '9340': 'wrong_credentials',
  '9910': 'wrong_credentials',
  // Login blocked, for good or until the person unlocks it.
  '9930': 'blocked',
  '9931': 'blocked',
  '9933': 'blocked',
  '9935': 'blocked',
  '3938': 'blocked',
  '9941': 'wrong_code',
  '9943': 'wrong_code',
  // The product is not registered, or not known there yet: it takes weeks to spread.
  '9076': 'misconfigured',
  '9077': 'misconfigured',
  '9078': 'misconfigured',
  '9079': 'misconfigured',
  // A code or an approval did not come in time.
  '9956': 'timed_out',
  '9957': 'timed_out',
  '9955': 'declined',
  '9958': 'declined',
  '9075': 'unsupported',
  '9120': 'unsupported',
  '9160': 'unsupported',
  '9320': 'unsupported',
  // The method or the medium is not this person's, or not any more.
  '9951': 'unsupported',
  '9953': 'unsupported',
};

/** What decides when a bank says several things at once: what could lock a login comes first. */
const GRAVEST: BankErrorKind[] = [
  'blocked',
  'wrong_credentials',
  'wrong_code',
  'misconfigured',
  'timed_out',
  'declined',
  'unsupported',
];

/** `There is an error`, `the dialog is over`: what else was said says why. */
const SAYS_NOTHING = new Set(['9050', '9800', '9010']);

/** The return codes of an answer, the whole message's first. */
export function readReturnCodes(segments: readonly Segment[]): ReturnCode[] {
  return segments.flatMap((segment): ReturnCode[] => {
    if (segment.name !== 'HIRMG' && segment.name !== 'HIRMS') return [];
    const { rest } = segment.name === 'HIRMG' ? HIRMG.read(segment) : HIRMS.read(segment);
    return rest
      .filter(({ code }) => /^\d{4}$/.test(code))
      .map(({ code, words, parameters }) => ({
        code,
        words,
        parameters,
        ...(segment.reference === undefined || segment.name === 'HIRMG' ? {} : { about: segment.reference }),
      }));
  });
}

/** The bank's no, if it said one: 9xxx is an error, everything below is not, except a login that is blocked for now. */
export function refusalOf(codes: readonly ReturnCode[]): BankError | undefined {
  const noes = codes.filter(({ code }) => code.startsWith('9') || code === '3938');
  if (noes.length === 0) return undefined;
  const kinds = noes.map(({ code }) => KINDS[code] ?? kindByWords(noes));
  const kind = GRAVEST.find((grave) => kinds.includes(grave)) ?? kinds[0]!;
  const said =
    noes.find(({ code }) => KINDS[code] === kind) ?? noes.find(({ code }) => !SAYS_NOTHING.has(code)) ?? noes[0]!;
  const quote = said.words.slice(0, 300);
  return new BankError(kind, `the bank answered ${[...new Set(noes.map(({ code }) => code))].slice(0, 8).join(', ')}`, {
    code: said.code,
    ...(quote ? { quote } : {}),
  });
}

/** Whether the answer says that the dialog is over at the bank. */
export function endsDialog(codes: readonly ReturnCode[]): boolean {
  return codes.some(({ code }) => code === '9800' || code === '9380');
}

/** Whether an approval or a code is asked for. */
export function asksForProof(codes: readonly ReturnCode[]): boolean {
  return codes.some(({ code }) => code === '0030' || code === '3955');
}

/** Banks use 9010, 9050 and 9210 for everything; only their words say what, and only these are clear enough. */
function kindByWords(noes: readonly ReturnCode[]): BankErrorKind {
  const words = noes.map((one) => one.words.toLowerCase()).join(' ');
  if (/gesperrt|sperre/.test(words)) return 'blocked';
  if (/\bpin\b.*(falsch|ung(ü|ue)ltig|nicht korrekt)|anmeldedaten|zugangsdaten/.test(words)) return 'wrong_credentials';
  if (/produkt(bezeichnung|registrierung|kennung)|registrierungsnummer/.test(words)) return 'misconfigured';
  if (/wartung|zur zeit nicht|derzeit nicht|vor(ü|ue)bergehend/.test(words)) return 'unavailable';
  return 'unexpected';
}
