import type { Database } from '../../base/database.ts';
import { clearFacts, listFacts, storeFacts } from '../store.ts';
import type { Bank } from './bank.ts';
import type { Face } from './face.ts';
import { ODDITIES, type Oddity } from './oddities.ts';

/** What of a bank's interfaces control has changed; kept in the database, so it outlasts a restart. */
export type Facts = {
  /** The bank's interfaces as they are now. */
  facesOf(bank: Bank): readonly Face[];
  /** Changes facts of one interface, or of all; says what is wrong with them instead when they cannot be. */
  change(bank: Bank, path: string | undefined, facts: Record<string, unknown>): Promise<string | undefined>;
  /** The facts that were changed, by the path of the interface. */
  changed(bank: Bank): Record<string, Changes>;
  /** Everything as it was. */
  clear(bank: Bank): Promise<void>;
};

type Changes = Record<string, unknown>;
type Allowed = readonly string[] | 'switch' | 'number' | 'text' | 'texts' | { listOf: readonly string[] };

/** What may be said of each fact. A switch is true or false; `listOf` is a list of the values. */
const ALLOWED: { readonly [Field in keyof Omit<Face, 'path' | 'accountTypes' | 'oddities'>]: Allowed } = {
  approach: ['redirect', 'oauth', 'embedded', 'decoupled'],
  start: ['implicit', 'explicit'],
  identification: ['together', 'separate'],
  preStep: ['none', 'oauth', 'password', 'client_credentials'],
  authorisation: ['sub_resource', 'consent'],
  passwordKey: 'switch',
  additionalPassword: 'switch',
  confirmation: ['none', 'code', 'confirmationCode'],
  consentModels: { listOf: ['global', 'offered', 'available', 'detailed'] },
  modelRefusal: ['SERVICE_INVALID', 'PARAMETER_NOT_SUPPORTED', 'FORMAT_ERROR'],
  recurringOnly: 'switch',
  frequencyPerDay: 'number',
  longestConsentDays: 'number',
  validUntil: ['asked', 'refused', 'longest'],
  multipleConsents: 'switch',
  psuId: ['if_known', 'required', 'forbidden', 'empty'],
  psuIdType: 'text',
  corporateId: 'switch',
  oauthScope: 'text',
  oauthParameters: ['standard', 'camel_case'],
  oauthMetadata: 'switch',
  signature: ['none', 'required'],
  signatureHeaders: 'texts',
  signatureKeyId: ['any', 'hex', 'decimal'],
  dateHeader: 'switch',
  userAgent: 'switch',
  attendedOnly: 'switch',
  notifications: 'switch',
  links: ['absolute', 'path', 'base'],
  errors: ['tppMessages', 'problem'],
  lastWrongCode: ['error', 'failed'],
  historyMinutes: 'number',
  historyDaysLater: 'number',
  historyAfter: ['cut', 'refuse'],
  historyRefusal: ['PERIOD_INVALID', 'CONSENT_INVALID', 'SERVICE_INVALID'],
  bookingStatus: { listOf: ['booked', 'pending', 'both', 'information', 'all'] },
  reportFormats: { listOf: ['json', 'camt', 'mt940', 'download'] },
  delta: ['none', 'entry_reference', 'delta_list', 'both'],
  withBalance: ['supported', 'ignored', 'refused'],
  pageSize: 'number',
  balances: { listOf: ['closingBooked', 'interimBooked', 'interimAvailable', 'expected'] },
  cardAccounts: ['none', 'too', 'only'],
  currencies: ['head', 'sub_accounts', 'both'],
  accountsGone: 'texts',
  accountsBlocked: 'texts',
  accountsRenumbered: 'texts',
  transactionId: ['both', 'transaction_id', 'entry_reference', 'none'],
  amountSign: ['as_written', 'inverted', 'unsigned'],
  pendingSign: ['as_written', 'debit'],
  descriptionFrom: ['unstructured', 'unstructured_list', 'structured', 'additional'],
  payeeFrom: ['party', 'text', 'additional'],
  payeeBetween: 'texts',
  textCutAt: 'number',
  textTags: 'switch',
  textEscapes: 'switch',
  bookedOnFrom: ['bookingDate', 'valueDate', 'transactionDate'],
  valueDate: ['trusted', 'ignored'],
  homeAmountAfter: 'text',
};

