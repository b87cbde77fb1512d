import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';

export { SETTINGS } from './settings/rows.ts';

/** Everything an operator can decide, parsed once at the start. Nothing else reads the environment. */
export type Settings = {
  port: number;
  host: string;
  /** Where the pretend banks listen; 0 = any free port (only tests hand that in). */
  sandboxPorts: { people: number; machine: number; control: number };
  /** Absolute. */
  dataDir: string;
  /** Absent = the embedded PostgreSQL under `dataDir`. */
  databaseUrl?: string;
  databaseNamedStatements: boolean;
  /** Where notifications are heard when they do not pass at `databaseUrl`. */
  databaseListenUrl?: string;
  /** Origin without a trailing slash, as browsers see us. */
  publicUrl: string;
  /** Absolute. */
  providersDir: string;
  /** Whether the German banks that are reached by FinTS are listed. */
  germanDirectory: boolean;
  production: boolean;
  sandbox: boolean;
  /** The first key seals, all open. Absent = kept in `dataDir/vault.key`, made on the first start. */
  vaultKeys?: { id: number; key: Buffer }[];
  operatorName: string;
  privacyUrl?: string;
  termsUrl?: string;
  supportEmail?: string;
  /** Where mail is handed over and from whom it is; absent = no mail. */
  mail?: { url: string; from: string };
  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** `host:port` pairs in private networks that may be called although they are private. */
  egressAllow: string[];
  /** Requests of each key; twice as many at once. */
  requestsPerSecond: number;
  logLevel: LogLevel;
  /** Folder with the official specifications, for the tests that judge by them. */
  bankSpecs?: string;
  /** Sentences about development defaults in use, to be said at the start. */
  notices: string[];
};

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** How much the log says. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Reads the settings; throws one error that lists everything wrong with them. */
export function readSettings(env: Record<string, string | undefined> = process.env): Settings {
  const read = reader(env);
  const production = read.oneOf('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production';
  const sandbox = read.flag('SANDBOX', !production);
  const port = read.port('PORT', 8400);
  const host = read.host('HOST', '127.0.0.1');
  const dataDir = resolve(read.text('DATA_DIR') ?? '.data');
  const settings: Settings = {
    port,
    host,
    sandboxPorts: { people: port + 1, machine: port + 2, control: port + 3 },
    dataDir,
    databaseUrl: read.databaseUrl('DATABASE_URL'),
    databaseNamedStatements: read.flag('DATABASE_NAMED_STATEMENTS', true),
    databaseListenUrl: read.databaseUrl('DATABASE_LISTEN_URL'),
    publicUrl: read.origin('PUBLIC_URL', production) ?? `http://${shownHost(host)}:${port}`,
    providersDir: resolve(read.text('PROVIDERS_DIR') ?? join(dataDir, 'providers')),
    germanDirectory: read.flag('GERMAN_DIRECTORY', true),
    production,
    sandbox,
    vaultKeys: readVaultKeys(read),
    operatorName: read.text('OPERATOR_NAME', 120) ?? 'Drawbridge (development)',
    privacyUrl: read.webAddress('PRIVACY_URL'),
    termsUrl: read.webAddress('TERMS_URL'),
    supportEmail: read.email('SUPPORT_EMAIL'),
    mail: readMail(read),
    trustedProxies: read.list(
      'TRUSTED_PROXIES',
      isAddressRange,
      'an address such as 10.0.0.5 or a range such as 10.1.0.0/16',
    ),
    egressAllow: read.list('EGRESS_ALLOW', isHostAndPort, 'host:port'),
    requestsPerSecond: read.wholeNumber('REQUESTS_PER_SECOND', 1000),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    bankSpecs: read.text('BANK_SPECS'),
    notices: [],
  };
  if (sandbox && (port === 0 || port > 65532))
    read.wrong('PORT', 'must leave room for the pretend banks on the next three ports');
  if (read.text('DATABASE_LISTEN_URL') && !read.text('DATABASE_URL'))
    read.wrong('DATABASE_URL', 'is needed with DATABASE_LISTEN_URL');
  if (production) refuseUnsafe(settings, read);
  else settings.notices = noticesOf(settings);
  read.finish();
  return settings;
}

function refuseUnsafe(settings: Settings, read: Reader): void {
  if (settings.sandbox) read.wrong('SANDBOX', 'pretend banks must not run in production');
  const key = ['VAULT_KEY', 'VAULT_KEY_FILE', 'VAULT_KEY_COMMAND'].find((name) => read.text(name)) ?? 'VAULT_KEY';
  for (const name of ['PUBLIC_URL', key, 'OPERATOR_NAME', 'PRIVACY_URL', 'TERMS_URL', 'SUPPORT_EMAIL']) {
    if (read.text(name) === undefined) read.wrong(name, 'is required in production');
  }
}

function noticesOf(settings: Settings): string[] {
  const notices: string[] = [];
  if (settings.sandbox)
    notices.push('Development: pretend banks are running (SANDBOX=true). NODE_ENV=production refuses them.');
  if (!settings.vaultKeys)
    notices.push('Development: the key that seals secrets lies in DATA_DIR/vault.key. Production wants VAULT_KEY.');
  if (!isLoopback(settings.host))
    notices.push(`Development settings, yet other machines can reach this one on ${settings.host} (HOST).`);
  return notices;
}

function readMail(read: Reader): Settings['mail'] {
  const url = read.smtpUrl('SMTP_URL');
  const from = read.email('MAIL_FROM');
  if (read.text('SMTP_URL') && !read.text('MAIL_FROM')) read.wrong('MAIL_FROM', 'is needed with SMTP_URL');
  return url && from ? { url, from } : undefined;
}

const KEY_FORM = '32 bytes in hex or base64, several as 2:<new>,1:<old>';

/** From the environment, a file or a command: exactly one of them. What they hold is never repeated in a complaint. */
function readVaultKeys(read: Reader): Settings['vaultKeys'] {
  const given = ['VAULT_KEY', 'VAULT_KEY_FILE', 'VAULT_KEY_COMMAND'].filter((name) => read.text(name) !== undefined);
  if (given.length > 1) read.wrong(given.join(' and '), 'cannot both be set');
  if (given[0] === undefined || given[0] === 'VAULT_KEY') return read.vaultKeys('VAULT_KEY');
  const [name] = given;
  let text: string;
  try {
    text = name === 'VAULT_KEY_FILE' ? readKeyFile(read.text(name)!) : askForKey(read.text(name!)!);
  } catch (error) {
    read.wrong(name!, (error as Error).message);
    return undefined;
  }
  const keys = parseVaultKeys(text.trim());
  if (!keys) read.wrong(name!, `must lead to ${KEY_FORM}`);
  return keys;
}

function readKeyFile(path: string): string {
  try {
    if ((statSync(path).mode & 0o077) === 0 || /^\/run\//.test(path)) return readFileSync(path, 'utf8');
  } catch {
    throw new Error('names a file that cannot be read');
  }
  throw new Error('names a file that others than its owner may use: chmod 600');
}

function askForKey(command: string): string {
  try {
    return execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    throw new Error('names a command that fails or takes longer than 30 seconds');
  }
}

type Reader = ReturnType<typeof reader>;

function reader(env: Record<string, string | undefined>) {
  const errors: string[] = [];
  const wrong = (name: string, why: string) => void errors.push(`${name} ${why}`);
  const text = (name: string, longest = 4096): string | undefined => {
    const value = env[name]?.trim();
    if (value && value.length > longest) wrong(name, `is longer than ${longest} characters`);
    return value || undefined;
  };
  /** Parses the variable where it is set; a refusal is noted and the setting left absent. */
  const parsed = <T>(name: string, parse: (value: string) => T | undefined, expected: string): T | undefined => {
    const value = text(name);
    const result = value === undefined ? undefined : parse(value);
    // The value itself is not repeated: it may be a secret.
    if (value !== undefined && result === undefined) wrong(name, `must be ${expected}`);
    return result;
  };
  return {
    wrong,
    text,
    flag: (name: string, fallback: boolean) =>
      parsed(name, (value) => FLAGS[value.toLowerCase()], 'true or false') ?? fallback,
    oneOf: <T extends string>(name: string, values: readonly T[], fallback: T): T =>
      parsed(name, (value) => values.find((one) => one === value), `one of ${values.join(', ')}`) ?? fallback,
    port: (name: string, fallback: number) =>
      parsed(
        name,
        (value) => (/^\d{1,5}$/.test(value) && Number(value) < 65536 ? Number(value) : undefined),
        'a port number',
      ) ?? fallback,
    wholeNumber: (name: string, fallback: number) =>
      parsed(name, (value) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined), 'a whole number from 1') ??
      fallback,
    host: (name: string, fallback: string) =>
      parsed(
        name,
        (value) => (isIP(value) || HOST_NAME.test(value) ? value : undefined),
        'an address or a host name',
      ) ?? fallback,
    databaseUrl: (name: string) =>
      parsed(
        name,
        (value) => (/^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined),
        'like postgresql://user:password@host:5432/name',
      ),
    origin: (name: string, httpsOnly: boolean) =>
      parsed(
        name,
        (value) => originOf(value, httpsOnly),
        `${httpsOnly ? 'an https' : 'a web'} address without a path, such as https://banks.example.com`,
      ),
    webAddress: (name: string) => parsed(name, (value) => urlOf(value)?.href, 'a web address'),
    email: (name: string) =>
      parsed(name, (value) => (/^[^\s@<>]+@[^\s@<>]+$/.test(value) ? value : undefined), 'an e-mail address'),
    smtpUrl: (name: string) =>
      parsed(
        name,
        (value) => (/^smtps?:\/\/[^\s/]+\/?$/.test(value) && URL.canParse(value) ? value : undefined),
        'like smtps://user:password@host:465',
      ),
    vaultKeys: (name: string) => parsed(name, parseVaultKeys, KEY_FORM),
    list: (name: string, valid: (item: string) => boolean, expected: string): string[] =>
      parsed(
        name,
        (value) => {
          const items = value.split(/[\s,]+/).filter(Boolean);
          return items.every(valid) ? items : undefined;
        },
        `a list of ${expected}, separated by commas`,
      ) ?? [],
    finish() {
      if (errors.length)
        throw new Error(`These settings cannot be used:\n${errors.map((error) => `  ${error}`).join('\n')}`);
    },
  };
}

const FLAGS: Record<string, boolean | undefined> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  on: true,
  off: false,
};
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

