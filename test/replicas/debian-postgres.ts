import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const INSTALLED = '/usr/lib/postgresql';
const NOBODY = 65534;

/** Where Debian keeps the programs of the oldest PostgreSQL installed here; undefined without one. */
export function findDebianPostgres(): string | undefined {
  const [oldest] = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(a) - Number(b)) : [];
  const folder = oldest && join(INSTALLED, oldest, 'bin');
  return folder && existsSync(join(folder, 'pg_basebackup')) ? folder : undefined;
}

/** A PostgreSQL server of Debian's on a port of this machine. */
export type DebianPostgres = {
  url: string;
  port: number;
  kill(): Promise<void>;
  promote(): void;
  stop(): Promise<void>;
};

/** Starts one in an empty folder, alone or as the standby of another. */
export async function startDebianPostgres(
  programs: string,
  folder: string,
  port: number,
  primary?: DebianPostgres,
): Promise<DebianPostgres> {
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    chownSync(folder, NOBODY, NOBODY);
    chmodSync(dirname(folder), 0o755);
  }
  // PostgreSQL refuses root; and it ends with us.
  const prefix = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : ['env'];
  const run = (program: string, args: string[]) => {
    const [command = '', ...first] = [...prefix, join(programs, program)];
    execFileSync(command, [...first, ...args], { cwd: '/', stdio: 'pipe' });
  };
  if (primary)
    run('pg_basebackup', ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'app', '-D', data, '-R', '-c', 'fast']);
  else run('initdb', ['-D', data, '-U', 'app', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'jit=off'];
  const [command = '', ...first] = [...prefix, ...(isRoot ? ['--pdeathsig', 'KILL'] : []), join(programs, 'postgres')];
  const child = spawn(
    command,
    [...first, '-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilReady(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url: `postgresql://app@127.0.0.1:${port}/postgres`,
    port,
    kill: () => end('SIGKILL'),
    promote: () => run('pg_ctl', ['promote', '-D', data, '-w']),
    stop: () => end('SIGINT'),
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  return new Promise((ready, failed) => {
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line);
      if (/ready to accept (read-only )?connections/.test(line)) ready();
    });
    child.once('exit', (code) => failed(new Error(`PostgreSQL ended with ${code}:\n${said.slice(-20).join('\n')}`)));
  });
}

/** An address that leads to a port and can be turned to another, as a service's name or address is in a failover. */
export async function startSwitch(port: number, to: number): Promise<{ turn(to: number): void; close(): void }> {
  let target = to;
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    turn(other) {
      target = other;
      cut();
    },
    close() {
      server.close();
      cut();
    },
  };
}