/** Every switch by its name on the control interface, with what it takes. */
export const FACT_NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ALLOWED).map(([field, allowed]): [string, string] => [snake(field), worded(allowed)]),
  ...Object.keys(ODDITIES).map((name): [string, string] => [name, 'true or false']),
]);

/** Opens what control has changed. */
export async function openFacts(database: Database): Promise<Facts> {
  const stored = new Map<string, Record<string, Changes>>();
  for (const { bank, face, detail } of await listFacts<Changes>(database)) {
    stored.set(bank, { ...stored.get(bank), [face]: detail });
  }
  const faces = new Map<string, readonly Face[]>();
  const of = (slug: string) => stored.get(slug) ?? {};
  return {
    facesOf(bank) {
      const known = faces.get(bank.slug);
      if (known) return known;
      const made = bank.faces.map((face) => applied(face, of(bank.slug)[face.path] ?? {}));
      faces.set(bank.slug, made);
      return made;
    },
    async change(bank, path, facts) {
      const wrong = Object.entries(facts).map(([name, value]) => problemOf(name, value));
      if (path !== undefined && !bank.faces.some((face) => face.path === path))
        wrong.push('There is no such interface.');
      const first = wrong.find((text) => text !== undefined);
      if (first) return first;
      for (const face of bank.faces.filter((one) => path === undefined || one.path === path)) {
        const merged = { ...of(bank.slug)[face.path], ...facts };
        for (const [name, value] of Object.entries(merged)) if (value === null) delete merged[name];
        await storeFacts(database, bank.slug, face.path, merged);
        stored.set(bank.slug, { ...of(bank.slug), [face.path]: merged });
      }
      faces.delete(bank.slug);
      return undefined;
    },
    changed: (bank) => of(bank.slug),
    async clear(bank) {
      await clearFacts(database, bank.slug);
      stored.delete(bank.slug);
      faces.delete(bank.slug);
    },
  };
}

function applied(face: Face, changes: Changes): Face {
  const fields: Changes = {};
  let oddities: Oddity[] = [...face.oddities];
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in ODDITIES)) fields[camel(name)] = inOurWords(name, value);
    else oddities = [...oddities.filter((one) => one !== name), ...(value ? [name as Oddity] : [])];
  }
  return { ...face, ...fields, oddities };
}

/** What provider files say otherwise: how they call it, and what it is here. */
const OTHER_WORDS: Record<string, Record<string, unknown>> = {
  consent_models: { listed: 'available' },
  booking_status: { both: ['booked', 'pending', 'both'], separate: ['booked', 'pending'], booked: ['booked'] },
};

function inOurWords(name: string, value: unknown): unknown {
  const words = OTHER_WORDS[name] ?? {};
  if (typeof value === 'string') return words[value] ?? value;
  if (!Array.isArray(value)) return value;
  const allowed = ALLOWED[camel(name) as keyof typeof ALLOWED];
  // Provider files give some facts in the order of looking; a bank has the first.
  if (Array.isArray(allowed)) return value[0];
  return value.map((one) => (Array.isArray(words[one]) ? one : (words[one] ?? one)));
}

function problemOf(name: string, said: unknown): string | undefined {
  const value = inOurWords(name, said);
  const takes = FACT_NAMES.get(name);
  if (takes === undefined) return `There is no fact ${name}. There are ${[...FACT_NAMES.keys()].join(', ')}.`;
  if (value === null) return undefined;
  const allowed: Allowed = name in ODDITIES ? 'switch' : ALLOWED[camel(name) as keyof typeof ALLOWED];
  return fits(value, allowed) ? undefined : `${name} must be ${takes}, or null for what is usual here.`;
}

function fits(value: unknown, allowed: Allowed): boolean {
  const texts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (allowed === 'switch') return typeof value === 'boolean';
  if (allowed === 'number') return Number.isInteger(value) && (value as number) >= 0;
  if (allowed === 'text') return typeof value === 'string';
  if (allowed === 'texts') return texts;
  if ('listOf' in allowed) return texts && value.length > 0 && value.every((one) => allowed.listOf.includes(one));
  return allowed.includes(value as string);
}

function worded(allowed: Allowed): string {
  if (allowed === 'switch') return 'true or false';
  if (allowed === 'number') return 'a whole number';
  if (allowed === 'text') return 'a text';
  if (allowed === 'texts') return 'a list of texts';
  return 'listOf' in allowed ? `a list of ${allowed.listOf.join(', ')}` : `one of ${allowed.join(', ')}`;
}

function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
