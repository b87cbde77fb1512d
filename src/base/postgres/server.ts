import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { type Account, ENVIRONMENT } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

/** The process that serves, kept alive until it is stopped. */
export type Server = { stop(): Promise<void> };

// What the children of a killed server hold is let go within moments.
const PASSING = /still in use|lock file ".*" already exists/;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
const MOST_TRIES = 40;

/** Runs the server and resolves when it accepts connections; whenever it ends unasked it is started again. */
export async function runServer(place: Place, binaries: Binaries, account: Account, log: Log): Promise<Server> {
  let stopping = false;
  let child = await launchPatiently(place, binaries, account, log);
  async function keep(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !stopping; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const [exitCode, signal] = (await ended(child)) as [number | null, string | null];
      if (stopping) return;
      log.error('postgres.ended', { exitCode, signal });
      await wait(pauseMs);
      try {
        if (!stopping) child = await launchPatiently(place, binaries, account, log);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        log.error('postgres.not_restarted', { error });
      }
    }
    await end(child);
  }
  const kept = keep();
  return {
    async stop() {
      stopping = true;
      await end(child);
      await kept;
    },
  };
}

async function launchPatiently(place: Place, binaries: Binaries, account: Account, log: Log): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launch(place, binaries, account, log);
    } catch (error) {
      if (tries === MOST_TRIES || !PASSING.test((error as Error).message)) throw error;
      await wait(FIRST_PAUSE_MS);
    }
  }
}

async function launch(place: Place, binaries: Binaries, account: Account, log: Log): Promise<ChildProcess> {
  const [command = '', ...args] = [...account.prefix, binaries.postgres, ...argumentsFor(place)];
  // A session of its own, so that Ctrl-C in a terminal reaches us and not the database beneath us.
  const child = spawn(command, args, {
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr! });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      if (/^(FATAL|PANIC):/.test(line)) log.warn('postgres.says', { text: line });
      if (line.includes('ready to accept connections')) resolve();
    });
  });
  const failed = once(child, 'close').then(([code]) => {
    throw new Error(`PostgreSQL ended with ${code} before it was ready:\n${said.join('\n')}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return child;
}

function argumentsFor(place: Place): string[] {
  const settings = {
    listen_addresses: '',
    // A list: quotes keep a comma or a space in the path.
    unix_socket_directories: `"${place.socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: '64MB',
    // Its reads come from the system's cache; helper processes would only cost memory.
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_line_prefix: '',
    // Errors quote the values of the statement that failed: they must not reach any log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
  return ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT');
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<unknown[]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}
