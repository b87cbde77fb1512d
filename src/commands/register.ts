import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEgress, EgressFailed, EgressRefused } from '../base/egress.ts';
import { connectors } from '../connectors/index.ts';
import { findCredentials, listIdentities } from '../platform/apps/identities.ts';
import { keepRegistration, listRegistrations } from '../platform/apps/registrations.ts';
import { Problem } from '../platform/problems.ts';
import type { Provider } from '../platform/providers/provider.ts';
import { createProviders } from '../platform/providers/providers.ts';
import { type Ground, openGround } from './ground.ts';
import { registerAtBank, registeringWay } from './registering.ts';

const USAGE = `Register an identity as a client of a bank. Without a provider: what is registered.

  npm run register -- <provider> --statement <file>            dynamic registration with a software statement
  npm run register -- <provider> --client-id <id> [--auth private_key_jwt|tls_client_auth]
                                                               what a bank gave you by hand
  --identity <identity>                                        needed where there is more than one
`;

const OPTIONS = {
  identity: { type: 'string' },
  statement: { type: 'string' },
  'client-id': { type: 'string' },
  auth: { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Typed = { identity?: string; statement?: string; 'client-id'?: string; auth?: string };

/** Runs the command; returns the lines to print. */
export async function runRegister(ground: Ground, args: string[]): Promise<string[]> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [slug] = positionals;
  if (values.help) return [USAGE];
  if (slug === undefined) return list(ground);
  const provider = await findProvider(ground, slug);
  const identity = await pickIdentity(ground, values.identity);
  if (values['client-id'] !== undefined) return byHand(ground, provider, identity, values);
  if (values.statement === undefined) return [USAGE];
  return atBank(ground, provider, identity, readFileSync(values.statement, 'utf8'));
}

async function byHand(ground: Ground, provider: Provider, identity: string, typed: Typed): Promise<string[]> {
  registeringWay(provider);
  const authMethod = typed.auth ?? 'private_key_jwt';
  if (authMethod !== 'private_key_jwt' && authMethod !== 'tls_client_auth')
    throw new Problem('invalid_request', '--auth is private_key_jwt or tls_client_auth.');
  const clientId = typed['client-id']!;
  await keepRegistration(ground, { identity, provider: provider.id, clientId, authMethod, madeBy: 'hand' });
  return [`${identity} is ${clientId} at ${provider.name}.`];
}

async function atBank(ground: Ground, provider: Provider, identity: string, statement: string): Promise<string[]> {
  const [transport, signing] = await Promise.all([
    findCredentials(ground, identity, 'transport'),
    findCredentials(ground, identity, 'signature'),
  ]);
  if (!transport || !signing)
    throw new Problem(
      'invalid_request',
      'The identity needs two certificates that are valid now, for transport and for signatures: npm run app -- identity add',
    );
  const allow = ground.settings.egressAllow;
  const egress = createEgress({ allowPrivate: (host, port) => allow.includes(`${host}:${port}`) });
  try {
    const { database, clock, settings } = ground;
    const tools = { database, clock, publicUrl: settings.publicUrl, egress };
    const clientId = await registerAtBank(tools, provider, {
      identity,
      transport,
      signing,
      statement,
      madeBy: 'register',
    });
    return [`${identity} is ${clientId} at ${provider.name}.`];
  } catch (error) {
    if (!(error instanceof EgressFailed) && !(error instanceof EgressRefused)) throw error;
    throw new Problem('invalid_request', `${provider.name} could not be asked: ${error.reason}.`);
  } finally {
    await egress.close();
  }
}

async function list(ground: Ground): Promise<string[]> {
  const identities = await listIdentities(ground);
  const rows = await Promise.all(identities.map(({ id }) => listRegistrations(ground, id)));
  const lines = rows
    .flat()
    .map((row) => `${row.identity}  ${row.provider}  ${row.client_id}  ${row.auth_method}  by ${row.made_by}`);
  return lines.length > 0 ? lines : ['No registrations yet.', USAGE];
}

async function findProvider(ground: Ground, slug: string): Promise<Provider> {
  const { settings, log } = ground;
  const providers = await createProviders({
    folders: [
      { path: join(import.meta.dirname, '..', '..', 'providers'), owner: 'ours' },
      { path: settings.providersDir, owner: 'operator' },
    ],
    factSchemas: Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts])),
    allowPrivate: (host, port) => settings.egressAllow.includes(`${host}:${port}`),
    log,
  });
  try {
    const found = providers.find(slug);
    if (!found) throw new Problem('not_found', `There is no provider ${slug.slice(0, 60)}.`);
    return found;
  } finally {
    providers.close();
  }
}

async function pickIdentity(ground: Ground, wanted: string | undefined): Promise<string> {
  const identities = await listIdentities(ground);
  const found = wanted === undefined ? identities : identities.filter(({ id }) => id === wanted);
  if (found.length === 1) return found[0]!.id;
  throw new Problem(
    'invalid_request',
    found.length === 0 ? 'There is no such identity.' : 'Say which: --identity <identity>',
  );
}

if (import.meta.main) {
  let ground: Ground | undefined;
  try {
    ground = await openGround();
    for (const line of await runRegister(ground, process.argv.slice(2))) console.log(line);
  } catch (error) {
    // What the operator typed wrong is a sentence; anything else shows where it happened.
    const told = error instanceof Problem || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    console.error(told ? (error as Error).message : error);
    process.exitCode = 1;
  } finally {
    await ground?.close();
  }
}
