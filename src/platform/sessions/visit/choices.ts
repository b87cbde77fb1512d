import type { Platform } from '../../platform.ts';
import { ENVIRONMENTS_OF, findVisible, usable } from '../../providers/availability.ts';
import type { Need, Provider, ProviderInterface } from '../../providers/provider.ts';
import { healthOf } from '../../syncs/health.ts';
import type { BankChoice, BankFace } from '../screen.ts';
import type { Session } from '../session.ts';

/** A bank as the page shows it. */
export function faceOf(platform: Platform, provider: Provider): BankFace {
  return {
    id: provider.id,
    name: provider.name,
    country: provider.country,
    monogram: provider.monogram,
    health: healthOf(platform, provider.id),
  };
}

/** The face of a bank by its slug; undefined when it is not in the directory any more. */
export function findFace(platform: Platform, id: string | null): BankFace | undefined {
  const provider = id === null ? undefined : platform.providers.find(id);
  return provider && faceOf(platform, provider);
}

/** Where a bank leads: to the choice of account type where its ways differ by type, else to agreeing. */
export type BankLead =
  | { place: 'agree'; provider: string; interface: string }
  | { place: 'account_type'; provider: string }
  | { place: 'bank_unavailable'; provider: string };

/** Says where a bank leads for this mode of the app. */
export function leadOf(platform: Platform, mode: 'test' | 'live', id: string, met: ReadonlySet<Need>): BankLead {
  const provider = findVisible(platform, mode, id);
  const ways = provider?.interfaces.filter((way) => usable(platform, way, met)) ?? [];
  if (ways.length === 0) return { place: 'bank_unavailable', provider: id };
  return ways.length === 1
    ? { place: 'agree', provider: id, interface: ways[0]!.id }
    : { place: 'account_type', provider: id };
}

const SHOWN = 20;

/** The banks for what was typed so far; all of them, by name, for nothing. */
export function searchBanks(
  platform: Platform,
  mode: 'test' | 'live',
  query: string,
  met: ReadonlySet<Need>,
  country?: string,
): { choices: BankChoice[]; more: boolean } {
  const result = platform.providers.search({
    q: query.slice(0, 200),
    environments: ENVIRONMENTS_OF[mode],
    limit: SHOWN,
    ...(country ? { country } : {}),
  });
  const choices = result.data.map((provider): BankChoice => {
    const works = provider.interfaces.some((way) => usable(platform, way, met));
    return {
      ...faceOf(platform, provider),
      ...(provider.cities[0] ? { place: provider.cities[0] } : {}),
      ...(provider.bics[0] ? { code: provider.bics[0] } : {}),
      usable: works,
      ...(works ? {} : { reason: provider.absence ?? ('needs_setup' as const) }),
    };
  });
  return { choices, more: result.hasMore };
}

/** The interface a session has chosen. */
export function chosenWay(platform: Platform, session: Session): ProviderInterface | undefined {
  const provider = session.chosenProvider ? platform.providers.find(session.chosenProvider) : undefined;
  return provider?.interfaces.find((way) => way.id === session.chosenInterface);
}
