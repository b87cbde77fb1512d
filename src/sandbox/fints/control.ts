import type { Database } from '../../base/database.ts';
import { findSettings, listLogins, type Settings, storeSettings } from './dialog-store.ts';
import type { Demand, Demands } from './face.ts';
import type { FintsBank } from './parameters.ts';

/** What control may know and change of a FinTS bank: when it wants codes, which programs it knows, what it has counted. */
export async function presentFints(database: Database, bank: FintsBank): Promise<object> {
  const settings = await findSettings(database, bank.slug);
  const logins = await listLogins(database, bank.slug);
  return {
    demands: { ...bank.fints.demands, ...settings.demands },
    products: settings.products ?? null,
    versions: {
      bank: settings.versions?.bank ?? bank.fints.bankParameterVersion,
      user: settings.versions?.user ?? bank.fints.userParameterVersion,
    },
    logins: logins.map((one) => ({
      login: one.login,
      wrong_pins: one.wrongPins,
      wrong_codes: one.wrongCodes,
      messages: one.messages,
      dialogs: one.dialogs,
      asked: one.asked,
      systems: Object.entries(one.systems).map(([id, { since, provedAt }]) => ({
        id,
        since: new Date(since).toISOString(),
        ...(provedAt === undefined ? {} : { proved_at: new Date(provedAt).toISOString() }),
      })),
    })),
  };
}

const DEMANDS: readonly string[] = ['never', 'every_90_days', 'always', 'once'] satisfies Demand[];

/** Changes the settings, or says what is wrong with the order: `{ demands?: { dialog: 'always' }, products?: [...] | null, versions?: { bank: 18 } }`. */
export async function changeFints(
  database: Database,
  bank: FintsBank,
  order: Record<string, unknown>,
): Promise<string | undefined> {
  const { demands = {}, products, versions = {} } = order;
  const known = Object.keys(bank.fints.demands);
  const wrong = Object.entries(demands as object).find(
    ([name, demand]) => !known.includes(name) || !DEMANDS.includes(String(demand)),
  );
  if (wrong) return `demands are ${known.join(', ')}, each one of ${DEMANDS.join(', ')}.`;
  if (products !== undefined && products !== null && !Array.isArray(products))
    return 'products must be a list or null.';
  const numbered = Object.entries(versions as object).every(
    ([name, version]) => ['bank', 'user'].includes(name) && Number.isInteger(version) && version > 0 && version < 1000,
  );
  if (!numbered) return 'versions are bank and user, each a number from 1 to 999.';
  const before = await findSettings(database, bank.slug);
  const after: Settings = {
    ...before,
    demands: { ...before.demands, ...(demands as Partial<Demands>) },
    versions: { ...before.versions, ...(versions as NonNullable<Settings['versions']>) },
  };
  if (Array.isArray(products)) after.products = products.map(String);
  if (products === null) delete after.products;
  await storeSettings(database, bank.slug, after);
  return undefined;
}
