import type { z } from 'zod';
import type { Json } from '../../banking/step.ts';
import { type AddressRules, refuseBaseUrl, refuseHost } from './addresses.ts';
import { fileKeys, type InterfaceDocument, type MemberDocument, type ProviderDocument, slug } from './document.ts';
import { monogramOf, type Provider, type ProviderInterface } from './provider.ts';
import { TIME_ZONES } from './time-zones.ts';
import { type Complaint, explain, type Path, readYaml } from './yaml.ts';

/** Why a provider file was refused. `line` counts from 1; absent when it is about the file as a whole. */
export type ProviderFileProblem = { file: string; line?: number; reason: string };

/** What a file is read against. `sandbox` is absent where pretend banks do not run: their files are then passed over. */
export type ReadingRules = {
  factSchemas: Readonly<Record<string, z.ZodType>>;
  sandbox?: { baseUrl: string; hosts: readonly string[] };
  allowPrivate: AddressRules['allowPrivate'];
};

/** What one file gave: its providers, or why not. A file loads whole or not at all. */
export type FileReading = { providers: Provider[]; problems: ProviderFileProblem[] };

/** Reads one provider file: a bank named by the file, or a family with its members. */
export function readProviderFile(file: string, text: string, rules: ReadingRules): FileReading {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return refused(file, yaml.problems);
  return readDocument(file, yaml.value, rules, yaml.place);
}

/** The same for a document that was made, not written: what it says is judged as a file's content is. */
export function readProviderDocument(file: string, value: unknown, rules: ReadingRules): FileReading {
  const place: Place = (complaints) =>
    complaints.map(({ path, reason }) => ({ reason: `${path.map(String).join('.')}: ${reason}` }));
  return readDocument(file, value, rules, place);
}

type Place = (complaints: readonly Complaint[]) => { line?: number; reason: string }[];

function readDocument(file: string, value: unknown, rules: ReadingRules, place: Place): FileReading {
  const parsed = fileKeys.safeParse(value, { reportInput: true });
  if (!parsed.success) return refused(file, place(explain(parsed.error.issues)));
  const document = parsed.data;
  if (document.environment === 'sandbox' && rules.sandbox === undefined) return { providers: [], problems: [] };
  const complaints: Complaint[] = [];
  const complain = (path: Path, reason: string) => void complaints.push({ path, reason });
  const providers = banksOf(file, document, complain).map((bank) => build(document, bank, rules, complain));
  if (complaints.length > 0) return refused(file, place(complaints));
  return { providers: providers.map(freeze), problems: [] };
}

type Complain = (path: Path, reason: string) => void;

/** One bank of a file: what it says for itself and where that stands. */
type Bank = Omit<MemberDocument, 'name' | 'country'> & { name: string; country: string; at: Path };

const MOST_PROBLEMS = 20;

function refused(file: string, problems: { line?: number; reason: string }[]): FileReading {
  const seen = new Map(problems.map((problem) => [`${problem.line}:${problem.reason}`, problem]));
  return {
    providers: [],
    problems: [...seen.values()].slice(0, MOST_PROBLEMS).map((problem) => ({ file, ...problem })),
  };
}

function banksOf(file: string, document: ProviderDocument, complain: Complain): Bank[] {
  if (document.members === undefined) return aloneBank(file, document, complain);
  const own = ['bics', 'bank_codes', 'sort_codes', 'cities', 'other_names'] as const;
  for (const key of own) if (document[key]) complain([key], 'belongs to each member of a family, not to the family');
  const ids = new Set<string>();
  return document.members.map((member, index) => {
    const at = ['members', index];
    if (ids.has(member.id)) complain([...at, 'id'], `${member.id} is a member already`);
    ids.add(member.id);
    const country = member.country ?? document.country;
    if (country === undefined) complain(at, 'needs a country, here or at the top of the file');
    return { ...member, brand: member.brand ?? document.brand ?? document.name, country: country ?? '', at };
  });
}

function aloneBank(file: string, document: ProviderDocument, complain: Complain): Bank[] {
  const id = file.replace(/\.yaml$/, '');
  const form = slug.safeParse(id);
  if (!form.success) complain([], `the file's name is the bank's slug: ${form.error.issues[0]?.message}`);
  if (document.name === undefined) complain([], 'needs a name');
  if (document.country === undefined) complain([], 'needs a country');
  return [{ ...document, id, values: {}, name: document.name ?? '', country: document.country ?? '', at: [] }];
}

