import type { Platform, Tenant } from '../../platform.ts';
import * as store from './pictures-store.ts';

/** What the pictures of an app are drawn from, all of it counted over a fixed number of the latest rows. */
export type Pictures = {
  conversion: store.ConversionRow[];
  freshness: store.FreshnessRow;
  banks: store.BankRow[];
  delivered: store.DeliveredRow[];
  budget: store.BudgetRow[];
};

/** How many of the latest rows are looked at: the page's cost stays the same however much there is. */
export const LOOKED_AT = { visits: 500, calls: 1000, deliveries: 200, unattended: 2000 };
/** So long a picture is shown again without counting anew. */
const KEPT_MS = 15_000;
const MOST_KEPT = 200;
const kept = new WeakMap<object, Map<Tenant, { pictures: Promise<Pictures>; untilMs: number }>>();

/** The pictures of an app in one mode, at most a quarter of a minute old. */
export function drawPictures(platform: Pick<Platform, 'database' | 'clock'>, tenant: Tenant): Promise<Pictures> {
  let known = kept.get(platform.database);
  if (!known || known.size > MOST_KEPT) {
    known = new Map();
    kept.set(platform.database, known);
  }
  const recent = known.get(tenant);
  if (recent && recent.untilMs > performance.now()) return recent.pictures;
  const all = known;
  const pictures = count(platform, tenant);
  known.set(tenant, { pictures, untilMs: performance.now() + KEPT_MS });
  pictures.catch(() => all.delete(tenant));
  return pictures;
}

async function count({ database, clock }: Pick<Platform, 'database' | 'clock'>, tenant: Tenant): Promise<Pictures> {
  const now = clock.now();
  const dayAgo = new Date(now.getTime() - 86_400_000);
  // Each on a connection of its own: none waits for another.
  const [conversion, freshness, banks, delivered, budget] = await Promise.all([
    database.rows<store.ConversionRow>(store.selectConversion(tenant, LOOKED_AT.visits)),
    database.first<store.FreshnessRow>(store.selectFreshness(tenant, now)),
    database.rows<store.BankRow>(store.selectBanks(tenant, LOOKED_AT.calls)),
    database.rows<store.DeliveredRow>(store.selectDelivered(tenant, LOOKED_AT.deliveries)),
    database.rows<store.BudgetRow>(store.selectBudget(tenant, dayAgo, LOOKED_AT.unattended)),
  ]);
  return { conversion, freshness: freshness!, banks, delivered, budget };
}
