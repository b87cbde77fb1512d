import { hashToken } from '../../base/vault.ts';
import type { Platform } from '../platform.ts';
import { machineTime } from './machine-time.ts';
import { findBlocks, forgiveFailures, noteFailure } from './store.ts';

/** What failures in a row are counted by, and what they cost. An address is many people's: it is given more. */
const RULES = {
  account: { free: 5, firstS: 30, mostS: 900 },
  device: { free: 10, firstS: 30, mostS: 900 },
  address: { free: 30, firstS: 30, mostS: 900 },
} as const;

/** Who tries: an account, from an address, perhaps in a browser that was in before. */
export type Trier = { email: string; address: string; device?: string | undefined };

/**
 * Until when this one has to wait, or undefined. A browser that was in before is counted by itself, so that strangers who
 * try an account's password do not shut its owner out.
 */
export async function blockedUntil(platform: Platform, who: Trier): Promise<Date | undefined> {
  const keys = keysOf(who).map(({ key }) => key);
  const row = await platform.database.first<{ until: Date | null }>(findBlocks(keys, machineTime(platform)));
  return row?.until ?? undefined;
}

/** A password or code was wrong. */
export async function countFailure(platform: Platform, who: Trier): Promise<void> {
  for (const { key, rule } of keysOf(who)) await platform.database.run(noteFailure(key, rule, machineTime(platform)));
}

/** They are in: the account's count begins again. The address keeps its own: one right password buys no further tries. */
export async function forgive(platform: Platform, who: Trier): Promise<void> {
  await platform.database.run(forgiveFailures(keysOf(who)[0]!.key));
}

function keysOf({ email, address, device }: Trier) {
  const own = device
    ? { key: hashToken(`device ${email} ${device}`), rule: RULES.device }
    : { key: hashToken(`account ${email}`), rule: RULES.account };
  return [own, { key: hashToken(`address ${networkOf(address)}`), rule: RULES.address }];
}

/** Whoever has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const whole = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return whole.slice(0, 4).join(':');
}
