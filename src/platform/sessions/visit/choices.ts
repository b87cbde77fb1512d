import type { Connection } from '../../connections/connection.ts';
import { selectConnections } from '../../connections/store.ts';
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

/** What a search for a bank gives: `searchDown` where it could not be made. */
export type BanksFound = { choices: BankChoice[]; more: boolean; searchDown?: true };

/** The banks for what was typed so far; all of them, by name, for nothing. `last` comes first where it is found. */
export function searchBanks(
  platform: Platform,
  mode: 'test' | 'live',
  query: string,
  met: ReadonlySet<Need>,
  favour: { country?: string | undefined; last?: string | undefined } = {},
): BanksFound {
  const { country, last } = favour;
  try {
    const result = platform.providers.search({
      q: query.slice(0, 200),
      environments: ENVIRONMENTS_OF[mode],
      limit: SHOWN,
      ...(country ? { country } : {}),
      ...(last ? { last } : {}),
    });
    return { choices: choicesOf(platform, result.data, met), more: result.hasMore };
  } catch (error) {
    // The visit lives on without it: the person is told, and may go on with the bank of last time.
    platform.log.error('bank_search.failed', { error });
    return { choices: [], more: false, searchDown: true };
  }
}

/** The bank this customer linked last, if it can be used now. */
export async function findLastBank(
  platform: Platform,
  session: Session,
  mode: 'test' | 'live',
  met: ReadonlySet<Need>,
): Promise<BankFace | undefined> {
  const { tenant, customer } = session;
  const linked = await platform.database.read.rows<Connection>(selectConnections(tenant, { customer, limit: 20 }));
  const last = linked.find(({ provider }) => leadOf(platform, mode, provider, met).place !== 'bank_unavailable');
  return findFace(platform, last?.provider ?? null);
}

function choicesOf(platform: Platform, providers: readonly Provider[], met: ReadonlySet<Need>): BankChoice[] {
  return providers.map((provider): BankChoice => {
    const works = provider.interfaces.some((way) => usable(platform, way, met));
    return {
      ...faceOf(platform, provider),
      ...(provider.cities[0] ? { place: provider.cities[0] } : {}),
      ...(provider.bics[0] ? { code: provider.bics[0] } : {}),
      usable: works,
      ...(works ? {} : { reason: provider.absence ?? ('needs_setup' as const) }),
    };
  });
}

/** The interface a session has chosen. */
export function chosenWay(platform: Platform, session: Session): ProviderInterface | undefined {
  const provider = session.chosenProvider ? platform.providers.find(session.chosenProvider) : undefined;
  return provider?.interfaces.find((way) => way.id === session.chosenInterface);
}
