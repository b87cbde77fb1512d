import type { Platform } from '../platform.ts';

/**
 * What time it really is. The sandbox's clock can be moved by months; phones that make codes, and people who want to stay
 * signed in, do not move with it.
 */
export function machineTime({ clock }: Pick<Platform, 'clock'>): Date {
  return new Date(clock.now().getTime() - clock.aheadMs);
}
