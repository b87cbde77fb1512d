import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createErrorAnswer } from './api/errors.ts';
import { createApi } from './api/server.ts';
import { type Clock, createClock, keepClock } from './base/clock.ts';
import { type Database, migrate, openDatabase } from './base/database.ts';
import { createEgress } from './base/egress.ts';
import { createMailer } from './base/egress/mail.ts';
import { createHttp } from './base/http.ts';
import { createJobs } from './base/jobs.ts';
import { createLog, type Log } from './base/log.ts';
import { startPostgres } from './base/postgres/start.ts';
import { createVault, keepVaultKey } from './base/vault.ts';
import type { Demo } from './commands/trying/demo.ts';
import { registerAtPretendBanks } from './commands/trying/registrations.ts';
import { startWork } from './commands/work.ts';
import { connectors } from './connectors/index.ts';
import { createConnectPages } from './pages/connect/routes.ts';
import type { SandboxControl } from './pages/dashboard/asked.ts';
import { createDashboard } from './pages/dashboard/routes.ts';
import { writeMail } from './pages/manage/mails.ts';
import { createManagePages } from './pages/manage/routes.ts';
import { createStatusPage } from './pages/status/routes.ts';
import { isSentence } from './pages/words/sentences.ts';
import { chooseLocale, isSpoken, makeConsentText } from './pages/words/index.ts';
import { hasLiveKeys } from './platform/apps/apps.ts';
import { createRequestLog } from './platform/apps/requests.ts';
import { endEverything } from './platform/consents/ending.ts';
import { isLoopback } from './platform/events/endpoint-url.ts';
import { firstOperatorLink } from './platform/operators/links.ts';
import type { Platform } from './platform/platform.ts';
import { createProviders } from './platform/providers/providers.ts';
import type { Sandbox } from './sandbox/index.ts';
import { readSettings, type Settings } from './settings.ts';

/** A running server. */
export type Server = {
  url: string;
  platform: Platform;
  sandbox?: Sandbox;
  demo?: Demo;
  /** Stops taking requests, ends what was begun, closes everything. */
  close(): Promise<void>;
};

/** What tests hand in besides the settings. */
export type StartOptions = { clock?: Clock; log?: Log; demo?: boolean };

const OURS = join(import.meta.dirname, '..');
const VERSION = '0.1.0';

/** Puts everything together: the only place that knows everyone. What was started is stopped again when a later part fails. */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<Server> {
  const closing: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return await assemble(settings, options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  options: StartOptions,
  closing: (() => Promise<unknown> | unknown)[],
  close: () => Promise<void>,
): Promise<Server> {
  const log = options.log ?? createLog(settings.logLevel);
  await mkdir(settings.dataDir, { recursive: true });
  const clock = options.clock ?? (settings.sandbox ? keepClock(join(settings.dataDir, 'clock')) : createClock());
  const embedded = settings.databaseUrl === undefined;
  const postgres = embedded ? await startPostgres(join(settings.dataDir, 'postgres'), log) : undefined;
  if (postgres) closing.push(() => postgres.stop());
  const databaseUrl = settings.databaseUrl ?? postgres!.url;
  const database = await openDatabase(databaseUrl, {
    log,
    named: settings.databaseNamedStatements,
    listenUrl: settings.databaseListenUrl,
  });
  closing.push(() => database.close());
  await migrate(database, join(OURS, 'migrations'));
  const vault = createVault(settings.vaultKeys ?? [keepVaultKey(join(settings.dataDir, 'vault.key'))]);

  const sandbox = settings.sandbox ? await openSandbox(settings, database, clock, log) : undefined;
  if (sandbox) closing.push(() => sandbox.close());
  const sandboxHost = sandbox && new URL(sandbox.machineUrl('any')).host;
  const egress = createEgress({
    allowPrivate: (host, port) => `${host}:${port}` === sandboxHost || settings.egressAllow.includes(`${host}:${port}`),
  });
  closing.push(() => egress.close());
  // A developer's receiver runs on the same machine; where the sandbox is off only what the operator lists is private.
  const webhookEgress = createEgress({
    allowPrivate: (host, port) =>
      (settings.sandbox && isLoopback(host)) || settings.egressAllow.includes(`${host}:${port}`),
  });
  closing.push(() => webhookEgress.close());
  const providers = await createProviders({
    folders: [
      { path: join(OURS, 'providers'), owner: 'ours' },
      { path: settings.providersDir, owner: 'operator' },
    ],
    ...(settings.germanDirectory ? { directories: [await germanDirectory(clock)] } : {}),
    factSchemas: Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts])),
    ...(sandboxHost ? { sandbox: { baseUrl: `https://${sandboxHost}`, hosts: [sandboxHost] } } : {}),
    allowPrivate: (host, port) => settings.egressAllow.includes(`${host}:${port}`),
    log,
  });
  closing.push(() => providers.close());

  const mail = settings.mail ?? (sandbox ? { url: sandbox.mailUrl, from: 'drawbridge@localhost.example' } : undefined);
  const mailer = mail && createMailer({ ...mail, sender: settings.operatorName });
  if (mailer) closing.push(() => mailer.close());
  const jobs = await createJobs({ url: databaseUrl, database, clock, log });
  const requests = createRequestLog({ database, log });
  closing.push(() => requests.close());
  const platform: Platform = {
    database,
    requests,
    clock,
    vault,
    jobs,
    log,
    egress,
    webhookEgress,
    providers,
    connectors,
    makeConsentText,
    languages: { choose: chooseLocale, isSpoken, isSentence },
    ...(mailer ? { mail: { mailer, write: writeMail } } : {}),
    operator: {
      name: settings.operatorName,
      ...(settings.privacyUrl ? { privacyUrl: settings.privacyUrl } : {}),
      ...(settings.termsUrl ? { termsUrl: settings.termsUrl } : {}),
      ...(settings.supportEmail ? { supportEmail: settings.supportEmail } : {}),
    },
    publicUrl: settings.publicUrl,
    ...(sandbox ? await sandboxIdentity(sandbox) : {}),
  };
  const work = await startWork(platform);
  closing.push(() => work.stop());

  const http = createHttp({
    log,
    trustedProxies: settings.trustedProxies,
    ...(settings.production ? { hosts: [new URL(settings.publicUrl).host] } : {}),
    onError: createErrorAnswer(platform),
  });
  closing.push(() => http.close());
  await http.register(createConnectPages(platform));
  await http.register(createManagePages(platform));
  await http.register(createStatusPage(platform));
  await http.register(
    createDashboard({ platform, endEverything, ...(sandbox ? { sandbox: controlOf(sandbox) } : {}) }),
  );
  await http.register(
    createApi(platform, {
      endEverything,
      rate: { perMinute: settings.requestsPerSecond * 60, burst: settings.requestsPerSecond * 2 },
      version: VERSION,
      reference: join(OURS, 'docs', 'reference'),
      database: embedded ? 'embedded, one machine' : 'external',
    }),
  );
  let demo: Demo | undefined;
  const introduce = async (url: string) => {
    if (!sandbox || options.demo === false) return;
    // Like the pretend banks it is not where production runs.
    const { startDemo } = await import('./commands/trying/demo.ts');
    demo = await startDemo(platform, sandbox, settings, url);
    closing.push(demo.close);
    // Nobody waits for it: keys are made at the first start, and only banks of the UK ask for a registration.
    const registering = registerAtPretendBanks(platform, sandbox, settings.dataDir).catch((error: unknown) =>
      log.warn('sandbox.not_registered', { error }),
    );
    closing.push(() => registering);
  };
  // Whoever finds the server ready finds demo.json too; only a port that the system chooses is known later.
  if (settings.port !== 0) await introduce(settings.publicUrl);
  await http.listen({ host: settings.host, port: settings.port });
  const port = (http.server.address() as AddressInfo).port;
  const url = settings.port === 0 ? `http://127.0.0.1:${port}` : settings.publicUrl;
  platform.publicUrl = url;
  if (settings.port === 0) await introduce(url);
  return { url, platform, close, ...(sandbox ? { sandbox } : {}), ...(demo ? { demo } : {}) };
}

