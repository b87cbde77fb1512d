import type { Platform } from '../platform.ts';
import { Problem } from '../problems.ts';
import type { Environment, Provider } from './provider.ts';

/** Test keys see pretend banks and banks' own test systems; live keys see the real thing. */
export const ENVIRONMENTS_OF: Record<'test' | 'live', readonly Environment[]> = {
  test: ['sandbox', 'bank_test'],
  live: ['live'],
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
