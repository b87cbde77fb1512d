import type { Stage } from '../stage.ts';
import type { UkBank } from './server/provider.ts';
import { findState, storeState } from './state-store.ts';

/** What control may set of a bank that speaks UK Open Banking; it stays until it is set otherwise. */
export type Settings = {
  /** Whether a refresh token is good for one use. */
  rotate: boolean;
  registration: {
    /** What a request for registration must call itself; other banks want other names (standards §13.1, 24). */
    mediaType: 'application/jwt' | 'application/jose';
    /** Whom it must be addressed to: the bank's id in the directory, or its issuer. */
    audience: 'organisation' | 'issuer';
    /** Whether there is any. */
    open: boolean;
  };
  /** Whether requests without `User-Agent` are turned away (standards §13.1, 25). */
  userAgent: boolean;
};

/** The settings as they are now. */
export async function settingsOf({ database }: Pick<Stage, 'database'>, bank: UkBank): Promise<Settings> {
  const kept = await findState<Partial<Settings>>(database, bank.slug, 'settings', 'settings');
  return {
    rotate: kept?.rotate ?? bank.openBanking.rotates,
    registration: { mediaType: 'application/jwt', audience: 'organisation', open: true, ...kept?.registration },
    userAgent: kept?.userAgent ?? false,
  };
}

/** Keeps other settings. */
export const storeSettings = ({ database }: Pick<Stage, 'database'>, bank: UkBank, settings: Settings): Promise<void> =>
  storeState(database, bank.slug, 'settings', 'settings', settings);