/** The pretend banks are loaded only where they may run: production has neither their code nor their packages. */
async function openSandbox(settings: Settings, database: Database, clock: Clock, log: Log): Promise<Sandbox> {
  const { startSandbox } = await import('./sandbox/index.ts');
  return startSandbox({
    database,
    clock,
    log,
    host: settings.host,
    ports: settings.sandboxPorts,
    dataDir: join(settings.dataDir, 'sandbox'),
    mayMoveClock: async () => !(await hasLiveKeys({ database, clock })),
  });
}

/** The pretend banks' control, as the dashboard's pages use it. */
function controlOf(sandbox: Sandbox): SandboxControl {
  return {
    order: (method, path, body) => sandbox.control(`${method} ${path}`, body),
    isRefusal: (error) => (error as Error).constructor.name === 'ControlError',
  };
}

/** Loaded only where it is wanted: the data is some megabytes. */
async function germanDirectory(clock: Clock) {
  const { buildGermanDirectory } = await import('./commands/directory/germany.ts');
  return () => buildGermanDirectory(clock.now().toISOString().slice(0, 10)).families;
}

async function sandboxIdentity(sandbox: Sandbox): Promise<Pick<Platform, 'sandboxAuthority' | 'sandboxIdentity'>> {
  const subject = {
    organization: 'Drawbridge Sandbox',
    organizationId: 'PSDDE-BAFIN-000000',
    commonName: 'drawbridge.localhost',
  };
  const { certificate, privateKey } = await sandbox.issueCertificate(subject);
  return {
    sandboxAuthority: sandbox.ca,
    sandboxIdentity: { certificate, privateKey, organizationId: subject.organizationId, name: subject.organization },
  };
}

async function run(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog(settings.logLevel);
  for (const notice of settings.notices) console.error(notice);
  const server = await startServer(settings, { log });
  console.log(greeting(server, await firstOperatorLink(server.platform)));
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info('server.stopping', { signal });
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('server.stopping_failed', { error });
          process.exit(1);
        },
      );
    });
  }
}

function greeting(server: Server, first: string | undefined): string {
  const lines = ['', `  Drawbridge is ready at ${server.url}`, `  API reference      ${server.url}/docs`];
  lines.push(`  Dashboard          ${server.url}/dashboard`);
  if (first) lines.push(`  Its first operator ${first}   (works once, for a day)`);
  if (server.demo) {
    lines.push(`  Connect a bank     ${server.demo.appUrl}`, `  Your test key      in ${server.demo.file}`);
  }
  if (server.sandbox)
    lines.push(`  The pretend banks  ${server.sandbox.controlUrl}/?token=${server.sandbox.controlToken}`);
  return [...lines, ''].join('\n');
}

if (import.meta.main) {
  await run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
