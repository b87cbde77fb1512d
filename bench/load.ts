import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantile } from './measure.ts';
import { runAside, runTool } from './tools.ts';

/** What a load generator saw. `p99Ms` of its own clock; `failed` are answers other than 2xx or 3xx, and broken sockets. */
export type Load = { perSecond: number; requests: number; p99Ms: number; failed: number };

/** How hard, how long, and whether the generator keeps to the second processor. */
export type LoadOptions = { connections: number; seconds: number; aside?: boolean; folder: string };

/** Runs wrk with a Lua script that makes the requests. */
export async function runWrk(url: string, lua: string, options: LoadOptions): Promise<Load> {
  const script = join(options.folder, 'requests.lua');
  await writeFile(script, lua);
  const run = options.aside ? runAside : runTool;
  const args = [
    '-t1',
    `-c${options.connections}`,
    `-d${options.seconds}s`,
    '--latency',
    '--timeout',
    '30s',
    '-s',
    script,
    url,
  ];
  const text = await run('wrk', args);
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
  const broken =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p99Ms: milliseconds(/99%\s+([\d.]+\w+)/.exec(text)?.[1] ?? ''),
    failed: number(/Non-2xx or 3xx responses: (\d+)/) + broken.reduce((sum, count) => sum + count, 0),
  };
}

/** Runs pgbench with a script of its own form, statements prepared. */
export async function runPgbench(databaseUrl: string, script: string, options: LoadOptions): Promise<Load> {
  const file = join(options.folder, 'anchor.sql');
  const prefix = join(options.folder, 'pgbench_log');
  await writeFile(file, script);
  const args = [
    '-n',
    '-M',
    'prepared',
    '-f',
    file,
    '-c',
    `${options.connections}`,
    '-j',
    '1',
    '-T',
    `${options.seconds}`,
  ];
  const text = await runTool('pgbench', [...args, '-l', `--log-prefix=${prefix}`, databaseUrl]);
  const logs = (await readdir(options.folder)).filter((name) => name.startsWith('pgbench_log'));
  const micros: number[] = [];
  for (const name of logs) {
    for (const line of (await readFile(join(options.folder, name), 'utf8')).split('\n')) {
      if (line !== '') micros.push(Number(line.split(' ')[2]));
    }
    await rm(join(options.folder, name));
  }
  return {
    perSecond: Number(/tps = ([\d.]+)/.exec(text)?.[1] ?? 0),
    requests: micros.length,
    p99Ms: quantile(micros, 0.99) / 1000,
    failed: Number(/number of failed transactions: (\d+)/.exec(text)?.[1] ?? 0),
  };
}

/** Lua for a random one of many texts, in a table of that name. */
export function luaList(name: string, texts: readonly string[]): string {
  return `local ${name} = {${texts.map((text) => `[=[${text}]=]`).join(',')}}\n`;
}

function milliseconds(text: string): number {
  const [, value = 'NaN', unit = 'ms'] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
}
