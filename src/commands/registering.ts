import { X509Certificate } from 'node:crypto';
import type { Egress } from '../base/egress.ts';
import { OAuthRefused } from '../base/oauth/index.ts';
import type { SigningKey } from '../base/oauth/keys.ts';
import { registerClient } from '../base/oauth/registration.ts';
import type { Facts } from '../connectors/open-banking-uk/facts.ts';
import { keepRegistration, type NewRegistration, readSoftwareStatement } from '../platform/apps/registrations.ts';
import type { Platform } from '../platform/platform.ts';
import { Problem } from '../platform/problems.ts';
import type { Provider, ProviderInterface } from '../platform/providers/provider.ts';

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
  const way = registeringWay(provider);
  const facts = way.facts as unknown as Facts;
  if (facts.registration === 'none')
    throw new Problem('invalid_request', `${provider.name} registers by hand: type the client id in (--client-id).`);
  const redirectUri = `${tools.publicUrl}/back/${provider.id}`;
  const { softwareId } = readSoftwareStatement(applicant.statement, tools.clock.now(), redirectUri);
  const { certificate: cert, privateKey: key, authority: ca } = applicant.transport;
  try {
    const registered = await registerClient(
      (request) =>
        tools.egress.request({
          ...request,
          hosts: way.hosts,
          tls: { cert, key, ...(ca && { ca }) },
          publicOnly: provider.environment === 'live',
        }),
      {
        metadataUrl: facts.metadata_url,
        softwareId,
        softwareStatement: applicant.statement.trim(),
        signing: applicant.signing,
        redirectUris: [redirectUri],
        scope: facts.scope,
        response: facts.response,
        authMethod: facts.client_authentication,
        subjectDn: subjectOf(cert),
        mediaType: facts.registration_type,
        ...(facts.registration_audience && { audience: facts.registration_audience }),
      },
      new Date(tools.clock.now().getTime() - tools.clock.aheadMs),
    );
    await keepRegistration(tools, {
      identity: applicant.identity,
      provider: provider.id,
      clientId: registered.clientId,
      authMethod: facts.client_authentication,
      issuer: registered.issuer,
      madeBy: applicant.madeBy,
    });
    return registered.clientId;
  } catch (error) {
    if (!(error instanceof OAuthRefused)) throw error;
    throw new Problem('invalid_request', `${provider.name} did not register us: ${error.code ?? error.reason}.`);
  }
}

/** The subject as RFC 4514 writes it: the last part first, joined by commas. */
function subjectOf(certificate: string): string {
  return new X509Certificate(certificate).subject.split('\n').reverse().join(',');
}
