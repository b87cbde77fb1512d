import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type BankCode, readBankCodes } from './sources.ts';

/** A family of banks behind one FinTS address, in the form of a provider file. */
export type FamilyDocument = { file: string; document: object };

/** The German directory: documents to be read like provider files, and what is not in them. */
export type GermanDirectory = {
  families: FamilyDocument[];
  counts: { bankCodes: number; banks: number; listed: number; codesListed: number; withoutAddress: number };
};

const CORRECTIONS = join(import.meta.dirname, '..', '..', '..', 'providers', 'germany', 'corrections.yaml');

const corrections = z.strictObject({
  moved: z.array(z.strictObject({ host: z.string(), to: z.url({ protocol: /^https$/ }) })),
  gone: z.array(z.string()),
  addresses: z.array(z.strictObject({ bic: z.string(), name: z.string(), to: z.url({ protocol: /^https$/ }) })),
  bank_codes: z.array(z.strictObject({ bic: z.string(), bank_code: z.string().regex(/^\d{8}$/) })),
  names: z.array(z.strictObject({ host: z.string(), name: z.string(), brand: z.string().optional() })),
  also: z.array(z.strictObject({ bic: z.string(), name: z.string() })),
});
type Corrections = z.infer<typeof corrections>;

/** One bank as people know it, with all its bank codes. */
type House = { name: string; brand?: string; codes: BankCode[] };

/** Builds the directory for that day, `YYYY-MM-DD`: bank codes grouped into banks, banks into families by address. */
export function buildGermanDirectory(today: string): GermanDirectory {
  const known = corrections.parse(parse(readFileSync(CORRECTIONS, 'utf8')));
  const codes = readBankCodes(today).map((one) => corrected(one, known));
  const houses = groupIntoHouses(codes, known);
  const families = new Map<string, House[]>();
  for (const house of houses) {
    const address = commonest(house.codes.flatMap((one) => one.address ?? []));
    if (address) families.set(address, [...(families.get(address) ?? []), house]);
  }
  const listed = [...families.values()].flat();
  const others = houses.filter((house) => !listed.includes(house));
  return {
    families: [
      ...[...families].map(([address, members]) => familyDocument(address, members, known)),
      { file: 'germany: no address', document: { ...absent, members: others.map((house) => memberOf(house, known)) } },
    ],
    counts: {
      bankCodes: codes.length,
      banks: houses.length,
      listed: listed.length,
      codesListed: listed.reduce((sum, house) => sum + house.codes.length, 0),
      withoutAddress: others.length,
    },
  };
}

/** Addresses are kept where they are still good: https, and no server that is known to be gone. */
function corrected(one: BankCode, known: Corrections): BankCode {
  const { address, ...rest } = one;
  if (!address || !URL.canParse(address)) {
    const added = known.addresses.find(({ bic, name }) => one.bic?.startsWith(bic) && one.name.startsWith(name))?.to;
    return added ? { ...rest, address: added } : rest;
  }
  const { host, protocol } = new URL(address);
  const moved = known.moved.find((move) => move.host === host);
  if (moved) return { ...rest, address: moved.to };
  return protocol !== 'https:' || known.gone.includes(host) ? rest : { ...rest, address };
}

/** Groups whose members are banks of their own, however alike their names. */
const OF_MANY_BANKS = ['BVR', 'DSGV'];
/** So many of them under one beginning of a BIC: what else begins so is one of them, where the data does not say the group. */
const MANY_NAMES = 5;

function groupIntoHouses(codes: readonly BankCode[], known: Corrections): House[] {
  const groups = new Map<string, Set<string>>();
  for (const { bic = '', name, group } of codes) {
    if (!group || !OF_MANY_BANKS.includes(group)) continue;
    groups.set(bic.slice(0, 4), (groups.get(bic.slice(0, 4)) ?? new Set()).add(coreOf(name)));
  }
  const houses = new Map<string, House>();
  for (const one of codes) {
    const { bic = '', group } = one;
    const own = one.address ? known.names.find(({ host }) => host === new URL(one.address!).host) : undefined;
    const name = own?.name ?? coreOf(one.name);
    const independent = group ? OF_MANY_BANKS.includes(group) : (groups.get(bic.slice(0, 4))?.size ?? 0) >= MANY_NAMES;
    // Other banks are one bank wherever they are called the same.
    const key = independent ? `${name} ${bic || one.code}` : name;
    const house = houses.get(key);
    if (house) house.codes.push(one);
    else houses.set(key, { name, ...(own?.brand ? { brand: own.brand } : {}), codes: [one] });
  }
  return withBranches([...houses.values()]);
}

