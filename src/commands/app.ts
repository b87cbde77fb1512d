import { parseArgs } from 'node:util';
import {
  createApp,
  createKey,
  listApps,
  listKeys,
  listTenants,
  revokeKey,
  type TenantInfo,
  updateTenant,
} from '../platform/apps/apps.ts';
import { Problem } from '../platform/problems.ts';
import { readChanges, SETTABLE } from './app/settings.ts';
import { type Ground, openGround } from './ground.ts';
import { runIdentity } from './app/identity.ts';
import { runOperator } from './app/operator.ts';

const USAGE = `Set up apps. Everything is for test mode unless you add --live.

  npm run app -- create "Name" [--live] [--url <return url>]… [--support-email <address>]
  npm run app -- keys   <app> [--live] [--add <name>] [--revoke <key id>]
  npm run app -- urls   <app> [--live] [--add <url>]… [--remove <url>]… [--default <url>|none]
  npm run app -- set    <app> [--live] <name>=<value>…
  npm run app -- list
  npm run app -- identity                                      lists identities and their certificates
  npm run app -- identity create "Legal name" [--register-number …] [--authority …] [--organization-id …]
                          [--role own_licence|agent|own_accounts_only] [--agent-of …] [--fints-product-id …]
  npm run app -- identity add <identity> --certificate <file> --key <file> [--use transport|signature] [--key-id …]
  npm run app -- identity link   <identity> --provider <provider> --login <user name or IBAN>
  npm run app -- identity unlink <identity> --provider <provider> --login <user name or IBAN>
                          what an identity for own accounts only may sign in with
  npm run app -- operator                                      lists who gets into the dashboard
  npm run app -- operator link [address]                       a link for the first one, or to let somebody back in

Settings:
${SETTABLE.map(({ name, meaning }) => `  ${name.padEnd(14)} ${meaning}`).join('\n')}
`;

const OPTIONS = {
  live: { type: 'boolean' },
  url: { type: 'string', multiple: true },
  add: { type: 'string', multiple: true },
  remove: { type: 'string', multiple: true },
  revoke: { type: 'string' },
  default: { type: 'string' },
  'support-email': { type: 'string' },
  'register-number': { type: 'string' },
  authority: { type: 'string' },
  'organization-id': { type: 'string' },
  role: { type: 'string' },
  'agent-of': { type: 'string' },
  'fints-product-id': { type: 'string' },
  certificate: { type: 'string' },
  key: { type: 'string' },
  use: { type: 'string' },
  'key-id': { type: 'string' },
  provider: { type: 'string' },
  login: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** What was typed: words and options. */
export type Typed = ReturnType<typeof readTyped>;

const COMMANDS: Record<string, (ground: Ground, typed: Typed) => Promise<string[]>> = {
  create,
  keys,
  urls,
  set,
  list,
  identity: runIdentity,
  operator: runOperator,
};

/** Runs one command; returns the lines to print. */
export async function runAppCommand(ground: Ground, args: string[]): Promise<string[]> {
  const typed = readTyped(args);
  const command = COMMANDS[typed.words[0] ?? ''];
  if (!command || typed.options.help) return [USAGE];
  return command(ground, { ...typed, words: typed.words.slice(1) });
}

function readTyped(args: string[]) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  return { words: positionals, options: values };
}

async function create(ground: Ground, { words, options }: Typed): Promise<string[]> {
  const name = words.join(' ');
  if (!name) throw new Problem('invalid_request', 'Give the app a name: npm run app -- create "Leafbook"');
  const made = await createApp(ground, {
    name,
    modes: options.live ? ['test', 'live'] : ['test'],
    ...(options.url ? { returnUrls: options.url } : {}),
    ...(options['support-email'] ? { supportEmail: options['support-email'] } : {}),
  });
  return [made.app, ...made.keys.map(({ mode, key }) => `${mode} key: ${key}`), 'A key is shown once: keep it now.'];
}

async function keys(ground: Ground, typed: Typed): Promise<string[]> {
  const { tenant, mode } = await pick(ground, typed);
  const { add, revoke } = typed.options;
  const added = add ? await createKey(ground, tenant, add[0]) : undefined;
  if (revoke) await revokeKey(ground, tenant, revoke);
  const rows = (await listKeys(ground, tenant)).map(
    (key) =>
      `${key.id}  ${key.prefix}…  ${key.created_at.toISOString()}  ${key.revoked_at ? `revoked ${key.revoked_at.toISOString()}` : 'valid'}  ${key.name}`,
  );
  return [...(added ? [`${mode} key: ${added.key}`, 'A key is shown once: keep it now.'] : []), ...rows];
}

async function urls(ground: Ground, typed: Typed): Promise<string[]> {
  const before = await pick(ground, typed);
  const { add = [], remove = [], default: fallback } = typed.options;
  const unknown = remove.find((url) => !before.returnUrls.includes(url));
  if (unknown !== undefined) throw new Problem('not_found', `${unknown} is not registered.`);
  const after = await updateTenant(ground, before.tenant, {
    ...(add.length || remove.length
      ? { returnUrls: [...before.returnUrls.filter((url) => !remove.includes(url)), ...add] }
      : {}),
    ...(fallback === undefined ? {} : { defaultReturnUrl: fallback === 'none' ? null : fallback }),
  });
  return [
    `Return URLs of ${after.appName} in ${after.mode} mode:`,
    ...after.returnUrls.map((url) => `  ${url}`),
    `default: ${after.defaultReturnUrl ?? 'none'}`,
  ];
}

async function set(ground: Ground, typed: Typed): Promise<string[]> {
  const before = await pick(ground, typed);
  const after = await updateTenant(ground, before.tenant, readChanges(typed.words.slice(1)));
  return SETTABLE.map(({ name, show }) => `${name}=${show(after)}`);
}

async function list(ground: Ground): Promise<string[]> {
  const apps = await listApps(ground);
  return apps.length
    ? apps.map((app) => `${app.id}  ${app.created_at.toISOString()}  ${app.name}`)
    : ['No apps yet: npm run app -- create "Name"'];
}

/** The tenant that is meant: test unless `--live`. */
async function pick(ground: Ground, { words, options }: Typed): Promise<TenantInfo> {
  const [app] = words;
  if (!app) throw new Problem('invalid_request', 'Name the app: app_… (npm run app -- list)');
  const tenants = await listTenants(ground, app);
  return tenants.find(({ mode }) => mode === (options.live ? 'live' : 'test'))!;
}

if (import.meta.main) {
  let ground: Ground | undefined;
  try {
    ground = await openGround();
    for (const line of await runAppCommand(ground, process.argv.slice(2))) console.log(line);
  } catch (error) {
    // What the operator typed wrong is a sentence; anything else shows where it happened.
    const told = error instanceof Problem || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    console.error(told ? (error as Error).message : error);
    process.exitCode = 1;
  } finally {
    await ground?.close();
  }
}
