import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A bank code of the Bundesbank's current file, with town, banking group and FinTS address where these are known. */
export type BankCode = { code: string; name: string; bic?: string; city?: string; address?: string; group?: string };

/** How old the data is: versions of the packages, and the days for which the Bundesbank's file is good. */
export type Freshness = {
  bankCodes: { version: string; validFrom?: string; validUntil?: string };
  addresses: { version: string };
};

const require = createRequire(import.meta.url);
const CODES = 'bankdata-germany';
const ADDRESSES = 'fints-institute-db';
/** The packages that the directory is made of. */
export const PACKAGES = [CODES, ADDRESSES] as const;

type Entries = Record<string, [name: string, bic?: string]>;
type Institute = Partial<Record<'blz' | 'location' | 'organisation' | 'pinTanURL' | 'protocol', string | null>>;

/** Every bank code that is valid on that day, `YYYY-MM-DD`. */
export function readBankCodes(today: string): BankCode[] {
  const institutes = new Map<string, Institute>();
  for (const one of require(ADDRESSES) as Institute[]) {
    if (one.blz && !(institutes.get(one.blz)?.pinTanURL && !one.pinTanURL)) institutes.set(one.blz, one);
  }
  return Object.entries(readEntries(today)).map(([code, [name, bic]]) => {
    const institute = institutes.get(code);
    const address = institute?.protocol === 'FinTS V3.0' ? institute.pinTanURL?.trim() : undefined;
    const city = institute?.location?.trim();
    const group = institute?.organisation;
    return {
      code,
      name,
      ...(bic ? { bic } : {}),
      ...(city ? { city } : {}),
      ...(address ? { address } : {}),
      ...(group ? { group } : {}),
    };
  });
}

/** How fresh the packages' data is. */
export function readFreshness(): Freshness {
  const { valid } = readData('next.json') as { valid: string };
  const [, from, until] =
    /includes data from [\d-]+ to [\d-]+, as well as from ([\d-]+) to ([\d-]+)/.exec(readme()) ?? [];
  const known = { validFrom: from ?? valid.slice(0, 10), ...(until ? { validUntil: until } : {}) };
  return {
    bankCodes: { version: versionOf(CODES), ...known },
    addresses: { version: versionOf(ADDRESSES) },
  };
}

/** The file that is good until a day, and what changes on that day. */
function readEntries(today: string): Entries {
  const current = readData('current.json') as Entries;
  const next = readData('next.json') as { valid: string; upsert: Entries; remove: string[] };
  if (today < next.valid.slice(0, 10)) return current;
  const gone = new Set(next.remove);
  return Object.fromEntries(Object.entries({ ...current, ...next.upsert }).filter(([code]) => !gone.has(code)));
}

/** The package answers single codes only; its data lies beside its code. */
const readData = (file: string): unknown => JSON.parse(readFileSync(join(folderOf(CODES), 'data', file), 'utf8'));
const readme = () => readFileSync(join(packageOf(CODES), 'README.md'), 'utf8');
const folderOf = (name: string) => dirname(require.resolve(name));

function packageOf(name: string): string {
  const folder = folderOf(name);
  return folder.slice(0, folder.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(packageOf(name), 'package.json'), 'utf8')) as { version: string }).version;
