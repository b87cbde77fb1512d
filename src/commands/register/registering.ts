import { X509Certificate } from 'node:crypto';
import type { Egress } from '../../base/egress.ts';
import { OAuthRefused, type OAuthTransport } from '../../base/oauth/index.ts';
import type { SigningKey } from '../../base/oauth/keys.ts';
import { type RegistrationRequest, registerClient } from '../../base/oauth/registration.ts';
import type { Facts } from '../../connectors/open-banking-uk/facts.ts';
import { keepRegistration, type NewRegistration, readSoftwareStatement } from '../../platform/apps/registrations.ts';
import type { Platform } from '../../platform/platform.ts';
import { Problem } from '../../platform/problems.ts';
import type { Provider, ProviderInterface } from '../../platform/providers/provider.ts';

/** What registering stands on. */
export type Tools = Pick<Platform, 'database' | 'clock' | 'publicUrl'> & { egress: Pick<Egress, 'request'> };

/** Who is to be registered: their certificate for transport, their key to sign with, the directory's statement. */
export type Applicant = {
  identity: string;
  transport: { certificate: string; privateKey: string; authority?: string };
  signing: SigningKey;
  statement: string;
  madeBy: NewRegistration['madeBy'];
};

/** The interface of a provider at which clients are registered. Throws `Problem` where there is none. */
export function registeringWay(provider: Provider): ProviderInterface {
  const way = provider.interfaces.find(({ standard }) => standard === 'open-banking-uk');
  if (!way) throw new Problem('invalid_request', `${provider.name} knows no registration of clients.`);
  return way;
}

/**
 * Dynamic client registration at a bank: the statement is looked at, sent in a signed request over our own certificate, and
 * the client id kept. Throws `Problem` with what is wrong, in words.
 */
export async function registerAtBank(tools: Tools, provider: Provider, applicant: Applicant): Promise<string> {
  const facts = factsOf(provider);
  if (facts.registration === 'none')
    throw new Problem('invalid_request', `${provider.name} registers by hand: type the client id in (--client-id).`);
  const wanted = wantedOf(tools, provider, applicant);
  return told(provider, 'did not register us', async () => {
    const registered = await registerClient(lineTo(tools, provider, applicant.transport), wanted, wireNow(tools));
    await keepRegistration(tools, {
      identity: applicant.identity,
      provider: provider.id,
      clientId: registered.clientId,
      authMethod: facts.client_authentication,
      issuer: registered.issuer,
      madeBy: applicant.madeBy,
    });
    return registered.clientId;
  });
}

/** The facts of the interface at which clients are registered. */
export function factsOf(provider: Provider): Facts {
  return registeringWay(provider).facts as unknown as Facts;
}

/** What is asked of a bank for this applicant. Throws `Problem` for a statement that no bank would take. */
export function wantedOf(tools: Tools, provider: Provider, applicant: Applicant): RegistrationRequest {
  const facts = factsOf(provider);
  const redirectUri = `${tools.publicUrl}/back/${provider.id}`;
  const { softwareId } = readSoftwareStatement(applicant.statement, tools.clock.now(), redirectUri);
  return {
    metadataUrl: facts.metadata_url,
    softwareId,
    softwareStatement: applicant.statement.trim(),
    signing: applicant.signing,
    redirectUris: [redirectUri],
    scope: facts.scope,
    response: facts.response,
    authMethod: facts.client_authentication,
    decoupled: facts.authentication === 'decoupled',
    subjectDn: subjectOf(applicant.transport.certificate),
    mediaType: facts.registration_type,
    ...(facts.registration_audience && { audience: facts.registration_audience }),
  };
}

/** The way to the bank with the identity's certificate, to its registered hosts only. */
export function lineTo(tools: Tools, provider: Provider, transport: Applicant['transport']): OAuthTransport {
  const { hosts } = registeringWay(provider);
  const { certificate: cert, privateKey: key, authority: ca } = transport;
  const tls = { cert, key, ...(ca && { ca }) };
  return (request) => tools.egress.request({ ...request, hosts, tls, publicOnly: provider.environment === 'live' });
}

/** The machine's own time, in which servers live. */
export const wireNow = ({ clock }: Pick<Tools, 'clock'>): Date => new Date(clock.now().getTime() - clock.aheadMs);

/** Does something at a bank; its no becomes a sentence. */
export async function told<Result>(provider: Provider, what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OAuthRefused)) throw error;
    throw new Problem('invalid_request', `${provider.name} ${what}: ${error.code ?? error.reason}.`);
  }
}

/** The subject as RFC 4514 writes it: the last part first, joined by commas. */
function subjectOf(certificate: string): string {
  return new X509Certificate(certificate).subject.split('\n').reverse().join(',');
}