function urlOf(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
}

function originOf(value: string, httpsOnly: boolean): string | undefined {
  const url = urlOf(value);
  if (url?.pathname !== '/' || url.search || url.hash) return undefined;
  return httpsOnly && url.protocol !== 'https:' ? undefined : url.origin;
}

/** The keys of a `VAULT_KEY` text: `<key>` alone has id 1, several are written `2:<new>,1:<old>`. */
export function parseVaultKeys(value: string): { id: number; key: Buffer }[] | undefined {
  const keys = value.split(',').map((part) => {
    const [, id = '1', text = ''] = /^(?:(\d{1,3}):)?(.+)$/.exec(part.trim()) ?? [];
    const key = /^[0-9a-f]{64}$/i.test(text)
      ? Buffer.from(text, 'hex')
      : Buffer.from(text, /[-_]/.test(text) ? 'base64url' : 'base64');
    return { id: Number(id), key };
  });
  const usable = keys.every(({ id, key }) => id >= 1 && id <= 255 && key.length === 32);
  return usable && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : undefined;
}

function isAddressRange(item: string): boolean {
  const [address = '', bits, ...more] = item.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && longest >= 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
  );
}

function isHostAndPort(item: string): boolean {
  const url = URL.canParse(`http://${item}`) ? new URL(`http://${item}`) : undefined;
  return (
    url !== undefined && /:\d{1,5}$/.test(item) && url.pathname === '/' && !url.username && !url.search && !url.hash
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** A wildcard address cannot be opened in a browser, and an IPv6 one wants brackets. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}
