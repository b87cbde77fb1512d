import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ToolMissing } from './measure.ts';

/** Root of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs the bench needs from the machine, and the Debian package that has each. */
const PACKAGES = {
  pgbench: 'postgresql-contrib',
  wrk: 'wrk',
  chromium: 'chromium',
  taskset: 'util-linux',
  npm: 'npm',
} as const;
/** One of them. */
export type Tool = keyof typeof PACKAGES;

/** A program ended otherwise than well. */
class ProgramFailed extends Error {
  readonly code: number | null;
  constructor(program: string, code: number | null, complaints: string) {
    super(`${program} ended with ${code}: ${complaints.slice(-600)}`);
    this.code = code;
  }
}

/** What a program printed; throws with its last words when it failed. */
export async function runTool(tool: Tool, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return runProgram(tool, args, env).catch((error: unknown) => {
    // `env` and `taskset` say 127 for a program they cannot find.
    const isMissing = error instanceof ProgramFailed && error.code === 127;
    throw isMissing ? new ToolMissing(`${tool} is missing: apt-get install ${PACKAGES[tool]}`) : error;
  });
}

/** The same with the program held to one processor where there are several, so that it does not take the subject's. */
export function runAside(tool: Tool, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return runTool('taskset', ['-c', '1', tool, ...args], env);
}

/** Runs any program in a plain environment and hands back its standard output. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<string> {
  const child = spawn(...withVariables(program, args, env), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (complaints += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new ProgramFailed(program, code, complaints);
  return output;
}

/** A program with variables beside those it inherits, which only `settings.ts` may read here. */
function withVariables(program: string, args: readonly string[], env: Record<string, string>): [string, string[]] {
  return ['/usr/bin/env', [...Object.entries(env).map(([name, value]) => `${name}=${value}`), program, ...args]];
}

/** A running program of ours. */
export type Running = { child: ChildProcess; pid: number; stop(): Promise<void> };

/** Starts a script of ours with the Node that runs the bench. `stop` asks it to end and waits until it has. */
export function startScript(script: string, env: Record<string, string>, args: readonly string[] = []): Running {
  const child = spawn(...withVariables(process.execPath, [script, ...args], env), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  const ended = once(child, 'exit');
  return {
    child,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Milliseconds until the address answers 200; throws after half a minute or when the program ends before. */
export async function untilReady(url: string, running: Running): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 30_000) {
    if (running.child.exitCode !== null) throw new Error(`the server ended with ${running.child.exitCode}`);
    const status = await fetch(url).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status === 200) return performance.now() - began;
    await wait(5);
  }
  throw new Error(`${url} is not ready after half a minute`);
}

/** So many free ports in a row: the first of them. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    // Below 32,768, where the system takes ports for outgoing connections.
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await Promise.all([...Array(count)].map((_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
