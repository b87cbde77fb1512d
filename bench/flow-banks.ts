import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEgress } from '../src/base/egress.ts';
import { registerClient } from '../src/base/oauth/registration.ts';
import { createVault } from '../src/base/vault.ts';
import { addCertificate, createIdentity } from '../src/platform/apps/identities.ts';
import { keepRegistration } from '../src/platform/apps/registrations.ts';
import { updateTenant } from '../src/platform/apps/store.ts';
import { UK_WAYS } from '../test/journeys/uk-ways.ts';
import { WAYS, type Way } from '../test/journeys/ways.ts';
import type { Stage } from './stage.ts';

/** A pretend bank whose flow is measured, as an operator would set it up: a dropped-in file and an identity. */
export type Played = {
  slug: string;
  what: string;
  way: Way;
  /** The provider file, where the bank listens at this port. */
  provider(port: number): string;
  /** Makes the identity, and registers it where the bank wants that; `ports`: people, machine, control. */
  prepare(stage: Stage, key: Buffer, ports: number): Promise<void>;
};

// One interface here, so which kind of account is not asked; and less than everything is asked for, so that the bank lets
// the person choose the accounts on its own page.
const { accountType: _, ...redirected } = WAYS.redirected;

/** Redirected by a Berlin Group bank. */
export const BERLIN_GROUP: Played = {
  slug: 'de-nordwind-bench',
  what: 'a redirected flow from link to accounts',
  way: { ...redirected, bank: 'de-nordwind-bench', grants: false },
  provider: (port) => `name: Nordwind Bank
country: DE
environment: bank_test
interfaces:
  - id: giro
    standard: berlin-group
    account_types: [checking, savings]
    sca: [redirected]
    base_url: https://127.0.0.1:${port}/de-nordwind/giro
`,
  async prepare(stage, key) {
    const made = JSON.parse(await readFile(join(stage.folder, 'ready.json'), 'utf8')) as Paper;
    await makeIdentity(stage, key, [{ use: 'transport', ...made }]);
  },
};

/** PAR and JARM at a bank of the United Kingdom. */
export const UNITED_KINGDOM: Played = {
  slug: 'gb-calderwye-bench',
  what: 'a flow at a UK bank (PAR, JARM, ES256) from link to accounts',
  way: { ...UK_WAYS.jarm, bank: 'gb-calderwye-bench' },
  provider: (port) => `name: Calderwye Building Society
country: GB
environment: bank_test
interfaces:
  - id: main
    standard: open-banking-uk
    account_types: [checking, savings, credit_card]
    sca: [redirected]
    base_url: https://127.0.0.1:${port}/gb-calderwye/open-banking/v4.0/aisp
    facts:
      version: '4.0'
      metadata_url: ${metadataUrl(port)}
      response: jarm
      pushed: true
`,
  async prepare(stage, key, ports) {
    const redirectUri = `${stage.url}/back/gb-calderwye-bench`;
    const papers = await enrol(stage, ports + 2, redirectUri);
    const signing = { privateKey: papers.signing.private_key, keyId: papers.signing.key_id };
    const transport = { certificate: papers.transport.certificate, privateKey: papers.transport.private_key };
    const identity = await makeIdentity(stage, key, [
      { use: 'transport', ...transport },
      { use: 'signature', certificate: papers.signing.certificate, ...signing },
    ]);
    const egress = createEgress({ allowPrivate: () => true });
    const tls = { cert: transport.certificate, key: transport.privateKey, ca: papers.ca };
    try {
      const { clientId } = await registerClient(
        (request) => egress.request({ ...request, hosts: [`127.0.0.1:${ports + 1}`], tls }),
        {
          metadataUrl: metadataUrl(ports + 1),
          softwareId: papers.software_id,
          softwareStatement: papers.software_statement,
          signing,
          redirectUris: [redirectUri],
          scope: 'openid accounts',
          response: 'jarm',
          authMethod: 'private_key_jwt',
          mediaType: 'application/jwt',
          audience: '0015800000CaldwyAA',
        },
        stage.clock.now(),
      );
      const kept = { identity, provider: this.slug, clientId, authMethod: 'private_key_jwt', madeBy: 'hand' } as const;
      await keepRegistration(stage, kept);
    } finally {
      await egress.close();
    }
  },
};

function metadataUrl(port: number): string {
  return `https://127.0.0.1:${port}/gb-calderwye/.well-known/openid-configuration`;
}

type Paper = { certificate: string; privateKey: string };

async function makeIdentity(
  stage: Stage,
  key: Buffer,
  papers: (Paper & { use: 'transport' | 'signature'; keyId?: string })[],
): Promise<string> {
  const ground = { database: stage.database, clock: stage.clock, vault: createVault([{ id: 1, key }]) };
  const identity = await createIdentity(ground, { legalName: 'Bench' });
  for (const paper of papers) await addCertificate(ground, identity.id, paper);
  await stage.database.run(updateTenant(stage.tenant, { identity: identity.id }));
  return identity.id;
}

type Papers = {
  software_id: string;
  software_statement: string;
  ca: string;
  transport: { certificate: string; private_key: string };
  signing: { certificate: string; private_key: string; key_id: string };
};

/** Papers of the pretend directory, with a key on P-256. */
async function enrol(stage: Stage, port: number, redirectUri: string): Promise<Papers> {
  const token = await readFile(join(stage.folder, 'control-token'), 'utf8');
  const reply = await fetch(`http://127.0.0.1:${port}/directory/software`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      organization: 'Bench',
      organization_id: 'PSDGB-FCA-000001',
      redirect_uris: [redirectUri],
      algorithm: 'ES256',
    }),
  });
  if (!reply.ok) throw new Error(`the directory answered ${reply.status}`);
  return (await reply.json()) as Papers;
}
