import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { Absence, Environment, Need, Provider, ProviderInterface } from './provider.ts';

/** Test keys see pretend banks and banks' own test systems; live keys see the real thing. */
export const ENVIRONMENTS_OF: Record<'test' | 'live', readonly Environment[]> = {
  test: ['sandbox', 'bank_test'],
  live: ['live'],
};

/** Why nobody can connect a bank here: what the app's identity lacks, or that there is no way in. */
export type Unavailability = Need | Absence;

/** An interface is usable when its standard is spoken here and the app's identity meets what it needs. */
export function usable(
  platform: Pick<Platform, 'connectors'>,
  way: ProviderInterface,
  met: ReadonlySet<Need>,
): boolean {
  return platform.connectors[way.standard] !== undefined && (way.needs === undefined || met.has(way.needs));
}

/** Undefined for a bank that has a usable interface, and for one whose standards are not spoken here. */
export function unavailability(
  platform: Pick<Platform, 'connectors'>,
  provider: Provider,
  met: ReadonlySet<Need>,
): Unavailability | undefined {
  if (provider.absence) return provider.absence;
  if (provider.interfaces.some((way) => usable(platform, way, met))) return undefined;
  return provider.interfaces.find(({ needs }) => needs !== undefined && !met.has(needs))?.needs;
}

/** What the operator does about it. */
export const WAYS_OUT: Record<Unavailability, string> = {
  product_id:
    'Banks answer registered programs only. Register one in your own name (free, https://www.fints.org), then: npm run app -- identity create … --fints-product-id <id>.',
  certificate:
    'The bank answers only whoever shows a certificate of a licensed firm (QWAC; in the UK OBWAC): npm run app -- identity add.',
  registration: 'The bank wants your identity registered first: npm run register, or the bank’s portal.',
  no_address: 'No address is known at which this bank answers. The bank may tell it; then a provider file adds it.',
};

/** The provider, if this mode can see it. */
export function findVisible(platform: Platform, mode: 'test' | 'live', id: string): Provider | undefined {
  const provider = platform.providers.find(id);
  return provider && ENVIRONMENTS_OF[mode].includes(provider.environment) ? provider : undefined;
}

/** Throws `provider_not_available` for a provider this mode cannot see. */
export function checkProvider(platform: Platform, mode: 'test' | 'live', id: string): Provider {
  const provider = findVisible(platform, mode, id);
  if (!provider)
    throw new Problem(
      'provider_not_available',
      `There is no provider ${JSON.stringify(id.slice(0, 80))} in ${mode} mode. List them with GET /v1/providers.`,
      {
        errors: [{ pointer: '/provider', detail: 'is not a provider of this mode' }],
      },
    );
  return provider;
}