/** A bank with so many bank codes has branches that are called after their town or purpose. */
const MANY_CODES = 20;

function withBranches(houses: readonly House[]): House[] {
  const large = houses.filter(({ codes }) => codes.length >= MANY_CODES);
  const parentOf = (house: House) =>
    large.find(
      ({ name, codes }) =>
        house.name.startsWith(`${name} `) &&
        codes.some((one) => one.bic?.slice(0, 4) === house.codes[0]?.bic?.slice(0, 4)),
    );
  const kept: House[] = [];
  for (const house of houses) {
    const parent = parentOf(house);
    if (parent) parent.codes.push(...house.codes);
    else kept.push(house);
  }
  return kept;
}

/** A bank's name without what tells its branches, takeovers and clearing codes apart. */
export function coreOf(name: string): string {
  const core = name
    .replace(/ -alt-$/, '')
    .replace(
      /(,| - | \(?vormals | Gf | GF | CC\b| Zw | Service\b| Ndl\b| NL\b| Fil\b| ITGK\b| Sonder-BLZ| Zweigniederlassung).*$/,
      '',
    )
    .trim();
  return core.length >= 3 ? core : name;
}

/** What groups are called by, for the names their members begin with. */
const BRANDS: readonly [begins: RegExp, brand: string][] = [
  [/sparkasse/i, 'Sparkasse'],
  [/^Sparda/, 'Sparda'],
  [/^PSD/, 'PSD Bank'],
  [/(volksbank|raiffeisen|^VR[- ]|genossenschaftsbank)/i, 'Volksbanken Raiffeisenbanken'],
];

function familyDocument(address: string, houses: readonly House[], known: Corrections): FamilyDocument {
  const { host } = new URL(address);
  const document = {
    name: host,
    country: 'DE',
    environment: 'live',
    interfaces: [
      {
        id: 'main',
        standard: 'fints',
        account_types: ['checking', 'savings', 'credit_card'],
        sca: ['embedded', 'decoupled'],
        base_url: address,
        needs: 'product_id',
        facts: { bank_code: '{member.bank_code}' },
      },
    ],
    members: houses.map((house) => memberOf(house, known)),
  };
  return { file: `germany: ${host}`, document };
}

/** Banks that people look for, and that nobody has published an address of. */
const absent = { name: 'Germany', country: 'DE', environment: 'live', interfaces: [], absence: 'no_address' };

function memberOf({ name, codes, brand }: House, known: Corrections): object {
  const main = mainCode(codes);
  const unique = (some: (string | undefined)[]) => [...new Set(some.filter((one) => one !== undefined && one !== ''))];
  const signIn = known.bank_codes.find(({ bic }) => codes.some((one) => one.bic?.startsWith(bic)))?.bank_code;
  const also = known.also.filter(({ bic }) => codes.some((one) => one.bic === bic)).map((one) => one.name);
  const others = unique([...also, ...codes.map((one) => one.name)]).filter((other) => other !== name);
  const group = brand ?? BRANDS.find(([begins]) => begins.test(name))?.[1] ?? name;
  return {
    id: `de-${slugOf(name)}-${main.code}`,
    name,
    brand: group.slice(0, 100),
    bics: unique(codes.map((one) => one.bic)).slice(0, 500),
    bank_codes: codes.map((one) => one.code),
    cities: unique(codes.map((one) => one.city)).slice(0, 500),
    other_names: others.slice(0, 100),
    values: { bank_code: signIn ?? main.code },
  };
}

/** The head office: a code that is not given up, its BIC without a branch, the lowest. */
function mainCode(codes: readonly BankCode[]): BankCode {
  const rank = (one: BankCode) => Number(/ -alt-$/.test(one.name)) * 2 + Number(!/XXX$/.test(one.bic ?? ''));
  return codes.toSorted((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1))[0]!;
}

const GERMAN: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => GERMAN[letter]!)
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 44)
    .replace(/^-+|-+$/g, '') || 'bank';

function commonest(some: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of some) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
