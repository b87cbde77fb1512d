import type { Sql } from '../../base/database.ts';
import { recordEvent } from '../events/events.ts';
import type { Platform, Tenant } from '../platform.ts';
import type { BankWay, HealthRow } from './health-store.ts';
import * as store from './health-store.ts';

/** How a bank answers right now, as far as everybody's calls show it. */
export type Health = 'good' | 'troubled' | 'down';

/** So many calls in a row without a usable answer, and nobody calls without the person until one trial went well. */
export const BREAKER_AFTER = 5;
const OPEN_MS = 60_000;
const TROUBLED_AFTER = 2;
/** What was not seen again for so long says nothing about now. */
const DOWN_FOR_MS = 2 * 3_600_000;
const TROUBLED_FOR_MS = 30 * 60_000;
/** A short hiccup is not worth a message. */
const DEGRADED_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;
const LATENESS_KEPT_MS = 180 * DAY_MS;

/** What each server last read, so that a list of banks costs no question each. */
const seen = new WeakMap<object, Map<string, Health>>();

/** A bank's health as this server last looked (`watchHealth`): that of its worst interface. */
export function healthOf(platform: Pick<Platform, 'database'>, provider: string): Health {
  return seen.get(platform.database)?.get(provider) ?? 'good';
}

/** The part of the ledger's statement that keeps count of a bank's failures. No answer, or 5xx, is one. */
export function healthStatement(way: BankWay, at: Date, status: number | null): Sql {
  if (status !== null && status < 500) return store.noteAnswer(way, at);
  const breaker = { after: BREAKER_AFTER, openUntil: new Date(at.getTime() + OPEN_MS) };
  return store.noteFailure(way, at, breaker);
}

/**
 * Whether a sync without the person must wait for its bank, and until when: one bad bank never holds up the others. When
 * the time is over exactly one sync goes first.
 */
export async function waitForBank(platform: Platform, tenant: Tenant, sync: string): Promise<Date | undefined> {
  const { database, clock } = platform;
  const now = clock.now();
  const open = await database.read.first<BankWay & { openUntil: Date }>(store.findBreaker(tenant, sync, now));
  if (!open) return undefined;
  const again = new Date(now.getTime() + OPEN_MS);
  if (open.openUntil <= now && (await database.run(store.claimTrial(open, now, again))) === 1) return undefined;
  const until = open.openUntil > now ? open.openUntil : again;
  await database.run(store.postponeSync(tenant, sync, until));
  return until;
}

/** Reads how banks answer, and tells the apps with connections there when that changed. */
export async function watchHealth(platform: Platform): Promise<void> {
  const { database, clock } = platform;
  const now = clock.now();
  const rows = await database.rows<HealthRow>(store.selectHealth());
  const worst = new Map<string, Health>();
  for (const row of rows) {
    const health = judge(row, now);
    if (health === 'down' || !worst.has(row.provider)) worst.set(row.provider, health);
  }
  seen.set(database, worst);
  await database.transaction(async (tx) => {
    const failingBefore = new Date(now.getTime() - DEGRADED_AFTER_MS);
    for (const row of await tx.rows<HealthRow>(store.lockUntold(failingBefore, BREAKER_AFTER))) {
      const restored = row.failures === 0;
      await tx.run(store.noteTold(row, restored ? null : now));
      await tx.run(store.noteOutage(row, restored ? null : row.failedSince, row.answeredAt ?? now));
      for (const { tenant } of await tx.rows<{ tenant: Tenant }>(store.selectTenantsAt(row))) {
        const status = restored ? 'good' : 'down';
        const data = { id: row.provider, object: 'provider', status, interface: row.interface };
        await recordEvent(tx, { tenant, type: restored ? 'provider.restored' : 'provider.degraded', data, at: now });
      }
      platform.log.warn(restored ? 'bank.restored' : 'bank.degraded', { provider: row.provider });
    }
  });
}

/** Remembers how many days after the fact a bank's entries came, for the overlap of later reads. */
export async function learnLateness(platform: Platform, way: BankWay, days: number): Promise<void> {
  const now = platform.clock.now();
  const forgetBefore = new Date(now.getTime() - LATENESS_KEPT_MS);
  if (days > 0) await platform.database.run(store.noteLateness(way, days, now, forgetBefore));
}

/** Banks back-date entries by some days: the least overlap of two reads, and the most that is learnt. */
const OVERLAP_DAYS = { least: 10, most: 90 };

/** How many days a read begins before the last complete one: twice what the bank was seen to need, 10 at least. */
export async function overlapDays(platform: Platform, way: BankWay): Promise<number> {
  const since = new Date(platform.clock.now().getTime() - LATENESS_KEPT_MS);
  const row = await platform.database.first<{ lateDays: number }>(store.findLateness(way, since));
  return Math.min(OVERLAP_DAYS.most, Math.max(OVERLAP_DAYS.least, 2 * (row?.lateDays ?? 0)));
}

/** How a bank answers, by what is known of its calls. */
export function judge({ failures, failedAt }: HealthRow, now: Date): Health {
  const ago = now.getTime() - (failedAt?.getTime() ?? 0);
  if (failures >= BREAKER_AFTER && ago < DOWN_FOR_MS) return 'down';
  return failures >= TROUBLED_AFTER && ago < TROUBLED_FOR_MS ? 'troubled' : 'good';
}
