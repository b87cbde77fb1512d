import { createOAuthCache } from '../../base/oauth/cache.ts';
import { createRegisteredOAuth } from '../../base/oauth/registered.ts';
import {
  changeRegistration,
  endRegistration,
  type KeptRegistration,
  readRegistration,
} from '../../base/oauth/registration.ts';
import { serverOf } from '../../connectors/open-banking-uk/tokens.ts';
import { forgetRegistration, keepRegistration, type RegistrationRow } from '../../platform/apps/registrations.ts';
import type { Provider } from '../../platform/providers/provider.ts';
import { type Applicant, factsOf, lineTo, type Tools, told, wantedOf, wireNow } from './registering.ts';

/** Who manages a registration: the client as it is registered, with the certificate and key of its identity. */
export type Registered = Pick<Applicant, 'transport' | 'signing'> & { registration: RegistrationRow };

/** What the bank knows of us, as it says it (`GET /register/{ClientId}`). */
export async function showAtBank(
  tools: Tools,
  provider: Provider,
  registered: Registered,
): Promise<Record<string, unknown>> {
  return told(provider, 'does not say what it knows of us', async () =>
    readRegistration(lineTo(tools, provider, registered.transport), await keptAt(tools, provider, registered)),
  );
}

/** Has the bank keep the same client with what is asked now (`PUT`): connections made with it stay. */
export async function changeAtBank(
  tools: Tools,
  provider: Provider,
  registered: Registered & Pick<Applicant, 'statement'>,
): Promise<string> {
  const { registration } = registered;
  const { identity } = registration;
  const wanted = wantedOf(tools, provider, { ...registered, identity, madeBy: 'register' });
  return told(provider, 'did not change our registration', async () => {
    const line = lineTo(tools, provider, registered.transport);
    const { clientId } = await changeRegistration(
      line,
      await keptAt(tools, provider, registered),
      wanted,
      wireNow(tools),
    );
    await keepRegistration(tools, {
      identity,
      provider: provider.id,
      clientId,
      authMethod: wanted.authMethod,
      ...(registration.issuer && { issuer: registration.issuer }),
      madeBy: 'register',
    });
    return clientId;
  });
}

/** Ends our registration at the bank (`DELETE`), then here. Where the bank says no it stays. */
export async function endAtBank(tools: Tools, provider: Provider, registered: Registered): Promise<void> {
  await told(provider, 'did not end our registration', async () =>
    endRegistration(lineTo(tools, provider, registered.transport), await keptAt(tools, provider, registered)),
  );
  await forgetRegistration(tools, registered.registration.identity, provider.id);
}

async function keptAt(tools: Tools, provider: Provider, registered: Registered): Promise<KeptRegistration> {
  const facts = factsOf(provider);
  const { client_id: clientId, auth_method: authMethod } = registered.registration;
  const client = createRegisteredOAuth({
    request: lineTo(tools, provider, registered.transport),
    client: async () => ({ clientId, authMethod, signing: registered.signing }),
    returnUrl: `${tools.publicUrl}/back/${provider.id}`,
    cache: createOAuthCache(),
    now: () => tools.clock.now(),
    wireNow: () => wireNow(tools),
  });
  const { accessToken } = await client.ownToken(serverOf({ facts: facts as never }), facts.own_scope);
  return { metadataUrl: facts.metadata_url, clientId, token: accessToken };
}
