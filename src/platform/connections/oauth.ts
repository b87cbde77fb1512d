import { BankError } from '../../banking/bank-error.ts';
import type { BankOAuth } from '../../banking/connector.ts';
import { createOAuthCache, type OAuthCache } from '../../base/oauth/cache.ts';
import { createOAuthClient, type OAuthTransport } from '../../base/oauth/index.ts';
import { createRegisteredOAuth, type RegisteredClient } from '../../base/oauth/registered.ts';
import { findRegistration } from '../apps/registrations.ts';
import type { Platform } from '../platform.ts';
import type { Transport } from './transport.ts';

/** What is remembered of banks' servers, one for each platform in this process. */
const caches = new WeakMap<object, OAuthCache>();

/** OAuth at a bank: as whoever shows a certificate, and as the registered client. Keys stay on this side. */
export function openOAuth(
  platform: Platform,
  visit: { provider: string },
  transport: Transport,
  returnUrl: string,
  request: OAuthTransport,
): BankOAuth {
  const now = () => platform.clock.now();
  let client: Promise<RegisteredClient> | undefined;
  return {
    ...createOAuthClient({ request, returnUrl, now }),
    registered: createRegisteredOAuth({
      request,
      client: () => {
        client ??= findClient(platform, visit.provider, transport);
        return client;
      },
      returnUrl,
      cache: cacheOf(platform),
      now,
      // Servers live in the machine's time: a clock that was moved for a try-out moves none of them.
      wireNow: () => new Date(platform.clock.now().getTime() - platform.clock.aheadMs),
    }),
  };
}

async function findClient(platform: Platform, provider: string, transport: Transport): Promise<RegisteredClient> {
  const [registration, signing] = await Promise.all([
    findRegistration(platform, transport.identity, provider),
    transport.findSigning(),
  ]);
  if (!registration) throw new BankError('misconfigured', 'the identity is not registered at this bank');
  if (!signing) throw new BankError('misconfigured', 'the identity has no key to sign with');
  return {
    clientId: registration.client_id,
    authMethod: registration.auth_method,
    signing,
    ...(transport.certificate ? { certificate: transport.certificate } : {}),
  };
}

function cacheOf(platform: Platform): OAuthCache {
  const known = caches.get(platform.database) ?? createOAuthCache();
  caches.set(platform.database, known);
  return known;
}