function build(document: ProviderDocument, bank: Bank, rules: ReadingRules, complain: Complain): Provider {
  const prefix = `${bank.country.toLowerCase()}-`;
  if (bank.country !== '' && !bank.id.startsWith(prefix)) {
    complain(bank.at.length > 0 ? [...bank.at, 'id'] : ['country'], `the slug ${bank.id} must begin with ${prefix}`);
  }
  if (document.environment !== 'sandbox' && document.test_logins.length > 0) {
    complain(['test_logins'], 'only a sandbox bank shows its logins');
  }
  if ((document.interfaces.length === 0) !== (document.absence !== undefined)) {
    complain(['interfaces'], 'needs one at least, or an absence that says why there is none');
  }
  const ids = new Set<string>();
  const interfaces = document.interfaces.map((entry, index) => {
    const at = ['interfaces', index];
    if (ids.has(entry.id)) complain([...at, 'id'], `${entry.id} is an interface already`);
    ids.add(entry.id);
    return buildInterface(entry, at, document, bank, rules, complain);
  });
  return {
    id: bank.id,
    name: bank.name,
    ...(bank.brand === undefined ? {} : { brand: bank.brand }),
    country: bank.country,
    environment: document.environment,
    bics: bank.bics ?? [],
    bankCodes: bank.bank_codes ?? [],
    sortCodes: bank.sort_codes ?? [],
    cities: bank.cities ?? [],
    otherNames: bank.other_names ?? [],
    accountTypes: [...new Set(interfaces.flatMap((entry) => entry.accountTypes))],
    interfaces,
    ...(document.absence === undefined ? {} : { absence: document.absence }),
    app: document.app,
    concealed: document.concealed,
    testLogins: document.test_logins,
    monogram: monogramOf(bank.id, bank.name),
  };
}

function buildInterface(
  entry: InterfaceDocument,
  at: Path,
  document: ProviderDocument,
  bank: Bank,
  rules: ReadingRules,
  complain: Complain,
): ProviderInterface {
  const fill = (text: string, path: Path) => fillIn(text, bank, rules, (reason) => complain(path, reason));
  const addresses: AddressRules = {
    environment: document.environment,
    sandboxHosts: rules.sandbox?.hosts ?? [],
    allowPrivate: rules.allowPrivate,
  };
  const baseUrl = fill(entry.base_url, [...at, 'base_url']).replace(/\/+$/, '');
  const badAddress = refuseBaseUrl(baseUrl, addresses);
  if (badAddress !== undefined) complain([...at, 'base_url'], badAddress);
  const hosts = entry.hosts.map((host, index) => {
    const path = [...at, 'hosts', index];
    const filled = fill(host, path);
    const badHost = refuseHost(filled, addresses);
    if (badHost !== undefined) complain(path, badHost);
    return filled;
  });
  const timeZone = entry.time_zone ?? TIME_ZONES[bank.country];
  if (timeZone === undefined) complain(at, `needs a time_zone: ${bank.country} has no usual one`);
  return {
    id: entry.id,
    standard: entry.standard,
    accountTypes: [...new Set(entry.account_types)],
    sca: [...new Set(entry.sca)],
    baseUrl,
    hosts: [...new Set([...(URL.canParse(baseUrl) ? [new URL(baseUrl).host] : []), ...hosts])],
    ...(entry.longest_consent_days === undefined ? {} : { longestConsentDays: entry.longest_consent_days }),
    ...(entry.history_days === undefined ? {} : { historyDays: entry.history_days }),
    oneConsentPerPerson: entry.one_consent_per_person,
    timeZone: timeZone ?? 'UTC',
    ...(entry.needs === undefined ? {} : { needs: entry.needs }),
    facts: readFacts(entry, at, rules, fill, complain),
  };
}

/** The connector's own schema says what may be said and what goes without saying. */
function readFacts(
  entry: InterfaceDocument,
  at: Path,
  rules: ReadingRules,
  fill: (text: string, path: Path) => string,
  complain: Complain,
): Json {
  const schema = Object.hasOwn(rules.factSchemas, entry.standard) ? rules.factSchemas[entry.standard] : undefined;
  if (schema === undefined) {
    const known = Object.keys(rules.factSchemas).join(', ') || 'none';
    complain([...at, 'standard'], `${JSON.stringify(entry.standard)} is not spoken here; known: ${known}`);
    return {};
  }
  const path = [...at, 'facts'];
  const filled = eachText(entry.facts, (text) => fill(text, path));
  const parsed = schema.safeParse(filled, { reportInput: true });
  if (parsed.success) return parsed.data as Json;
  for (const complaint of explain(parsed.error.issues)) {
    complain([...path, ...complaint.path], complaint.reason);
  }
  return {};
}

function eachText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((part) => eachText(part, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, eachText(part, change)]));
}

/** Puts in `{sandbox}` and `{member.…}`. Other braces stay: a connector may have placeholders of its own. */
function fillIn(text: string, bank: Bank, rules: ReadingRules, complain: (reason: string) => void): string {
  return text.replace(/\{(sandbox|member\.([^}]*))\}/g, (whole, name: string, field?: string) => {
    if (name === 'sandbox') return rules.sandbox?.baseUrl ?? whole;
    const value = field !== undefined && Object.hasOwn(bank.values, field) ? bank.values[field] : undefined;
    if (value === undefined) complain(`${whole} has no value: ${bank.id} has no values.${field}`);
    return value ?? '';
  });
}

function freeze<Value>(value: Value): Value {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
