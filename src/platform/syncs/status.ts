import type { Platform } from '../platform.ts';
import type { Environment, Provider } from '../providers/provider.ts';
import { type Health, judge } from './health.ts';
import * as store from './health-store.ts';

/** How one interface of a bank answers: now, and on each of the last thirty days (UTC, the oldest first). */
export type InterfaceStatus = {
  interface: string;
  now: Health;
  /** Share of the thirty days in which it was not known to be away, 0 to 1. */
  available: number;
  /** Share of each day in which it was known to be away, 0 to 1; `called`: whether anybody here called it that day. */
  days: { day: string; away: number; called: boolean }[];
};

/** A bank and how its interfaces answer, in the order of its file. */
export type ProviderStatus = { provider: Provider; interfaces: InterfaceStatus[] };

const DAY_MS = 86_400_000;
const DAYS = 30;
const KEPT_DAYS = 400;

/** Whose status anybody may see: live banks, and on a server with pretend banks those too. */
export function shownEnvironments(platform: Pick<Platform, 'sandboxAuthority'>): readonly Environment[] {
  return platform.sandboxAuthority === undefined ? ['live'] : ['sandbox', 'bank_test', 'live'];
}

/** How these banks answer, from everybody's calls. Holds nothing about an app or a person. */
export async function readStatus(
  platform: Pick<Platform, 'database' | 'clock'>,
  providers: readonly Provider[],
): Promise<ProviderStatus[]> {
  const now = platform.clock.now();
  const ids = providers.map(({ id }) => id);
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const since = new Date(today - (DAYS - 1) * DAY_MS);
  const { read } = platform.database;
  const [health, outages, called] = await Promise.all([
    read.rows<store.HealthRow>(store.selectHealthOf(ids)),
    read.rows<store.Outage>(store.selectOutages(ids, since)),
    read.rows<store.BankWay & { days: string[] }>(store.selectDays(ids, since)),
  ]);
  return providers.map((provider) => ({
    provider,
    interfaces: provider.interfaces.map(({ id }) => {
      const isOurs = (one: store.BankWay) => one.provider === provider.id && one.interface === id;
      const row = health.find(isOurs);
      const away = outages.filter(isOurs);
      const starts = Array.from({ length: DAYS }, (_, index) => since.getTime() + index * DAY_MS);
      const calledOn = called.find(isOurs)?.days ?? [];
      const days = starts.map((from) => {
        const day = new Date(from).toISOString().slice(0, 10);
        const share = shareOf(away, from, Math.min(from + DAY_MS, now.getTime()), now);
        return { day, away: share, called: calledOn.includes(day) };
      });
      const available = 1 - shareOf(away, since.getTime(), now.getTime(), now);
      return { interface: id, now: row ? judge(row, now) : 'good', available, days };
    }),
  }));
}

/** Forgets outages and days that nobody asks about any more. */
export async function forgetOldOutages(platform: Pick<Platform, 'database' | 'clock'>): Promise<void> {
  const before = new Date(platform.clock.now().getTime() - KEPT_DAYS * DAY_MS);
  await platform.database.run(store.forgetOutages(before));
  await platform.database.run(store.forgetDays(before));
}

/** Share of a time that lay within an outage. One interface has one outage at a time. */
function shareOf(outages: readonly store.Outage[], from: number, until: number, now: Date): number {
  if (until <= from) return 0;
  const away = outages.reduce((sum, { beganAt, endedAt }) => {
    const overlap = Math.min(until, (endedAt ?? now).getTime()) - Math.max(from, beganAt.getTime());
    return sum + Math.max(0, overlap);
  }, 0);
  return Math.min(1, away / (until - from));
}
