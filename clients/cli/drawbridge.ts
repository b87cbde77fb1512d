import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DrawbridgeError, openDrawbridge } from '../typescript/index.ts';
import { COMMANDS } from './commands.ts';

const OPTIONS = {
  key: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
  follow: { type: 'boolean' },
  help: { type: 'boolean' },
  user: { type: 'string' },
  'return-url': { type: 'string' },
  status: { type: 'string' },
  reference: { type: 'string' },
  customer: { type: 'string' },
  consent: { type: 'string' },
  type: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

const USAGE = `npx drawbridge <command>

${Object.values(COMMANDS)
  .map(({ usage, meaning }) => `  ${usage}\n      ${meaning}`)
  .join('\n')}

  --key and --url say whose app and which server; without them DRAWBRIDGE_KEY and DRAWBRIDGE_URL do, and without those
  the demo app of a server that was started here. --json prints one object a line.`;

/** Where the tool finds key and server: what was typed, the environment, or the demo app of a server started here. */
export function findServer(
  typed: { key?: string; url?: string },
  environment: Record<string, string | undefined>,
): { key: string; baseUrl: string } {
  const demo = readDemo(environment.DATA_DIR ?? '.data');
  const key = typed.key ?? environment.DRAWBRIDGE_KEY ?? demo?.test_key;
  if (!key)
    throw new TypeError('Whose key? Write --key dbk_test_…, set DRAWBRIDGE_KEY, or run this where npm start runs.');
  return { key, baseUrl: typed.url ?? environment.DRAWBRIDGE_URL ?? demo?.base_url ?? 'http://127.0.0.1:8400' };
}

/** Runs one command; returns the exit code. `stop` ends what follows and waits. */
export async function runTool(
  args: string[],
  environment: Record<string, string | undefined>,
  print: (text: string) => void,
  stop?: AbortSignal,
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [name = '', ...words] = positionals;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command || values.help) {
      print(USAGE);
      return command || name === '' ? 0 : 2;
    }
    const { json = false, follow, key, url, help: _help, ...rest } = values;
    const api = openDrawbridge(findServer({ ...(key ? { key } : {}), ...(url ? { url } : {}) }, environment));
    const options = { ...rest, ...(follow ? { follow: 'yes' } : {}) };
    await command.run({
      api,
      words,
      options,
      json,
      print,
      wait: (ms) => wait(ms, undefined, stop ? { signal: stop } : {}),
    });
    return 0;
  } catch (error) {
    if (stop?.aborted) return 0;
    print(sentence(error));
    return 1;
  }
}

/** What went wrong, in words; a mistake of the tool's own shows where. */
function sentence(error: unknown): string {
  if (error instanceof DrawbridgeError)
    return [
      `${error.code}: ${error.detail}`,
      ...error.errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}`),
      error.requestId ?? '',
    ]
      .filter(Boolean)
      .join('\n');
  const { cause, message } = error as Error & { cause?: { code?: string } };
  if (cause?.code === 'ECONNREFUSED')
    return 'No server answers there. Start one with npm start, or name one with --url.';
  return message;
}

function readDemo(folder: string): { test_key?: string; base_url?: string } | undefined {
  try {
    return JSON.parse(readFileSync(`${folder}/demo.json`, 'utf8'));
  } catch {
    // No server was started here: then key and address must be said.
    return undefined;
  }
}

if (import.meta.main) {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.exitCode = await runTool(process.argv.slice(2), process.env, (text) => console.log(text), stopping.signal);
}
