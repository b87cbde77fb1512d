import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEgress, EgressFailed, EgressRefused } from '../base/egress.ts';
import { connectors } from '../connectors/index.ts';
import { findCredentials, listIdentities } from '../platform/apps/identities.ts';
import {
  findRegistration,
  forgetRegistration,
  keepRegistration,
  listRegistrations,
  type RegistrationRow,
} from '../platform/apps/registrations.ts';
import { Problem } from '../platform/problems.ts';
import type { Provider } from '../platform/providers/provider.ts';
import { createProviders } from '../platform/providers/providers.ts';
import { type Ground, openGround } from './ground.ts';
import { changeAtBank, endAtBank, showAtBank } from './register/managing.ts';
import { registerAtBank, registeringWay } from './register/registering.ts';

const USAGE = `Register an identity as a client of a bank. Without a provider: what is registered.

  npm run register -- <provider> --statement <file>            dynamic registration with a software statement; where there
                                                               is a registration, the same client is changed
  npm run register -- <provider> --statement <file> --anew     another client; connections made with the present one end
  npm run register -- <provider> --show                        what the bank knows of us
  npm run register -- <provider> --end                         ends the registration at the bank and here
  npm run register -- <provider> --forget                      only here: the bank has no way to end it by itself
  npm run register -- <provider> --client-id <id> [--auth private_key_jwt|tls_client_auth]
                                                               what a bank gave you by hand
  --identity <identity>                                        needed where there is more than one
`;

const OPTIONS = {
  identity: { type: 'string' },
  statement: { type: 'string' },
  'client-id': { type: 'string' },
  auth: { type: 'string' },
  anew: { type: 'boolean' },
  show: { type: 'boolean' },
  end: { type: 'boolean' },
  forget: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Typed = {
  identity?: string;
  statement?: string;
  'client-id'?: string;
  auth?: string;
  anew?: boolean;
  show?: boolean;
  end?: boolean;
  forget?: boolean;
};

/** Runs the command; returns the lines to print. */
export async function runRegister(ground: Ground, args: string[]): Promise<string[]> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [slug] = positionals;
  if (values.help) return [USAGE];
  if (slug === undefined) return list(ground);
  const provider = await findProvider(ground, slug);
  const identity = await pickIdentity(ground, values.identity);
  if (values['client-id'] !== undefined) return byHand(ground, provider, identity, values);
  if (values.forget) return forget(ground, provider, identity);
  if (values.show || values.end || values.statement !== undefined) return atBank(ground, provider, identity, values);
  return [USAGE];
}

async function forget(ground: Ground, provider: Provider, identity: string): Promise<string[]> {
  const { client_id } = await getRegistration(ground, provider, identity);
  await forgetRegistration(ground, identity, provider.id);
  return [`${client_id} is forgotten here. End it in the bank's own portal too.`];
}

async function getRegistration(ground: Ground, provider: Provider, identity: string): Promise<RegistrationRow> {
  const found = await findRegistration(ground, identity, provider.id);
  if (!found) throw new Problem('not_found', `${identity} is not registered at ${provider.name}.`);
  return found;
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

async function atBank(ground: Ground, provider: Provider, identity: string, typed: Typed): Promise<string[]> {
  const statement = typed.statement === undefined ? undefined : readText(typed.statement);
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
    const registration = await findRegistration(ground, identity, provider.id);
    if (statement !== undefined && (typed.anew || !registration)) {
      const applicant = { identity, transport, signing, statement, madeBy: 'register' } as const;
      return [`${identity} is ${await registerAtBank(tools, provider, applicant)} at ${provider.name}.`];
    }
    const registered = { transport, signing, registration: await getRegistration(ground, provider, identity) };
    if (statement !== undefined) {
      const clientId = await changeAtBank(tools, provider, { ...registered, statement });
      return [`${provider.name} keeps ${clientId} with what the statement says now.`];
    }
    if (typed.show) return [JSON.stringify(await showAtBank(tools, provider, registered), null, 2)];
    await endAtBank(tools, provider, registered);
    return [`${registered.registration.client_id} is ended at ${provider.name}.`];
  } catch (error) {
    if (!(error instanceof EgressFailed) && !(error instanceof EgressRefused)) throw error;
    throw new Problem('invalid_request', `${provider.name} could not be asked: ${error.reason}.`);
  } finally {
    await egress.close();
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Problem('invalid_request', `There is no file to read at ${path}.`);
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
