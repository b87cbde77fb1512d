/** One setting as the reference shows it. `fallback` is what an empty or absent variable means, in words or as a value. */
export type SettingRow = { name: string; fallback: string; meaning: string };

/** Every setting there is: the source of the reference page and of what `readSettings` accepts. */
export const SETTINGS: readonly SettingRow[] = [
  {
    name: 'PORT',
    fallback: '8400',
    meaning:
      'Port of API and pages. The pretend banks take the next three: their pages on `PORT+1`, their machine endpoints on `PORT+2`, their control on `PORT+3`.',
  },
  {
    name: 'HOST',
    fallback: '127.0.0.1',
    meaning: 'Address to listen on. `0.0.0.0` listens on every address of the machine.',
  },
  {
    name: 'DATA_DIR',
    fallback: '.data',
    meaning:
      'Folder for everything kept on this machine: the embedded database, keys made on the first start, `demo.json`.',
  },
  {
    name: 'DATABASE_URL',
    fallback: 'the embedded PostgreSQL',
    meaning:
      'A PostgreSQL 15 or newer, as `postgresql://user:password@host:5432/name`. Empty starts the embedded server under `DATA_DIR`: one machine, one server.',
  },
  {
    name: 'DATABASE_NAMED_STATEMENTS',
    fallback: 'true',
    meaning: 'Whether statements are prepared by name. `false` for a PgBouncer older than 1.21 in transaction mode.',
  },
  {
    name: 'DATABASE_LISTEN_URL',
    fallback: 'DATABASE_URL',
    meaning:
      'The same database at its own address, for notifications: they do not pass through a PgBouncer in transaction mode.',
  },
  {
    name: 'PUBLIC_URL',
    fallback: 'http://127.0.0.1:PORT',
    meaning: 'The address people and banks reach this server at, without a path. Must be https in production.',
  },
  {
    name: 'PROVIDERS_DIR',
    fallback: 'DATA_DIR/providers',
    meaning: 'Your own provider files, one YAML file a bank. Read again whenever one changes.',
  },
  {
    name: 'GERMAN_DIRECTORY',
    fallback: 'true',
    meaning:
      'Whether the German banks that are reached by FinTS are listed in live mode; `npm run directory` says how fresh they are.',
  },
  {
    name: 'NODE_ENV',
    fallback: 'development',
    meaning: '`production` refuses every unsafe default: see the settings that say so.',
  },
  {
    name: 'SANDBOX',
    fallback: 'true, in production false',
    meaning: 'Whether the pretend banks run. Refused in production.',
  },
  {
    name: 'VAULT_KEY',
    fallback: 'made on the first start in DATA_DIR/vault.key',
    meaning:
      '32 bytes in hex or base64 that seal every secret in the database. To change it, write the new key first and keep the old one: `2:<new>,1:<old>`. Required in production.',
  },
  {
    name: 'VAULT_KEY_FILE',
    fallback: 'none',
    meaning: 'A file that holds what `VAULT_KEY` would, readable by nobody but its owner. Instead of `VAULT_KEY`.',
  },
  {
    name: 'VAULT_KEY_COMMAND',
    fallback: 'none',
    meaning:
      'A command that prints what `VAULT_KEY` would, run once at the start: a secret manager’s. Instead of `VAULT_KEY`.',
  },
  {
    name: 'OPERATOR_NAME',
    fallback: 'Drawbridge (development)',
    meaning: 'Who runs this server, as people read it on the page. Required in production.',
  },
  {
    name: 'PRIVACY_URL',
    fallback: 'none',
    meaning: 'Your privacy statement, linked from every page. Required in production.',
  },
  { name: 'TERMS_URL', fallback: 'none', meaning: 'Your terms, linked from every page. Required in production.' },
  {
    name: 'SUPPORT_EMAIL',
    fallback: 'none',
    meaning: 'Where people who are stuck can write to. Required in production.',
  },
  {
    name: 'SMTP_URL',
    fallback: 'none, with pretend banks a catcher',
    meaning:
      'Your mail server, as `smtps://user:password@host:465` or `smtp://host:587`. Without it no mail is sent; with pretend banks mail is caught and shown on their control page.',
  },
  {
    name: 'MAIL_FROM',
    fallback: 'none',
    meaning: 'The address mail is sent from. Needed with `SMTP_URL`.',
  },
  {
    name: 'TRUSTED_PROXIES',
    fallback: 'none',
    meaning:
      'Addresses or ranges of your reverse proxies, separated by commas: `10.0.0.5, 10.1.0.0/16`. Only theirs is the word on where a request came from.',
  },
  {
    name: 'EGRESS_ALLOW',
    fallback: 'none',
    meaning:
      'Private `host:port` pairs the server may call nevertheless, separated by commas. Everything private is refused otherwise.',
  },
  {
    name: 'REQUESTS_PER_SECOND',
    fallback: '1000',
    meaning: 'Requests a second that each key may send; twice as many at once. Beyond it the answer is `rate_limited`.',
  },
  { name: 'LOG_LEVEL', fallback: 'info', meaning: '`debug`, `info`, `warn`, `error` or `silent`.' },
  {
    name: 'BANK_SPECS',
    fallback: 'none',
    meaning:
      'Tests only: folder with the official specifications of the banks’ standards. Without it the checks against them are skipped and say so.',
  },
];
