import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../sources.ts';

/** A server in a process of its own, as `npm start` runs it, with its embedded database in a folder of its own. */
export type ServerProcess = {
  url: string;
  dataDir: string;
  /** As `demo.json` has it. */
  demo: { base_url: string; test_key: string };
  process: ChildProcess;
  /** The process id of its PostgreSQL. */
  postmaster(): number;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it and waits until it is ready. `port` and the four after it must be free; `more` are further settings. */
export async function startProcess(
  dataDir: string,
  port: number,
  more: Record<string, string> = {},
): Promise<ServerProcess> {
  const env = { PATH: process.env.PATH ?? '', DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', ...more };
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  for (const until = performance.now() + 60_000; (await statusOf(`${url}/ready`)) !== 200; await wait(50)) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${said.slice(-2000)}`);
    if (performance.now() > until) throw new Error(`the server does not get ready:\n${said.slice(-2000)}`);
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    dataDir,
    get demo() {
      return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
    },
    process: child,
    postmaster: () => Number(readFileSync(findPidFile(dataDir), 'utf8').split('\n')[0]),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** The status an address answers with, 0 when nobody answers. */
export function statusOf(url: string): Promise<number> {
  return new Promise((done) => {
    const sent = request(url, { timeout: 5000 }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => done(0)).end();
  });
}

/** A port with the four after it free, as far as one can know. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor((process.pid * 7 + performance.now() * 13) % 9000);
    const ports = [0, 1, 2, 3, 4].map((more) => first + more);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
    await wait(5);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

function findPidFile(folder: string): string {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === 'postmaster.pid') return path;
    if (name === 'data' && existsSync(join(path, 'postmaster.pid'))) return join(path, 'postmaster.pid');
    if (name === 'postgres' && statSync(path).isDirectory()) return findPidFile(path);
  }
  throw new Error(`no PostgreSQL runs in ${folder}`);
}
